"""Google Health against a strict fake: days (D), counts (C), tokens (T) and running (R) by their numbers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from integrations import build_providers
from integrations.google_health import MOST_PAGES
from integrations.provider import (
    AuthorizationExpired,
    DailySteps,
    UnexpectedResponse,
)
from tests.fakes.google import Google
from tests.fakes.google_world import GLUCOSE_SCOPE, SETTINGS_SCOPE, STEPS_SCOPE, Account, Answer
from tests.integrations.google_setup import MONDAY, SUNDAY, impatient_provider_of, provider_of

ALL = (STEPS_SCOPE, SETTINGS_SCOPE, GLUCOSE_SCOPE)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def steps(google: Google, first: date = MONDAY, last: date = SUNDAY, *, token: str = "") -> list[DailySteps]:
    return provider_of(google).fetch_daily_steps(token or google.grant(ALL), first, last, zone="Europe/Berlin")


def point(on: date = SUNDAY, **members: Any) -> dict[str, Any]:
    start = {"date": {"year": on.year, "month": on.month, "day": on.day}, "time": {}}
    return {"civilStartTime": start, "steps": {"countSum": "1830"}} | members


def scripted(google: Google, *points: Any) -> list[DailySteps]:
    google.script("steps", Answer(200, {"rollupDataPoints": list(points)}))
    return steps(google)


def test_days_come_sorted_in_one_request(google: Google) -> None:
    google.account.days = {SUNDAY: 1830, MONDAY: 6204, SUNDAY + timedelta(days=1): 9, MONDAY - timedelta(days=1): 9}
    assert steps(google) == [DailySteps(MONDAY, 6204), DailySteps(SUNDAY, 1830)]
    assert google.counts == {"steps": 1}


def test_no_days_are_no_days(google: Google) -> None:
    assert steps(google) == []


@pytest.mark.parametrize("end_counts", [False, True])
def test_the_end_of_a_range_may_count_or_not(google: Google, end_counts: bool) -> None:
    google.end_counts = end_counts
    google.account.days = {MONDAY + timedelta(days=count): 100 + count for count in range(-2, 10)}
    assert [day.on for day in steps(google)] == [MONDAY + timedelta(days=count) for count in range(7)]


def test_sixty_days_are_one_request_within_the_limit(google: Google) -> None:
    google.end_counts = True
    google.account.days = {SUNDAY - timedelta(days=count): 1000 for count in range(80)}
    assert len(steps(google, SUNDAY - timedelta(days=59))) == 60
    assert google.counts["steps"] == 1


@pytest.mark.parametrize("on", [date(2026, 3, 29), date(2026, 10, 25)])
def test_d1_days_of_23_and_25_hours_are_one_day_each(google: Google, on: date) -> None:
    google.account.days = {on + timedelta(days=count): 4000 + count for count in (-1, 0, 1)}
    found = steps(google, on - timedelta(days=1), on + timedelta(days=1))
    assert [(day.on, day.steps) for day in found] == sorted(google.account.days.items())


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin"])
def test_d2_d3_a_day_is_the_providers_civil_date_whatever_zone_is_ours(google: Google, zone: str) -> None:
    google.account.days = {SUNDAY: 1830}
    found = provider_of(google).fetch_daily_steps(google.grant(ALL), MONDAY, SUNDAY, zone=zone)
    assert found == [DailySteps(SUNDAY, 1830)]


def test_d3_a_day_that_comes_twice_is_neither_doubled_nor_halved(google: Google) -> None:
    assert scripted(google, point(), point(steps={"countSum": "400"})) == [DailySteps(SUNDAY, 1830)]


def test_d5_days_ahead_are_dropped(google: Google) -> None:
    assert scripted(google, point(date(2030, 1, 1)), point()) == [DailySteps(SUNDAY, 1830)]


def test_days_before_those_that_were_asked_for_are_dropped(google: Google) -> None:
    assert scripted(google, point(MONDAY - timedelta(days=1)), point()) == [DailySteps(SUNDAY, 1830)]


@pytest.mark.parametrize("day", [24, 29])
def test_a_window_of_many_days_is_not_taken_for_a_day(google: Google, day: int) -> None:
    end = {"date": {"year": 2026, "month": 11, "day": day}}
    with pytest.raises(UnexpectedResponse):
        scripted(google, point(civilEndTime=end))


def test_c2_steps_are_never_added_up_from_raw_points(google: Google) -> None:
    google.account.days = {SUNDAY: 1830}
    steps(google)
    assert set(google.calls) == {"steps"}


def test_c3_a_missing_day_is_unknown(google: Google) -> None:
    google.account.days = {MONDAY: 1, SUNDAY: 2}
    assert len(steps(google)) == 2
    assert scripted(google, point(steps=None)) == []


def test_c4_an_empty_value_is_a_true_zero(google: Google) -> None:
    google.account.days = {SUNDAY: 0}
    assert steps(google) == [DailySteps(SUNDAY, 0)]


@pytest.mark.parametrize(
    "count", ["1,830", "1.830", "1830.0", "-5", "", " 7", "0x10", 1830.5, True, None, [], "١٢", "9" * 30]
)
def test_c5_a_count_that_is_no_whole_number_is_refused(google: Google, count: object) -> None:
    with pytest.raises(UnexpectedResponse):
        scripted(google, point(steps={"countSum": count}))


def test_c5_a_whole_number_may_do_without_quotes(google: Google) -> None:
    assert scripted(google, point(steps={"countSum": 1830})) == [DailySteps(SUNDAY, 1830)]


def test_a_count_that_nobody_walks_is_unknown(google: Google) -> None:
    assert scripted(google, point(MONDAY, steps={"countSum": "200001"}), point()) == [DailySteps(SUNDAY, 1830)]


def test_pages_are_put_together(google: Google) -> None:
    google.page_size = 3
    google.account.days = {MONDAY + timedelta(days=count): 100 + count for count in range(7)}
    assert len(steps(google)) == 7
    assert google.counts["steps"] == 3


def test_r5_a_page_token_that_comes_again_ends_the_loop(google: Google) -> None:
    google.always("steps", Answer(200, {"rollupDataPoints": [point()], "nextPageToken": "Cg1"}))
    assert steps(google) == [DailySteps(SUNDAY, 1830)]
    assert google.counts["steps"] == 2


def test_r5_tokens_without_end_are_followed_so_far(google: Google) -> None:
    google.script("steps", *(Answer(200, {"nextPageToken": f"Cg{number}"}) for number in range(50)))
    assert steps(google) == []
    assert google.counts["steps"] == MOST_PAGES


def test_r4_pages_end_when_they_take_too_long(google: Google) -> None:
    provider = impatient_provider_of(google, 1.5)
    google.page_size = 1
    google.account.days = {MONDAY + timedelta(days=count): 100 for count in range(7)}
    google.always("steps", Answer(delay=0.9))
    found = provider.fetch_daily_steps(google.grant(ALL), MONDAY, SUNDAY, zone="Europe/Berlin")
    assert 2 <= len(found) <= 6


def test_the_account_has_a_stable_name(google: Google) -> None:
    assert provider_of(google).fetch_user_id(google.grant([SETTINGS_SCOPE])) == google.account.health_user_id
    google.script(
        "identity", Answer(200, {}), Answer(200, {"healthUserId": "x" * 64}), Answer(200, {"healthUserId": "a b"})
    )
    for _ in range(3):
        assert provider_of(google).fetch_user_id(google.grant(ALL)) is None


def test_t2_each_request_carries_the_token_that_it_was_given(google: Google) -> None:
    provider, tokens = provider_of(google), [google.grant(ALL), google.grant(ALL)]
    for token in tokens:
        provider.fetch_user_id(token)
    assert [call.headers["authorization"] for call in google.calls["identity"]] == [f"Bearer {t}" for t in tokens]


def test_t2_threads_that_share_a_provider_do_not_mix_tokens(google: Google) -> None:
    provider = provider_of(google)
    accounts = [Account(health_user_id=f"user-{number}") for number in range(16)]
    tokens = [google.grant(ALL, account=account) for account in accounts]
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(provider.fetch_user_id, tokens * 8))
    assert found == [account.health_user_id for account in accounts] * 8


def test_an_expired_token_is_told(google: Google) -> None:
    token = google.grant(ALL)
    google.expire_access()
    with pytest.raises(AuthorizationExpired):
        steps(google, token=token)


def test_only_providers_with_a_client_are_built(google: Google) -> None:
    assert set(build_providers(google.credentials())) == {"google_health", "google_fit"}
    assert set(build_providers(google.credentials(fit=False))) == {"google_health"}
    assert build_providers(google.credentials(health=False, fit=False)) == {}
