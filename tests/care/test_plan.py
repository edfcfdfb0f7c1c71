"""The session days of a plan: never two in a row, never a debt, and a missed day moves instead of vanishing."""

from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.care.plan import Plan, SessionDay, Span, planned_and_done, rests_feet, review_due, session_days
from server.care.programmes import programmes

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def day(name: str, week: int = 0) -> date:
    return MONDAY + DAY * (["mon", "tue", "wed", "thu", "fri", "sat", "sun"].index(name) + 7 * week)


def standard(**changes: object) -> Plan:
    return Plan(**{"weekdays": [1, 3, 5], "rest_day_between": True, "starts_on": day("mon", -4), **changes})  # type: ignore[arg-type]


def week_of(plan: Plan, done: list[date], today: date) -> list[str]:
    """The days of this week that are still to come, a moved one with the day it came from: `tue<mon`."""
    found = session_days(plan, done, first=today, last=day("sun"))
    return [f"{one.on:%a}{f'<{one.moved_from:%a}' if one.moved_from else ''}".lower() for one in found]


@pytest.mark.parametrize(
    ("done", "today", "expected"),
    [
        ([], "mon", ["mon", "wed", "fri"]),
        (["mon"], "mon", ["wed", "fri"]),  # one a day
        (["mon"], "tue", ["wed", "fri"]),
        ([], "tue", ["tue<mon", "thu<wed", "sat<fri"]),  # what comes later gives way
        (["tue"], "wed", ["thu<wed", "sat<fri"]),
        ([], "wed", ["wed", "fri", "sun<mon"]),
        (["wed"], "thu", ["fri", "sun<mon"]),
        ([], "thu", ["thu<wed", "sat<fri"]),
        ([], "fri", ["fri", "sun<wed"]),
        ([], "sat", ["sat<fri"]),
        ([], "sun", ["sun<fri"]),
        (["mon", "wed", "fri"], "sat", []),
        (["mon", "tue"], "wed", ["fri"]),  # an extra session stands for the next planned one
        (["mon", "tue", "wed", "thu"], "fri", []),
    ],
)
def test_a_week_of_three_days(done: list[str], today: str, expected: list[str]) -> None:
    assert week_of(standard(), [day(name) for name in done], day(today)) == expected


def test_a_new_week_starts_clean() -> None:
    assert session_days(standard(), [], first=day("sun"), last=day("wed", 1)) == [
        SessionDay(day("sun"), moved_from=day("fri")),
        SessionDay(day("tue", 1), moved_from=day("mon", 1)),  # Sunday was a session day
    ]
    assert [one.on for one in session_days(standard(), [], first=day("mon", 1), last=day("sun", 1))] == [
        day("mon", 1),
        day("wed", 1),
        day("fri", 1),
    ]


def test_a_daily_plan_owes_nothing_for_the_days_that_passed() -> None:
    daily = Plan(range(1, 8), rest_day_between=False, starts_on=day("mon", -2))
    assert week_of(daily, [], day("thu")) == ["thu", "fri", "sat", "sun"]
    assert week_of(daily, [day("thu")], day("thu")) == ["fri", "sat", "sun"]


def test_a_plan_begins_on_its_first_day_and_not_with_a_debt() -> None:
    assert week_of(standard(starts_on=day("thu")), [], day("mon")) == ["fri"]
    assert week_of(standard(starts_on=day("fri")), [day("thu")], day("fri")) == ["sat<fri"]
    assert week_of(standard(starts_on=day("fri")), [day("tue")], day("fri")) == ["fri"]


def test_a_pause_takes_its_days_away_and_they_are_not_owed_afterwards() -> None:
    paused = standard(pauses=[Span(day("mon"), day("thu"))])
    assert week_of(paused, [], day("mon")) == ["fri"]
    assert week_of(paused, [], day("fri")) == ["fri"]
    assert session_days(standard(pauses=[Span(day("mon"))]), [], first=day("mon"), last=day("sun", 3)) == []


def test_an_ended_plan_has_no_days() -> None:
    assert week_of(standard(ended_on=day("wed")), [day("mon")], day("mon")) == []
    assert week_of(standard(ended_on=day("wed")), [], day("mon")) == ["mon"]


def counts(plan: Plan, done: list[date], today: date, rests: tuple[Span, ...] = ()) -> tuple[int, int]:
    return planned_and_done(plan, done, rests, today=today)


def test_sessions_against_plan_in_28_days() -> None:
    done = [day("mon", -1), day("thu", -1), day("sat", -1)]
    assert counts(standard(), done, day("sun")) == (12, 3)
    assert counts(standard(starts_on=day("mon", -1)), done, day("sun")) == (6, 3)
    assert counts(standard(), [day("mon", -6)], day("sun")) == (12, 0)


def test_today_is_counted_once_it_is_done() -> None:
    week = standard(starts_on=day("mon"))
    assert counts(week, [], day("mon")) == (0, 0)
    assert counts(week, [day("mon")], day("mon")) == (1, 1)
    assert counts(week, [], day("tue")) == (1, 0)


def test_paused_days_and_days_under_a_warning_were_not_planned() -> None:
    week = standard(starts_on=day("mon"), pauses=[Span(day("mon"), day("tue"))])
    assert counts(week, [], day("sun")) == (2, 0)
    assert counts(week, [], day("sun"), (Span(day("wed"), day("thu")),)) == (1, 0)
    assert counts(week, [], day("sun"), (Span(day("tue")),)) == (0, 0)


@pytest.mark.parametrize(
    ("days", "reviewed", "expected"),
    [
        (13, [], None),
        (14, [], 2),
        (27, [], 2),
        (27, [2], None),
        (28, [], 4),
        (28, [2], 4),
        (90, [2], 4),
        (28, [4], None),
        (90, [2, 4], None),
    ],
)
def test_after_two_and_after_four_weeks_the_review_is_due(days: int, reviewed: list[int], expected: int | None) -> None:
    assert review_due(standard(starts_on=MONDAY), reviewed, today=MONDAY + days * DAY) == expected


def test_paused_weeks_do_not_bring_the_review_nearer_and_nobody_is_asked_while_paused() -> None:
    paused = standard(starts_on=MONDAY, pauses=[Span(day("mon", 1), day("sun", 1))])
    assert review_due(paused, [], today=day("mon", 2)) is None
    assert review_due(paused, [], today=day("mon", 3)) == 2
    assert review_due(standard(pauses=[Span(MONDAY)]), [], today=MONDAY) is None
    assert review_due(standard(ended_on=MONDAY), [], today=MONDAY) is None


@pytest.mark.parametrize(
    ("warning", "level", "rests"),
    [
        ("open_sore", "same_day", True),
        ("cold_or_discoloured", "emergency", True),
        ("skin_problem", "same_day", True),
        ("skin_problem", "within_days", False),
        ("low_sugar", None, False),
        ("low_sugar", "emergency", True),
        ("drunk_or_sleepy", None, False),
        ("unheard_of", None, True),
    ],
)
def test_a_red_flag_rests_the_feet_and_what_passes_by_itself_does_not(
    warning: str, level: str | None, rests: bool
) -> None:
    assert rests_feet(warning, level) is rests


WEEKDAYS = [days for n in range(1, 8) for days in combinations(range(1, 8), n)]
DATES = st.dates(MONDAY - 60 * DAY, MONDAY + 60 * DAY)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Plan, set[date], date]:
    """A plan that may be chosen, a patient who did as they liked, and a today."""
    programme = draw(st.sampled_from(list(programmes().values())))
    weekdays = draw(st.sampled_from([days for days in WEEKDAYS if programme.fits(days) and programme.rests(days)]))
    until = draw(st.none() | DATES)
    pause = draw(st.none() | st.builds(Span, DATES, st.just(until)))
    plan = Plan(
        weekdays=weekdays,
        rest_day_between=programme.rest_day_between,
        starts_on=draw(DATES),
        ended_on=draw(st.none() | DATES),
        pauses=[pause] if pause else [],
    )
    today = draw(DATES)
    done = draw(st.sets(st.dates(today - 35 * DAY, today)))
    return plan, done, today


def ahead(plan: Plan, done: set[date], today: date) -> list[date]:
    return [one.on for one in session_days(plan, done, first=today, last=today + 27 * DAY)]


def weeks(days: set[date]) -> dict[date, int]:
    found: dict[date, int] = {}
    for one in days:
        monday = one - DAY * (one.isoweekday() - 1)
        found[monday] = found.get(monday, 0) + 1
    return found


@given(cases())
def test_no_two_days_in_a_row_where_a_rest_day_is_wanted(case: tuple[Plan, set[date], date]) -> None:
    plan, done, today = case
    days = ahead(plan, done, today)
    assert len(set(days)) == len(days)
    assert not set(days) & done
    if plan.rest_day_between:
        assert not {one - DAY for one in days} & (set(days) | done)


@given(cases())
def test_never_more_in_a_week_than_the_plan_has_days(case: tuple[Plan, set[date], date]) -> None:
    plan, done, today = case
    days = ahead(plan, done, today)
    own = {one for one in done if one >= plan.starts_on}
    for monday, count in weeks(set(days)).items():
        assert count <= max(len(plan.weekdays) - weeks(own).get(monday, 0), 0)


@given(cases())
def test_a_paused_or_ended_or_future_plan_has_no_day(case: tuple[Plan, set[date], date]) -> None:
    plan, done, today = case
    assert all(plan.runs(one) for one in ahead(plan, done, today))


@given(cases())
def test_a_missed_day_comes_back_on_the_next_day_of_its_week(case: tuple[Plan, set[date], date]) -> None:
    """However often it is missed, and whatever was done in the weeks before."""
    plan, done, today = case
    monday = today - DAY * (today.isoweekday() - 1)
    before = {one for one in done if one < monday - DAY}
    missed: date | None = None
    for one in (monday + n * DAY for n in range(7)):
        missed = one - DAY if one > monday and plan.planned(one - DAY) else missed
        if missed is not None and plan.runs(one):
            (due,) = session_days(plan, before, first=one, last=one)
            assert due.moved_from == (None if plan.planned(one) else missed)


@given(cases())
def test_a_moved_day_names_a_planned_day_of_its_own_week_that_has_no_session(
    case: tuple[Plan, set[date], date],
) -> None:
    plan, done, today = case
    for one in session_days(plan, done, first=today, last=today + 27 * DAY):
        assert (one.moved_from is None) is plan.planned(one.on)
        if one.moved_from is not None:
            assert plan.planned(one.moved_from)
            assert one.moved_from < one.on
            assert one.moved_from.isocalendar()[:2] == one.on.isocalendar()[:2]
            assert one.moved_from not in done


@given(cases(), st.integers(0, 27))
def test_who_does_every_day_meets_no_surprise(case: tuple[Plan, set[date], date], later: int) -> None:
    """The days shown today are the days that come, if each of them gets done."""
    plan, done, today = case
    days = ahead(plan, done, today)
    then = today + later * DAY
    kept = done | {one for one in days if one < then}
    again = session_days(plan, kept, first=then, last=today + 27 * DAY)
    assert [one.on for one in again] == [one for one in days if one >= then]


@given(cases())
def test_a_plan_that_is_kept_to_is_all_done(case: tuple[Plan, set[date], date]) -> None:
    plan, _, today = case
    everything = {today - n * DAY for n in range(35)}
    planned = {one for one in everything if plan.planned(one)}
    assert planned_and_done(plan, planned, (), today=today)[0] == planned_and_done(plan, planned, (), today=today)[1]
