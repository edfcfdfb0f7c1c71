"""What Google's refusals mean, by status and reason; tokens (T) and running (R) by their numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.provider import (
    AuthorizationRefused,
    ClientRefused,
    MissingScope,
    ProviderError,
    ProviderRetired,
    ProviderUnavailable,
    RateLimited,
    SetupNeeded,
    UnexpectedResponse,
)
from tests.fakes.google import Google
from tests.fakes.google_world import GLUCOSE_SCOPE, SETTINGS_SCOPE, SIGN_UP, STEPS_SCOPE, Answer, google_answer
from tests.integrations.google_setup import MONDAY, SUNDAY, provider_of

ALL = (STEPS_SCOPE, SETTINGS_SCOPE, GLUCOSE_SCOPE)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def steps(google: Google) -> object:
    return provider_of(google).fetch_daily_steps(google.grant(ALL), MONDAY, SUNDAY, zone="Europe/Berlin")


CALLS: dict[str, Callable[[Any, str], object]] = {
    "steps": lambda provider, token: provider.fetch_daily_steps(token, MONDAY, SUNDAY, zone="Europe/Berlin"),
    "settings": lambda provider, token: provider.fetch_device(token),
    "glucose": lambda provider, token: provider.fetch_readings(token, NOON),
}


@pytest.mark.parametrize(("data_type", "scope"), list(zip(CALLS, ALL, strict=True)))
def test_t9_t10_r6_one_missing_scope_is_missed_by_its_own_data_only(google: Google, data_type: str, scope: str) -> None:
    token = google.grant(set(ALL) - {scope})
    for kind, call in CALLS.items():
        if kind == data_type:
            with pytest.raises(MissingScope) as caught:
                call(provider_of(google), token)
            assert caught.value.data_type == data_type
        else:
            call(provider_of(google), token)


def test_t13_an_account_that_is_not_linked_is_led_to_where_it_can_be(google: Google) -> None:
    google.account.is_linked = False
    with pytest.raises(SetupNeeded) as caught:
        steps(google)
    assert (caught.value.link, caught.value.reason) == (SIGN_UP, "account_not_linked")


@pytest.mark.parametrize(
    "link",
    [
        "http://fitbit.google.com/auth",
        "https://google.com.evil.example/auth",
        "https://evilgoogle.com/",
        "https://user@google.com/",
        "https://google.com:8443/",
        "https://google.com\\@evil.example/",
        "javascript:alert(1)",
        "https://[google.com/",
        "https://google.com/ x",
        "https://google.com/" + "x" * 300,
    ],
)
def test_t13_no_link_but_googles_own_is_shown(google: Google, link: str) -> None:
    google.script("steps", google_answer(400, "FAILED_PRECONDITION", "ACCOUNT_NOT_LINKED", link=link))
    with pytest.raises(SetupNeeded) as caught:
        steps(google)
    assert caught.value.link is None


def test_a_fitbit_account_that_was_never_moved_needs_setting_up(google: Google) -> None:
    google.account.is_legacy = True
    with pytest.raises(SetupNeeded) as caught:
        steps(google)
    assert caught.value.reason == "legacy_account"


def test_the_message_is_asked_only_when_nothing_else_tells(google: Google) -> None:
    answer = google_answer(403, "PERMISSION_DENIED", "RESOURCE_PERMISSION_DENIED", message="Could not mint UberMint")
    google.script("steps", answer)
    with pytest.raises(AuthorizationRefused):
        steps(google)


ERRORS: dict[str, tuple[Answer, type[ProviderError], str]] = {
    "t13 no profile": (google_answer(412, "FAILED_PRECONDITION"), SetupNeeded, "no_profile"),
    "filter": (
        google_answer(400, "INVALID_ARGUMENT", "INVALID_DATA_POINT_FILTER_MIXED_TIME_RESTRICTIONS"),
        UnexpectedResponse,
        "",
    ),
    "service disabled": (
        google_answer(403, "PERMISSION_DENIED", "SERVICE_DISABLED"),
        ClientRefused,
        "service_disabled",
    ),
    "no bill paid": (google_answer(403, "PERMISSION_DENIED", "BILLING_DISABLED"), ClientRefused, "billing_disabled"),
    "no such project": (google_answer(403, "PERMISSION_DENIED", "CONSUMER_INVALID"), ClientRefused, "consumer_invalid"),
    "t11 refused": (google_answer(403, "PERMISSION_DENIED", "RESOURCE_PERMISSION_DENIED"), AuthorizationRefused, ""),
    "t11 refused without a word": (google_answer(403, "PERMISSION_DENIED"), AuthorizationRefused, ""),
    "r10 a page": (Answer(404, "<html>Error 404", {"Content-Type": "text/html"}), UnexpectedResponse, ""),
    "r9 gone": (Answer(410, "<html>Gone"), ProviderRetired, ""),
    "5xx": (google_answer(503, "UNAVAILABLE"), ProviderUnavailable, ""),
    "a cut": (Answer(drop="within"), ProviderUnavailable, ""),
    "a portal": (Answer(200, "<html>Sign in"), ProviderUnavailable, ""),
    "nonsense": (Answer(200, b"{", {"Content-Type": "application/json"}), UnexpectedResponse, ""),
    "a list": (Answer(200, []), UnexpectedResponse, ""),
}


@pytest.mark.parametrize(("answer", "kind", "reason"), ERRORS.values(), ids=ERRORS)
def test_what_a_refusal_means(google: Google, answer: Answer, kind: type[ProviderError], reason: str) -> None:
    google.script("steps", answer)
    with pytest.raises(ProviderError) as caught:
        steps(google)
    assert type(caught.value) is kind
    assert reason in caught.value.reason
    assert len(caught.value.reason) <= 40


def test_r2_a_rate_limit_says_how_long(google: Google) -> None:
    limited = google_answer(429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED")
    google.script("steps", Answer(429, limited.body, {"Retry-After": "31"}), limited)
    for wait in (31, None):
        with pytest.raises(RateLimited) as caught:
            steps(google)
        assert caught.value.retry_after == wait


def test_a_message_decides_nothing_and_is_not_repeated(google: Google) -> None:
    message = "ACCESS_TOKEN_SCOPE_INSUFFICIENT for jane@example.org, steps 1830"
    google.script("steps", google_answer(403, "PERMISSION_DENIED", "RESOURCE_PERMISSION_DENIED", message=message))
    with pytest.raises(AuthorizationRefused) as caught:
        steps(google)
    assert str(caught.value) == "403 RESOURCE_PERMISSION_DENIED PERMISSION_DENIED"
