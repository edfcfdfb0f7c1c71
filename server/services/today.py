"""The plan of a day: its reminders, its steps, its sessions, and when the next session is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.models import AnyRow, Occurrence, SessionLog
from server.services.owner import Owner
from server.services.reminders import list_occurrences
from server.services.step_counts import list_step_days


@dataclass(frozen=True)
class Today:
    """What `GET /today` answers."""

    on: date
    time_zone: str
    occurrences: Sequence[AnyRow]
    step_count: tuple[AnyRow, list[AnyRow]] | None
    session_log_ids: Sequence[UUID]
    next_session_at: datetime | None


def get_today(db: Session, owner: Owner, on: date, *, now: datetime) -> Today:
    """The patient's day `on`. A day without steps has none: unknown is not zero."""
    steps = list_step_days(db, owner, first=on, last=on, after=None, limit=1)
    logs = select(SessionLog.id).where(SessionLog.patient_id == owner.id, SessionLog.on == on)
    upcoming = select(Occurrence.due_at).where(
        Occurrence.patient_id == owner.id,
        Occurrence.on >= on,
        Occurrence.kind == "massage",
        Occurrence.state == "open",
        Occurrence.due_at > now,
    )
    return Today(
        on=on,
        time_zone=owner.time_zone,
        occurrences=list_occurrences(db, owner, first=on, last=on),
        step_count=steps[0] if steps else None,
        session_log_ids=db.execute(logs.order_by(SessionLog.started_at)).scalars().all(),
        next_session_at=db.execute(upcoming.order_by(Occurrence.due_at).limit(1)).scalar(),
    )
