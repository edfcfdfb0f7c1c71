"""Records that patients make: save, list, get, delete; the same for every kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import delete, insert, select, tuple_, update
from sqlalchemy.orm import Session

from server.care.decisions import same_decision
from server.errors import Invalid, NotFound, Stale
from server.models import AnyRow, Block, PatientRecord, SessionLog, SymptomEntry
from server.services.owner import Owner, bury, next_seq, unbury

Columns = Sequence[Any]


@dataclass(frozen=True)
class RecordKind:
    """What the services must know of a kind of record."""

    name: str
    model: type[PatientRecord]
    once_a_day: bool = False
    decides: str | None = None


SESSION_LOG = RecordKind("session_log", SessionLog, decides="session")
SYMPTOM_ENTRY = RecordKind("symptom_entry", SymptomEntry, once_a_day=True)
BLOCK = RecordKind("block", Block, decides="session")


@dataclass(frozen=True)
class Saved:
    """A row as its columns were asked for, and whether it is new."""

    row: AnyRow
    created: bool


def daily_id(patient_id: UUID, kind: str, on: date) -> UUID:
    """The id of a record kept once a day: the same on every phone of the patient."""
    return uuid5(patient_id, f"{kind}/{on.isoformat()}")


def save_record(
    db: Session,
    owner: Owner,
    kind: RecordKind,
    record_id: UUID,
    values: Mapping[str, Any],
    *,
    columns: Columns,
    if_match: int | None,
    now: datetime,
) -> Saved:
    """Create or replace a record as a whole; doing it twice changes nothing more.

    Raises NotFound for another patient's id, Stale when `if_match` is not the version that is stored, Invalid when a
    record kept once a day has another id than its day gives.
    """
    model = kind.model
    if kind.once_a_day and record_id != daily_id(owner.id, kind.name, values["on"]):
        raise Invalid("The id of a record kept once a day follows from its day.", code="wrong_id")
    seq = next_seq(db, owner.id)
    stored = db.execute(select(model.patient_id, model.seq).where(model.id == record_id)).first()
    if stored is not None and stored.patient_id != owner.id:
        raise NotFound
    if if_match is not None and (stored is None or stored.seq != if_match):
        raise Stale("This record changed meanwhile. Fetch it again, then save.")
    written = {**values, "seq": seq, "updated_at": now}
    if kind.decides:
        decision = values.get("decision")
        written["rules_differ"] = decision is not None and not same_decision(kind.decides, decision)
    if stored is None:
        written |= {"id": record_id, "patient_id": owner.id, "created_at": now}
        row = db.execute(insert(model).values(written).returning(*columns)).one()
        unbury(db, owner.id, kind.name, [str(record_id)])
    else:
        row = db.execute(update(model).where(model.id == record_id).values(written).returning(*columns)).one()
    return Saved(row, created=stored is None)


def get_record(db: Session, owner: Owner, kind: RecordKind, record_id: UUID, *, columns: Columns) -> AnyRow:
    """One record of this patient. Raises NotFound."""
    model = kind.model
    row = db.execute(select(*columns).where(model.id == record_id, model.patient_id == owner.id)).first()
    if row is None:
        raise NotFound
    return row


def list_records(
    db: Session,
    owner: Owner,
    kind: RecordKind,
    *,
    columns: Columns,
    first: date | None,
    last: date | None,
    after: tuple[date, UUID] | None,
    limit: int,
) -> Sequence[AnyRow]:
    """Newest day first, from `last` back to `first`, at most `limit`; `after` is where the page before ended."""
    model = kind.model
    query = select(*columns).where(model.patient_id == owner.id)
    if first is not None:
        query = query.where(model.on >= first)
    if last is not None:
        query = query.where(model.on <= last)
    if after is not None:
        query = query.where(tuple_(model.on, model.id) < after)
    return db.execute(query.order_by(model.on.desc(), model.id.desc()).limit(limit)).all()


def delete_record(
    db: Session, owner: Owner, kind: RecordKind, record_id: UUID, *, if_match: int | None, now: datetime
) -> None:
    """Delete for good; other phones hear of it by a tombstone. Raises NotFound, Stale."""
    model = kind.model
    seq = next_seq(db, owner.id)
    stored = db.execute(select(model.seq).where(model.id == record_id, model.patient_id == owner.id)).first()
    if stored is None:
        raise NotFound
    if if_match is not None and stored.seq != if_match:
        raise Stale("This record changed meanwhile. Fetch it again, then delete.")
    db.execute(delete(model).where(model.id == record_id))
    bury(db, owner.id, kind.name, [str(record_id)], seq=seq, now=now)
