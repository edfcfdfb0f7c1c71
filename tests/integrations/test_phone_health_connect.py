"""HC Webhook: which records are days, and whose day an instant begins (nasty cases of time by their numbers)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from integrations.intervals import StepInterval
from integrations.phone import UnsupportedMode
from tests.integrations.phone_bodies import (
    HC_BUCKET_BODY,
    HC_DAILY_BODY,
    HC_RAW_BODY,
    NOW,
    days,
    hc_day,
    hc_webhook,
    read,
    reasons,
)


def test_hc_webhook_in_daily_mode() -> None:
    ingest = read(HC_DAILY_BODY)
    assert (ingest.client, ingest.ignored, ingest.rejected) == ("hc_webhook", 0, ())
    assert days(ingest) == [(20, 2011, True), (21, 6204, False), (22, 1830, True)]
    assert ingest.days[0].observed_at == datetime(2026, 11, 22, 9, 15, 7, 512000, tzinfo=UTC)


def test_hc_webhook_in_raw_mode_is_a_source_of_its_own_made_of_pieces() -> None:
    ingest = read(HC_RAW_BODY)
    assert (ingest.client, ingest.days, ingest.rejected) == ("hc_webhook_raw", (), ())
    start = datetime(2026, 11, 22, 7, 1, tzinfo=UTC)
    end = start + timedelta(minutes=1)
    assert ingest.pieces is not None
    assert ingest.pieces.intervals == (
        StepInterval(date(2026, 11, 22), "com.fitbit.FitbitMobile", start, end, 41),
        StepInterval(date(2026, 11, 22), "com.google.android.apps.fitness", start, end, 38),
    )
    sent_at = datetime(2026, 11, 22, 9, 15, 7, 512000, tzinfo=UTC)
    assert (ingest.pieces.seen_from, ingest.pieces.observed_at) == (sent_at - timedelta(hours=48), sent_at)


@pytest.mark.parametrize(
    "bad",
    [
        {"metadata": None},
        {"metadata": {}},
        {"metadata": {"data_origin": ""}},
        {"metadata": {"data_origin": "x" * 121}},
        {"metadata": {"data_origin": 5}},
        {"end_time": "2026-11-22T07:00:59Z"},
        {"end_time": "2026-11-23T09:01:01Z"},  # more than the longest day
        {"start_time": "2026-11-22T07:01:00"},
        {"count": -1},
        {"count": "many"},
        {"start_time": "2026-11-23T12:00:00Z", "end_time": "2026-11-23T12:00:00Z"},  # d5: more than 26 h ahead
    ],
)
def test_a_bad_piece_is_left_out_and_the_rest_counts(bad: dict[str, object]) -> None:
    good = HC_RAW_BODY["steps"][0]
    ingest = read(hc_webhook(good, good | bad, "nonsense"))
    assert ingest.pieces is not None
    assert len(ingest.pieces.intervals) == 1
    assert [index for index, _ in reasons(ingest)] == [1, 2]


def test_d4_a_piece_over_midnight_belongs_to_the_day_it_began_on() -> None:
    piece = HC_RAW_BODY["steps"][0] | {"start_time": "2026-11-21T22:59:00Z", "end_time": "2026-11-21T23:04:00Z"}
    ingest = read(hc_webhook(piece))
    assert ingest.pieces is not None
    assert [found.on for found in ingest.pieces.intervals] == [date(2026, 11, 21)]


def test_buckets_that_cannot_be_put_right_name_the_setting() -> None:
    with pytest.raises(UnsupportedMode) as caught:
        read(HC_BUCKET_BODY)
    assert caught.value.setting == "Steps resolution: Daily"
    assert caught.value.code == "unsupported_mode"
    assert caught.value.setting in caught.value.detail


@pytest.mark.parametrize(
    ("start", "end", "is_daily"),
    [
        ("2026-11-20T23:00:00Z", "2026-11-21T23:00:00Z", True),
        ("2026-11-20T23:00:00Z", "2026-11-21T21:30:00Z", True),  # 22.5 h
        ("2026-11-20T23:00:00Z", "2026-11-21T21:29:59Z", False),
        ("2026-11-20T23:00:00Z", "2026-11-22T01:00:00Z", True),  # 26 h: the longest day there is
        ("2026-11-20T23:00:00Z", "2026-11-22T01:00:01Z", False),
        ("2026-11-20T23:01:00Z", "2026-11-21T23:00:00Z", False),
        ("2026-11-20T23:15:00Z", "2026-11-21T23:15:00Z", True),
        ("2026-11-20T23:15:01Z", "2026-11-21T23:15:00Z", False),
        ("2026-11-21T23:00:00Z", "2026-11-22T09:10:08Z", True),  # ends within 5 minutes before the timestamp
        ("2026-11-21T23:00:00Z", "2026-11-22T09:10:07Z", False),
        ("2026-11-21T23:00:00Z", "2026-11-22T09:15:08Z", False),
        ("2026-11-22T09:15:00Z", "2026-11-22T09:14:00Z", False),  # ends before it begins
    ],
)
def test_which_records_are_days(start: str, end: str, is_daily: bool) -> None:
    body = hc_webhook(hc_day(start, end, 10))
    if is_daily:
        assert len(read(body).days) == 1
    else:
        with pytest.raises(UnsupportedMode):
            read(body)


def test_a_bad_record_of_hc_webhook_leaves_the_good_ones() -> None:
    good = HC_DAILY_BODY["steps"][1]
    ingest = read(hc_webhook(good, {"count": 5}, "nonsense", good | {"count": "many"}, good | {"start_time": None}))
    assert days(ingest) == [(21, 6204, False)]
    assert [index for index, _ in reasons(ingest)] == [1, 2, 3, 4]


ZONES = sorted(available_timezones() - {"localtime", "Factory"})
# Half and three-quarter hours, midnights that are skipped or come twice, both ends of the clock.
ODD = ["Africa/Cairo", "America/Havana", "America/Santiago", "America/St_Johns", "Asia/Kathmandu", "Asia/Kolkata"]
ODD += ["Australia/Lord_Howe", "Europe/Berlin", "Pacific/Chatham", "Pacific/Kiritimati", "Pacific/Pago_Pago"]


@pytest.mark.parametrize(
    "zones", [[*ODD, *ZONES[::25]], pytest.param(ZONES, marks=pytest.mark.long)], ids=["sampled", "every"]
)
def test_d1_d3_the_day_of_an_instant_is_right_at_home(zones: list[str]) -> None:
    """Every midnight of 2026, before days of 23, 24 and 25 hours."""
    for name in zones:
        zone = ZoneInfo(name)
        for offset in range(365):
            on = date(2026, 1, 1) + timedelta(days=offset)
            start = datetime(on.year, on.month, on.day, tzinfo=zone).astimezone(UTC)
            after = on + timedelta(days=1)
            end = datetime(after.year, after.month, after.day, tzinfo=zone).astimezone(UTC)
            body = hc_webhook(hc_day(start.isoformat(), end.isoformat(), 5), timestamp=end.isoformat())
            assert [day.on for day in read(body, zone, end).days] == [on], name


def test_d3_travel_does_not_move_a_day() -> None:
    """A patient of Berlin, whose phone kept the days of New York, Tokyo and Kolkata."""
    for name in ("America/New_York", "Asia/Tokyo", "Asia/Kolkata", "America/Los_Angeles", "Australia/Sydney"):
        start = datetime(2026, 11, 20, tzinfo=ZoneInfo(name)).astimezone(UTC)
        end = start + timedelta(hours=24)
        body = hc_webhook(hc_day(start.isoformat(), end.isoformat(), 5))
        assert [day.on.day for day in read(body).days] == [20], name


def test_d5_a_phone_clock_that_runs_ahead_does_not_observe_the_future() -> None:
    body = hc_webhook(hc_day("2026-11-21T23:00:00Z", "2026-11-23T00:00:00Z", 9), timestamp="2026-11-23T00:00:00Z")
    ingest = read(body)
    assert days(ingest) == [(22, 9, True)]
    assert ingest.days[0].observed_at == NOW


def test_d9_the_clipped_oldest_day_is_partial() -> None:
    edge = "2026-11-22T23:00:00Z"
    body = hc_webhook(
        hc_day("2026-11-19T23:00:00Z", "2026-11-20T23:00:00Z", 1),
        hc_day("2026-11-20T23:00:00Z", "2026-11-21T23:00:00Z", 2),
        timestamp=edge,
    )
    assert days(read(body, now=datetime(2026, 11, 23, tzinfo=UTC))) == [(20, 1, True), (21, 2, False)]
