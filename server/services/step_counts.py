"""Steps of a day: one row a source, and the rule for which of them counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from server.errors import NotFound, Stale
from server.localtime import local_date
from server.models import AnyRow, DailyStepCount, StepDay
from server.models.records import MANUAL
from server.services import step_goals
from server.services.owner import Owner, bury, next_seq, unbury

KIND = "step_count"

COUNT_MEMBERS = ("on", "source", "source_label", "steps", "observed_at", "is_partial")
_counts_of, _days = cast(Table, DailyStepCount.__table__).c, cast(Table, StepDay.__table__).c
_COUNTS = (
    select(*(_counts_of[name] for name in COUNT_MEMBERS))
    .where(_counts_of.patient_id == bindparam("owner"), _counts_of.on.in_(bindparam("days", expanding=True)))
    .order_by(_counts_of.on, _counts_of.source)
)
_DAYS = (
    select(*_days)
    .where(
        _days.patient_id == bindparam("owner"),
        _days.on.between(bindparam("first"), bindparam("last")),
        _days.on < bindparam("before"),
    )
    .order_by(_days.on.desc())
    .limit(bindparam("most"))
)


@dataclass(frozen=True)
class StepsOfDay:
    """What one source said of one local day. `is_partial`: the day was not over, or the source cut it short."""

    on: date
    steps: int
    is_partial: bool
    observed_at: datetime


def save_manual_count(
    db: Session, owner: Owner, on: date, *, steps: int, recorded_at: datetime, if_match: int | None, now: datetime
) -> bool:
    """Write the patient's own number for a day; it counts until it is taken away. True when the day is new."""
    seq = next_seq(db, owner.id)
    stored = _find_day(db, owner, on)
    _check_version(stored, if_match)
    count = StepsOfDay(on, steps, is_partial=on >= local_date(recorded_at, owner.time_zone), observed_at=recorded_at)
    _write_count(db, owner, MANUAL, "", count, known=_counts(db, owner, [on]).get((on, MANUAL)))
    _choose(db, owner, on, seq=seq, now=now)
    step_goals.steps_changed(db, owner, [on], now=now)
    return stored is None


def delete_manual_count(db: Session, owner: Owner, on: date, *, if_match: int | None, now: datetime) -> None:
    """Take the hand entry away; the day is then what its devices say, or unknown again. Raises NotFound, Stale."""
    seq = next_seq(db, owner.id)
    _check_version(_find_day(db, owner, on), if_match)
    mine = delete(DailyStepCount).where(
        DailyStepCount.patient_id == owner.id, DailyStepCount.on == on, DailyStepCount.source == MANUAL
    )
    if db.execute(mine.returning(DailyStepCount.on)).first() is None:
        raise NotFound
    _choose(db, owner, on, seq=seq, now=now)
    step_goals.steps_changed(db, owner, [on], now=now)


def save_device_counts(
    db: Session, owner: Owner, source: str, label: str, counts: Sequence[StepsOfDay], *, now: datetime
) -> tuple[int, int]:
    """Keep what a phone pushed; returns how many days changed and how many did not.

    A pushing phone only ever sees part of a day again, so a smaller number never lowers a larger one. A day that was
    partial becomes whole when it is sent again after its end, and stays whole.
    """
    days = sorted({count.on for count in counts})
    first_seq = next_seq(db, owner.id, max(len(days), 1))
    known = _counts(db, owner, days)
    changed: set[date] = set()
    for count in counts:
        before = known.get((count.on, source))
        if before is not None:
            settled = not count.is_partial and before.is_partial
            if count.steps <= before.steps and not settled:
                continue
            is_partial = count.is_partial and before.is_partial
            count = replace(count, steps=max(count.steps, before.steps), is_partial=is_partial)
        _write_count(db, owner, source, label, count, known=before)
        known[count.on, source] = count
        changed.add(count.on)
    for index, on in enumerate(sorted(changed)):
        _choose(db, owner, on, seq=first_seq + index, now=now)
    step_goals.steps_changed(db, owner, changed, now=now)
    return len(changed), len(days) - len(changed)


def save_provider_counts(
    db: Session,
    owner: Owner,
    source: str,
    label: str,
    counts: Sequence[StepsOfDay],
    *,
    first: date,
    last: date,
    removed_days: Sequence[date] = (),
    now: datetime,
) -> None:
    """What a cloud said of the days from `first` to `last`."""
    save_device_counts(db, owner, source, label, counts, now=now)


def get_step_day(db: Session, owner: Owner, on: date) -> tuple[AnyRow, list[AnyRow]]:
    """The day and all that was said of it. Raises NotFound: no data is not zero steps."""
    found = list_step_days(db, owner, first=on, last=on, after=None, limit=1)
    if not found:
        raise NotFound("Nothing is known of this day.")
    return found[0]


def list_step_days(
    db: Session, owner: Owner, *, first: date | None, last: date | None, after: date | None, limit: int
) -> list[tuple[AnyRow, list[AnyRow]]]:
    """Days that something is known of, newest first, each with the counts of its sources."""
    before = after or date.max
    given = {"owner": owner.id, "first": first or date.min, "last": last or date.max, "before": before, "most": limit}
    return with_counts(db, owner, db.execute(_DAYS, given).all())


def with_counts(db: Session, owner: Owner, days: Sequence[AnyRow]) -> list[tuple[AnyRow, list[AnyRow]]]:
    """Each day with the rows of its sources."""
    by_day: dict[date, list[AnyRow]] = {day.on: [] for day in days}
    for count in _rows(db, owner, list(by_day)):
        by_day[count.on].append(count)
    return [(day, by_day[day.on]) for day in days]


def _find_day(db: Session, owner: Owner, on: date) -> AnyRow | None:
    return db.execute(select(StepDay.seq).where(StepDay.patient_id == owner.id, StepDay.on == on)).first()


def _check_version(day: AnyRow | None, if_match: int | None) -> None:
    if if_match is not None and (day is None or day.seq != if_match):
        raise Stale("This day changed meanwhile. Fetch it again, then save.")


def _rows(db: Session, owner: Owner, days: Sequence[date]) -> Sequence[AnyRow]:
    if not days:
        return ()
    return db.execute(_COUNTS, {"owner": owner.id, "days": list(days)}).all()


def _counts(db: Session, owner: Owner, days: Sequence[date]) -> dict[tuple[date, str], StepsOfDay]:
    return {
        (row.on, row.source): StepsOfDay(row.on, row.steps, row.is_partial, row.observed_at)
        for row in _rows(db, owner, days)
    }


def _write_count(
    db: Session, owner: Owner, source: str, label: str, count: StepsOfDay, *, known: StepsOfDay | None
) -> None:
    values: Mapping[str, Any] = {
        "source_label": label,
        "steps": count.steps,
        "is_partial": count.is_partial,
        "observed_at": count.observed_at,
    }
    if known is None:
        key = {"patient_id": owner.id, "on": count.on, "source": source}
        db.execute(insert(DailyStepCount).values({**key, **values}))
    else:
        db.execute(
            update(DailyStepCount)
            .where(
                DailyStepCount.patient_id == owner.id, DailyStepCount.on == count.on, DailyStepCount.source == source
            )
            .values(values)
        )


def _choose(db: Session, owner: Owner, on: date, *, seq: int, now: datetime) -> None:
    """The hand entry wins until it is removed, else the largest count: sources overlap, so they are never added up."""
    rows = _rows(db, owner, [on])
    here = (StepDay.patient_id == owner.id, StepDay.on == on)
    if not rows:
        db.execute(delete(StepDay).where(*here))
        bury(db, owner.id, KIND, [on.isoformat()], seq=seq, now=now)
        return
    best = max(rows, key=lambda row: (row.source == MANUAL, row.steps))
    values = {name: getattr(best, name) for name in COUNT_MEMBERS} | {"seq": seq, "updated_at": now}
    changed = db.execute(update(StepDay).where(*here).values(values).returning(StepDay.on)).first()
    if changed is None:
        db.execute(insert(StepDay).values({**values, "patient_id": owner.id}))
        unbury(db, owner.id, KIND, [on.isoformat()])
