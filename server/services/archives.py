"""An `export.zip` of Apple Health: taken in whole, read by the worker, shown as it goes, and deleted afterwards."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from server.models import AnyRow, ArchiveImport, Patient
from server.services.owner import Owner, next_seq
from server.services.step_counts import StepsOfDay, save_provider_counts

SOURCE, LABEL = "apple_export", "Apple Health export"
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 3  # a file that ends the worker each time must not do so for ever
DAYS_AT_ONCE = 200

_archives = cast(Table, ArchiveImport.__table__)
_here = _archives.c


def save_archive(db: Session, owner: Owner, *, file: str, size: int, now: datetime) -> str | None:
    """A new archive waits to be read; returns the file of an older one, which nobody needs any more."""
    next_seq(db, owner.id)
    old: str | None = db.execute(select(_here.file).where(_here.patient_id == owner.id)).scalar()
    values = {
        "file": file,
        "state": "waiting",
        "reason": None,
        "bytes_total": size,
        "bytes_done": 0,
        "days": 0,
        "uploaded_at": now,
        "next_try_at": now,
        "attempts": 0,
    }
    if old is None:
        db.execute(insert(_archives).values({**values, "patient_id": owner.id}))
    else:
        db.execute(update(_archives).where(_here.patient_id == owner.id).values(values))
    return old


def any_due(db: Session, *, now: datetime) -> bool:
    """Whether it is worth a transaction that writes."""
    return db.execute(select(_here.patient_id).where(_here.next_try_at <= now).limit(1)).first() is not None


def claim_archive(db: Session, *, now: datetime) -> tuple[Owner, AnyRow] | None:
    """The archive whose turn it is, until the lease ends."""
    tired = {"state": "failed", "reason": "could_not_be_read", "next_try_at": None}
    db.execute(update(_archives).where(_here.next_try_at <= now, _here.attempts >= MOST_ATTEMPTS).values(tired))
    ready = (
        select(_here.patient_id)
        .where(_here.next_try_at <= now)
        .order_by(_here.next_try_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    patient_id = db.execute(ready).scalar()
    if patient_id is None:
        return None
    values = {"state": "reading", "next_try_at": now + LEASE, "attempts": _here.attempts + 1, "bytes_done": 0}
    row = db.execute(update(_archives).where(_here.patient_id == patient_id).values(values).returning(*_here)).one()
    zone = db.execute(select(Patient.time_zone).where(Patient.id == patient_id)).scalar_one()
    return Owner(patient_id, zone), row


def note_progress(db: Session, row: AnyRow, *, bytes_done: int, now: datetime) -> bool:
    """How far the worker is, and a longer lease. False when the archive was replaced or taken over meanwhile."""
    values = {"bytes_done": bytes_done, "next_try_at": now + LEASE}
    return db.execute(_claimed(row).values(values).returning(_here.file)).first() is not None


def save_days(db: Session, owner: Owner, counts: Sequence[StepsOfDay], *, now: datetime) -> None:
    """Some of what was found; sending the same file again changes nothing."""
    save_provider_counts(db, owner, SOURCE, LABEL, counts, now=now)


def finish_archive(db: Session, row: AnyRow, *, days: int, reason: str | None) -> bool:
    """It is read, or it cannot be (`reason`). True when it is still the patient's archive, so that its file can go."""
    values: dict[str, Any] = {"days": days, "reason": reason, "next_try_at": None}
    values["state"] = "failed" if reason else "done"
    if reason is None:
        values["bytes_done"] = row.bytes_total
    return db.execute(_claimed(row).values(values).returning(_here.file)).first() is not None


def _claimed(row: AnyRow) -> Any:
    return update(_archives).where(
        _here.patient_id == row.patient_id, _here.file == row.file, _here.attempts == row.attempts
    )
