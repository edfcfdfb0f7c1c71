"""Whose data a service works on, and the number that every change of it gets."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from server.models import Patient, Tombstone


@dataclass(frozen=True)
class Owner:
    """A signed-in patient, as far as services need one."""

    id: UUID
    time_zone: str


def next_seq(db: Session, patient_id: UUID, count: int = 1) -> int:
    """The first of `count` change numbers.

    Runs before anything else is written: the row lock makes the order of commits the order of the numbers, so that a
    cursor in `GET /changes` can never pass a row that is still to appear.
    """
    statement = update(Patient).where(Patient.id == patient_id).values(change_seq=Patient.change_seq + count)
    last: int = db.execute(statement.returning(Patient.change_seq)).scalar_one()
    return last - count + 1


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
    db.execute(
        delete(Tombstone).where(
            Tombstone.patient_id == patient_id, Tombstone.kind == kind, Tombstone.record_id.in_(ids)
        )
    )
