"""Which days and moments a rule gives: across clock changes, and against an independent library."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import available_timezones

import pytest
from dateutil import rrule
from dateutil import tz as dateutil_tz
from hypothesis import given
from hypothesis import strategies as st

from server.services.recurrence import Rule, moments, never_comes, next_moments

EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Asia/Gaza",
    "Pacific/Chatham",
    "Pacific/Apia",
    "UTC",
]
Found = tuple[date, time, datetime]


@pytest.mark.parametrize(
    ("zone", "first", "local", "expected"),
    [
        ("Europe/Berlin", date(2026, 10, 24), "19:00", ["10-24T17:00", "10-25T18:00", "10-26T18:00"]),
        ("Europe/Berlin", date(2026, 3, 28), "19:00", ["03-28T18:00", "03-29T17:00", "03-30T17:00"]),
        ("Europe/Berlin", date(2026, 3, 28), "02:30", ["03-28T01:30", "03-29T01:30", "03-30T00:30"]),  # 03:30 local
        ("Europe/Berlin", date(2026, 10, 24), "02:30", ["10-24T00:30", "10-25T00:30", "10-26T01:30"]),  # the first
        ("America/New_York", date(2026, 3, 7), "02:30", ["03-07T07:30", "03-08T07:30", "03-09T06:30"]),
        ("America/New_York", date(2026, 10, 31), "01:30", ["10-31T05:30", "11-01T05:30", "11-02T06:30"]),
        ("Australia/Lord_Howe", date(2026, 10, 3), "02:15", ["10-02T15:45", "10-03T15:45", "10-04T15:15"]),
        ("Australia/Lord_Howe", date(2026, 4, 4), "01:45", ["04-03T14:45", "04-04T14:45", "04-05T15:15"]),
    ],
)
def test_both_clock_changes_of_a_year(zone: str, first: date, local: str, expected: list[str]) -> None:
    rule = Rule(EVERY_DAY, [local], first)
    found = list(moments(rule, zone, first, first + timedelta(days=2)))
    assert [f"{moment.due_at:%m-%dT%H:%M}" for moment in found] == expected
    assert len({(moment.on, moment.local_time) for moment in found}) == 3


def test_a_skipped_time_comes_after_the_hour_behind_the_gap() -> None:
    rule = Rule(EVERY_DAY, ["03:00", "02:30"], date(2026, 3, 29))
    found = list(moments(rule, "Europe/Berlin", date(2026, 3, 29), date(2026, 3, 29)))
    assert [moment.local_time for moment in found] == [time(3), time(2, 30)]


def days_by_dateutil(rule: Rule, last: date) -> Iterator[date]:
    """The days of a rule by another library."""
    start = datetime.combine(rule.starts_on, time())
    until = datetime.combine(min(last, rule.ends_on or last), time())
    weekdays = [day - 1 for day in rule.weekdays]
    if rule.repeat == "times_a_week":
        assert rule.every is not None
        weekdays = [(start.weekday() + index * 7 // rule.every) % 7 for index in range(rule.every)]
    if rule.repeat == "every_n_days":
        found = rrule.rrule(rrule.DAILY, interval=rule.every or 1, dtstart=start, until=until)
    else:
        found = rrule.rrule(rrule.WEEKLY, byweekday=weekdays, dtstart=start, until=until)
    return (day.date() for day in found)


def by_dateutil(rule: Rule, zone: str, last: date) -> list[Found]:
    """The moments of a rule: that library's recurrences, its zones, its way to resolve what a gap skips."""
    tzinfo = dateutil_tz.gettz(zone)
    found = []
    for on in days_by_dateutil(rule, last):
        for text in rule.times:
            local = time.fromisoformat(text)
            due = dateutil_tz.resolve_imaginary(datetime.combine(on, local, tzinfo)).astimezone(UTC)
            found.append((on, local, due))
    return sorted(found, key=lambda moment: (moment[0], moment[2], moment[1]))


def by_us(rule: Rule, zone: str, last: date) -> list[Found]:
    found = [(m.on, m.local_time, m.due_at) for m in moments(rule, zone, rule.starts_on, last)]
    assert [m[0] for m in found] == sorted(m[0] for m in found)
    return sorted(found, key=lambda moment: (moment[0], moment[2], moment[1]))


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    repeat = draw(st.sampled_from(["weekdays", "every_n_days", "times_a_week"]))
    weekdays = st.lists(st.integers(1, 7), min_size=1, max_size=7, unique=True)
    every = {"weekdays": st.none(), "every_n_days": st.integers(1, 90), "times_a_week": st.integers(1, 7)}[repeat]
    times = st.lists(st.times().map(lambda at: f"{at:%H:%M}"), min_size=1, max_size=3, unique=True)
    return Rule(
        weekdays=draw(weekdays) if repeat == "weekdays" else [],
        times=draw(times | st.sampled_from([["00:00"], ["00:30"], ["01:30", "02:30"], ["02:00", "02:15", "03:00"]])),
        starts_on=draw(st.dates(date(2024, 1, 1), date(2029, 12, 31))),
        ends_on=draw(st.none() | st.dates(date(2024, 1, 1), date(2031, 12, 31))),
        repeat=repeat,
        every=draw(every),
    )


@given(rule=rules(), zone=st.sampled_from(ZONES))
def test_the_moments_are_those_of_an_independent_library(rule: Rule, zone: str) -> None:
    last = rule.starts_on + timedelta(days=400)
    assert by_us(rule, zone, last) == by_dateutil(rule, zone, last)


START = date(2026, 1, 1)
RULE_SETS = [
    Rule(EVERY_DAY, ["00:00", "02:30", "23:59"], START),
    Rule([1, 3, 5], ["19:00"], START),
    Rule([7], ["01:30", "02:00", "03:00"], START),
    Rule([], ["02:15"], START, repeat="every_n_days", every=1),
    Rule([], ["00:30", "12:00"], START, repeat="every_n_days", every=2),
    Rule([], ["07:00"], START, repeat="every_n_days", every=9),
    Rule([], ["01:00", "02:45"], START, repeat="times_a_week", every=3),
    Rule([], ["19:00"], START, date(2033, 3, 31), repeat="times_a_week", every=5),
]


def test_ten_years_are_those_of_an_independent_library(
    request: pytest.FixtureRequest, subtests: pytest.Subtests
) -> None:
    """One zone a rule set; with --long every zone, each with one of the sets."""
    long = request.config.getoption("--long")
    zones = sorted(available_timezones() - {"localtime"}) if long else ZONES[: len(RULE_SETS)]
    last = date(START.year + 10, START.month, START.day)
    for index, zone in enumerate(zones):
        rule = RULE_SETS[index % len(RULE_SETS)]
        with subtests.test(zone=zone, rule=rule):
            assert by_us(rule, zone, last) == by_dateutil(rule, zone, last)


@given(rule=rules(), zone=st.sampled_from(ZONES), ahead=st.timedeltas(timedelta(-9), timedelta(300)))
def test_the_next_ten_moments_are_those_of_an_independent_library(rule: Rule, zone: str, ahead: timedelta) -> None:
    now = datetime.combine(rule.starts_on, time(12), UTC) + ahead
    found = by_dateutil(rule, zone, max(rule.starts_on, now.date()) + timedelta(days=11 * max(7, rule.every or 0)))
    expected = [moment for moment in found if moment[2] > now][:10]
    ours = [(m.on, m.local_time, m.due_at) for m in next_moments(rule, zone, count=10, now=now)]
    assert {m[2] for m in ours} == {m[2] for m in expected}


@given(rule=rules())
def test_a_rule_that_never_comes_is_known(rule: Rule) -> None:
    last = rule.ends_on or rule.starts_on + timedelta(days=100)
    assert never_comes(rule) == (not list(days_by_dateutil(rule, last)))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule([], ["19:00"], date(2026, 11, 23), repeat="times_a_week", every=3), "Mon Wed Fri Mon"),
        (Rule([], ["19:00"], date(2026, 11, 24), repeat="times_a_week", every=2), "Tue Fri Tue Fri"),
        (Rule([], ["19:00"], date(2026, 11, 22), repeat="every_n_days", every=3), "Sun Wed Sat Tue"),
    ],
)
def test_days_are_spread_from_the_start(rule: Rule, expected: str) -> None:
    now = datetime(2026, 11, 22, 9, 15, tzinfo=UTC)
    assert " ".join(f"{m.on:%a}" for m in next_moments(rule, "UTC", count=4, now=now)) == expected
