"""The plan as it is kept: its days move, and its reminder follows."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.errors import Conflict, Invalid, NotFound, Stale
from server.models import Reminder
from server.services import accounts, plans, records, reminders
from server.services.occurrences import answer_occurrence
from server.services.owner import Owner
from tests.services.plan_days import LOGS, SUNDAY, at, days, log, occurrences, save, values, wakes


def test_a_plan_has_the_session_days_of_two_weeks_and_a_reminder_on_each(db: Session, owner: Owner) -> None:
    save(db, owner)
    assert days(db, owner) == ["23", "25", "27", "30", "02", "04"]
    assert wakes(db) == [f"{on}T18:00" for on in ("11-23", "11-25", "11-27", "11-30", "12-02", "12-04")]
    (reminder,) = reminders.list_reminders(db, owner)
    assert (reminder.kind, reminder.follows_plan, reminder.times) == ("massage", True, ["19:00"])
    assert reminder.id == plans.reminder_id(owner)


def test_saving_twice_changes_nothing_but_its_number(db: Session, owner: Owner) -> None:
    save(db, owner)
    before = [(row.id, row.seq) for row in occurrences(db)]
    save(db, owner)
    assert [(row.id, row.seq) for row in occurrences(db)] == before
    assert len(reminders.list_reminders(db, owner)) == 1


def test_a_stale_plan_is_not_written_over_a_newer_one(db: Session, owner: Owner) -> None:
    with pytest.raises(Stale):
        plans.save_plan(db, owner, values(), if_match=1, now=SUNDAY)
    save(db, owner)
    seq = plans.get_plan(db, owner).seq
    assert not plans.save_plan(db, owner, values(time="08:00"), if_match=seq, now=SUNDAY)
    with pytest.raises(Stale):
        plans.save_plan(db, owner, values(), if_match=seq, now=SUNDAY)


def test_who_has_chosen_none_has_none(db: Session, owner: Owner) -> None:
    with pytest.raises(NotFound):
        plans.get_plan(db, owner)
    plans.refresh(db, owner, now=SUNDAY)
    assert plans.find_plan(db, owner) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"weekdays": [1, 2, 4]},
        {"weekdays": [1, 3, 7]},
        {"weekdays": [1, 3]},
        {"programme_id": "light"},
        {"ended_on": date(2026, 11, 1)},
    ],
)
def test_a_plan_that_is_not_possible_is_refused(db: Session, owner: Owner, changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        save(db, owner, **changes)
    assert plans.find_plan(db, owner) is None


def test_for_strong_pain_up_to_seven_days_may_be_chosen(db: Session, owner: Owner) -> None:
    save(db, owner, programme_id="severe", weekdays=[1, 2])
    save(db, owner, programme_id="severe", weekdays=[1, 2, 3, 4, 5, 6, 7])
    assert len(days(db, owner)) == 14


def test_a_day_that_passes_without_a_session_moves_and_its_reminder_too(db: Session, owner: Owner) -> None:
    save(db, owner)
    assert plans.due_for_planning(db, limit=10, now=at("2026-11-22T22:59")) == []
    plans.refresh_again(db, owner, now=at("2026-11-22T23:00"))  # Monday in Berlin
    assert days(db, owner)[:2] == ["23", "25"]
    assert plans.due_for_planning(db, limit=10, now=at("2026-11-23T23:00")) == [owner]
    plans.refresh_again(db, owner, now=at("2026-11-23T23:00"))
    assert days(db, owner)[:4] == ["24<23", "26<25", "28<27", "30"]
    assert wakes(db)[1:4] == ["11-24T18:00", "11-26T18:00", "11-28T18:00"]  # the worker has not looked at Monday's yet


@pytest.mark.parametrize("state", ["finished", "stopped"])
def test_a_session_done_or_stopped_is_done_for_today_and_is_not_reminded_of(
    db: Session, owner: Owner, state: str
) -> None:
    save(db, owner)
    monday = at("2026-11-23T12:00")
    log_id = log(db, owner, "2026-11-23", monday, state)
    row = occurrences(db)[0]
    assert (row.on, row.state, row.wake_at, row.answered_at) == (date(2026, 11, 23), "done", None, None)
    assert days(db, owner)[:2] == ["25", "27"]
    records.delete_record(db, owner, LOGS, log_id, if_match=None, now=monday)
    assert (days(db, owner)[0], wakes(db)[0]) == ("23", "11-23T18:00")


def test_a_log_that_gets_another_day_counts_for_that_day(db: Session, owner: Owner) -> None:
    save(db, owner)
    monday = at("2026-11-23T12:00")
    log_id = log(db, owner, "2026-11-23", monday)
    assert days(db, owner)[0] == "25"
    log(db, owner, "2026-11-22", monday, log_id=log_id)
    assert (days(db, owner)[0], wakes(db)[0]) == ("24<23", "11-24T18:00")  # a day of rest between


def test_a_log_that_is_saved_again_changes_nothing_in_the_plan(db: Session, owner: Owner) -> None:
    save(db, owner)
    monday = at("2026-11-23T12:00")
    log_id = log(db, owner, "2026-11-23", monday)
    before = plans.get_plan(db, owner), occurrences(db)
    log(db, owner, "2026-11-23", monday, "stopped", log_id=log_id)
    assert (plans.get_plan(db, owner), occurrences(db)) == before


def test_a_moment_that_the_patient_skipped_does_not_come_back_with_a_log_that_goes(db: Session, owner: Owner) -> None:
    save(db, owner)
    monday = at("2026-11-23T12:00")
    answer_occurrence(db, owner, occurrences(db)[0].id, state="skipped", until=None, at=monday, now=monday)
    log_id = log(db, owner, "2026-11-23", monday)
    records.delete_record(db, owner, LOGS, log_id, if_match=None, now=monday)
    assert (occurrences(db)[0].state, wakes(db)[0]) == ("skipped", "11-25T18:00")


def test_a_snoozed_moment_is_not_sent_again_once_the_session_is_done(db: Session, owner: Owner) -> None:
    save(db, owner)
    now = at("2026-11-23T18:01")
    first = occurrences(db)[0].id
    until = now + timedelta(minutes=30)
    answer_occurrence(db, owner, first, state="snoozed", until=until, at=now, now=now)
    plans.refresh(db, owner, now=now)
    assert wakes(db)[0] == "11-23T18:31"
    log(db, owner, "2026-11-23", now)
    assert (occurrences(db)[0].state, wakes(db)[0]) == ("done", "11-25T18:00")


def test_a_log_of_another_day_moves_what_follows(db: Session, owner: Owner) -> None:
    save(db, owner)
    tuesday = at("2026-11-24T12:00")
    log(db, owner, "2026-11-24", tuesday)  # Monday's, a day late
    assert days(db, owner)[:3] == ["26<25", "28<27", "30"]
    row = plans.get_plan(db, owner)
    assert (row.done_28, row.planned_28) == (1, 1)


def test_choosing_a_plan_replaces_the_older_massage_reminder_and_no_other(db: Session, owner: Owner) -> None:
    rule = {"weekdays": [2], "times": ["08:00"], "active": True, "starts_on": date(2026, 11, 1), "ends_on": None}
    for kind in ("massage", "glucose"):
        reminders.save_reminder(db, owner, uuid4(), {**rule, "kind": kind}, if_match=None, now=SUNDAY)
    save(db, owner)
    left = {(row.kind, row.follows_plan) for row in reminders.list_reminders(db, owner)}
    assert left == {("glucose", False), ("massage", True)}
    assert {row.kind for row in occurrences(db)} == {"glucose", "massage"}


def test_the_reminder_of_the_plan_is_changed_by_the_plan_alone(db: Session, owner: Owner) -> None:
    save(db, owner)
    reminder_id = plans.reminder_id(owner)
    rule = {"kind": "massage", "weekdays": [2], "times": ["08:00"], "active": True, "starts_on": date(2026, 11, 1)}
    with pytest.raises(Conflict, match="Change your plan instead"):
        reminders.save_reminder(db, owner, reminder_id, {**rule, "ends_on": None}, if_match=None, now=SUNDAY)
    with pytest.raises(Conflict, match="Change your plan instead"):
        reminders.delete_reminder(db, owner, reminder_id, if_match=None, now=SUNDAY)
    assert len(wakes(db)) == 6


def test_after_two_weeks_the_review_is_asked_and_an_answer_ends_it(db: Session, owner: Owner) -> None:
    save(db, owner)
    then = at("2026-12-06T09:00")
    plans.refresh(db, owner, now=then)
    assert plans.get_plan(db, owner).review_due == 2
    save(db, owner, then, reviews=[{"week": 2, "on": "2026-12-06", "answer": "helps"}])
    assert plans.get_plan(db, owner).review_due is None


def test_a_day_that_changes_nothing_keeps_the_plans_number(db: Session, owner: Owner) -> None:
    save(db, owner)
    seq = plans.get_plan(db, owner).seq
    plans.refresh(db, owner, now=SUNDAY)
    assert plans.get_plan(db, owner).seq == seq
    plans.refresh(db, owner, now=at("2026-11-24T09:00"))
    assert plans.get_plan(db, owner).seq > seq


def test_an_ended_plan_is_left_alone(db: Session, owner: Owner) -> None:
    save(db, owner, ended_on=date(2026, 11, 22))
    assert plans.due_for_planning(db, limit=10, now=at("2027-11-22T09:00")) == []


def test_an_account_that_went_meanwhile_is_no_fault(db: Session, owner: Owner) -> None:
    save(db, owner)
    accounts.delete_account(db, owner)
    plans.refresh_again(db, owner, now=SUNDAY)
    assert db.execute(select(Reminder.id)).all() == []
