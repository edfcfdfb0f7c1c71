"""Whose data a service works on, the number that every change of it gets, and what was done to a record."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from server.errors import NotSignedIn
from server.models import Patient, Tombstone
from server.services.bulk import is_among

_patients = cast(Table, Patient.__table__)
_NEXT_SEQ = (
    update(_patients)
    .where(_patients.c.id == bindparam("patient"))
    .values(change_seq=_patients.c.change_seq + bindparam("count"))
    .returning(_patients.c.change_seq)
)
_graves = cast(Table, Tombstone.__table__)
_UNBURY = delete(_graves).where(
    _graves.c.patient_id == bindparam("patient"),
    _graves.c.kind == bindparam("of_kind"),
    _graves.c.record_id == bindparam("record"),
)


@dataclass(frozen=True)
class Owner:
    """A signed-in patient, as far as services need one."""

    id: UUID
    time_zone: str


@dataclass(frozen=True)
class Written:
    """A record that was just saved with these values, or deleted: then it has none.

    `is_new`: it was not there before. `moved`: its day has one record more or less than before.
    """

    id: UUID
    values: Mapping[str, Any] | None = None
    is_new: bool = False
    moved: bool = True


def next_seq(db: Session, patient_id: UUID, count: int = 1) -> int:
    """The first of `count` change numbers.

    Runs before anything else is written: the row lock makes the order of commits the order of the numbers, so that a
    cursor in `GET /changes` can never pass a row that is still to appear. Raises NotSignedIn when the account was
    deleted since the asker was found.
    """
    last: int | None = db.execute(_NEXT_SEQ, {"patient": patient_id, "count": count}).scalar()
    if last is None:
        raise NotSignedIn("This account was deleted.")
    return last - count + 1


def next_seqs(db: Session, patient_ids: Collection[UUID], count: int) -> dict[UUID, int]:
    """As `next_seq`, for several patients whom the caller holds."""
    numbered = update(_patients).where(is_among(db, _patients.c.id, patient_ids))
    numbered = numbered.values(change_seq=_patients.c.change_seq + count)
    found = db.execute(numbered.returning(_patients.c.id, _patients.c.change_seq))
    return {patient_id: last - count + 1 for patient_id, last in found}


def lock_patients(db: Session, patient_ids: Collection[UUID]) -> list[UUID]:
    """Hold several patients, always in one order so that two transactions cannot wait in a ring.

    Returns those that still exist.
    """
    held = select(Patient.id).where(is_among(db, Patient.id, patient_ids)).order_by(Patient.id).with_for_update()
    return list(db.execute(held).scalars())


def bury(db: Session, patient_id: UUID, kind: str, ids: Collection[str], *, seq: int, now: datetime) -> None:
    """Leave a tombstone for each deleted record, numbered from `seq` on."""
    unbury(db, patient_id, kind, ids)
    rows: list[dict[str, Any]] = [
        {"patient_id": patient_id, "kind": kind, "record_id": record_id, "seq": seq + index, "deleted_at": now}
        for index, record_id in enumerate(ids)
    ]
    if rows:
        db.execute(insert(Tombstone), rows)


def unbury(db: Session, patient_id: UUID, kind: str, ids: Collection[str]) -> None:
    """A record that comes back loses its tombstone."""
    if ids:
        db.execute(_UNBURY, [{"patient": patient_id, "of_kind": kind, "record": record_id} for record_id in ids])
