"""What every step provider keeps to, whoever is behind it. A new one is found here by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import pytest

from integrations import build_providers
from integrations.provider import (
    AuthorizationExpired,
    Credentials,
    DailySteps,
    MissingScope,
    ProviderError,
    ProviderRetired,
    ProviderUnavailable,
    RateLimited,
    StepProvider,
    UnexpectedResponse,
)
from tests.fakes.google import Google
from tests.fakes.google_world import FIT_SCOPE, SETTINGS_SCOPE, STEPS_SCOPE, Account, Answer
from tests.integrations.google_setup import MONDAY, SUNDAY

EVERYTHING = Credentials(**{member.name: f"https://{member.name}.example" for member in fields(Credentials)})
PROVIDERS = list(build_providers(EVERYTHING))

# Of the other side: what the request for days is called there, what permits it, and how an account gets days.
SIDES: Mapping[str, tuple[str, str, Callable[[Account, dict[date, int]], None]]] = {
    "google_health": ("steps", STEPS_SCOPE, lambda account, days: account.days.update(days)),
    "google_fit": ("fit", FIT_SCOPE, lambda account, days: setattr(account, "fit_days", days)),
}

Read = Callable[..., list[DailySteps]]


@pytest.fixture(params=PROVIDERS)
def provider(request: pytest.FixtureRequest, google: Google) -> StepProvider:
    return build_providers(google.credentials())[request.param]


@pytest.fixture
def read(provider: StepProvider, google: Google) -> Read:
    """Reads a week, or what else is asked for; `then` is what the other side answers."""
    name, scope, _ = SIDES[provider.id]

    def reading(
        *then: Answer, first: date = MONDAY, last: date = SUNDAY, scopes: tuple[str, ...] = (scope,), token: str = ""
    ) -> list[DailySteps]:
        google.script(name, *then)
        return provider.fetch_daily_steps(token or google.grant(scopes), first, last, zone="Europe/Berlin")

    return reading


@pytest.fixture
def walked(provider: StepProvider, google: Google) -> Callable[[dict[date, int]], None]:
    return lambda days: SIDES[provider.id][2](google.account, days)


def test_days_are_in_order_and_a_missing_one_is_not_a_zero(
    read: Read, walked: Callable[[dict[date, int]], None]
) -> None:
    walked({SUNDAY: 1830, MONDAY: 0, MONDAY + timedelta(days=2): 9411, SUNDAY + timedelta(days=1): 7})
    assert read() == [DailySteps(MONDAY, 0), DailySteps(MONDAY + timedelta(days=2), 9411), DailySteps(SUNDAY, 1830)]


def test_no_days_are_no_days(read: Read) -> None:
    assert read() == []


def test_one_day_and_sixty_are_one_request_each(
    read: Read, walked: Callable[[dict[date, int]], None], provider: StepProvider, google: Google
) -> None:
    walked({SUNDAY - timedelta(days=back): 1000 + back for back in range(80)})
    assert read(first=SUNDAY) == [DailySteps(SUNDAY, 1000)]
    assert len(read(first=SUNDAY - timedelta(days=59))) == 60
    assert google.counts[SIDES[provider.id][0]] == 2


def test_an_expired_token(read: Read) -> None:
    with pytest.raises(AuthorizationExpired):
        read(token="ya29.old")


def test_a_consent_without_steps(read: Read) -> None:
    with pytest.raises(MissingScope) as caught:
        read(scopes=(SETTINGS_SCOPE,))
    assert caught.value.data_type == "steps"


def test_a_limit_says_how_long(read: Read) -> None:
    with pytest.raises(RateLimited) as caught:
        read(Answer(429, {}, {"Retry-After": "30"}))
    assert caught.value.retry_after == 30


PAGE = b"<!DOCTYPE html><title>Sign in to the network</title>"
OUTAGES: dict[str, tuple[Answer, type[ProviderError]]] = {
    "503": (Answer(503, PAGE), ProviderUnavailable),
    "cut off": (Answer(drop="before"), ProviderUnavailable),
    "cut off within": (Answer(200, {"bucket": []}, drop="within"), ProviderUnavailable),
    "a portal": (Answer(200, PAGE, {"Content-Type": "text/html"}), ProviderUnavailable),
    "led elsewhere": (Answer(302, b"", {"Location": "https://example.org/"}), ProviderUnavailable),
    "gone for good": (Answer(410, PAGE), ProviderRetired),
    "no JSON": (Answer(200, b"steps: 7"), UnexpectedResponse),
    "a list": (Answer(200, []), UnexpectedResponse),
    "days that are none": (Answer(200, {"bucket": 7, "rollupDataPoints": 7}), UnexpectedResponse),
    "an address that is none": (Answer(404, PAGE), UnexpectedResponse),
}


@pytest.mark.parametrize(("answer", "kind"), OUTAGES.values(), ids=OUTAGES)
def test_what_is_no_answer_is_told_apart(read: Read, answer: Answer, kind: type[ProviderError]) -> None:
    with pytest.raises(ProviderError) as caught:
        read(answer)
    assert type(caught.value) is kind
    assert len(str(caught.value)) <= 210


@pytest.mark.parametrize("member", ["google_client_secret", "google_fit_client_secret"])
def test_secrets_are_in_no_repr(member: str) -> None:
    secret: Any = getattr(EVERYTHING, member)
    assert secret not in repr((EVERYTHING, list(build_providers(EVERYTHING).values())))
