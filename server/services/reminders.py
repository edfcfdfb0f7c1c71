"""Reminders, and their moments planned ahead across clock changes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.care.content import most_of_reminders, useful_for
from server.errors import Conflict, Invalid, NotFound, Stale
from server.localtime import local_date, moment_of
from server.models import AnyRow, Occurrence, Patient, Plan, Reminder, SessionLog
from server.services.owner import Owner, bury, lock_patients, next_seq, unbury
from server.services.recurrence import Moment, Rule, moments, never_comes

KIND = "reminder"
OCCURRENCE = "occurrence"
MOST_REMINDERS = most_of_reminders()["reminders"]
PLANNED_DAYS = 14  # the phone works this long without a network
REPLAN_BELOW_DAYS = 7
USEFUL_FOR = useful_for()
# Those that a patient sets; `own` is one with words of their own.
REMINDER_KINDS = ("massage", "glucose", "foot_check", "shoe_check", "symptom_entry", "own")


def save_reminder(
    db: Session, owner: Owner, reminder_id: UUID, values: Mapping[str, Any], *, if_match: int | None, now: datetime
) -> bool:
    """Create or replace a reminder and plan its moments anew. True when it is new.

    Raises NotFound, Conflict, Stale, Invalid.
    """
    if values["ends_on"] is not None and values["ends_on"] < values["starts_on"]:
        raise Invalid("The end is before the start.", errors={"ends_on": ["Must not be before starts_on."]})
    if never_comes(rule_of(values)):
        raise Invalid(
            "This reminder would never come. Choose other days, or a later end.",
            errors={"ends_on": ["No day of the rule lies between starts_on and ends_on."]},
        )
    seq = next_seq(db, owner.id)
    known = select(Reminder.patient_id, Reminder.seq, Reminder.follows_plan)
    stored = db.execute(known.where(Reminder.id == reminder_id)).first()
    if stored is not None and stored.patient_id != owner.id:
        raise NotFound
    if stored is not None and stored.follows_plan:
        raise _is_the_plans()
    if if_match is not None and (stored is None or stored.seq != if_match):
        raise Stale("This reminder changed meanwhile. Fetch it again, then save.")
    written = {**values, "seq": seq, "updated_at": now}
    if stored is None:
        if db.execute(select(func.count()).where(Reminder.patient_id == owner.id)).scalar_one() >= MOST_REMINDERS:
            raise Conflict(f"There are {MOST_REMINDERS} reminders already. Delete one first.")
        written |= {"id": reminder_id, "patient_id": owner.id, "created_at": now, "planned_until": date.min}
        try:
            db.execute(insert(Reminder).values(written))
        except IntegrityError:  # another patient made the same id just now; nobody holds a lock over both
            raise NotFound from None
        unbury(db, owner.id, KIND, [str(reminder_id)])
    else:
        db.execute(update(Reminder).where(Reminder.id == reminder_id).values(written))
    plan(db, owner, reminder_id, now=now)
    return stored is None


def rule_of(values: Mapping[str, Any]) -> Rule:
    """The rule of a reminder's members."""
    names = ("weekdays", "times", "starts_on", "ends_on", "repeat", "every")
    return Rule(**{name: values[name] for name in names if name in values})


def get_reminder(db: Session, owner: Owner, reminder_id: UUID) -> AnyRow:
    """One reminder of this patient. Raises NotFound."""
    query = select(*Reminder.__table__.c).where(Reminder.id == reminder_id, Reminder.patient_id == owner.id)
    row = db.execute(query).first()
    if row is None:
        raise NotFound
    return row


def list_reminders(db: Session, owner: Owner) -> Sequence[AnyRow]:
    """All reminders of this patient, oldest first."""
    query = select(*Reminder.__table__.c).where(Reminder.patient_id == owner.id)
    return db.execute(query.order_by(Reminder.created_at, Reminder.id)).all()


def delete_reminder(db: Session, owner: Owner, reminder_id: UUID, *, if_match: int | None, now: datetime) -> None:
    """Delete a reminder with all its moments. Raises NotFound, Conflict, Stale."""
    seq = next_seq(db, owner.id)
    mine = select(Reminder.seq, Reminder.follows_plan)
    stored = db.execute(mine.where(Reminder.id == reminder_id, Reminder.patient_id == owner.id)).first()
    if stored is None:
        raise NotFound
    if stored.follows_plan:
        raise _is_the_plans()
    if if_match is not None and stored.seq != if_match:
        raise Stale("This reminder changed meanwhile. Fetch it again, then delete.")
    _delete(db, owner, reminder_id, seq=seq, now=now)


def follow_plan(db: Session, owner: Owner, reminder_id: UUID, rule: Mapping[str, Any], *, now: datetime) -> None:
    """Make or change the one massage reminder that follows the plan; those that do not give way to it.

    Its moments are planned once the plan's days are known.
    """
    others = select(Reminder.id).where(
        Reminder.patient_id == owner.id, Reminder.kind == "massage", Reminder.id != reminder_id
    )
    for other in db.execute(others).scalars().all():
        _delete(db, owner, other, seq=next_seq(db, owner.id), now=now)
    written = {**rule, "kind": "massage", "ends_on": None, "follows_plan": True, "updated_at": now}
    written["seq"] = next_seq(db, owner.id)
    if db.execute(select(Reminder.id).where(Reminder.id == reminder_id)).first() is None:
        written |= {"id": reminder_id, "patient_id": owner.id, "created_at": now, "planned_until": date.min}
        db.execute(insert(Reminder).values(written))
        unbury(db, owner.id, KIND, [str(reminder_id)])
    else:
        db.execute(update(Reminder).where(Reminder.id == reminder_id).values(written))


def _is_the_plans() -> Conflict:
    return Conflict("This reminder follows your plan. Change your plan instead.", code="follows_plan")


def _delete(db: Session, owner: Owner, reminder_id: UUID, *, seq: int, now: datetime) -> None:
    own = select(Occurrence.id).where(Occurrence.reminder_id == reminder_id)
    _drop(db, owner, db.execute(own).scalars().all(), now)
    db.execute(delete(Reminder).where(Reminder.id == reminder_id))
    bury(db, owner.id, KIND, [str(reminder_id)], seq=seq, now=now)


def plan(db: Session, owner: Owner, reminder_id: UUID, *, now: datetime) -> None:
    """Make the table hold exactly the moments of the next two weeks.

    Moments that have passed, and those that were answered or sent, stay as they are. After a zone change an open one
    gets its new `due_at` (an occurrence is unique by reminder, day and local time, so it cannot fire twice), or is
    closed as skipped when it would come too late to be of use. The caller holds the patient's lock.
    """
    # Asked here, under the lock: the owner was found before it, and the zone may have changed in between.
    zone: str = db.execute(select(Patient.time_zone).where(Patient.id == owner.id)).scalar_one()
    reminder = db.execute(select(*Reminder.__table__.c).where(Reminder.id == reminder_id)).one()
    today = local_date(now, zone)
    first, until = today - timedelta(days=1), today + timedelta(days=PLANNED_DAYS)
    ruled: dict[tuple[date, time], Moment] = {}
    if reminder.active:
        rule = rule_of(reminder._asdict())
        found = _plan_moments(db, owner, zone) if reminder.follows_plan else moments(rule, zone, first, until)
        ruled = {(moment.on, moment.local_time): moment for moment in found}
    recent = (Occurrence.reminder_id == reminder_id, Occurrence.on >= first)
    known = db.execute(select(*Occurrence.__table__.c).where(*recent)).all()
    useful_for = USEFUL_FOR[reminder.kind]
    done_today = reminder.follows_plan and _has_log(db, owner, today)
    gone: list[UUID] = []
    changes: list[tuple[UUID, dict[str, Any]]] = []
    for row in known:
        moment = ruled.pop((row.on, row.local_time), None)
        if moment is not None and moment.due_at > now and reminder.follows_plan and _was_closed(row):
            opened = {"state": "open", "due_at": moment.due_at, "wake_at": moment.due_at, "woken_at": None}
            changes.append((row.id, {**opened, "not_sent": None}))
            continue
        if row.on == today and row.wake_at is not None and moment is None and reminder.follows_plan:
            # A phone may be answering today's moment just now, so it is closed rather than dropped.
            if done_today or row.state == "open":
                changes.append((row.id, {"state": "done" if done_today else "skipped", "wake_at": None}))
            continue
        if row.state != "open" or row.wake_at is None or row.due_at <= now:
            continue
        if moment is None:
            gone.append(row.id)
        elif moment.due_at + useful_for <= now:
            changes.append((row.id, {"due_at": moment.due_at, "wake_at": None, "state": "skipped"}))
        else:
            wanted = {"due_at": moment.due_at, "kind": reminder.kind, "meal_context": _meal(reminder, moment)}
            if any(getattr(row, name) != value for name, value in wanted.items()):
                changes.append((row.id, {**wanted, "wake_at": moment.due_at}))
    _drop(db, owner, gone, now)
    new = [moment for moment in ruled.values() if moment.due_at > now]
    seq = next_seq(db, owner.id, len(changes) + len(new))
    for index, (row_id, values) in enumerate(changes):
        written = {**values, "seq": seq + index, "updated_at": now}
        db.execute(update(Occurrence).where(Occurrence.id == row_id).values(written))
    seq += len(changes)
    rows = [_occurrence(owner, reminder, moment, seq + index, now) for index, moment in enumerate(new)]
    if rows:
        db.execute(insert(Occurrence), rows)
        unbury(db, owner.id, OCCURRENCE, [str(row["id"]) for row in rows])
    db.execute(update(Reminder).where(Reminder.id == reminder_id).values(planned_until=until))


def _plan_moments(db: Session, owner: Owner, zone: str) -> Iterator[Moment]:
    """The moments of the plan's session days."""
    row = db.execute(select(Plan.days, Plan.time).where(Plan.patient_id == owner.id)).one()
    at = time.fromisoformat(row.time)
    for day in row.days:
        on = date.fromisoformat(day["on"])
        yield Moment(on, at, moment_of(on, at, zone))


def _was_closed(row: AnyRow) -> bool:
    """Closed by us before it came, not by an answer of the patient."""
    return row.state in ("done", "skipped") and row.wake_at is None and not (row.answered_at or row.sent_at)


def _has_log(db: Session, owner: Owner, on: date) -> bool:
    logs = select(SessionLog.id).where(SessionLog.patient_id == owner.id, SessionLog.on == on).limit(1)
    return db.execute(logs).first() is not None


def plan_again(db: Session, owner: Owner, reminder_id: UUID, *, now: datetime) -> None:
    """As `plan`, for the worker: the reminder, or the whole account, may be gone since it was found."""
    if lock_patients(db, [owner.id]) and db.execute(select(Reminder.id).where(Reminder.id == reminder_id)).first():
        plan(db, owner, reminder_id, now=now)


def plan_all(db: Session, owner: Owner, *, now: datetime) -> None:
    """Plan every reminder of a patient anew, after their time zone changed."""
    for reminder_id in db.execute(select(Reminder.id).where(Reminder.patient_id == owner.id)).scalars().all():
        plan(db, owner, reminder_id, now=now)


def due_for_planning(db: Session, *, limit: int, now: datetime) -> Sequence[tuple[Owner, UUID]]:
    """Active reminders whose planned moments run out within a week."""
    query = (
        select(Patient.id, Patient.time_zone, Reminder.id.label("reminder_id"))
        .join(Reminder, Reminder.patient_id == Patient.id)
        .where(Reminder.planned_until < now.date() + timedelta(days=REPLAN_BELOW_DAYS))
        .order_by(Reminder.planned_until)
        .limit(limit)
    )
    return [(Owner(row.id, row.time_zone), row.reminder_id) for row in db.execute(query)]


def _drop(db: Session, owner: Owner, ids: Sequence[UUID], now: datetime) -> None:
    if ids:
        db.execute(delete(Occurrence).where(Occurrence.id.in_(ids)))
        seq = next_seq(db, owner.id, len(ids))
        bury(db, owner.id, OCCURRENCE, [str(row_id) for row_id in ids], seq=seq, now=now)


def _meal(reminder: AnyRow, moment: Moment) -> str | None:
    """What a sugar reading at this moment is about."""
    meal: str | None = reminder.meal_contexts.get(moment.local_time.isoformat("minutes"))
    return meal


def occurrence_id(reminder_id: UUID, moment: Moment) -> UUID:
    """The same wherever it is worked out: a moment is one by reminder, day and local time."""
    return uuid5(reminder_id, f"{moment.on.isoformat()}T{moment.local_time.isoformat('minutes')}")


def _occurrence(owner: Owner, reminder: AnyRow, moment: Moment, seq: int, now: datetime) -> dict[str, Any]:
    return {
        "id": occurrence_id(reminder.id, moment),
        "patient_id": owner.id,
        "reminder_id": reminder.id,
        "kind": reminder.kind,
        "meal_context": _meal(reminder, moment),
        "on": moment.on,
        "local_time": moment.local_time,
        "due_at": moment.due_at,
        "state": "open",
        "wake_at": moment.due_at,
        "seq": seq,
        "updated_at": now,
    }
