"""What a week makes of the step goal, when it is decided, and by which calendar."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from server.services import accounts, records, step_goals
from server.services.foot_checks import clear_check_days
from server.services.owner import Owner
from tests.factories import make_patient
from tests.services.goal_days import (
    DAY,
    MONDAY,
    at,
    begun,
    days_from,
    flag,
    foot_check,
    goal,
    good_week,
    look,
    note,
    push,
    shoe_check,
    told,
)
from tests.services.test_changes import LOGS, log_values


def test_a_good_week_raises_it_and_the_worker_twice_changes_nothing(db: Session, owner: Owner) -> None:
    begun(db, owner)
    good_week(db, owner, MONDAY - 14 * DAY, 4_000)
    look(db, owner, at(MONDAY - 7 * DAY, 0))
    assert told(db, owner) == [("11-09", 3_300, "start"), ("11-16", 3_800, "up")]
    before = goal(db, owner)
    for _ in range(2):
        step_goals.refresh_again(db, owner, now=at(MONDAY - 7 * DAY, 0))
    assert goal(db, owner) == before
    assert before.look_at == at(MONDAY - 6 * DAY, 0)


def test_the_week_in_which_it_began_is_not_judged(db: Session, owner: Owner) -> None:
    push(db, owner, 3_000, days_from(MONDAY - 10 * DAY, 7), at(MONDAY - 3 * DAY))
    push(db, owner, 600, days_from(MONDAY - 3 * DAY, 3), at(MONDAY - DAY, 23))
    look(db, owner, at(MONDAY, 0))
    assert told(db, owner) == [("11-20", 3_300, "start")]


@pytest.mark.parametrize(
    ("met", "missed", "after"),
    [(4, 3, (3_800, "up")), (3, 4, (3_300, "some_met")), (2, 5, (3_300, "some_met")), (1, 6, (2_900, "few_met"))],
)
def test_how_often_it_was_met(db: Session, owner: Owner, met: int, missed: int, after: tuple[int, str]) -> None:
    begun(db, owner)
    monday = MONDAY - 14 * DAY
    good_week(db, owner, monday, 800)
    push(db, owner, 9_000, days_from(monday, met), at(monday + 6 * DAY, 22))
    look(db, owner, at(monday + 7 * DAY, 0))
    assert told(db, owner)[-1] == ("11-16", *after)


def test_a_day_without_steps_is_neither_met_nor_missed(db: Session, owner: Owner) -> None:
    begun(db, owner)
    monday = MONDAY - 14 * DAY
    push(db, owner, 1_000, days_from(monday, 3), at(monday + 6 * DAY, 22))
    push(db, owner, 200, days_from(monday + 3 * DAY, 1), at(monday + 6 * DAY, 22))
    push(db, owner, 1_000, days_from(monday + 4 * DAY, 2), at(monday + 6 * DAY, 22), partial=True)
    look(db, owner, at(monday + 7 * DAY, 0))
    assert told(db, owner)[-1] == ("11-16", 3_300, "few_known")


def test_five_clear_foot_checks_are_needed(db: Session, owner: Owner) -> None:
    begun(db, owner)
    monday = MONDAY - 14 * DAY
    now = at(monday + 6 * DAY, 22)
    push(db, owner, 4_000, days_from(monday, 7), now)
    for on in days_from(monday, 7):
        note(db, owner, on, 3, now)
    for on in days_from(monday, 4):
        foot_check(db, owner, on)
    look(db, owner, at(monday + 7 * DAY, 0))
    assert told(db, owner)[-1] == ("11-16", 3_300, "few_checks")
    foot_check(db, owner, monday + 6 * DAY)  # it arrives a day late
    assert len(clear_check_days(db, owner, monday, monday + 6 * DAY)) == 5
    look(db, owner, at(monday + 8 * DAY, 0))
    assert told(db, owner)[-1] == ("11-16", 3_800, "up")


@pytest.mark.parametrize(("pain", "after"), [(4, (3_800, "up")), (5, (2_900, "pain")), (9, (2_900, "pain"))])
def test_two_points_more_pain_than_the_week_before_lower_it(
    db: Session, owner: Owner, pain: int, after: tuple[int, str]
) -> None:
    begun(db, owner)
    good_week(db, owner, MONDAY - 14 * DAY, 4_000, pain=pain)
    look(db, owner, at(MONDAY - 7 * DAY, 0))
    assert told(db, owner)[-1] == ("11-16", *after)


def test_pain_that_creeps_up_from_the_first_week_lowers_it_too(db: Session, owner: Owner) -> None:
    begun(db, owner)
    good_week(db, owner, MONDAY - 14 * DAY, 4_000, pain=4)
    look(db, owner, at(MONDAY - 7 * DAY, 0))
    good_week(db, owner, MONDAY - 7 * DAY, 4_500, pain=5)
    look(db, owner, at(MONDAY, 0))
    assert [why for _, _, why in told(db, owner)] == ["start", "up", "pain"]


def test_three_notes_are_no_week_of_pain(db: Session, owner: Owner) -> None:
    begun(db, owner)
    monday = MONDAY - 14 * DAY
    now = at(monday + 6 * DAY, 22)
    for on in days_from(monday, 7):
        foot_check(db, owner, on)
    for on in days_from(monday, 3):
        note(db, owner, on, 9, now)
    push(db, owner, 4_000, days_from(monday, 7), now)
    look(db, owner, at(monday + 7 * DAY, 0))
    assert told(db, owner)[-1] == ("11-16", 3_300, "pain_not_known")
    note(db, owner, monday + 5 * DAY, 9, now)
    look(db, owner, at(monday + 8 * DAY, 0))
    assert told(db, owner)[-1] == ("11-16", 2_900, "pain")


@pytest.mark.parametrize(
    ("redness", "after"),
    [("gone", (3_800, "up")), ("still_red", (3_300, "redness")), (None, (3_300, "redness_not_answered"))],
)
def test_redness_after_a_session(db: Session, owner: Owner, redness: str | None, after: tuple[int, str]) -> None:
    begun(db, owner)
    good_week(db, owner, MONDAY - 14 * DAY, 4_000)
    on = MONDAY - 10 * DAY
    values = log_values(on=on, started_at=at(on), ended_at=at(on, 10), redness=redness)
    records.save_record(db, owner, LOGS, uuid4(), values, if_match=None, now=at(on, 11))
    look(db, owner, at(MONDAY - 7 * DAY, 0))
    assert told(db, owner)[-1] == ("11-16", *after)


@pytest.mark.parametrize(
    ("footwear", "red_marks", "after"),
    [
        ("shoe", "none", (3_800, "up")),
        ("shoe", "gone_in_15", (3_800, "up")),
        ("shoe", "over_15", (3_300, "redness")),
        ("shoe", "not_sure", (3_300, "redness_not_answered")),
        ("shoe", "a word of another version", (3_300, "redness_not_answered")),
        ("shoe", None, (3_300, "redness_not_answered")),
        ("slipper", None, (3_800, "up")),
        (None, None, (3_300, "redness_not_answered")),
        (None, "over_15", (3_300, "redness")),
    ],
)
def test_redness_after_shoes(
    db: Session, owner: Owner, footwear: str | None, red_marks: str | None, after: tuple[int, str]
) -> None:
    begun(db, owner)
    good_week(db, owner, MONDAY - 14 * DAY, 4_000)
    given = {"footwear": footwear, "red_marks": red_marks}
    answers = {name: value for name, value in given.items() if value is not None}
    shoe_check(db, owner, MONDAY - 10 * DAY, **answers)
    shoe_check(db, owner, MONDAY - 15 * DAY, footwear="shoe", red_marks="over_15")  # the week before
    look(db, owner, at(MONDAY - 7 * DAY, 0))
    assert told(db, owner)[-1] == ("11-16", *after)


def test_a_warning_of_the_check_in_the_week_keeps_it_from_rising(db: Session, owner: Owner) -> None:
    begun(db, owner)
    good_week(db, owner, MONDAY - 14 * DAY, 4_000)
    flag(db, owner, at(MONDAY - 10 * DAY), warning="skin_problem", level="within_days")
    assert goal(db, owner).phase == "on"
    look(db, owner, at(MONDAY - 7 * DAY, 0))
    assert told(db, owner)[-1] == ("11-16", 3_300, "red_flag_in_week")


def test_steps_that_arrive_until_wednesday_change_the_weeks_word_and_later_ones_do_not(
    db: Session, owner: Owner
) -> None:
    begun(db, owner)
    monday = MONDAY - 14 * DAY
    good_week(db, owner, monday, 2_000)
    look(db, owner, at(monday + 7 * DAY, 0))
    assert told(db, owner)[-1] == ("11-16", 2_900, "few_met")
    number = goal(db, owner).history[-1]["n"]
    push(db, owner, 4_000, days_from(monday, 4), at(monday + 9 * DAY, 20))
    assert told(db, owner) == [("11-09", 3_300, "start"), ("11-16", 3_800, "up")]
    assert goal(db, owner).history[-1]["n"] > number  # so that it is told
    push(db, owner, 29_000, days_from(monday, 7), at(monday + 10 * DAY))
    assert told(db, owner)[-1] == ("11-16", 3_800, "up")


def test_a_worker_that_was_away_decides_the_last_week_once(db: Session, owner: Owner) -> None:
    begun(db, owner)
    good_week(db, owner, MONDAY - 7 * DAY, 9_000)
    look(db, owner, at(MONDAY + DAY))
    assert told(db, owner) == [("11-09", 3_300, "start"), ("11-24", 3_800, "up")]


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Auckland", "Asia/Kolkata", "America/Sao_Paulo"])
def test_the_week_turns_at_the_patients_own_midnight(db: Session, zone: str) -> None:
    monday = date(2026, 11, 2)  # the week before it has New York's clock change
    owner = make_patient(db, "far@example.org", now=at(monday - 60 * DAY), time_zone=zone)
    push(db, owner, 3_000, days_from(monday - 21 * DAY, 7), at(monday - 14 * DAY, 0, zone))
    step_goals.refresh(db, owner, now=at(monday - 7 * DAY, 0, zone))
    push(db, owner, 600, days_from(monday - 7 * DAY, 7), at(monday - DAY, 23, zone))
    assert goal(db, owner).look_at < at(monday, 0, zone)
    for hours in (-1, 0):
        turn = at(monday, 0, zone) + timedelta(hours=hours)
        look(db, owner, turn)
        assert (told(db, owner)[-1][2] == "few_met") is (hours == 0)


@pytest.mark.parametrize(("monday", "hours"), [(date(2026, 10, 26), 25), (date(2026, 3, 30), 23)])
def test_a_week_with_a_clock_change_has_seven_days(db: Session, owner: Owner, monday: date, hours: int) -> None:
    assert at(monday, 0) - at(monday - DAY, 0) == timedelta(hours=hours)
    push(db, owner, 3_000, days_from(monday - 21 * DAY, 7), at(monday - 14 * DAY, 0))
    push(db, owner, 600, days_from(monday - 7 * DAY, 7), at(monday - DAY, 23))
    look(db, owner, at(monday, 0))
    assert told(db, owner)[-1][1:] == (2_900, "few_met")


def test_travel_over_the_date_line_decides_no_week_twice(db: Session, owner: Owner) -> None:
    begun(db, owner)
    good_week(db, owner, MONDAY - 14 * DAY, 9_000)
    look(db, owner, at(MONDAY - 7 * DAY, 0))
    now = at(MONDAY - 7 * DAY, 2)
    accounts.change_me(db, owner, {"time_zone": "America/Los_Angeles"}, if_match=None, now=now)  # Sunday there
    look(db, owner, at(MONDAY - 7 * DAY, 0, "America/Los_Angeles"))
    assert [why for _, _, why in told(db, owner)] == ["start", "up"]


def test_steps_of_the_running_week_cost_no_look(db: Session, owner: Owner) -> None:
    begun(db, owner)
    look(db, owner, at(MONDAY, 0))
    before = goal(db, owner)
    push(db, owner, 4_000, [MONDAY], at(MONDAY, 12))
    assert goal(db, owner) == before


def test_a_history_is_kept_for_two_years_and_no_longer(db: Session, owner: Owner) -> None:
    begun(db, owner)
    for n in range(130):
        step_goals.refresh(db, owner, now=at(MONDAY + 7 * n * DAY, 0))
    history = goal(db, owner).history
    assert (len(history), history[-1]["n"]) == (120, 131)
    assert [one["n"] for one in history] == list(range(12, 132))
