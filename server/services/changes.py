"""Everything of a patient that changed since a cursor, in the order of the change numbers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from server.models import (
    AccessToken,
    AnyRow,
    Block,
    Clearance,
    ComfortLog,
    FootCheck,
    GlucoseReading,
    Occurrence,
    Patient,
    Plan,
    PushSubscription,
    Reminder,
    SessionLog,
    ShoeCheck,
    StepDay,
    StepGoal,
    SymptomEntry,
    Tombstone,
    TriageEvent,
)
from server.services.owner import Owner, lock_patients

MODELS: dict[str, Any] = {
    "session_log": SessionLog,
    "symptom_entry": SymptomEntry,
    "block": Block,
    "clearance": Clearance,
    "triage_event": TriageEvent,
    "glucose_reading": GlucoseReading,
    "comfort_log": ComfortLog,
    "foot_check": FootCheck,
    "shoe_check": ShoeCheck,
    "step_count": StepDay,
    "plan": Plan,
    "step_goal": StepGoal,
    "reminder": Reminder,
    "occurrence": Occurrence,
    "access_token": AccessToken,
    "push_subscription": PushSubscription,
}
# What stands for an id where a record has none of its own.
NAMED_BY = {"step_count": "on", "plan": "patient_id", "step_goal": "patient_id"}


@dataclass(frozen=True)
class Change:
    """One record as it is now, or the fact that it is gone (`row` is None)."""

    kind: str
    id: str
    seq: int
    row: AnyRow | None


@dataclass(frozen=True)
class Changes:
    """A page of the feed. `reset`: the cursor is older than the tombstones, so the phone must fetch everything.

    `heard_of` belongs to the cursor: every deletion up to that number is one that this phone needs no tombstone for.
    """

    items: list[Change]
    cursor: int
    heard_of: int
    more: bool
    reset: bool = False


def list_changes(db: Session, owner: Owner, *, since: int, heard_of: int = 0, limit: int) -> Changes:
    """At most `limit` changes after `since`.

    A phone that begins from nothing has heard of every deletion before it began, or a long history would send it back
    to the beginning at its second page.

    The patient's own number is read first and nothing beyond it is shown: the tables are read one after the other, and
    a commit in between must not let the cursor pass a row of a table that was read before it.
    """
    patient = db.execute(select(*Patient.__table__.c).where(Patient.id == owner.id)).one()
    ceiling: int = patient.change_seq
    heard_of = ceiling if since == 0 else max(heard_of, since)
    if since > ceiling or heard_of < patient.forgotten_seq:
        return Changes([], 0, 0, more=False, reset=True)
    found = [Change("me", str(owner.id), patient.seq, patient)] if since < patient.seq <= ceiling else []
    for kind, model in MODELS.items():
        query = select(*model.__table__.c).where(model.patient_id == owner.id, model.seq > since, model.seq <= ceiling)
        rows = db.execute(query.order_by(model.seq).limit(limit + 1)).all()
        named = NAMED_BY.get(kind, "id")
        found += [Change(kind, str(getattr(row, named)), row.seq, row) for row in rows]
    graves = select(Tombstone.kind, Tombstone.record_id, Tombstone.seq).where(
        Tombstone.patient_id == owner.id, Tombstone.seq > since, Tombstone.seq <= ceiling
    )
    found += [
        Change(row.kind, row.record_id, row.seq, None)
        for row in db.execute(graves.order_by(Tombstone.seq).limit(limit + 1))
        if since > 0  # a phone that knows nothing has nothing to delete
    ]
    found.sort(key=lambda change: change.seq)
    if len(found) > limit:
        return Changes(found[:limit], found[limit - 1].seq, heard_of, more=True)
    return Changes(found, ceiling, ceiling, more=False)


def forget_tombstones(db: Session, *, older_than: datetime, limit: int) -> int:
    """Drop up to `limit` deletions that every phone has had time enough to hear of. Returns how many."""
    old = (
        select(*Tombstone.__table__.c)
        .where(Tombstone.deleted_at < older_than)
        .order_by(Tombstone.deleted_at)
        .limit(limit)
    )
    rows = db.execute(old).all()
    lock_patients(db, {row.patient_id for row in rows})
    for row in rows:
        _forget(db, row)
    return len(rows)


def _forget(db: Session, row: AnyRow) -> None:
    owner = Patient.id == row.patient_id
    db.execute(update(Patient).where(owner, Patient.forgotten_seq < row.seq).values(forgotten_seq=row.seq))
    db.execute(
        delete(Tombstone).where(
            Tombstone.patient_id == row.patient_id,
            Tombstone.kind == row.kind,
            Tombstone.record_id == row.record_id,
            Tombstone.seq == row.seq,
        )
    )
