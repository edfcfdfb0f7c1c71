"""The look at the skin 15 minutes after a session (content brief §2.3): one moment for each log that needs it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid5

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from server.localtime import local_date, local_time
from server.models import AnyRow, Occurrence
from server.services.owner import Owner, Written, bury, next_seq, unbury
from server.services.reminders import OCCURRENCE, USEFUL_FOR

KIND = "redness"
AFTER = timedelta(minutes=15)
_occurrences = cast(Table, Occurrence.__table__)
_ONE = select(*_occurrences.c).where(_occurrences.c.id == bindparam("moment"))


def occurrence_of(log_id: UUID) -> UUID:
    """The id of the moment that belongs to a log."""
    return uuid5(log_id, KIND)


def plan_redness(db: Session, owner: Owner, written: Written, *, now: datetime) -> None:
    """Make the moment of a log that was just saved or deleted what it should be.

    Open while nobody has said what the skin looks like, done once somebody has, gone with the log: a new log has none
    yet. A session that was taken up again ends later, so its look comes later. The caller holds the patient's lock.
    """
    moment_id, log = occurrence_of(written.id), written.values
    known = None if written.is_new else db.execute(_ONE, {"moment": moment_id}).first()
    if log is None:
        if known is not None:
            db.execute(delete(Occurrence).where(Occurrence.id == moment_id))
            bury(db, owner.id, OCCURRENCE, [str(moment_id)], seq=next_seq(db, owner.id), now=now)
        return
    wanted = _answered(log) if log["redness"] else _open(log, owner, now)
    if known is None:
        if log["redness"] is None and wanted["wake_at"] is not None:
            made = {"id": moment_id, "patient_id": owner.id, "session_log_id": written.id, "kind": KIND}
            seq = next_seq(db, owner.id)
            db.execute(insert(_occurrences), {**made, **wanted, "seq": seq, "updated_at": now})
            unbury(db, owner.id, OCCURRENCE, [str(moment_id)])
    elif not _is_so(known, wanted):
        seq = next_seq(db, owner.id)
        db.execute(
            update(Occurrence).where(Occurrence.id == moment_id).values({**wanted, "seq": seq, "updated_at": now})
        )


def _open(log: Mapping[str, Any], owner: Owner, now: datetime) -> dict[str, Any]:
    due_at: datetime = log["ended_at"] + AFTER
    return {
        "on": local_date(due_at, owner.time_zone),
        "local_time": local_time(due_at, owner.time_zone),
        "due_at": due_at,
        "state": "open",
        "until": None,
        "answered_at": None,
        "woken_at": None,
        # A log that reaches us hours later was asked about on the phone.
        "wake_at": due_at if due_at + USEFUL_FOR[KIND] > now else None,
    }


def _answered(log: Mapping[str, Any]) -> dict[str, Any]:
    return {"state": "done", "answered_at": log["redness_at"], "until": None, "wake_at": None}


def _is_so(known: AnyRow, wanted: dict[str, Any]) -> bool:
    """An open moment that is not moved stays as it is, or one that was sent would be sent again."""
    if wanted["state"] == "open":
        return bool(known.state != "done" and known.due_at == wanted["due_at"])
    return all(getattr(known, name) == value for name, value in wanted.items())
