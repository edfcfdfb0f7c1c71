"""The facts of one patient that insights are worked out from."""

from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, func, select
from sqlalchemy.orm import Session

from server.care import insights
from server.care.insights import Facts, Insight, Massage, Waiting
from server.care.weeks import Note
from server.localtime import local_date
from server.models import Patient, SessionLog, StepDay, SymptomEntry
from server.services.owner import Owner
from server.services.plans import find_plan

_entries, _logs, _days = (cast(Table, model.__table__).c for model in (SymptomEntry, SessionLog, StepDay))
_NOTES = select(_entries.on, _entries.pain, _entries.numbness).where(
    _entries.patient_id == bindparam("owner"), _entries.on <= bindparam("last")
)
_FIRST = select(func.min(_logs.on)).where(_logs.patient_id == bindparam("owner"), _logs.on <= bindparam("last"))
_MASSAGES = select(_logs.on, _logs.pain_before, _logs.pain_after).where(
    _logs.patient_id == bindparam("owner"), _logs.on.between(bindparam("first"), bindparam("last"))
)
_STEPS = select(_days.on, _days.steps).where(
    _days.patient_id == bindparam("owner"),
    _days.on.between(bindparam("first"), bindparam("last")),
    _days.is_partial.is_(False),
)


def list_insights(db: Session, owner: Owner, *, now: datetime) -> tuple[date, list[Insight], list[Waiting]]:
    """The patient's day, what can be said on it, and what there is too little of yet."""
    today = local_date(now, owner.time_zone)
    said, waiting = insights.insights(_facts(db, owner, today))
    return today, said, waiting


def language_of(db: Session, owner: Owner) -> str:
    """The language of the patient's sentences."""
    language: str = db.execute(select(Patient.language).where(Patient.id == owner.id)).scalar_one()
    return language


def _facts(db: Session, owner: Owner, today: date) -> Facts:
    # Twice the longest look-back: some compare with the time before.
    first = today - timedelta(days=2 * max(row.look_back for row in insights.rows()))
    given = {"owner": owner.id, "first": first, "last": today}
    plan = find_plan(db, owner)
    runs = plan is not None and (plan.ended_on is None or plan.ended_on > today)
    return Facts(
        today=today,
        notes=[Note(row.on, row.pain, row.numbness) for row in db.execute(_NOTES, given)],
        massages=[Massage(row.on, row.pain_before, row.pain_after) for row in db.execute(_MASSAGES, given)],
        first_massage=db.execute(_FIRST, given).scalar(),
        steps={row.on: row.steps for row in db.execute(_STEPS, {**given, "last": today - timedelta(days=1)})},
        planned=plan.planned_28 if plan is not None and runs else None,
        done=plan.done_28 if plan is not None else 0,
    )
