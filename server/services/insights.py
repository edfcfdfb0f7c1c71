"""The facts of one patient that insights are worked out from."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, func, select
from sqlalchemy.orm import Session

from server.care import insights
from server.care.glucose import in_target
from server.care.insights import Facts, Insight, Massage, Reading, Waiting
from server.care.weeks import Note
from server.localtime import local_date
from server.models import AnyRow, GlucoseReading, Patient, SessionLog, StepDay, SymptomEntry
from server.services.owner import Owner
from server.services.plans import find_plan

_entries, _logs, _days, _sugar = (
    cast(Table, model.__table__).c for model in (SymptomEntry, SessionLog, StepDay, GlucoseReading)
)
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
_SUGAR = select(_sugar.on, _sugar.value, _sugar.unit, _sugar.special, _sugar.context).where(
    _sugar.patient_id == bindparam("owner"), _sugar.on.between(bindparam("first"), bindparam("last"))
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
    patient = db.execute(
        select(Patient.region, Patient.glucose_on, Patient.glucose_targets, Patient.profile).where(
            Patient.id == owner.id
        )
    ).one()
    sugar = [] if patient.glucose_on is False else db.execute(_SUGAR, given).all()
    plan = find_plan(db, owner)
    runs = plan is not None and (plan.ended_on is None or plan.ended_on > today)
    return Facts(
        today=today,
        notes=[Note(row.on, row.pain, row.numbness) for row in db.execute(_NOTES, given)],
        massages=[Massage(row.on, row.pain_before, row.pain_after) for row in db.execute(_MASSAGES, given)],
        first_massage=db.execute(_FIRST, given).scalar(),
        steps={row.on: row.steps for row in db.execute(_STEPS, {**given, "last": today - timedelta(days=1)})},
        readings=_readings(sugar, patient),
        planned=plan.planned_28 if plan is not None and runs else None,
        done=plan.done_28 if plan is not None else 0,
    )


def _readings(rows: Sequence[AnyRow], patient: AnyRow) -> list[Reading]:
    """Those of a time of day that has a target, compared with what the target is today, each in its own unit."""
    answers = (patient.profile or {}).get("answers")
    pregnant = answers.get("pregnant") if isinstance(answers, Mapping) else None
    whose = {"region": patient.region, "targets": patient.glucose_targets, "pregnant": pregnant}
    found = []
    for row in rows:
        value = None if row.value is None else float(row.value.replace(",", "."))
        number = {"special": row.special or "none", "value": value, "unit": row.unit, "context": row.context}
        inside = in_target({**whose, **number})
        if inside is not None:
            found.append(Reading(row.on, inside))
    return found
