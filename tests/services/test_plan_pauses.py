"""What rests a plan: off, paused, ended or under a red flag; what was paused was never planned."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from server.services import plans
from server.services.owner import Owner
from tests.factories import make_patient
from tests.services.plan_days import SUNDAY, at, block, days, save, wakes


@pytest.mark.parametrize(
    "changes",
    [
        {"remind": False},
        {"ended_on": date(2026, 11, 22)},
        {"pause": {"from_on": "2026-11-22", "until_on": None, "reason": "ill"}},
    ],
)
def test_no_reminder_comes_while_it_is_off_or_paused_or_after_the_end(
    db: Session, owner: Owner, changes: dict[str, Any]
) -> None:
    save(db, owner)
    save(db, owner, **changes)
    assert wakes(db) == []
    assert bool(days(db, owner)) is ("remind" in changes)
    save(db, owner)
    assert len(wakes(db)) == 6


def test_a_pause_with_an_end_leaves_the_days_after_it(db: Session, owner: Owner) -> None:
    save(db, owner, pause={"from_on": "2026-11-22", "until_on": "2026-11-29", "reason": "away"})
    assert days(db, owner) == ["30", "02", "04"]


def test_a_pause_that_is_over_stays_unplanned_when_the_next_one_begins(db: Session, owner: Owner) -> None:
    start = {"starts_on": date(2026, 11, 2)}
    first = {"from_on": "2026-11-09", "until_on": None, "reason": "ill"}
    save(db, owner, at("2026-11-09T09:00"), **start, pause=first)
    assert plans.get_plan(db, owner).planned_28 == 3
    save(db, owner, at("2026-11-16T09:00"), **start)  # goes on
    assert plans.get_plan(db, owner).past_pauses == [{**first, "until_on": "2026-11-15"}]
    second = {"from_on": "2026-11-23", "until_on": None, "reason": "away"}
    save(db, owner, at("2026-11-23T09:00"), **start, pause=second)
    row = plans.get_plan(db, owner)
    assert (row.planned_28, len(row.past_pauses), row.pause) == (6, 1, second)
    save(db, owner, at("2026-11-23T09:05"), **start, pause={**second, "until_on": "2026-11-25"})
    assert len(plans.get_plan(db, owner).past_pauses) == 1  # the same pause, with an end
    save(db, owner, at("2026-11-23T09:10"), starts_on=date(2026, 11, 23))
    assert plans.get_plan(db, owner).past_pauses == []  # a new start


def test_a_pause_taken_back_on_its_first_day_never_was(db: Session, owner: Owner) -> None:
    save(db, owner, pause={"from_on": "2026-11-22", "until_on": None, "reason": "other"})
    save(db, owner)
    assert plans.get_plan(db, owner).past_pauses == []


def test_days_under_a_red_flag_were_not_planned(db: Session, owner: Owner) -> None:
    save(db, owner, at("2026-11-16T09:00"), starts_on=date(2026, 11, 2))
    assert plans.get_plan(db, owner).planned_28 == 6
    block_id = block(db, owner, at("2026-11-16T10:00"))
    now = at("2026-11-23T09:00")
    plans.refresh(db, owner, now=now)
    assert plans.get_plan(db, owner).planned_28 == 6
    ended = {"ended_at": at("2026-11-20T09:00"), "end_reason": "clinic_ok", "clinician_name": "Nurse Kim"}
    block(
        db, owner, now, block_id,
        on=date(2026, 11, 16), started_at=at("2026-11-16T10:00"), clinician_on=date(2026, 11, 20), **ended,
    )  # fmt: skip
    assert plans.get_plan(db, owner).planned_28 == 6
    later = at("2026-11-24T09:00")
    plans.refresh(db, owner, now=later)
    assert plans.get_plan(db, owner).planned_28 == 7


def test_a_red_flag_that_stands_and_no_other_rests_the_reminders(db: Session, owner: Owner) -> None:
    other = make_patient(db, "other@example.org", now=SUNDAY)
    both = {owner.id, other.id}
    block(db, other, SUNDAY, warning="low_sugar", level=None)
    assert plans.patients_at_rest(db, both, now=SUNDAY) == set()
    block_id = block(db, owner, SUNDAY)
    assert plans.patients_at_rest(db, both, now=SUNDAY) == {owner.id}
    ended = {
        "ended_at": SUNDAY,
        "end_reason": "clinic_ok",
        "clinician_name": "Nurse Kim",
        "clinician_on": SUNDAY.date(),
    }
    block(db, owner, SUNDAY, block_id, **ended)
    assert plans.patients_at_rest(db, both, now=SUNDAY) == set()
