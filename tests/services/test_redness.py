"""The look at the skin 15 minutes after a session: one moment for each log that needs it, moved, answered and gone."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.models import Occurrence, Tombstone
from server.services.owner import Owner
from server.services.records import delete_record, save_record
from server.services.redness import occurrence_of
from tests.services.test_changes import LOGS, log_values

ENDED = datetime(2026, 11, 22, 9, 10, tzinfo=UTC)
DUE = ENDED + timedelta(minutes=15)


def save(db: Session, owner: Owner, log_id: UUID, now: datetime, **changes: Any) -> None:
    values = log_values(started_at=ENDED - timedelta(minutes=8), ended_at=ENDED) | changes
    save_record(db, owner, LOGS, log_id, values, if_match=None, now=now)


def moment(db: Session) -> Any:
    return db.execute(select(*Occurrence.__table__.c)).one_or_none()


@pytest.fixture
def log_id(db: Session, owner: Owner, now: datetime) -> UUID:
    log_id = uuid4()
    save(db, owner, log_id, now)
    return log_id


def test_a_log_is_asked_about_fifteen_minutes_after_its_end(db: Session, log_id: UUID) -> None:
    found = moment(db)
    assert (found.id, found.kind, found.session_log_id) == (occurrence_of(log_id), "redness", log_id)
    assert (found.reminder_id, found.state, found.due_at, found.wake_at) == (None, "open", DUE, DUE)
    assert (found.on, found.local_time) == (date(2026, 11, 22), time(10, 25))  # in Berlin


def test_saving_it_again_changes_nothing(db: Session, owner: Owner, log_id: UUID, now: datetime) -> None:
    before = moment(db)
    save(db, owner, log_id, now, note="Felt good.")
    assert moment(db) == before


def test_one_that_was_sent_is_not_sent_again_when_the_log_is_edited(
    db: Session, owner: Owner, log_id: UUID, now: datetime
) -> None:
    db.execute(update(Occurrence).values(wake_at=None, sent_at=DUE))
    save(db, owner, log_id, DUE, note="Felt good.")
    assert moment(db).wake_at is None


@pytest.mark.parametrize("answer", ["gone", "still_red"])
def test_an_answer_ends_the_asking(db: Session, owner: Owner, log_id: UUID, now: datetime, answer: str) -> None:
    save(db, owner, log_id, now, redness=answer, redness_at=now)
    found = moment(db)
    assert (found.state, found.answered_at, found.wake_at) == ("done", now, None)


def test_a_session_taken_up_again_is_asked_about_later(db: Session, owner: Owner, log_id: UUID, now: datetime) -> None:
    save(db, owner, log_id, now, redness="gone", redness_at=now)
    ended_at = ENDED + timedelta(hours=1)
    save(db, owner, log_id, ended_at, ended_at=ended_at)
    found = moment(db)
    assert (found.state, found.answered_at) == ("open", None)
    assert found.due_at == found.wake_at == ended_at + timedelta(minutes=15)


def test_a_deleted_log_takes_its_moment_along(db: Session, owner: Owner, log_id: UUID, now: datetime) -> None:
    delete_record(db, owner, LOGS, log_id, if_match=None, now=now)
    assert moment(db) is None
    buried = {(row.kind, row.record_id) for row in db.execute(select(Tombstone.kind, Tombstone.record_id))}
    assert buried == {("session_log", str(log_id)), ("occurrence", str(occurrence_of(log_id)))}
    save(db, owner, log_id, now)
    assert moment(db).state == "open"
    assert db.execute(select(Tombstone.record_id)).all() == []


def test_a_log_that_comes_hours_later_or_is_answered_makes_no_moment(db: Session, owner: Owner) -> None:
    save(db, owner, uuid4(), DUE + timedelta(hours=2))
    save(db, owner, uuid4(), DUE, redness="gone", redness_at=DUE)
    assert moment(db) is None
    save(db, owner, uuid4(), DUE + timedelta(hours=2) - timedelta(seconds=1))
    assert moment(db).due_at == DUE
