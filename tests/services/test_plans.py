"""The plan as it is kept: its days move, its reminder follows, and what was paused was never planned."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.errors import Conflict, Invalid, NotFound, Stale
from server.models import Block, Occurrence, Reminder, SessionLog
from server.services import accounts, plans, records, reminders
from server.services.occurrences import answer_occurrence
from server.services.owner import Owner
from server.services.records import BLOCK, SESSION_LOG, RecordTable
from tests.factories import make_patient

LOGS, BLOCKS = RecordTable(SESSION_LOG, ["id"]), RecordTable(BLOCK, ["id"])


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


SUNDAY = at("2026-11-22T09:15")


def values(**changes: Any) -> dict[str, Any]:
    days = {"weekdays": [1, 3, 5], "time": "19:00", "starts_on": date(2026, 11, 22)}
    return {
        "programme_id": "standard",
        **days,
        "remind": True,
        "pause": None,
        "reviews": [],
        "ended_on": None,
        **changes,
    }


def save(db: Session, owner: Owner, now: datetime = SUNDAY, **changes: Any) -> None:
    plans.save_plan(db, owner, values(**changes), if_match=None, now=now)


def log(db: Session, owner: Owner, on: str, now: datetime, state: str = "finished", log_id: UUID | None = None) -> UUID:
    log_id = log_id or uuid4()
    scores = {f"{score}_{when}": None for score in ("pain", "numbness", "tingling") for when in ("before", "after")}
    written = {column.name: None for column in SessionLog.__table__.columns if column.default is None} | scores
    for name in ("id", "patient_id", "seq", "updated_at", "created_at", "rules_differ"):
        written.pop(name, None)
    written |= {"on": date.fromisoformat(on), "script_id": "S8", "state": state, "started_at": now, "ended_at": now}
    written |= {"seconds_done": 60, "helper": False}
    records.save_record(db, owner, LOGS, log_id, written, if_match=None, now=now)
    return log_id


def block(db: Session, owner: Owner, now: datetime, block_id: UUID | None = None, **changes: Any) -> UUID:
    block_id = block_id or uuid4()
    written: dict[str, Any] = {column.name: None for column in Block.__table__.columns if column.default is None}
    for name in ("id", "patient_id", "seq", "updated_at", "created_at", "rules_differ"):
        written.pop(name, None)
    written |= {"on": now.date(), "started_at": now, "warning": "open_sore", "level": "same_day", **changes}
    records.save_record(db, owner, BLOCKS, block_id, written, if_match=None, now=now)
    return block_id


def days(db: Session, owner: Owner) -> list[str]:
    """`23` or, when moved, `24<23`."""
    found = plans.get_plan(db, owner).days
    return [day["on"][-2:] + (f"<{day['moved_from'][-2:]}" if day["moved_from"] else "") for day in found]


def occurrences(db: Session) -> list[Any]:
    columns = Occurrence.__table__.c
    return list(db.execute(select(*columns).where(columns.kind != "redness").order_by(columns.due_at)).all())


def wakes(db: Session) -> list[str]:
    return [f"{row.wake_at:%m-%dT%H:%M}" for row in occurrences(db) if row.wake_at]


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


def test_another_zone_moves_the_days_that_are_ahead(db: Session, owner: Owner) -> None:
    save(db, owner)
    late = at("2026-11-23T23:30")  # Tuesday in Berlin, still Monday in New York
    plans.refresh(db, owner, now=late)
    assert days(db, owner)[0] == "24<23"
    accounts.change_me(db, owner, {"time_zone": "America/New_York"}, if_match=None, now=late)
    assert days(db, owner)[0] == "23"
    assert plans.due_for_planning(db, limit=1, now=at("2026-11-24T04:59")) == []
    assert len(plans.due_for_planning(db, limit=1, now=at("2026-11-24T05:00"))) == 1


def fly(db: Session, owner: Owner, zone: str, now: datetime) -> tuple[list[str], int, int]:
    """The next days of the plan there, and how many sessions were done and planned."""
    accounts.change_me(db, owner, {"time_zone": zone}, if_match=None, now=now)
    row = plans.get_plan(db, owner)
    return days(db, owner)[:2], row.done_28, row.planned_28


def test_d3c_a_day_lost_by_flying_west_makes_no_plan_day_missed(db: Session) -> None:
    now = at("2026-11-24T04:00")  # Monday evening in Los Angeles
    owner = make_patient(db, "west@example.org", now=now, time_zone="America/Los_Angeles")
    save(db, owner, now, weekdays=[1, 3, 5], starts_on=date(2026, 11, 23))
    log(db, owner, "2026-11-23", now)
    assert fly(db, owner, "Pacific/Auckland", at("2026-11-24T20:00")) == (["25", "27"], 1, 1)  # no Tuesday there


def test_d3c_a_plan_day_that_flying_left_out_waits_on_the_next(db: Session) -> None:
    now = at("2026-11-24T04:00")
    owner = make_patient(db, "west@example.org", now=now, time_zone="America/Los_Angeles")
    save(db, owner, now, weekdays=[2, 4, 6], starts_on=date(2026, 11, 23))
    assert fly(db, owner, "Pacific/Auckland", at("2026-11-24T20:00"))[0][0] == "25<24"
    log(db, owner, "2026-11-25", at("2026-11-24T21:00"))
    assert (plans.get_plan(db, owner).done_28, plans.get_plan(db, owner).planned_28) == (1, 1)


def test_d3c_a_day_gained_by_flying_east_asks_for_no_session_twice(db: Session) -> None:
    now = at("2026-11-24T20:00")  # Wednesday morning in Auckland
    owner = make_patient(db, "east@example.org", now=now, time_zone="Pacific/Auckland")
    save(db, owner, now, weekdays=[1, 3, 5], starts_on=date(2026, 11, 25))
    log(db, owner, "2026-11-25", now)
    assert fly(db, owner, "America/Los_Angeles", at("2026-11-25T05:00"))[0] == ["27", "30"]  # it is Tuesday again
    plans.refresh(db, owner, now=at("2026-11-25T20:00"))
    row = plans.get_plan(db, owner)
    assert (days(db, owner)[:2], row.done_28, row.planned_28) == (["27", "30"], 1, 1)


@pytest.mark.parametrize(
    ("zone", "start", "expected"),
    [
        ("Europe/Berlin", "2026-03-26", ["03-27T18:00", "03-30T17:00", "04-01T17:00"]),
        ("Europe/Berlin", "2026-10-22", ["10-23T17:00", "10-26T18:00", "10-28T18:00"]),
        ("America/New_York", "2026-03-05", ["03-07T00:00", "03-09T23:00", "03-11T23:00"]),
        ("America/New_York", "2026-10-29", ["10-30T23:00", "11-03T00:00", "11-05T00:00"]),
    ],
)
def test_the_time_on_the_wall_stays_over_both_clock_changes(
    db: Session, zone: str, start: str, expected: list[str]
) -> None:
    now = at(f"{start}T12:00")
    owner = make_patient(db, "clock@example.org", now=now, time_zone=zone)
    save(db, owner, now, starts_on=now.date())
    assert wakes(db)[:3] == expected


@pytest.mark.parametrize(
    ("zone", "change"),
    [("Europe/Berlin", "2026-03-29"), ("Europe/Berlin", "2026-10-25"), ("America/Santiago", "2026-09-06")],
)
def test_the_day_begins_once_where_the_clock_changes(db: Session, zone: str, change: str) -> None:
    now = at(f"{change}T12:00") - timedelta(days=1)
    owner = make_patient(db, "clock@example.org", now=now, time_zone=zone)
    save(db, owner, now, starts_on=now.date())
    begun = []
    for hour in range(48):
        then = now + timedelta(hours=hour)
        for due in plans.due_for_planning(db, limit=10, now=then):
            plans.refresh_again(db, due, now=then)
            begun.append(plans.get_plan(db, owner).replan_at)
    assert len(begun) == len(set(begun)) == 2


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
