"""Moments across clock changes, and what a change of zone, of the rule or of the patient's mind does to them."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.errors import Invalid
from server.models import Occurrence, Patient, Reminder
from server.services import accounts, reminders
from server.services.occurrences import answer_occurrence
from server.services.owner import Owner
from tests.factories import make_patient
from tests.services.test_recurrence import EVERY_DAY, ZONES


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def values(**changes: Any) -> dict[str, Any]:
    rule = {"kind": "massage", "weekdays": EVERY_DAY, "times": ["19:00"], "active": True}
    return {**rule, "starts_on": date(2026, 1, 1), "ends_on": None, **changes}


def save(db: Session, owner: Owner, now: datetime, reminder_id: UUID | None = None, **changes: Any) -> UUID:
    reminder_id = reminder_id or uuid4()
    reminders.save_reminder(db, owner, reminder_id, values(**changes), if_match=None, now=now)
    return reminder_id


def rows(db: Session) -> list[Any]:
    return list(db.execute(select(*Occurrence.__table__.c).order_by(Occurrence.due_at)).all())


def wakes(db: Session) -> list[str]:
    return [f"{row.wake_at:%m-%dT%H:%M}" for row in rows(db) if row.wake_at]


def test_two_weeks_are_planned_and_no_moment_that_has_passed(db: Session, owner: Owner) -> None:
    save(db, owner, at("2026-11-22T19:00"))  # 20:00 in Berlin: today's has passed
    assert (wakes(db)[0], wakes(db)[-1], len(rows(db))) == ("11-23T18:00", "12-06T18:00", 14)


def test_planning_twice_changes_nothing(db: Session, owner: Owner, now: datetime) -> None:
    reminder_id = save(db, owner, now)
    before = rows(db)
    reminders.plan(db, owner, reminder_id, now=now)
    assert rows(db) == before


def test_a_rule_ends_on_its_last_day(db: Session, owner: Owner, now: datetime) -> None:
    save(db, owner, now, ends_on=date(2026, 11, 23))
    assert wakes(db) == ["11-22T18:00", "11-23T18:00"]
    with pytest.raises(Invalid):
        save(db, owner, now, ends_on=date(2025, 12, 31))


def test_another_time_drops_what_is_ahead_and_keeps_what_was(db: Session, owner: Owner, now: datetime) -> None:
    reminder_id = save(db, owner, now)
    first = rows(db)[0]
    answer(db, owner, first, "done", now)
    later = at("2026-11-22T18:30")
    save(db, owner, later, reminder_id, times=["20:00"])
    assert [row.state for row in rows(db)[:2]] == ["done", "open"]
    assert wakes(db)[0] == "11-22T19:00"
    assert len(wakes(db)) == 15


def answer(db: Session, owner: Owner, row: Any, state: str, when: datetime, until: datetime | None = None) -> Any:
    return answer_occurrence(db, owner, row.id, state=state, until=until, at=when, now=when)


def move(db: Session, owner: Owner, zone: str, now: datetime) -> None:
    accounts.change_me(db, owner, {"time_zone": zone}, if_match=None, now=now)


def test_after_travel_to_the_west_what_is_ahead_moves(db: Session, owner: Owner, now: datetime) -> None:
    save(db, owner, now)
    move(db, owner, "America/New_York", now)
    assert wakes(db)[:2] == ["11-23T00:00", "11-24T00:00"]
    assert len({(row.on, row.local_time) for row in rows(db)}) == len(rows(db))


def test_after_travel_to_the_east_what_is_too_late_is_closed(db: Session, owner: Owner) -> None:
    now = at("2026-11-22T12:00")
    save(db, owner, now)
    move(db, owner, "Asia/Tokyo", now)  # 21:00 there
    assert (rows(db)[0].state, rows(db)[0].wake_at, rows(db)[0].on) == ("skipped", None, date(2026, 11, 22))
    assert wakes(db)[0] == "11-23T10:00"


def test_after_travel_to_the_east_what_is_still_of_use_comes_at_once(db: Session, owner: Owner) -> None:
    now = at("2026-11-22T10:30")
    save(db, owner, now)
    move(db, owner, "Asia/Tokyo", now)  # 19:30 there, half an hour late
    assert (rows(db)[0].state, wakes(db)[0]) == ("open", "11-22T10:00")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.datetimes(datetime(2026, 3, 20), datetime(2026, 4, 2), timezones=st.just(UTC)),  # noqa: DTZ001
    moves=st.lists(st.tuples(st.sampled_from(ZONES), st.integers(0, 1500)), max_size=6),
)
def test_however_somebody_travels_no_moment_comes_twice(
    db: Session, start: datetime, moves: list[tuple[str, int]]
) -> None:
    db.rollback()
    owner, now = make_patient(db, "owner@example.org", now=start), start
    save(db, owner, now, times=["08:00", "19:00"])
    fired: list[tuple[date, time]] = []
    for zone, minutes in [*moves, ("UTC", 3000)]:
        now += timedelta(minutes=minutes)
        due = [row for row in rows(db) if row.wake_at and row.wake_at <= now]
        fired += [(row.on, row.local_time) for row in due]
        for row in due:
            db.execute(update(Occurrence).where(Occurrence.id == row.id).values(wake_at=None))
        move(db, owner, zone, now)
    assert len(set(fired)) == len(fired)
    ahead = [row for row in rows(db) if row.wake_at and row.due_at > now]
    assert {row.due_at.time() for row in ahead} == {time(8), time(19)}
    assert all(row.due_at == row.wake_at for row in ahead)


def test_the_zone_is_the_one_under_the_lock_not_the_one_the_worker_found(db: Session, owner: Owner) -> None:
    now = at("2026-11-22T09:00")
    reminder_id = save(db, owner, now)
    db.execute(update(Patient).values(time_zone="America/New_York"))
    reminders.plan_again(db, owner, reminder_id, now=now)  # `owner` still says Berlin
    assert wakes(db)[0] == "11-23T00:00"


def test_a_reminder_or_an_account_that_went_meanwhile_is_no_fault(db: Session, owner: Owner, now: datetime) -> None:
    reminder_id = save(db, owner, now)
    reminders.plan_again(db, owner, uuid4(), now=now)
    accounts.delete_account(db, owner)
    reminders.plan_again(db, owner, reminder_id, now=now)
    assert rows(db) == []


def test_reminders_whose_moments_run_out_are_found(db: Session, owner: Owner, now: datetime) -> None:
    reminder_id = save(db, owner, now)
    assert reminders.due_for_planning(db, limit=10, now=now + timedelta(days=7)) == []
    later = now + timedelta(days=8)
    assert reminders.due_for_planning(db, limit=10, now=later) == [(owner, reminder_id)]
    reminders.plan_again(db, owner, reminder_id, now=later)
    assert reminders.due_for_planning(db, limit=10, now=later) == []
    assert max(row.on for row in rows(db)) == date(2026, 12, 14)


def test_a_snooze_wakes_again_and_one_that_arrives_late_is_not_lost(db: Session, owner: Owner) -> None:
    now = at("2026-11-22T18:00")
    save(db, owner, at("2026-11-22T09:00"))
    row = rows(db)[0]
    until = now + timedelta(minutes=15)
    assert answer(db, owner, row, "snoozed", now, until).wake_at == until
    later = now + timedelta(seconds=1)
    late = answer_occurrence(
        db, owner, row.id, state="snoozed", until=until, at=later, now=until + timedelta(minutes=5)
    )
    assert late.wake_at == until  # five minutes late: the worker takes it at once
    much_later = later + timedelta(seconds=1)
    lost = answer_occurrence(
        db, owner, row.id, state="snoozed", until=until, at=much_later, now=until + timedelta(hours=3)
    )
    assert lost.wake_at is None


def test_a_deleted_reminder_leaves_tombstones_for_all_its_moments(db: Session, owner: Owner, now: datetime) -> None:
    from server.models import Tombstone

    reminder_id = save(db, owner, now)
    ids = {str(row.id) for row in rows(db)} | {str(reminder_id)}
    reminders.delete_reminder(db, owner, reminder_id, if_match=None, now=now)
    assert {row.record_id for row in db.execute(select(Tombstone.record_id))} == ids
    save(db, owner, now, reminder_id)
    assert db.execute(select(Tombstone.record_id)).all() == []
    assert db.execute(select(Reminder.id)).scalars().all() == [reminder_id]
