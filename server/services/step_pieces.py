"""Days that arrive in pieces: a phone that sends each app's intervals says only what is new since the last time.

The pieces of a day are kept while more of it may come, and the day is what all of them together say, so that the order
in which they arrive does not matter.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from integrations.intervals import Interval, StepInterval, merge_steps
from server.localtime import local_date, start_of_day
from server.models import StepPiece
from server.services.owner import Owner, next_seq
from server.services.step_counts import StepsOfDay, replace_counts, save_device_counts

KEEP = timedelta(days=10)
LOOK_BACK = timedelta(days=2)  # of the phone's app: a day that is over is told of until then
MOST_STEPS = 200_000

_pieces = cast(Table, StepPiece.__table__)
_here = _pieces.c
_KEY = (_here.patient_id, _here.source, _here.origin, _here.started_at, _here.ended_at)
_IS_IT = [column == bindparam(f"of_{column.name}") for column in _KEY]
_FORGET = delete(_pieces).where(*_IS_IT)
_ENLARGE = update(_pieces).where(*_IS_IT).values(steps=bindparam("more"))


def save_pieces(
    db: Session,
    owner: Owner,
    source: str,
    label: str,
    pieces: Sequence[StepInterval],
    *,
    seen_from: datetime,
    observed_at: datetime,
    now: datetime,
) -> tuple[int, int]:
    """Lay pieces beside those that came before; returns how many days changed and how many did not.

    The phone looked back to `seen_from`: a day that began before it may lack its morning and counts as partial, unless
    it was whole already.
    """
    next_seq(db, owner.id, 0)  # the patient before anything of theirs
    oldest = local_date(now, owner.time_zone) - KEEP
    late = [piece for piece in pieces if piece.on < oldest]  # its other pieces are gone: it can only add to the day
    by_day = _keep(db, owner, source, [piece for piece in pieces if piece.on >= oldest], observed_at)

    def day_of(on: date, found: Iterable[StepInterval]) -> StepsOfDay:
        is_over = on < local_date(observed_at, owner.time_zone)
        is_seen = start_of_day(on, owner.time_zone) >= seen_from
        return StepsOfDay(on, _merge(found), is_partial=not (is_over and is_seen), observed_at=observed_at)

    counts = [day_of(on, rows) for on, rows in sorted(by_day.items())]
    changed = replace_counts(db, owner, source, label, counts, now=now)
    old = [replace(day_of(on, found), is_partial=True) for on, found in _grouped(late).items()]
    more, same = save_device_counts(db, owner, source, label, old, now=now) if old else (0, 0)
    return len(changed) + more, len(by_day) - len(changed) + same


def forget_pieces(db: Session, *, limit: int, now: datetime) -> int:
    """Drop some pieces of days that no more is kept of, wherever the patient is; returns how many."""
    old = _here.on < (now - KEEP - timedelta(days=2)).date()
    rows = db.execute(select(*_KEY).where(old).order_by(_here.on).limit(limit)).all()  # found by the index
    if rows:
        db.execute(_FORGET, [_of(row) for row in rows])
    return len(rows)


def _keep(
    db: Session, owner: Owner, source: str, pieces: Sequence[StepInterval], observed_at: datetime
) -> dict[date, list[StepInterval]]:
    """Store what is new or larger; returns all pieces of each day that this may change, or that is over by now.

    A piece keeps the day it first came with, also when the patient's zone has changed since: hence the day before.
    """
    since = min([local_date(observed_at - LOOK_BACK, owner.time_zone), *(piece.on for piece in pieces)])
    around = (_here.patient_id == owner.id, _here.source == source, _here.on >= since - timedelta(days=1))
    known = {row[: len(_KEY)]: row.steps for row in db.execute(select(*_KEY, _here.steps).where(*around))}
    wanted: dict[Sequence[Any], StepInterval] = {}
    for piece in pieces:
        key = (owner.id, source, piece.origin, piece.started_at, piece.ended_at)
        if piece.steps > max(known.get(key, -1), wanted[key].steps if key in wanted else -1):
            wanted[key] = piece
    larger = [{**_of(key), "more": piece.steps} for key, piece in wanted.items() if key in known]
    new = [
        {"patient_id": owner.id, "source": source, **vars(piece)} for key, piece in wanted.items() if key not in known
    ]
    if larger:
        db.execute(_ENLARGE, larger)
    if new:
        db.execute(insert(_pieces), new)
    members = (_here.on, _here.origin, _here.started_at, _here.ended_at, _here.steps)
    return _grouped(StepInterval(*row) for row in db.execute(select(*members).where(*around)))


def _of(key: Sequence[Any]) -> dict[str, Any]:
    return {f"of_{column.name}": value for column, value in zip(_KEY, key, strict=True)}


def _grouped(pieces: Iterable[StepInterval]) -> dict[date, list[StepInterval]]:
    by_day: defaultdict[date, list[StepInterval]] = defaultdict(list)
    for piece in pieces:
        by_day[piece.on].append(piece)
    return by_day


def _merge(pieces: Iterable[StepInterval]) -> int:
    """In milliseconds, as phones send them."""
    by_origin: defaultdict[str, list[Interval]] = defaultdict(list)
    for piece in pieces:
        start, end = (round(moment.timestamp() * 1000) for moment in (piece.started_at, piece.ended_at))
        by_origin[piece.origin].append((start, end, piece.steps))
    return min(merge_steps(by_origin.values()), MOST_STEPS)
