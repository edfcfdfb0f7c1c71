"""The moments of reminders as a patient sees and answers them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, select, update
from sqlalchemy.orm import Session

from server.errors import Invalid, NotFound
from server.models import AnyRow, Occurrence
from server.services.owner import Owner, lock_patients, next_seq
from server.services.reminders import USEFUL_FOR

LONGEST_SNOOZE = timedelta(hours=24)

_occurrences = cast(Table, Occurrence.__table__)
_OF_DAYS = (
    select(*_occurrences.c)
    .where(
        _occurrences.c.patient_id == bindparam("owner"),
        _occurrences.c.on.between(bindparam("first"), bindparam("last")),
    )
    .order_by(_occurrences.c.due_at, _occurrences.c.id)
)


def list_occurrences(db: Session, owner: Owner, *, first: date, last: date) -> Sequence[AnyRow]:
    """The moments of the days from `first` to `last`, in order."""
    return db.execute(_OF_DAYS, {"owner": owner.id, "first": first, "last": last}).all()


def answer_occurrence(
    db: Session,
    owner: Owner,
    occurrence_id: UUID,
    *,
    state: str,
    until: datetime | None,
    at: datetime,
    now: datetime,
) -> AnyRow:
    """What the patient said: done, skipped, or later (`until`). The latest answer counts, by when it was given.

    Answers may arrive late and in any order; repeating one changes nothing. Raises NotFound, Invalid.
    """
    if state == "snoozed" and (until is None or not at < until <= at + LONGEST_SNOOZE):
        raise Invalid("Say until when, at most a day ahead.", errors={"until": ["Must be within a day after `at`."]})
    seq = next_seq(db, owner.id)
    mine = (Occurrence.id == occurrence_id, Occurrence.patient_id == owner.id)
    stored = db.execute(select(Occurrence.answered_at, Occurrence.kind).where(*mine)).first()
    if stored is None:
        raise NotFound
    if stored.answered_at is None or stored.answered_at < at:
        snoozed_until = until if state == "snoozed" else None
        still_useful = snoozed_until is not None and snoozed_until + USEFUL_FOR[stored.kind] > now
        wake_at = snoozed_until if still_useful else None
        values = {
            "state": state,
            "until": snoozed_until,
            "answered_at": at,
            "wake_at": wake_at,
            "seq": seq,
            "updated_at": now,
        }
        db.execute(update(Occurrence).where(*mine).values(values))
    return db.execute(select(*Occurrence.__table__.c).where(*mine)).one()


def forget_moments(db: Session, *, older_than: datetime, limit: int) -> int:
    """Drop up to `limit` moments of days long past, with the messages about them. Returns how many.

    They leave no tombstone, which phones would have to fetch one by one: no page looks back so far, and nothing can
    change in them any more. A phone that starts over does not see them again.
    """
    old = select(Occurrence.id, Occurrence.patient_id).where(
        Occurrence.on < older_than.date(), Occurrence.wake_at.is_(None)
    )
    rows = db.execute(old.order_by(Occurrence.on).limit(limit)).all()
    lock_patients(db, {row.patient_id for row in rows})
    db.execute(delete(Occurrence).where(Occurrence.id.in_([row.id for row in rows]), Occurrence.wake_at.is_(None)))
    return len(rows)
