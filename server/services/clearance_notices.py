"""One message before the OK of the clinic ends (content brief §2), so that a new one is in time."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from server.care import clearances
from server.care.content import periods
from server.localtime import local_date, moment_of
from server.models import AnyRow, Clearance, Occurrence
from server.services.owner import Owner, Written, bury, next_seq, unbury
from server.services.reminders import OCCURRENCE

KIND = "clearance"
AT = time(10)


def occurrence_of(clearance_id: UUID) -> UUID:
    """The id of the moment that belongs to a clearance."""
    return uuid5(clearance_id, KIND)


def plan_notice(db: Session, owner: Owner, written: Written, *, now: datetime) -> None:
    """Make the moment of a clearance that was just saved or deleted what it should be.

    Some days before its last day, in the morning; none when no time ends it, or that moment has passed. The caller
    holds the patient's lock.
    """
    moment_id = occurrence_of(written.id)
    row = db.execute(
        select(*Clearance.__table__.c).where(Clearance.id == written.id, Clearance.patient_id == owner.id)
    ).first()
    known = db.execute(select(Occurrence.due_at).where(Occurrence.id == moment_id)).first()
    ends_on = _ends_on(row) if row is not None else None
    if ends_on is None:
        if known is not None:
            db.execute(delete(Occurrence).where(Occurrence.id == moment_id))
            bury(db, owner.id, OCCURRENCE, [str(moment_id)], seq=next_seq(db, owner.id), now=now)
        return
    on = ends_on - timedelta(days=periods().warn_days)
    due_at = moment_of(on, AT, owner.time_zone)
    if due_at <= now or (known is not None and known.due_at == due_at):
        return
    wanted = {"on": on, "local_time": AT, "due_at": due_at, "state": "open", "wake_at": due_at, "woken_at": None}
    wanted |= {"seq": next_seq(db, owner.id), "updated_at": now}
    if known is not None:
        db.execute(update(Occurrence).where(Occurrence.id == moment_id).values(wanted))
    else:
        db.execute(insert(Occurrence).values({**wanted, "id": moment_id, "patient_id": owner.id, "kind": KIND}))
        unbury(db, owner.id, OCCURRENCE, [str(moment_id)])


def still_expires(db: Session, moments: Sequence[AnyRow], *, now: datetime) -> set[UUID]:
    """Which of these moments still have something to say: no newer OK takes the place of the one that ends."""
    patients = {row.patient_id: row for row in moments}
    rows = db.execute(select(*Clearance.__table__.c).where(Clearance.patient_id.in_(patients))).all()
    found: set[UUID] = set()
    for row in rows:
        moment_id = occurrence_of(row.id)
        today = local_date(now, patients[row.patient_id].time_zone)
        others = [_facts(one) for one in rows if one.patient_id == row.patient_id and one.id != row.id]
        later = [one for one in others if one.clinician_on > row.clinician_on]
        timed = [reason for reason in row.reasons if clearances.counts_until(_facts(row), reason) is not None]
        if row.ended_at is None and not clearances.is_cleared(timed, later, [], now=now, today=today):
            found.add(moment_id)
    return found & {row.id for row in moments}


def _ends_on(row: AnyRow) -> date | None:
    if row.ended_at is not None:
        return None
    ends = [clearances.counts_until(_facts(row), reason) for reason in row.reasons]
    return min((end for end in ends if end is not None), default=None)


def _facts(row: AnyRow) -> clearances.Clearance:
    names = ("clinician_name", "clinician_on", "recorded_at", "ended_at")
    return clearances.Clearance(tuple(row.reasons), **{name: getattr(row, name) for name in names})
