"""The step goal under a red flag: off, at rest, and back in steps."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from server.services import records, step_goals
from server.services.owner import Owner
from tests.factories import make_patient
from tests.services.goal_days import (
    DAY,
    MONDAY,
    ZONE,
    answer,
    at,
    begun,
    clinic_ok,
    days_from,
    flag,
    goal,
    good_week,
    look,
    note,
    push,
    told,
    want,
)
from tests.services.plan_days import BLOCKS

G1_TO_G8 = (
    *("open_sore", "red_hot_swollen", "pus_or_smell", "fever_or_very_ill"),
    *("cold_or_discoloured", "one_calf_swollen", "injury_or_new_shape", "rest_pain"),
)


@pytest.mark.parametrize("warning", G1_TO_G8)
def test_each_red_flag_turns_the_goal_off_until_the_clinic_says_ok(db: Session, owner: Owner, warning: str) -> None:
    begun(db, owner)
    began = at(MONDAY - 12 * DAY)
    block_id = flag(db, owner, began, warning=warning)
    row = goal(db, owner)
    assert (row.phase, row.steps, row.last, row.rest["most"]) == ("resting", None, 3_300, 1_600)
    look(db, owner, at(MONDAY, 0))
    assert goal(db, owner).phase == "resting"
    clinic_ok(db, owner, block_id, began, at(MONDAY))
    assert told(db, owner)[1:] == [("11-11", None, "red_flag"), ("11-23", 1_600, "returned")]
    assert goal(db, owner).returning_to == 3_300


def test_a_dark_spot_rests_the_foot_and_what_only_stops_a_massage_does_not(db: Session, owner: Owner) -> None:
    begun(db, owner)
    for warning, level in (("low_sugar", None), ("drunk_or_sleepy", None), ("redness", None)):
        flag(db, owner, at(MONDAY - 12 * DAY), warning=warning, level=level)
    assert goal(db, owner).phase == "on"
    flag(db, owner, at(MONDAY - 12 * DAY), warning="skin_problem", level="same_day")
    assert goal(db, owner).phase == "resting"


def test_two_flags_need_two_words_and_a_deleted_one_is_gone(db: Session, owner: Owner) -> None:
    begun(db, owner)
    began = at(MONDAY - 12 * DAY)
    first, second = flag(db, owner, began), flag(db, owner, began, warning="rest_pain")
    clinic_ok(db, owner, first, began, at(MONDAY))
    assert goal(db, owner).phase == "resting"
    records.delete_record(db, owner, BLOCKS, second, if_match=None, now=at(MONDAY))
    assert goal(db, owner).phase == "on"


def test_a_return_rises_by_a_tenth_of_the_last_goal_each_week_until_it_is_back(db: Session, owner: Owner) -> None:
    begun(db, owner)
    began = at(MONDAY - 14 * DAY, 10)
    clinic_ok(db, owner, flag(db, owner, began), began, at(MONDAY - 14 * DAY, 11))
    for n in range(-2, 6):
        good_week(db, owner, MONDAY + 7 * n * DAY, 3_300)
        look(db, owner, at(MONDAY + 7 * (n + 1) * DAY, 0))
    assert told(db, owner)[3][2] == "red_flag_in_week"  # the week of the warning itself
    steps = [steps for _, steps, _ in told(db, owner)][2:]
    assert steps == [1_600, 1_600, 1_900, 2_200, 2_500, 2_800, 3_100, 3_300, 3_300]
    assert goal(db, owner).returning_to is None


def test_steps_during_a_rest_are_looked_at_each_day(db: Session, owner: Owner) -> None:
    begun(db, owner)
    today = MONDAY - 12 * DAY
    flag(db, owner, at(today))
    push(db, owner, 5_000, [today], at(today, 20), partial=True)
    assert goal(db, owner).rest["on"] is None  # the day of the warning is not held against anybody
    push(db, owner, 1_600, [today + DAY], at(today + DAY, 20), partial=True)
    assert goal(db, owner).rest["on"] is None  # so far so good
    push(db, owner, 1_601, [today + DAY], at(today + DAY, 21), partial=True)
    rest = goal(db, owner).rest
    assert (rest["on"], rest["steps"], rest["kept"]) == (str(today + DAY), 1_601, False)
    look(db, owner, at(today + 2 * DAY, 0))
    assert goal(db, owner).rest["kept"] is False
    push(db, owner, 900, [today + 2 * DAY], at(today + 2 * DAY, 20))
    look(db, owner, at(today + 3 * DAY, 0))
    rest = goal(db, owner).rest
    assert (rest["on"], rest["steps"], rest["kept"]) == (str(today + 2 * DAY), 900, True)
    look(db, owner, at(today + 4 * DAY, 0))  # nothing is known of yesterday
    assert goal(db, owner).rest["on"] is None


def test_late_steps_do_not_undo_a_rest_that_came_after_the_weeks_word(db: Session, owner: Owner) -> None:
    begun(db, owner)
    monday = MONDAY - 14 * DAY
    good_week(db, owner, monday, 2_000)
    look(db, owner, at(monday + 7 * DAY, 0))
    began = at(monday + 7 * DAY, 10)
    block_id = flag(db, owner, began)
    push(db, owner, 9_000, days_from(monday, 7), at(monday + 7 * DAY, 11))
    assert goal(db, owner).steps is None
    clinic_ok(db, owner, block_id, began, at(monday + 7 * DAY, 12))
    push(db, owner, 9_100, days_from(monday, 7), at(monday + 7 * DAY, 13))
    assert goal(db, owner).steps == 1_400


def test_a_red_flag_while_it_is_off_halves_it_too(db: Session, owner: Owner) -> None:
    begun(db, owner)
    want(db, owner, at(MONDAY - 13 * DAY), active=False)
    began = at(MONDAY - 12 * DAY)
    clinic_ok(db, owner, flag(db, owner, began), began, at(MONDAY - 11 * DAY))
    want(db, owner, at(MONDAY))
    assert told(db, owner)[1:] == [("11-10", None, "off"), ("11-23", 1_600, "resumed")]
    assert goal(db, owner).returning_to == 3_300


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["week", "flag", "clinic", "off", "on", "late", "numb", "free", "look"]),
        st.integers(0, 12_000),
        st.booleans(),
    ),
    max_size=14,
)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(EVENTS)
def test_whatever_happens_the_history_is_whole(database: Any, events: list[tuple[str, int, bool]]) -> None:
    """The goal of the row is the last of its history; it never rises by over 500 in a week; a flag leaves none."""
    with Session(database.engine.execution_options(begin="BEGIN IMMEDIATE"), expire_on_commit=False) as db:
        owner = make_patient(db, f"{uuid4().hex}@example.org", now=at(MONDAY - 60 * DAY), time_zone=ZONE)
        begun(db, owner)
        monday, flags = MONDAY - 14 * DAY, dict[UUID, datetime]()
        for what, steps, good in events:
            now = at(monday, 12)
            if what == "week":
                push(db, owner, steps, days_from(monday, 7), at(monday + 6 * DAY, 22))
                for on in days_from(monday, 7) if good else ():
                    note(db, owner, on, steps % 11, at(on, 22))
                monday += 7 * DAY
                look(db, owner, at(monday, 0))
            elif what == "flag":
                flags[flag(db, owner, now)] = now
            elif what == "clinic" and flags:
                block_id, began = flags.popitem()
                clinic_ok(db, owner, block_id, began, now)
            elif what in ("off", "on"):
                want(db, owner, now, active=what == "on", cap_choice=9_000 if good else None)
            elif what == "late":
                push(db, owner, steps, days_from(monday - 7 * DAY, 3), now)
            elif what in ("numb", "free"):
                answer(db, owner, now, numb_feet="yes" if what == "numb" else "no")
            else:
                step_goals.refresh(db, owner, now=now)
            step_goals.refresh(db, owner, now=at(monday, 12))
            row = goal(db, owner)
            step_goals.refresh(db, owner, now=at(monday, 12))
            shown = row.steps if row.active else None
            assert (row.history[-1]["steps"] if row.history else None) == shown
            assert (row.phase == "resting") is bool(flags)
            assert row.steps is None or row.steps <= row.cap["most"]
            numbers = [one["n"] for one in row.history]
            assert numbers == sorted(set(numbers))
            for one in row.history:
                assert None in (one["was"], one["steps"]) or one["steps"] - one["was"] <= 500
        db.rollback()
