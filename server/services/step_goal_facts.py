"""What the step goal is worked out from: days of steps, foot checks, pain, redness, warnings, the clinic's word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from server.care import blocks, clearances, feet, step_goal
from server.care.content import step_numbers
from server.care.plan import rests_feet
from server.localtime import local_date
from server.models import AnyRow, Block, Clearance, Patient, SessionLog, ShoeCheck, StepDay, SymptomEntry
from server.models.records import MANUAL
from server.services.foot_checks import clear_check_days
from server.services.owner import Owner

DAY, WEEK = timedelta(days=1), timedelta(days=7)
LEAST_NOTES = 4  # brief §11: a weekly mean needs 4 days
LOOK_AFTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Standing:
    """What counts now, whatever the week was like."""

    today: date
    zone: str
    answers: Mapping[str, object]
    lifted: bool
    red_flag_on: date | None  # since when a warning that stands rests the feet
    blocks: Sequence[AnyRow]

    @property
    def monday(self) -> date:
        """The first day of the week that runs."""
        return self.today - (self.today.isoweekday() - 1) * DAY


def standing(db: Session, owner: Owner, *, now: datetime) -> Standing:
    """Asked under the patient's lock: zone and profile may have changed since the owner was found."""
    patient = db.execute(select(Patient.time_zone, Patient.profile).where(Patient.id == owner.id)).one()
    today = local_date(now, patient.time_zone)
    flags = db.execute(select(*Block.__table__.c).where(Block.patient_id == owner.id)).all()
    given = db.execute(select(*Clearance.__table__.c).where(Clearance.patient_id == owner.id)).all()
    facts = [_block(row) for row in flags]
    lifted = any(
        clearances.counts_for(_clearance(row), step_goal.CLEARANCE, facts, now=now, today=today) for row in given
    )
    answers = (patient.profile or {}).get("answers")
    return Standing(
        today=today,
        zone=patient.time_zone,
        answers=answers if isinstance(answers, Mapping) else {},
        lifted=lifted,
        red_flag_on=min(
            (one.on for one in facts if rests_feet(one.warning, one.level) and blocks.still_blocks(one, now)),
            default=None,
        ),
        blocks=flags,
    )


def first_days(db: Session, owner: Owner, *, since: date, today: date) -> list[tuple[date, int]]:
    """The first valid days since `since` that are over, as many as a baseline takes."""
    query = select(StepDay.on, StepDay.steps).where(*_whole(owner), StepDay.on >= since, StepDay.on < today)
    rows = db.execute(query.order_by(StepDay.on).limit(step_numbers()["baseline_days"]))
    return [(row.on, row.steps) for row in rows]


def last_days(db: Session, owner: Owner, *, before: date) -> list[int]:
    """The last valid days before a day, the oldest first, as many as a target takes."""
    query = select(StepDay.steps).where(*_whole(owner), StepDay.on < before)
    rows = db.execute(query.order_by(StepDay.on.desc()).limit(step_numbers()["target_days"]))
    return [row.steps for row in rows][::-1]


def steps_of(db: Session, owner: Owner, first: date, last: date) -> Sequence[AnyRow]:
    """What is known of the days from `first` to `last`."""
    query = select(StepDay.on, StepDay.steps, StepDay.is_partial).where(
        StepDay.patient_id == owner.id, StepDay.on.between(first, last)
    )
    return db.execute(query.order_by(StepDay.on)).all()


def week_facts(
    db: Session, owner: Owner, now_facts: Standing, goals: Mapping[date, int | None], *, now: datetime
) -> step_goal.Week:
    """What the week before the one that runs was like; `goals` has the goal of each of its days."""
    first, last = now_facts.monday - WEEK, now_facts.monday - DAY
    met = missed = 0
    for day in steps_of(db, owner, first, last):
        goal = goals.get(day.on)
        if goal is None or not step_goal.is_valid(day.steps):
            continue
        met += day.steps >= goal
        missed += day.steps < goal and not day.is_partial
    return step_goal.Week(
        met=met,
        missed=missed,
        clear_checks=len(clear_check_days(db, owner, first, last)),
        pain_up=_pain_up(db, owner, first),
        redness=_redness(db, owner, now_facts, first, last, now),
        red_flag=_red_flag(now_facts, first, last, now),
    )


def _whole(owner: Owner) -> tuple[ColumnElement[bool], ...]:
    """Days whose number can be believed. One typed by hand is the patient's word for the day, early or late."""
    numbers = step_numbers()
    return (
        StepDay.patient_id == owner.id,
        StepDay.steps.between(numbers["valid_from"], numbers["valid_to"]),
        or_(StepDay.is_partial.is_(False), StepDay.source == MANUAL),
    )


def _pain_up(db: Session, owner: Owner, first: date) -> float | None:
    """How much the week's mean pain lies over the week before or over the first one that has a mean."""
    notes = select(SymptomEntry.on, SymptomEntry.pain).where(
        SymptomEntry.patient_id == owner.id, SymptomEntry.on < first + WEEK
    )
    weeks: dict[date, list[int]] = {}
    for row in db.execute(notes.order_by(SymptomEntry.on)):
        weeks.setdefault(row.on - (row.on.isoweekday() - 1) * DAY, []).append(row.pain)
    means = {monday: sum(pains) / len(pains) for monday, pains in weeks.items() if len(pains) >= LEAST_NOTES}
    this = means.pop(first, None)
    earlier = [means[monday] for monday in (first - WEEK, min(means, default=first)) if monday in means]
    return None if this is None or not earlier else round(max(this - other for other in earlier), 6)


def _redness(db: Session, owner: Owner, now_facts: Standing, first: date, last: date, now: datetime) -> str:
    logs = select(SessionLog.redness, SessionLog.ended_at).where(
        SessionLog.patient_id == owner.id, SessionLog.on.between(first, last)
    )
    over = [row.redness for row in db.execute(logs) if row.redness or row.ended_at + LOOK_AFTER <= now]
    marked = any(row.warning == "redness" and first <= row.on <= last for row in now_facts.blocks)
    shoes = _after_shoes(db, owner, first, last)
    if marked or "still_red" in over or "yes" in shoes:
        return "yes"
    return "not_answered" if None in over or "not_answered" in shoes else "no"


def _after_shoes(db: Session, owner: Owner, first: date, last: date) -> set[str]:
    checks = select(ShoeCheck.decision).where(ShoeCheck.patient_id == owner.id, ShoeCheck.on.between(first, last))
    return {feet.shoe_redness(decision["inputs"]) for decision in db.scalars(checks)}


def _red_flag(now_facts: Standing, first: date, last: date, now: datetime) -> str:
    """Any warning that stood in the week, whatever it asked for."""
    for row in now_facts.blocks:
        ended_on = None if row.ended_at is None else local_date(row.ended_at, now_facts.zone)
        stood = row.on >= first or (ended_on is not None and ended_on >= first) or blocks.still_stands(_block(row), now)
        if row.on <= last and stood:
            return "week"
    return "no"


def _block(row: AnyRow) -> blocks.Block:
    names = ("warning", "level", "on", "started_at", "ended_at", "end_reason", "clinician_name", "clinician_on")
    return blocks.Block(**{name: getattr(row, name) for name in names}, areas=tuple(row.areas))


def _clearance(row: AnyRow) -> clearances.Clearance:
    names: tuple[str, ...] = ("clinician_name", "clinician_on", "recorded_at", "ended_at")
    values: dict[str, Any] = {name: getattr(row, name) for name in names}
    return clearances.Clearance(reasons=tuple(row.reasons), **values)
