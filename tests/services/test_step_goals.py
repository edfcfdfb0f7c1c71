"""The step goal as it is kept: begun from days of steps, wished for, turned off and on, capped."""

from datetime import datetime
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.errors import Invalid, NotFound, Stale
from server.models import Clearance, StepGoal, SymptomEntry
from server.services import records, step_counts, step_goals
from server.services.owner import Owner
from tests.factories import make_patient
from tests.services.goal_days import (
    CLEARANCES,
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
    push,
    told,
    want,
)


def test_without_steps_or_a_wish_there_is_no_goal(db: Session, owner: Owner, now: datetime) -> None:
    with pytest.raises(NotFound):
        step_goals.get_goal(db, owner)
    step_goals.refresh(db, owner, now=now)
    assert step_goals.find_goal(db, owner) is None


def test_the_first_seven_valid_days_make_the_goal(db: Session, owner: Owner) -> None:
    start = MONDAY - 14 * DAY
    for n in range(7):
        push(db, owner, 3_000 + n, [start + n * DAY], at(start + (n + 1) * DAY))
        row = goal(db, owner)
        assert (row.phase, row.days_known) == ("waiting" if n < 6 else "on", n + 1)
    assert told(db, owner) == [("11-16", 3_300, "start")]
    assert (row.baseline, row.cap) == (3_003, {"kind": "careful", "most": 4_000, "may_choose": None})


def test_four_valid_days_are_enough_after_a_week(db: Session, owner: Owner) -> None:
    start = MONDAY - 14 * DAY
    push(db, owner, 3_000, days_from(start, 4), at(start + 4 * DAY))
    look(db, owner, at(start + 6 * DAY, 23))
    assert goal(db, owner).phase == "waiting"
    look(db, owner, at(start + 7 * DAY, 0))
    assert told(db, owner) == [("11-16", 3_300, "start")]


def test_three_valid_days_are_not_enough_and_days_that_are_not_valid_do_not_count(db: Session, owner: Owner) -> None:
    start = MONDAY - 14 * DAY
    push(db, owner, 3_000, days_from(start, 3), at(MONDAY))
    push(db, owner, 499, days_from(start + 3 * DAY, 3), at(MONDAY))
    push(db, owner, 30_001, days_from(start + 6 * DAY, 3), at(MONDAY))
    push(db, owner, 3_000, days_from(start + 9 * DAY, 3), at(MONDAY), partial=True)
    look(db, owner, at(MONDAY + 10 * DAY))
    assert (goal(db, owner).phase, goal(db, owner).days_known) == ("waiting", 3)


def test_only_what_a_person_does_now_makes_the_baseline(db: Session, owner: Owner) -> None:
    push(db, owner, 12_000, days_from(MONDAY - 300 * DAY, 30), at(MONDAY))
    assert goal(db, owner).phase == "waiting"
    push(db, owner, 3_000, days_from(MONDAY - 7 * DAY, 7), at(MONDAY))
    assert goal(db, owner).steps == 3_300


def test_a_number_typed_on_the_day_itself_counts_but_is_never_missed(db: Session, owner: Owner) -> None:
    for on in days_from(MONDAY - 14 * DAY, 7):
        step_counts.save_manual_count(db, owner, on, steps=3_000, recorded_at=at(on), if_match=None, now=at(on))
    look(db, owner, at(MONDAY - 7 * DAY, 0))
    assert goal(db, owner).steps == 3_300
    for on in days_from(MONDAY - 7 * DAY, 7):
        step_counts.save_manual_count(db, owner, on, steps=900, recorded_at=at(on), if_match=None, now=at(on))
    look(db, owner, at(MONDAY, 0))
    assert told(db, owner)[-1] == ("11-23", 3_300, "few_known")


def test_the_cap_follows_profile_and_clinic(db: Session, owner: Owner) -> None:
    begun(db, owner)
    assert goal(db, owner).cap["most"] == 7_000
    answer(db, owner, at(MONDAY - 13 * DAY), numb_feet="not_sure")
    assert goal(db, owner).cap == {"kind": "careful", "most": 4_000, "may_choose": None}
    word = {"reasons": ["step_cap"], "clinician_name": "Dr Okafor", "clinician_on": MONDAY - 13 * DAY, "ended_at": None}
    word |= {"on": MONDAY - 13 * DAY, "recorded_at": at(MONDAY - 13 * DAY, 10)}
    records.save_record(db, owner, CLEARANCES, uuid4(), word, if_match=None, now=at(MONDAY - 13 * DAY, 10))
    assert goal(db, owner).cap["kind"] == "lifted"
    assert db.execute(select(Clearance.reasons)).scalar_one() == ["step_cap"]
    began = at(MONDAY - 12 * DAY)
    clinic_ok(db, owner, flag(db, owner, began), began, at(MONDAY - 11 * DAY))
    assert goal(db, owner).cap["kind"] == "careful"  # a red flag voids the clinic's earlier word


def test_a_goal_over_a_new_cap_comes_down_at_once(db: Session, owner: Owner) -> None:
    begun(db, owner)
    for n in (14, 7):
        good_week(db, owner, MONDAY - n * DAY, 9_000)
        look(db, owner, at(MONDAY - (n - 7) * DAY, 0))
    assert goal(db, owner).steps == 4_300
    answer(db, owner, at(MONDAY), poor_circulation="yes")
    assert told(db, owner)[-1] == ("11-23", 4_000, "cap_lower")


def test_at_the_cap_the_patient_may_choose_more(db: Session, owner: Owner) -> None:
    begun(db, owner, steps=6_800)
    assert goal(db, owner).steps == 7_000
    assert goal(db, owner).cap == {"kind": "usual", "most": 7_000, "may_choose": 10_000}
    want(db, owner, at(MONDAY - 13 * DAY), cap_choice=8_000)
    good_week(db, owner, MONDAY - 14 * DAY, 9_000)
    look(db, owner, at(MONDAY - 7 * DAY, 0))
    good_week(db, owner, MONDAY - 7 * DAY, 9_000)
    look(db, owner, at(MONDAY, 0))
    good_week(db, owner, MONDAY, 9_000)
    look(db, owner, at(MONDAY + 7 * DAY, 0))
    assert [(steps, why) for _, steps, why in told(db, owner)][1:] == [(7_500, "up"), (8_000, "up"), (8_000, "at_cap")]


def test_turned_off_it_is_quiet_and_on_again_it_goes_on(db: Session, owner: Owner) -> None:
    begun(db, owner)
    want(db, owner, at(MONDAY - 13 * DAY), active=False)
    assert (goal(db, owner).look_at, told(db, owner)[-1]) == (None, ("11-10", None, "off"))
    good_week(db, owner, MONDAY - 14 * DAY, 9_000)
    assert told(db, owner)[-1][2] == "off"
    want(db, owner, at(MONDAY))
    assert told(db, owner)[-1] == ("11-23", 3_300, "resumed")


def test_what_was_seen_is_never_unseen_and_never_ahead(db: Session, owner: Owner) -> None:
    begun(db, owner)
    want(db, owner, at(MONDAY), told=99)
    assert goal(db, owner).told == 1
    want(db, owner, at(MONDAY), told=0)
    assert goal(db, owner).told == 1


def test_a_stale_wish_is_not_written_over_a_newer_one(db: Session, owner: Owner, now: datetime) -> None:
    values = {"active": True, "cap_choice": None, "told": 0, "walks_from_on": None}
    with pytest.raises(Stale):
        step_goals.save_goal(db, owner, values, if_match=1, now=now)
    assert step_goals.save_goal(db, owner, values, if_match=None, now=now)
    seq = goal(db, owner).seq
    assert not step_goals.save_goal(db, owner, values, if_match=seq, now=now)
    with pytest.raises(Stale):
        step_goals.save_goal(db, owner, values, if_match=seq, now=now)


def test_short_walks_begin_when_they_are_chosen_and_again_after_a_rest(db: Session, owner: Owner) -> None:
    with pytest.raises(Invalid):
        want(db, owner, at(MONDAY), walks_from_on=MONDAY + 2 * DAY)
    want(db, owner, at(MONDAY), walks_from_on=MONDAY)
    assert goal(db, owner).walk_minutes == [*range(5, 26)]  # nothing is known of the feet yet
    answer(db, owner, at(MONDAY))
    assert goal(db, owner).walk_minutes[:3] == [5, 7, 9]
    began = at(MONDAY + 20 * DAY)
    clinic_ok(db, owner, flag(db, owner, began), began, at(MONDAY + 30 * DAY))
    assert (goal(db, owner).phase, goal(db, owner).walks_from_on) == ("waiting", MONDAY + 30 * DAY)


def test_another_patients_steps_touch_nothing(db: Session, owner: Owner) -> None:
    begun(db, owner)
    other = make_patient(db, "other@example.org", now=at(MONDAY - 60 * DAY), time_zone=ZONE)
    before = goal(db, owner)
    begun(db, other, steps=9_000)
    flag(db, other, at(MONDAY))
    assert goal(db, owner) == before
    assert db.execute(select(StepGoal.patient_id)).scalars().all().count(owner.id) == 1
    assert db.execute(select(SymptomEntry.patient_id).distinct()).scalars().all().count(other.id) == 1
