"""One message when steps no longer come by themselves: at a time of day that wakes nobody, and never a second one."""

from datetime import datetime, time, timedelta
from uuid import uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from server.localtime import local_date, local_time, moment_of
from server.models import Occurrence
from server.services.owner import Owner, next_seq

KIND = "device"
DAYTIME = (time(9), time(20))


def tell(db: Session, owner: Owner, *, now: datetime) -> None:
    """A moment that leads to Devices; while one is open already, that one will do."""
    mine = (Occurrence.patient_id == owner.id, Occurrence.kind == KIND, Occurrence.state == "open")
    if db.execute(select(Occurrence.id).where(*mine)).first() is not None:
        return
    due_at = _by_day(now, owner.time_zone)
    seq = next_seq(db, owner.id)
    values = {
        "id": uuid4(),
        "patient_id": owner.id,
        "kind": KIND,
        "on": local_date(due_at, owner.time_zone),
        "local_time": local_time(due_at, owner.time_zone),
        "due_at": due_at,
        "state": "open",
        "wake_at": due_at,
        "seq": seq,
        "updated_at": now,
    }
    db.execute(insert(Occurrence).values(values))


def close(db: Session, owner: Owner, *, now: datetime) -> None:
    """It works again, or the patient ended it: nothing is left to say."""
    mine = (Occurrence.patient_id == owner.id, Occurrence.kind == KIND, Occurrence.state == "open")
    for occurrence_id in db.execute(select(Occurrence.id).where(*mine)).scalars().all():
        values = {"state": "done", "answered_at": now, "wake_at": None, "seq": next_seq(db, owner.id)}
        db.execute(update(Occurrence).where(Occurrence.id == occurrence_id).values({**values, "updated_at": now}))


def _by_day(now: datetime, zone: str) -> datetime:
    first, last = DAYTIME
    at = local_time(now, zone)
    if first <= at < last:
        return now
    on = local_date(now, zone)
    return moment_of(on if at < first else on + timedelta(days=1), first, zone)
