"""One message two weeks before the clinic's OK ends: made with it, moved, gone with it, needless after a new one."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.models import Occurrence, PushDelivery, Tombstone
from server.services.clearance_notices import occurrence_of
from server.services.owner import Owner
from server.services.records import CLEARANCE, RecordTable, delete_record, save_record
from server.services.waking import wake_due
from tests.services.test_sending import subscribe

# Six months after November 21 (content brief §2); two weeks before that, 10:00 in Berlin.
ENDS_ON = date(2027, 5, 21)
DUE = datetime(2027, 5, 7, 8, tzinfo=UTC)
TABLE = RecordTable(CLEARANCE, ["id"])


def save(db: Session, owner: Owner, now: datetime, clearance_id: UUID | None = None, **changes: Any) -> UUID:
    clearance_id = clearance_id or uuid4()
    word = {"on": date(2026, 11, 22), "recorded_at": now, "reasons": ["poor_circulation"], "ended_at": None}
    values = {**word, "clinician_name": "Dr Okafor", "clinician_on": date(2026, 11, 21), **changes}
    save_record(db, owner, TABLE, clearance_id, values, if_match=None, now=now)
    return clearance_id


def moments(db: Session) -> list[Any]:
    return list(db.execute(select(*Occurrence.__table__.c)).all())


def test_it_comes_two_weeks_before_the_last_day(db: Session, owner: Owner, now: datetime) -> None:
    clearance_id = save(db, owner, now)
    [found] = moments(db)
    assert (found.id, found.kind, found.due_at, found.wake_at) == (occurrence_of(clearance_id), "clearance", DUE, DUE)
    assert (found.on, found.local_time) == (ENDS_ON - timedelta(days=14), time(10))


def test_saving_it_again_changes_nothing(db: Session, owner: Owner, now: datetime) -> None:
    clearance_id = save(db, owner, now)
    before = moments(db)
    save(db, owner, now, clearance_id)
    assert moments(db) == before


def test_it_moves_with_the_day_of_the_clinics_word(db: Session, owner: Owner, now: datetime) -> None:
    clearance_id = save(db, owner, now)
    save(db, owner, now, clearance_id, clinician_on=date(2026, 11, 20))
    assert [row.due_at for row in moments(db)] == [DUE - timedelta(days=1)]


@pytest.mark.parametrize("how", ["ended", "deleted", "no time ends it"])
def test_it_goes_with_the_ok(db: Session, owner: Owner, now: datetime, how: str) -> None:
    clearance_id = save(db, owner, now)
    if how == "ended":
        save(db, owner, now, clearance_id, ended_at=now)
    elif how == "deleted":
        delete_record(db, owner, TABLE, clearance_id, if_match=None, now=now)
    else:
        save(db, owner, now, clearance_id, reasons=["bleeds_easily"])
    assert moments(db) == []
    graves = select(Tombstone.record_id).where(Tombstone.kind == "occurrence")
    assert db.execute(graves).scalars().all() == [str(occurrence_of(clearance_id))]


def test_an_old_word_that_ends_soon_is_not_told_of_late(db: Session, owner: Owner, now: datetime) -> None:
    save(db, owner, now, clinician_on=date(2026, 5, 25))
    assert moments(db) == []


@pytest.mark.parametrize(("reasons", "sent"), [(["poor_circulation"], 0), (["pregnant"], 1)])
def test_a_newer_ok_for_the_same_makes_it_needless(
    db: Session, owner: Owner, now: datetime, reasons: list[str], sent: int
) -> None:
    subscribe(db, owner, "phone", now)
    first = save(db, owner, now)
    later = DUE - timedelta(days=30)
    save(db, owner, later, reasons=reasons, clinician_on=later.date())
    assert wake_due(db, limit=10, now=DUE) == 1
    assert len(db.execute(select(PushDelivery.id)).all()) == sent
    row = db.execute(select(Occurrence.state).where(Occurrence.id == occurrence_of(first))).one()
    assert row.state == ("open" if sent else "done")
