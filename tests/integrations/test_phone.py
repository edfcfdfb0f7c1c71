"""What phones push: each shape, and the nasty cases of counting (C) and time (D) by their numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from integrations.phone import UnknownShape
from tests.integrations.phone_bodies import (
    BERLIN,
    DAYS_BODY,
    HAE_BODY,
    HC_TEST_BODY,
    LOCAL_TIME_BODY,
    METRICS_BODY,
    NOW,
    SAMPLES_BODY,
    SINGLE_BODY,
    days,
    health_auto_export,
    read,
    reasons,
)

# Shapes


def test_health_auto_export() -> None:
    ingest = read(HAE_BODY)
    assert (ingest.client, ingest.label, ingest.ignored, ingest.rejected) == (
        "health_auto_export", "Health Auto Export", 0, ()
    )  # fmt: skip
    assert days(ingest) == [(21, 6204, False), (22, 1830, True)]
    assert [day.origin for day in ingest.days] == ["iPhone|Apple Watch", ""]
    assert ingest.days[0].observed_at == NOW


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
