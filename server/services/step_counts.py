"""Steps of a day: one row a source, written by hand, by a phone that pushes, or by a cloud that is read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from server.errors import NotFound, Stale
from server.localtime import local_date, moment_of
from server.models import AnyRow, DailyStepCount, StepDay
from server.models.records import MANUAL
from server.services import step_goals
from server.services.owner import Owner, next_seq
from server.services.step_truth import COUNT_MEMBERS, KIND, Why, choose, note, rows_of, wanted_order

__all__ = ["COUNT_MEMBERS", "KIND", "StepsOfDay"]

SETTLED_AT = time(12)  # of the next day: trackers sync late, so a day is not over with its midnight

_days = cast(Table, StepDay.__table__).c
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
    label: str = ""


def save_manual_count(
    db: Session, owner: Owner, on: date, *, steps: int, recorded_at: datetime, if_match: int | None, now: datetime
) -> bool:
    """Write the patient's own number for a day; it counts until it is taken away. True when the day is new."""
    seq = next_seq(db, owner.id)
    stored = _find_day(db, owner, on)
    _check_version(stored, if_match)
    count = StepsOfDay(on, steps, is_partial=on >= local_date(recorded_at, owner.time_zone), observed_at=recorded_at)
    before = _counts(db, owner, [on]).get((on, MANUAL))
    _write_count(db, owner, MANUAL, "", count, known=before, why="typed", now=now)
    choose(db, owner, on, order=wanted_order(db, owner), seq=seq, now=now)
    step_goals.steps_changed(db, owner, [on], now=now)
    return stored is None


def delete_manual_count(db: Session, owner: Owner, on: date, *, if_match: int | None, now: datetime) -> None:
    """Take the hand entry away; the day is then what its devices say, or unknown again. Raises NotFound, Stale."""
    seq = next_seq(db, owner.id)
    _check_version(_find_day(db, owner, on), if_match)
    before = _counts(db, owner, [on]).get((on, MANUAL))
    if before is None:
        raise NotFound
    _delete_count(db, owner, MANUAL, before, why="typed_removed", now=now)
    choose(db, owner, on, order=wanted_order(db, owner), seq=seq, now=now)
    step_goals.steps_changed(db, owner, [on], now=now)


def save_device_counts(
    db: Session, owner: Owner, source: str, label: str, counts: Sequence[StepsOfDay], *, now: datetime
) -> tuple[int, int]:
    """Keep what a phone pushed; returns how many days changed and how many did not.

    A pushing phone only ever sees part of a day again, so a smaller number never lowers a larger one. A day that was
    partial becomes whole when it is sent again after its end, and stays whole.
    """

    def merged(count: StepsOfDay, before: StepsOfDay | None) -> StepsOfDay | None:
        if before is None:
            return count
        if count.steps <= before.steps and not (before.is_partial and not count.is_partial):
            return None
        is_partial = count.is_partial and before.is_partial
        return replace(count, steps=max(count.steps, before.steps), is_partial=is_partial)

    first_seq = next_seq(db, owner.id, max(len({count.on for count in counts}), 1))
    days = {count.on for count in counts}
    changed = _save(db, owner, source, label, counts, merged, now=now)
    _choose_all(db, owner, changed, first_seq=first_seq, now=now)
    return len(changed), len(days) - len(changed)


def save_provider_counts(
    db: Session,
    owner: Owner,
    source: str,
    label: str,
    counts: Sequence[StepsOfDay],
    *,
    removed_days: Collection[date] = (),
    now: datetime,
) -> set[date]:
    """Keep what a cloud says now of some days; returns those that changed.

    Its word replaces what it said before, also downwards: something may have been put right there. A day that it does
    not name stays as it is, unless it is one of `removed_days`, which were taken away at the source. A day counts as
    partial until a read after the next noon, and never again after that, wherever the patient travels.
    """
    counts = [replace(count, is_partial=not _is_settled(count.on, owner, now)) for count in counts]
    return replace_counts(db, owner, source, label, counts, removed_days=removed_days, now=now)


def replace_counts(
    db: Session,
    owner: Owner,
    source: str,
    label: str,
    counts: Sequence[StepsOfDay],
    *,
    removed_days: Collection[date] = (),
    now: datetime,
) -> set[date]:
    """What a source says now of some days, in place of what it said before; returns those that changed."""
    next_seq(db, owner.id, 0)  # the patient before anything of theirs; no number is used where nothing changes

    def merged(count: StepsOfDay, before: StepsOfDay | None) -> StepsOfDay | None:
        if before is not None and not before.is_partial:
            count = replace(count, is_partial=False)
        same = before is not None and (before.steps, before.is_partial) == (count.steps, count.is_partial)
        return None if same and before is not None and before.label == label else count

    changed = _save(db, owner, source, label, counts, merged, now=now)
    known = _counts(db, owner, list(removed_days))
    for on in removed_days:
        if (before := known.get((on, source))) is not None:
            _delete_count(db, owner, source, before, why="removed_at_source", now=now)
            changed.add(on)
    if changed:
        _choose_all(db, owner, changed, first_seq=next_seq(db, owner.id, len(changed)), now=now)
    return changed


def _is_settled(on: date, owner: Owner, now: datetime) -> bool:
    return now >= moment_of(on + timedelta(days=1), SETTLED_AT, owner.time_zone)


def _save(
    db: Session, owner: Owner, source: str, label: str, counts: Sequence[StepsOfDay], merged: Any, *, now: datetime
) -> set[date]:
    known = _counts(db, owner, sorted({count.on for count in counts}))
    changed: set[date] = set()
    for count in counts:
        before = known.get((count.on, source))
        count = merged(count, before)
        if count is None:
            continue
        _write_count(db, owner, source, label, count, known=before, why=_why(count, before), now=now)
        known[count.on, source] = count
        changed.add(count.on)
    return changed


def _why(count: StepsOfDay, before: StepsOfDay | None) -> Why:
    if before is None:
        return "first"
    if count.steps == before.steps:
        return "settled"
    return "more" if count.steps > before.steps else "corrected"


def _choose_all(db: Session, owner: Owner, changed: Collection[date], *, first_seq: int, now: datetime) -> None:
    order = wanted_order(db, owner)
    for index, on in enumerate(sorted(changed)):
        choose(db, owner, on, order=order, seq=first_seq + index, now=now)
    step_goals.steps_changed(db, owner, changed, now=now)


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
    for count in rows_of(db, owner, list(by_day)):
        by_day[count.on].append(count)
    return [(day, by_day[day.on]) for day in days]


def _find_day(db: Session, owner: Owner, on: date) -> AnyRow | None:
    return db.execute(select(StepDay.seq).where(StepDay.patient_id == owner.id, StepDay.on == on)).first()


def _check_version(day: AnyRow | None, if_match: int | None) -> None:
    if if_match is not None and (day is None or day.seq != if_match):
        raise Stale("This day changed meanwhile. Fetch it again, then save.")


def _counts(db: Session, owner: Owner, days: Sequence[date]) -> dict[tuple[date, str], StepsOfDay]:
    return {
        (row.on, row.source): StepsOfDay(row.on, row.steps, row.is_partial, row.observed_at, row.source_label)
        for row in rows_of(db, owner, days)
    }


def _write_count(
    db: Session,
    owner: Owner,
    source: str,
    label: str,
    count: StepsOfDay,
    *,
    known: StepsOfDay | None,
    why: Why,
    now: datetime,
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
        db.execute(_of_source(update(DailyStepCount), owner, count.on, source).values(values))
    if known is None or (known.steps, known.is_partial) != (count.steps, count.is_partial):
        note(db, owner, count.on, source, label, known.steps if known else None, count.steps, why, now=now)


def _delete_count(db: Session, owner: Owner, source: str, before: StepsOfDay, *, why: Why, now: datetime) -> None:
    db.execute(_of_source(delete(DailyStepCount), owner, before.on, source))
    note(db, owner, before.on, source, before.label, before.steps, None, why, now=now)


def _of_source(statement: Any, owner: Owner, on: date, source: str) -> Any:
    return statement.where(
        DailyStepCount.patient_id == owner.id, DailyStepCount.on == on, DailyStepCount.source == source
    )
