"""What phones push: each shape, and the nasty cases of counting (C) and time (D) by their numbers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest

from integrations.phone import AmbiguousNumber, Ingest, UnknownShape, UnsupportedMode, parse_ingest
from tests.integrations.phone_bodies import (
    BERLIN,
    DAYS_BODY,
    HAE_BODY,
    HC_BUCKET_BODY,
    HC_DAILY_BODY,
    HC_RAW_BODY,
    HC_TEST_BODY,
    LOCAL_TIME_BODY,
    METRICS_BODY,
    NOW,
    SAMPLES_BODY,
    SINGLE_BODY,
    hc_day,
    hc_webhook,
    health_auto_export,
)


def read(body: object, zone: ZoneInfo = BERLIN, now: datetime = NOW) -> Ingest:
    return parse_ingest(body, zone=zone, now=now)


def days(ingest: Ingest) -> list[tuple[int, int, bool]]:
    """Day of November, steps, partial."""
    return [(day.on.day, day.steps, day.is_partial) for day in ingest.days]


def reasons(ingest: Ingest) -> list[tuple[int, str]]:
    return [(rejected.index, rejected.reason) for rejected in ingest.rejected]


# Shapes


def test_health_auto_export() -> None:
    ingest = read(HAE_BODY)
    assert (ingest.client, ingest.label, ingest.ignored, ingest.rejected) == (
        "health_auto_export", "Health Auto Export", 1, ()
    )  # fmt: skip
    assert days(ingest) == [(21, 6204, False), (22, 1830, True)]
    assert [day.origin for day in ingest.days] == ["iPhone|Apple Watch", ""]
    assert ingest.days[0].observed_at == NOW


def test_hc_webhook_in_daily_mode() -> None:
    ingest = read(HC_DAILY_BODY)
    assert (ingest.client, ingest.ignored, ingest.rejected) == ("hc_webhook", 1, ())
    assert days(ingest) == [(20, 2011, True), (21, 6204, False), (22, 1830, True)]
    assert ingest.days[0].observed_at == datetime(2026, 11, 22, 9, 15, 7, 512000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "expected", "ignored"),
    [
        (DAYS_BODY, [(21, 6204, False), (22, 1830, True)], 0),
        (SINGLE_BODY, [(22, 1830, True)], 0),
        (METRICS_BODY, [(22, 1830, True)], 0),
        (LOCAL_TIME_BODY, [(22, 1830, True)], 0),
        (SAMPLES_BODY, [(22, 1200, True)], 1),
    ],
)
def test_shortcuts(body: object, expected: list[tuple[int, int, bool]], ignored: int) -> None:
    ingest = read(body)
    assert (ingest.client, days(ingest), ingest.ignored) == ("shortcut", expected, ignored)


@pytest.mark.parametrize(
    "body",
    [
        None, [], {}, "steps", 5, True, [{"sgv": 100}], {"steps": 5}, {"date": "2026-11-22"}, {"data": {"metrics": {}}},
        {"data": []}, {"days": {}}, {"steps": []}, {"timestamp": "2026-11-22T09:15:07Z"}, {"records": []},
        {"timestamp": "today", "steps": []}, {"timestamp": None, "steps": []},
        {"timestamp": "2026-11-22T09:15:07", "steps": []}, {"date": "2026-11-22", "metrics": []}, {"samples": []},
    ],
)  # fmt: skip
def test_any_other_body_is_told_what_is_accepted(body: object) -> None:
    with pytest.raises(UnknownShape) as caught:
        read(body)
    assert caught.value.code == "unknown_shape"
    assert len(caught.value.accepted) == 4
    assert "Health Auto Export" in caught.value.detail


@pytest.mark.parametrize("body", [HC_RAW_BODY, HC_BUCKET_BODY])
def test_modes_that_cannot_be_put_right_name_the_setting(body: object) -> None:
    with pytest.raises(UnsupportedMode) as caught:
        read(body)
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


def test_unknown_members_are_ignored() -> None:
    day = DAYS_BODY["days"][0] | {"flights": 3, "note": None}
    assert days(read({"days": [day], "version": 7, "device": {"name": "x"}})) == [(21, 6204, False)]


def test_a_bad_record_leaves_the_good_ones() -> None:
    body = health_auto_export(
        {"qty": 10, "date": "2026-11-21 00:00:00 +0100"}, "nonsense", {"qty": -1, "date": "2026-11-21 00:00:00 +0100"},
        {"qty": 10}, {"date": "2026-11-22 00:00:00 +0100"}, {"qty": 20, "date": "2026-11-22 00:00:00 +0100"},
    )  # fmt: skip
    ingest = read(body)
    assert days(ingest) == [(21, 10, False), (22, 20, True)]
    assert [index for index, _ in reasons(ingest)] == [1, 2, 3, 4]


def test_a_bad_record_of_hc_webhook_leaves_the_good_ones() -> None:
    good = HC_DAILY_BODY["steps"][1]
    ingest = read(hc_webhook(good, {"count": 5}, "nonsense", good | {"count": "many"}, good | {"start_time": None}))
    assert days(ingest) == [(21, 6204, False)]
    assert [index for index, _ in reasons(ingest)] == [1, 2, 3, 4]


# Counting


def test_c1_phone_and_watch_are_never_added() -> None:
    body = health_auto_export(
        {"qty": 3000, "date": "2026-11-21 08:00:00 +0100", "source": "iPhone"},
        {"qty": 1000, "date": "2026-11-21 09:00:00 +0100", "source": "iPhone"},
        {"qty": 3500, "date": "2026-11-21 08:00:00 +0100", "source": "Apple Watch"},
    )
    ingest = read(body)
    assert days(ingest) == [(21, 4000, False)]
    assert ingest.days[0].origin == "iPhone"


def test_c1_a_joined_source_is_one_source() -> None:
    record = {"date": "2026-11-21 08:00:00 +0100", "source": "iPhone|Apple Watch"}
    body = health_auto_export(record | {"qty": 40}, record | {"qty": 2, "date": "2026-11-21 09:00:00 +0100"})
    assert days(read(body)) == [(21, 42, False)]


def test_c1_the_same_sample_twice_in_a_body_counts_once() -> None:
    metric = HAE_BODY["data"]["metrics"][0]
    assert read({"data": {"metrics": [metric, metric]}}).days == read(HAE_BODY).days


def test_c1_a_day_named_twice_keeps_the_greater_total() -> None:
    body = {"days": [{"date": "2026-11-21", "steps": n} for n in (100, 300, 200)]}
    assert days(read(body)) == [(21, 300, False)]


def test_c3_a_missing_day_is_not_zero() -> None:
    body = {"days": [{"date": "2026-11-19", "steps": 5}, {"date": "2026-11-21", "steps": None}]}
    assert days(read(body)) == [(19, 5, False)]


def test_c4_a_stated_zero_is_a_zero() -> None:
    assert days(read({"days": [{"date": "2026-11-21", "steps": 0}]})) == [(21, 0, False)]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (1830, 1830), (1830.4, 1830), (1830.5, 1831), (6204.0000000001, 6204), ("1830", 1830), ("1830.4", 1830),
        ("1830,4", 1830), ("1830,45", 1830), (" 1830\n", 1830), (0, 0), ("0", 0), (-0.0, 0), (200_000, 200_000),
    ],
)  # fmt: skip
def test_c5_numbers_that_are_read(steps: Any, expected: int) -> None:
    assert days(read({"date": "2026-11-21", "steps": steps})) == [(21, expected, False)]


@pytest.mark.parametrize(
    "steps",
    [
        -1, 200_001, 10**400, -(10**400), float("nan"), float("inf"), True, False, None, [], {}, [5], "", " ", "many",
        "1e3", "+5", "-5", "0x10", "1 830", "1\u202f830", "1'830", "12.3456", "1,2,3", "1830.", ".5", "٣", "９",
        "1_000", "200001", "9" * 400, "99999999999",
    ],
)  # fmt: skip
def test_c5_numbers_that_are_refused(steps: Any) -> None:
    ingest = read({"date": "2026-11-21", "steps": steps})
    assert ingest.days == ()
    assert len(ingest.rejected) == 1
    assert "steps" in ingest.rejected[0].reason


@pytest.mark.parametrize("steps", ["1.830", "1,830", "12.000", " 1.830 "])
def test_c5_a_number_that_can_be_read_in_two_ways(steps: str) -> None:
    with pytest.raises(AmbiguousNumber) as caught:
        read({"date": "2026-11-21", "steps": steps})
    assert caught.value.code == "ambiguous_number"
    assert "without a separator" in caught.value.detail
    ingest = read({"days": [{"date": "2026-11-21", "steps": steps}, {"date": "2026-11-22", "steps": 7}]})
    assert days(ingest) == [(22, 7, True)]
    assert "separator" in ingest.rejected[0].reason


def test_c5_thousands_of_fractions_are_added_then_rounded() -> None:
    records = [
        {"qty": 0.4, "date": f"2026-11-21 {i // 60:02}:{i % 60:02}:00 +0100", "source": "Watch"} for i in range(1000)
    ]
    assert days(read(health_auto_export(*records))) == [(21, 400, False)]


def test_c5_samples_that_add_up_to_too_much_reject_the_day() -> None:
    records = [{"qty": 150_000, "date": f"2026-11-21 0{i}:00:00 +0100"} for i in range(2)]
    ingest = read(health_auto_export(*records, {"qty": 5, "date": "2026-11-20 00:00:00 +0100"}))
    assert days(ingest) == [(20, 5, False)]
    assert reasons(ingest) == [(0, "steps must be between 0 and 200000")]


@pytest.mark.parametrize("body", [HC_TEST_BODY, {"test": True}, HAE_BODY | {"test": True}])
def test_c8_a_test_payload_keeps_nothing(body: object) -> None:
    ingest = read(body)
    assert ingest.is_test
    assert (ingest.days, ingest.rejected) == ((), ())


def test_c8_only_true_is_a_test() -> None:
    assert not read(DAYS_BODY | {"test": "true"}).is_test


# Time


def every_zone() -> list[str]:
    return sorted(available_timezones() - {"localtime", "Factory"})


def test_d1_d3_the_day_of_an_instant_is_right_at_home_in_every_zone() -> None:
    """Days of 23, 24 and 25 hours, and half-hour zones: every midnight of 2026 around the clock changes and between."""
    for name in every_zone():
        zone = ZoneInfo(name)
        for offset in range(0, 365, 9):
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


def test_d2_the_first_ten_characters_are_the_day() -> None:
    """23:30 in Los Angeles is the next day in UTC and in Berlin."""
    body = health_auto_export({"qty": 5, "date": "2026-11-20 23:30:00 -0800"})
    assert days(read(body)) == [(20, 5, False)]


def test_d2_a_time_in_utc_is_brought_home() -> None:
    assert days(read({"date": "2026-11-20T23:30:00Z", "steps": 5})) == [(21, 5, False)]
    assert days(read({"date": "2026-11-20T23:30:00+00:00", "steps": 5})) == [(20, 5, False)]


def test_d5_a_day_too_far_ahead_or_too_long_ago() -> None:
    dates = ["2026-11-23", "2026-11-24", "2027-11-22", "9999-12-31", "1999-12-31", "0001-01-01", "2000-01-01"]
    ingest = read({"days": [{"date": on, "steps": 1} for on in dates]})
    assert [day.on.isoformat() for day in ingest.days] == ["2000-01-01", "2026-11-23"]
    assert reasons(ingest) == [
        (1, "date is in the future"), (2, "date is in the future"), (3, "date is in the future"),
        (4, "date is before 2000"), (5, "date is before 2000"),
    ]  # fmt: skip


def test_d5_the_limit_is_26_hours() -> None:
    midnight = datetime(2026, 11, 24, tzinfo=BERLIN)
    body = {"date": "2026-11-24", "steps": 1}
    assert len(read(body, now=midnight - timedelta(hours=26)).days) == 1
    assert len(read(body, now=midnight - timedelta(hours=26, seconds=1)).days) == 0


def test_d5_a_phone_clock_that_runs_ahead_does_not_observe_the_future() -> None:
    body = hc_webhook(hc_day("2026-11-21T23:00:00Z", "2026-11-23T00:00:00Z", 9), timestamp="2026-11-23T00:00:00Z")
    ingest = read(body)
    assert days(ingest) == [(22, 9, True)]
    assert ingest.days[0].observed_at == NOW


def test_d6_today_is_partial_until_it_is_over() -> None:
    body = {"date": "2026-11-22", "steps": 1}
    assert days(read(body, now=datetime(2026, 11, 22, 22, 59, 59, tzinfo=UTC))) == [(22, 1, True)]
    assert days(read(body, now=datetime(2026, 11, 22, 23, 0, 0, tzinfo=UTC))) == [(22, 1, False)]
    assert days(read(body, ZoneInfo("America/Los_Angeles"), datetime(2026, 11, 23, 7, 59, tzinfo=UTC))) == [
        (22, 1, True)
    ]


def test_d6_a_traveller_s_day_is_over_when_it_is_over_there() -> None:
    """Berlin has midnight at 23:00 UTC; in New York, where the phone is, the 22nd lasts 6 hours longer."""
    body = health_auto_export({"qty": 5, "date": "2026-11-22 00:00:00 -0500"})
    assert days(read(body, now=datetime(2026, 11, 23, 4, 59, tzinfo=UTC))) == [(22, 5, True)]
    assert days(read(body, now=datetime(2026, 11, 23, 5, 0, tzinfo=UTC))) == [(22, 5, False)]


def test_d9_the_clipped_oldest_day_is_partial() -> None:
    edge = "2026-11-22T23:00:00Z"
    body = hc_webhook(
        hc_day("2026-11-19T23:00:00Z", "2026-11-20T23:00:00Z", 1),
        hc_day("2026-11-20T23:00:00Z", "2026-11-21T23:00:00Z", 2),
        timestamp=edge,
    )
    assert days(read(body, now=datetime(2026, 11, 23, tzinfo=UTC))) == [(20, 1, True), (21, 2, False)]


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21 7:57:00 am +1000", "2026-11-21 7:57:00\u202fam +1000", "2026-11-21\u00a07:57:00\u2009PM +1000",
        "2026-11-21 07:57:00 +0100", "2026-11-21 07:57:00 +01:00", "2026-11-21T07:57:00+01:00", "2026-11-21",
        "2026-11-21T07:57:00.123+01:00", "2026-11-21 07:57", "2026-11-21 7:57:00 a.m. +1000", " 2026-11-21 ",
        "2026-11-21 11:57:00 p.m. -0330", "2026-11-21T07:57:00Z",
    ],
)  # fmt: skip
def test_d10_dates_of_twelve_hour_and_localised_phones(text: str) -> None:
    assert days(read(health_auto_export({"qty": 44, "date": text}))) == [(21, 44, False)]


@pytest.mark.parametrize(
    "text",
    [
        "21.11.2026", "11/21/2026", "2026-13-01", "2026-02-30", "2026-11-21x", "2026-11-2", "20261121", "", "today",
        None, 1_795_000_000, "2026-11-21 25:00:00 +0100", "2026-11-21 10:61:00", "２０２６-11-21",
        "2026-11-21 10:00 +9900", "2026-11-21 " + "0" * 100, "2026-11-21\n2026-11-22", ["2026-11-21"], "-2026-11-21", "2026-11-21T",
    ],
)  # fmt: skip
def test_d10_dates_that_are_none_reject_the_record_alone(text: object) -> None:
    ingest = read(health_auto_export({"qty": 44, "date": text}, {"qty": 1, "date": "2026-11-20"}))
    assert days(ingest) == [(20, 1, False)]
    assert [index for index, _ in reasons(ingest)] == [0]


@pytest.mark.parametrize(
    "name", ["Mars/Olympus", "", "../etc/passwd", "/etc/localtime", "Europe", 5, None, "a" * 5000, "\0"]
)
def test_d11_an_unknown_zone_of_the_phone_is_ignored(name: object) -> None:
    assert days(read(DAYS_BODY | {"timezone": name})) == [(21, 6204, False), (22, 1830, True)]


def test_d11_a_known_zone_of_the_phone_says_when_its_day_is_over() -> None:
    body = {"date": "2026-11-22", "steps": 5, "timezone": "Pacific/Kiritimati"}
    assert days(read(body, now=datetime(2026, 11, 22, 10, 0, tzinfo=UTC))) == [(22, 5, False)]


def test_an_origin_is_short_and_printable() -> None:
    names = ["Anna\u2019s\u00a0iPhone\n\x00", "x" * 500, 7, "\ud800"]
    origins = [
        read(health_auto_export({"qty": 1, "date": "2026-11-21", "source": name})).days[0].origin for name in names
    ]
    assert origins == ["Anna\u2019s iPhone", "x" * 80, "", ""]
