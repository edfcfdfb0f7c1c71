"""The plan of a day: its reminders, its steps, its sessions, and when the next session is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from server.localtime import moment_of
from server.models import AnyRow, Occurrence, SessionLog
from server.services.occurrences import list_occurrences
from server.services.owner import Owner
from server.services.plans import find_plan
from server.services.step_counts import list_step_days

# Built once: this is the page that every phone opens with.
_logs, _occurrences = cast(Table, SessionLog.__table__).c, cast(Table, Occurrence.__table__).c
_LOGS = (
    select(_logs.id)
    .where(_logs.patient_id == bindparam("owner"), _logs.on == bindparam("on"))
    .order_by(_logs.started_at)
)
_NEXT_SESSION = (
    select(_occurrences.due_at)
    .where(
        _occurrences.patient_id == bindparam("owner"),
        _occurrences.on >= bindparam("on"),
        _occurrences.kind == "massage",
        _occurrences.state == "open",
        _occurrences.due_at > bindparam("now"),
    )
    .order_by(_occurrences.due_at)
    .limit(1)
)


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
    given = {"owner": owner.id, "on": on}
    return Today(
        on=on,
        time_zone=owner.time_zone,
        occurrences=list_occurrences(db, owner, first=on, last=on),
        step_count=steps[0] if steps else None,
        session_log_ids=db.execute(_LOGS, given).scalars().all(),
        next_session_at=_next_session_at(db, owner, on, now),
    )


def _next_session_at(db: Session, owner: Owner, on: date, now: datetime) -> datetime | None:
    """By the plan, whether it reminds or not; without one, by the reminders."""
    plan = find_plan(db, owner)
    if plan is None:
        due_at: datetime | None = db.execute(_NEXT_SESSION, {"owner": owner.id, "on": on, "now": now}).scalar()
        return due_at
    at = time.fromisoformat(plan.time)
    days = [date.fromisoformat(day["on"]) for day in plan.days]
    moments = [moment_of(day, at, owner.time_zone) for day in days if day >= on]
    return next((moment for moment in moments if moment > now), None)
