"""The patient's reminders as a calendar reads them: a secret address, and the moments of the next weeks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.errors import NotFound
from server.localtime import local_date, moment_of
from server.models import AnyRow, Occurrence, Patient, Reminder
from server.services import plans
from server.services.owner import Owner, next_seq
from server.services.quiet_hours import is_paused
from server.services.recurrence import Moment, moments
from server.services.reminders import occurrence_id, rule_of
from server.tokens import hash_secret, new_secret

DAYS_AHEAD = 60
OVER = ("done", "skipped")


@dataclass(frozen=True)
class Event:
    """One moment. `sequence` grows with every change of it or of how it is told."""

    id: UUID
    kind: str
    at: datetime
    sequence: int
    changed_at: datetime


def create(db: Session, owner: Owner, *, now: datetime) -> str:
    """The secret of a new feed; the address before it stops working."""
    secret = new_secret()
    _set(db, owner, hash_secret(secret), now, now=now)
    return secret


def withdraw(db: Session, owner: Owner, *, now: datetime) -> None:
    """No address works any more."""
    _set(db, owner, None, None, now=now)


def _set(db: Session, owner: Owner, hashed: bytes | None, made_at: datetime | None, *, now: datetime) -> None:
    values = {"calendar_hash": hashed, "calendar_made_at": made_at, "seq": next_seq(db, owner.id), "updated_at": now}
    db.execute(update(Patient).where(Patient.id == owner.id).values(values))


def find_patient(db: Session, secret: str) -> AnyRow:
    """Whose feed this is. Raises NotFound."""
    query = select(*Patient.__table__.c).where(Patient.calendar_hash == hash_secret(secret))
    row = db.execute(query).first()
    if row is None:
        raise NotFound("There is no such calendar. Make a new one in Reminders.")
    return row


def list_events(db: Session, patient: AnyRow, *, now: datetime) -> list[Event]:
    """What is open from today on, in order. None on paused days, and no massage while a red flag stands."""
    owner = Owner(patient.id, patient.time_zone)
    today = local_date(now, owner.time_zone)
    last = today + timedelta(days=DAYS_AHEAD)
    planned = select(*Occurrence.__table__.c).where(
        Occurrence.patient_id == owner.id, Occurrence.on.between(today, last)
    )
    known = {row.id: row for row in db.execute(planned)}
    reminders = db.execute(select(*Reminder.__table__.c).where(Reminder.patient_id == owner.id, Reminder.active)).all()
    at_rest = plans.patients_at_rest(db, [owner.id], now=now)
    found = []
    for reminder in reminders:
        if reminder.kind == "massage" and at_rest:
            continue
        if reminder.follows_plan:
            days = plans.days_ahead(db, owner, last=last, now=now)
            ruled: Iterable[Moment] = _at(days, reminder.times, owner.time_zone)
        else:
            ruled = moments(rule_of(reminder._asdict()), owner.time_zone, today, last)
        for moment in ruled:
            moment_id = occurrence_id(reminder.id, moment)
            row = known.get(moment_id)
            gone = moment.due_at <= now if row is None else row.state in OVER
            if gone or is_paused(patient.reminders_paused, moment.on):
                continue
            latest = reminder if row is None else row
            found.append(
                Event(
                    id=moment_id,
                    kind=reminder.kind,
                    at=(row and row.until) or moment.due_at,
                    sequence=max(latest.seq, patient.seq),
                    changed_at=max(latest.updated_at, patient.updated_at),
                )
            )
    return sorted(found, key=lambda event: (event.at, event.id))


def _at(days: Iterable[date], times: Iterable[str], zone: str) -> Iterator[Moment]:
    for on in days:
        for at in map(time.fromisoformat, times):
            yield Moment(on, at, moment_of(on, at, zone))
