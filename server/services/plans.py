"""The patient's plan: kept, worked out again whenever something moves its days, and followed by one reminder."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid5

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from server.care import blocks, plan
from server.care.programmes import programmes
from server.errors import Invalid, NotFound, Stale
from server.localtime import local_date, start_of_day
from server.models import AnyRow, Block, Patient, Plan, SessionLog
from server.services import reminders
from server.services.bulk import is_among
from server.services.owner import Owner, lock_patients, next_seq

KIND = "plan"
DAYS_AHEAD = 14  # the phone works this long without a network
MOST_PAUSES = 100
_plans = cast(Table, Plan.__table__)
_ONE = select(*_plans.c).where(_plans.c.patient_id == bindparam("owner"))


def save_plan(db: Session, owner: Owner, values: Mapping[str, Any], *, if_match: int | None, now: datetime) -> bool:
    """Create or replace the plan, work out its days, and make its reminder. True when it is new.

    The pauses that are over stay known: what was paused was not planned. Raises Stale, Invalid.
    """
    _check(values)
    seq = next_seq(db, owner.id)
    stored = find_plan(db, owner)
    if if_match is not None and (stored is None or stored.seq != if_match):
        raise Stale("Your plan changed meanwhile. Fetch it again, then save.")
    written = {**values, "seq": seq, "updated_at": now}
    if stored is None:
        worked_out = {"days": [], "done_28": 0, "planned_28": 0, "review_due": None}
        written |= {**worked_out, "patient_id": owner.id, "past_pauses": [], "created_at": now}
        db.execute(insert(Plan).values(written))
    else:
        written["past_pauses"] = _past_pauses(stored, values, local_date(now, _zone(db, owner)))
        db.execute(update(Plan).where(Plan.patient_id == owner.id).values(written))
    rule = {"weekdays": sorted(values["weekdays"]), "times": [values["time"]], "starts_on": values["starts_on"]}
    active = values["remind"] and values["ended_on"] is None
    reminders.follow_plan(db, owner, reminder_id(owner), {**rule, "active": active}, now=now)
    refresh(db, owner, now=now)
    return stored is None


def get_plan(db: Session, owner: Owner) -> AnyRow:
    """The patient's plan. Raises NotFound when they have chosen none."""
    row = find_plan(db, owner)
    if row is None:
        raise NotFound("No plan has been chosen yet.")
    return row


def find_plan(db: Session, owner: Owner) -> AnyRow | None:
    """The patient's plan, or none."""
    return db.execute(_ONE, {"owner": owner.id}).first()


def refresh(db: Session, owner: Owner, *, now: datetime) -> None:
    """Work out the plan's days and counts anew, and plan its reminder. The caller holds the patient's lock."""
    row = find_plan(db, owner)
    if row is None:
        return
    zone = _zone(db, owner)
    today = local_date(now, zone)
    values = _worked_out(db, row, today, zone, now)
    changed = any(getattr(row, name) != value for name, value in values.items())
    if changed:
        values |= {"seq": next_seq(db, owner.id), "updated_at": now}
    over = row.ended_on is not None and row.ended_on <= today
    values["replan_at"] = None if over else start_of_day(today + plan.DAY, zone)
    db.execute(update(Plan).where(Plan.patient_id == owner.id).values(values))
    reminders.plan(db, owner, reminder_id(owner), now=now)


def refresh_again(db: Session, owner: Owner, *, now: datetime) -> None:
    """As `refresh`, for the worker: the account may be gone since the plan was found."""
    if lock_patients(db, [owner.id]):
        refresh(db, owner, now=now)


def due_for_planning(db: Session, *, limit: int, now: datetime) -> Sequence[Owner]:
    """Patients whose day has ended since their plan was worked out."""
    query = (
        select(Plan.patient_id, Patient.time_zone)
        .join(Patient, Patient.id == Plan.patient_id)
        .where(Plan.replan_at <= now)
        .order_by(Plan.replan_at)
        .limit(limit)
    )
    return [Owner(row.patient_id, row.time_zone) for row in db.execute(query)]


def patients_at_rest(db: Session, patient_ids: Collection[UUID], *, now: datetime) -> set[UUID]:
    """Those with a red flag that stands: no massage, so no reminder of one."""
    rows = db.execute(select(*Block.__table__.c).where(is_among(db, Block.patient_id, patient_ids))).all()
    return {row.patient_id for row in rows if _rests(row) and blocks.still_blocks(_facts(row), now)}


def reminder_id(owner: Owner) -> UUID:
    """The id of the reminder that follows the patient's plan."""
    return uuid5(owner.id, "reminder/plan")


def _check(values: Mapping[str, Any]) -> None:
    errors: dict[str, list[str]] = {}
    programme = programmes()[values["programme_id"]]
    if not programme.fits(values["weekdays"]):
        fewest, most = programme.fewest_a_week, programme.times_a_week
        wanted = f"{most} days" if fewest == most else f"{fewest} to {most} days"
        errors["weekdays"] = [f"Choose {wanted} for this programme."]
    elif not programme.rests(values["weekdays"]):
        errors["weekdays"] = ["Leave a day of rest between. Sunday and Monday are next to each other too."]
    if values["ended_on"] is not None and values["ended_on"] < values["starts_on"]:
        errors["ended_on"] = ["Must not be before starts_on."]
    if errors:
        raise Invalid("This plan is not possible; `errors` says why.", errors=errors)


def _past_pauses(stored: AnyRow, values: Mapping[str, Any], today: date) -> list[dict[str, Any]]:
    """The pauses before the one that is saved now; what was before a new start does not matter any more."""
    past, before, pause = list(stored.past_pauses), stored.pause, values["pause"]
    replaced = before is not None and (pause is None or pause["from_on"] != before["from_on"])
    if replaced and before["from_on"] < today.isoformat():
        yesterday = (today - plan.DAY).isoformat()
        past.append({**before, "until_on": min(before["until_on"] or yesterday, yesterday)})
    starts_on = values["starts_on"].isoformat()
    return [one for one in past if one["until_on"] >= starts_on][-MOST_PAUSES:]


def _worked_out(db: Session, row: AnyRow, today: date, zone: str, now: datetime) -> dict[str, Any]:
    facts, done = _plan_and_done(db, row, today)
    flags = db.execute(select(*Block.__table__.c).where(Block.patient_id == row.patient_id)).all()
    rests = [_rest_of(flag, zone, now) for flag in flags if _rests(flag)]
    days = plan.session_days(facts, done, first=today, last=today + timedelta(days=DAYS_AHEAD - 1))
    planned_28, done_28 = plan.planned_and_done(facts, done, rests, today=today)
    return {
        "days": [
            {"on": day.on.isoformat(), "moved_from": day.moved_from and day.moved_from.isoformat()} for day in days
        ],
        "done_28": done_28,
        "planned_28": planned_28,
        "review_due": plan.review_due(facts, [review["week"] for review in row.reviews], today=today),
    }


def _plan_and_done(db: Session, row: AnyRow, today: date) -> tuple[plan.Plan, set[date]]:
    facts = plan.Plan(
        weekdays=row.weekdays,
        rest_day_between=programmes()[row.programme_id].rest_day_between,
        starts_on=row.starts_on,
        ended_on=row.ended_on,
        pauses=[_span(pause) for pause in (row.pause, *row.past_pauses) if pause],
    )
    since = today - (plan.LOOK_BACK + 7) * plan.DAY
    logs = select(SessionLog.on).where(SessionLog.patient_id == row.patient_id, SessionLog.on >= since).distinct()
    return facts, set(db.execute(logs).scalars())


def days_ahead(db: Session, owner: Owner, *, last: date, now: datetime) -> list[date]:
    """The session days from today to `last`, further than the plan keeps them."""
    row = find_plan(db, owner)
    if row is None:
        return []
    today = local_date(now, owner.time_zone)
    facts, done = _plan_and_done(db, row, today)
    return [day.on for day in plan.session_days(facts, done, first=today, last=last)]


def _span(pause: Mapping[str, Any]) -> plan.Span:
    until = pause["until_on"]
    return plan.Span(date.fromisoformat(pause["from_on"]), until and date.fromisoformat(until))


def _rests(row: AnyRow) -> bool:
    return plan.rests_feet(row.warning, row.level)


def _rest_of(row: AnyRow, zone: str, now: datetime) -> plan.Span:
    if row.ended_at is None or blocks.still_blocks(_facts(row), now):
        return plan.Span(row.on)
    return plan.Span(row.on, local_date(row.ended_at, zone))


def _facts(row: AnyRow) -> blocks.Block:
    names = ("warning", "level", "on", "started_at", "ended_at", "end_reason", "clinician_name", "clinician_on")
    return blocks.Block(**{name: getattr(row, name) for name in names})


def _zone(db: Session, owner: Owner) -> str:
    """Asked under the lock: the owner was found before it, and the zone may have changed in between."""
    zone: str = db.execute(select(Patient.time_zone).where(Patient.id == owner.id)).scalar_one()
    return zone
