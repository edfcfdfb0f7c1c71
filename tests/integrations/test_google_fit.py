"""Google Fit against a strict fake."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from integrations.provider import (
    AuthorizationExpired,
    AuthorizationRefused,
    ClientRefused,
    DailySteps,
    MissingScope,
    ProviderError,
    ProviderRetired,
    ProviderUnavailable,
    RateLimited,
    UnexpectedResponse,
)
from tests.fakes.google import Google
from tests.fakes.google_oauth import query_of
from tests.fakes.google_world import FIT_SCOPE, STEPS_SCOPE, Answer, google_answer
from tests.integrations.google_setup import BACK, MONDAY, SUNDAY, VERIFIER, consent_address, provider_of


def steps(
    google: Google, first: date = MONDAY, last: date = SUNDAY, *, zone: str = "Europe/Berlin"
) -> list[DailySteps]:
    return provider_of(google, "google_fit").fetch_daily_steps(google.grant([FIT_SCOPE]), first, last, zone=zone)


def scripted(google: Google, *values: dict[str, Any], start: object = "1795302000000") -> list[DailySteps]:
    bucket = {"startTimeMillis": start, "dataset": [{"point": [{"value": list(values)}]}]}
    google.script("fit", Answer(200, {"bucket": [bucket]}))
    return steps(google)


def test_a_consent_is_for_steps_alone(google: Google) -> None:
    provider = provider_of(google, "google_fit")
    back = query_of(google.consent(consent_address(provider, glucose=True)))
    tokens = provider.exchange_code(back["code"], verifier=VERIFIER, redirect_uri=BACK)
    assert tokens.scopes == (FIT_SCOPE,)
    assert provider.missing_types(tokens.scopes, glucose=False) == []
    assert provider.missing_types([], glucose=True) == ["steps", "glucose"]
    again = provider.refresh(tokens.refresh_token or "")
    assert provider.fetch_user_id(again.access_token) is None
    assert provider.fetch_device(again.access_token) is None
    with pytest.raises(MissingScope) as caught:
        provider.fetch_readings(again.access_token, datetime(2026, 11, 22, tzinfo=UTC))
    assert caught.value.data_type == "glucose"
    provider.revoke(again.access_token)
    assert not google.access


def test_days_are_the_ones_that_were_asked_for(google: Google) -> None:
    google.account.fit_days = {MONDAY + timedelta(days=count): 100 + count for count in range(-2, 10)}
    assert [(day.on, day.steps) for day in steps(google)] == [
        (MONDAY + timedelta(days=count), 100 + count) for count in range(7)
    ]
    assert google.counts["fit"] == 1


@pytest.mark.parametrize(
    ("zone", "on"),
    [
        ("Europe/Berlin", date(2026, 3, 29)),
        ("Europe/Berlin", date(2026, 10, 25)),
        ("America/Santiago", date(2026, 9, 6)),  # has no midnight
        ("Africa/Cairo", date(2026, 4, 24)),  # neither
        ("Australia/Lord_Howe", date(2026, 10, 4)),
        ("Pacific/Kiritimati", date(2026, 11, 22)),
        ("Pacific/Pago_Pago", date(2026, 11, 22)),
    ],
)
def test_d1_d2_days_are_the_calendars_in_every_zone(google: Google, zone: str, on: date) -> None:
    google.account.fit_days = {on + timedelta(days=count): 4000 + count for count in range(-3, 4)}
    found = steps(google, on - timedelta(days=1), on + timedelta(days=1), zone=zone)
    assert [(day.on, day.steps) for day in found] == [
        (on + timedelta(days=count), 4000 + count) for count in (-1, 0, 1)
    ]


def test_sixty_days_are_one_request(google: Google) -> None:
    google.account.fit_days = {SUNDAY - timedelta(days=count): 1000 for count in range(80)}
    assert len(steps(google, SUNDAY - timedelta(days=59))) == 60
    assert google.counts["fit"] == 1


def test_c3_c4_a_bucket_without_points_is_unknown_and_a_zero_is_a_zero(google: Google) -> None:
    google.account.fit_days = {SUNDAY: 0}
    assert steps(google) == [DailySteps(SUNDAY, 0)]


def test_the_points_of_a_day_are_added_up(google: Google) -> None:
    assert scripted(google, {"intVal": 1000}, {"intVal": 20}) == [DailySteps(date(2026, 11, 22), 1020)]


def test_d5_days_that_were_not_asked_for_are_dropped(google: Google) -> None:
    assert scripted(google, {"intVal": 7}, start="1796000000000") == []


@pytest.mark.parametrize("count", ["1,830", 1830.5, True, None, -4])
def test_c5_a_count_that_is_no_whole_number_is_refused(google: Google, count: object) -> None:
    with pytest.raises(UnexpectedResponse):
        scripted(google, {"intVal": count})


@pytest.mark.parametrize("start", [None, "soon", "9" * 18, -1])
def test_a_bucket_of_no_day_is_refused(google: Google, start: object) -> None:
    with pytest.raises(UnexpectedResponse):
        scripted(google, {"intVal": 1}, start=start)


def test_a_count_that_nobody_walks_is_unknown(google: Google) -> None:
    assert scripted(google, {"intVal": 150_000}, {"intVal": 150_000}) == []


def test_an_account_that_never_counted_steps_has_no_days_and_no_error(google: Google) -> None:
    google.account.fit_days = None
    assert steps(google) == []
    assert google.counts["fit"] == 2


def test_t11_a_refusal_that_lasts_is_a_refusal(google: Google) -> None:
    errors = [{"domain": "global", "reason": "forbidden", "message": "no"}]
    google.always("fit", Answer(403, {"error": {"code": 403, "status": "PERMISSION_DENIED", "errors": errors}}))
    with pytest.raises(AuthorizationRefused):
        steps(google)
    assert google.counts["fit"] == 2


def test_t9_a_consent_without_steps_is_a_missing_scope(google: Google) -> None:
    provider, token = provider_of(google, "google_fit"), google.grant([STEPS_SCOPE])
    with pytest.raises(MissingScope) as caught:
        provider.fetch_daily_steps(token, MONDAY, SUNDAY, zone="Europe/Berlin")
    assert caught.value.data_type == "steps"
    assert google.counts["fit"] == 1


def old_error(status: int, reason: str) -> Answer:
    return Answer(status, {"error": {"code": status, "errors": [{"domain": "usageLimits", "reason": reason}]}})


ERRORS: dict[str, tuple[Answer, type[ProviderError]]] = {
    "t6 expired": (google_answer(401, "UNAUTHENTICATED"), AuthorizationExpired),
    "t9 scope": (old_error(403, "insufficientPermissions"), MissingScope),
    "service disabled": (old_error(403, "accessNotConfigured"), ClientRefused),
    "r2 rate": (old_error(403, "rateLimitExceeded"), RateLimited),
    "r2 429": (google_answer(429, "RESOURCE_EXHAUSTED"), RateLimited),
    "r9 gone": (Answer(410, "<html>Gone"), ProviderRetired),
    "outage": (Answer(502, "<html>"), ProviderUnavailable),
    "a cut": (Answer(drop="before"), ProviderUnavailable),
    "our fault": (google_answer(400, "INVALID_ARGUMENT"), UnexpectedResponse),
}


@pytest.mark.parametrize(("answer", "kind"), ERRORS.values(), ids=ERRORS)
def test_what_a_refusal_means(google: Google, answer: Answer, kind: type[ProviderError]) -> None:
    google.script("fit", answer)
    with pytest.raises(ProviderError) as caught:
        steps(google)
    assert type(caught.value) is kind
