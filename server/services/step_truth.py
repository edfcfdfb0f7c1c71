"""What a day counts as. Sources overlap, so one of them is chosen and none is ever added to another.

The patient's own number first; then the sources in the order that the patient gave; then Google Health, which has
merged what it knows already; then the largest.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Literal, cast

from sqlalchemy import Table, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from server.models import AnyRow, DailyStepCount, Patient, StepChange, StepDay
from server.models.records import MANUAL
from server.services.owner import Owner, bury, next_seq, unbury

KIND = "step_count"
RECONCILED = "google_health"
MOST_HISTORY = 50

Why = Literal["first", "more", "corrected", "settled", "removed_at_source", "typed", "typed_removed", "choice"]

COUNT_MEMBERS = ("on", "source", "source_label", "steps", "observed_at", "is_partial")
_counts_of = cast(Table, DailyStepCount.__table__).c
_COUNTS = (
    select(*(_counts_of[name] for name in COUNT_MEMBERS))
    .where(_counts_of.patient_id == bindparam("owner"), _counts_of.on.in_(bindparam("days", expanding=True)))
    .order_by(_counts_of.on, _counts_of.source)
)
_days = cast(Table, StepDay.__table__)
_MOVE = (
    update(_days)
    .where(_days.c.patient_id == bindparam("of_patient"), _days.c.on == bindparam("of_day"))
    .values({name: bindparam(name) for name in (*COUNT_MEMBERS, "seq", "updated_at")})
)


def rows_of(db: Session, owner: Owner, days: Sequence[date]) -> Sequence[AnyRow]:
    """All that is said of these days, by day and source."""
    if not days:
        return ()
    return db.execute(_COUNTS, {"owner": owner.id, "days": list(days)}).all()


def wanted_order(db: Session, owner: Owner) -> list[str]:
    """The sources in the order that the patient gave; empty for the usual rule."""
    order: list[str] = db.execute(select(Patient.step_sources).where(Patient.id == owner.id)).scalar_one()
    return order


def best_of(rows: Iterable[AnyRow], order: Sequence[str]) -> AnyRow:
    """The count that a day is worth."""

    def rank(row: AnyRow) -> tuple[bool, int, bool, int, str]:
        wanted = -order.index(row.source) if row.source in order else -len(order)
        return row.source == MANUAL, wanted, row.source == RECONCILED, row.steps, row.source

    return max(rows, key=rank)


def choose(db: Session, owner: Owner, on: date, *, order: Sequence[str], seq: int, now: datetime) -> None:
    """Make the day what its sources now say; a day without any is unknown again, which is not zero."""
    rows = rows_of(db, owner, [on])
    here = (StepDay.patient_id == owner.id, StepDay.on == on)
    if not rows:
        db.execute(delete(StepDay).where(*here))
        bury(db, owner.id, KIND, [on.isoformat()], seq=seq, now=now)
        return
    best = best_of(rows, order)
    values = {name: getattr(best, name) for name in COUNT_MEMBERS} | {"seq": seq, "updated_at": now}
    changed = db.execute(update(StepDay).where(*here).values(values).returning(StepDay.on)).first()
    if changed is None:
        db.execute(insert(StepDay).values({**values, "patient_id": owner.id}))
        unbury(db, owner.id, KIND, [on.isoformat()])


def save_order(db: Session, owner: Owner, order: Sequence[str], *, now: datetime) -> set[date]:
    """The order of sources that the patient wants; returns the days that now count by another source."""
    values = {"step_sources": list(order), "seq": next_seq(db, owner.id), "updated_at": now}
    db.execute(update(Patient).where(Patient.id == owner.id).values(values))
    return choose_again(db, owner, order, now=now)


def choose_again(db: Session, owner: Owner, order: Sequence[str], *, now: datetime) -> set[date]:
    """Every day that counts by another source in this order; the caller holds the patient's lock."""
    several = (
        select(_counts_of.on)
        .where(_counts_of.patient_id == owner.id)
        .group_by(_counts_of.on)
        .having(func.count() > 1)
        .subquery()
    )
    found = select(*(_counts_of[name] for name in COUNT_MEMBERS)).where(
        _counts_of.patient_id == owner.id, _counts_of.on.in_(select(several.c.on))
    )
    by_day: defaultdict[date, list[AnyRow]] = defaultdict(list)
    for row in db.execute(found):
        by_day[row.on].append(row)
    stored = select(StepDay.on, StepDay.source, StepDay.steps).where(StepDay.patient_id == owner.id)
    now_counts = {row.on: row for row in db.execute(stored)}
    other = {on for on, rows in by_day.items() if best_of(rows, order).source != now_counts[on].source}
    if not other:
        return other
    moves, notes = [], []
    for seq, on in enumerate(sorted(other), next_seq(db, owner.id, len(other))):
        best = best_of(by_day[on], order)
        said = {name: getattr(best, name) for name in COUNT_MEMBERS}
        moves.append(said | {"of_patient": owner.id, "of_day": on, "seq": seq, "updated_at": now})
        notes.append(
            _change(owner, on, best.source, best.source_label, now_counts[on].steps, best.steps, "choice", now)
        )
    db.execute(_MOVE, moves)
    db.execute(insert(StepChange), notes)
    return other


def known_sources(db: Session, owner: Owner) -> Sequence[AnyRow]:
    """Every source that ever said something, with the last day it did; the patient's own numbers left out."""
    last_on = func.max(_counts_of.on)
    query = (
        select(_counts_of.source, _counts_of.source_label, last_on.label("last_on"))
        .where(_counts_of.patient_id == owner.id, _counts_of.source != MANUAL)
        .group_by(_counts_of.source, _counts_of.source_label)
        .order_by(last_on.desc(), _counts_of.source, _counts_of.source_label)
    )
    newest: dict[str, AnyRow] = {}  # a source goes by its last name
    for row in db.execute(query):
        newest.setdefault(row.source, row)
    return list(newest.values())


def note(
    db: Session,
    owner: Owner,
    on: date,
    source: str,
    label: str,
    before: int | None,
    after: int | None,
    why: Why,
    *,
    now: datetime,
) -> None:
    """Write down what changed and why, for the day's page."""
    db.execute(insert(StepChange).values(_change(owner, on, source, label, before, after, why, now)))


def _change(
    owner: Owner, on: date, source: str, label: str, before: int | None, after: int | None, why: Why, now: datetime
) -> dict[str, Any]:
    return {
        "patient_id": owner.id,
        "on": on,
        "at": now,
        "source": source,
        "source_label": label,
        "before": before,
        "after": after,
        "why": why,
    }


def history(db: Session, owner: Owner, on: date) -> Sequence[AnyRow]:
    """What changed about a day, newest first."""
    mine = (StepChange.patient_id == owner.id, StepChange.on == on)
    query = select(*StepChange.__table__.c).where(*mine).order_by(StepChange.id.desc())
    return db.execute(query.limit(MOST_HISTORY)).all()
