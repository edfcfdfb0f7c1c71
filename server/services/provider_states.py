"""A provider as a whole: how much of it is left this minute, and whether it is let alone until it has recovered."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.models import AnyRow, ProviderState, WearableConnection
from server.services.counters import replace

TOO_MANY = 5  # failures, noted together without a single success
QUIET, LONGEST_QUIET = 30.0, 1800.0

_columns = ProviderState.__table__.c


def budget(db: Session, provider: str, *, per_minute: int, now: datetime) -> int:
    """How many requests may be made now; nobody else takes of it until the end of the transaction."""
    row = _locked(db, provider, now)
    return 0 if _is_quiet(row, now) else max(0, per_minute - _asked(row, now))


def spend(db: Session, provider: str, count: int, *, now: datetime) -> None:
    """Take so many of the budget that was looked at. What is not used is gone with its minute."""
    asked = _asked(_locked(db, provider, now), now) + count
    mine = update(ProviderState).where(ProviderState.provider == provider)
    db.execute(mine.values(minute=_minute(now), asked=asked))


def note_results(
    db: Session, provider: str, answered: int, unavailable: int, wait: float | None, *, now: datetime
) -> None:
    """What came of some requests. A provider that answers nobody is asked nothing for a while, longer each time.

    What was asked before that while, and is answered in it, makes it no longer. `wait`: what a provider asked for that
    refuses by rate, in seconds.
    """
    row = _locked(db, provider, now)
    values: dict[str, Any] = {}
    if answered and (row.failures or row.quiet_until):
        values = {"failures": 0, "quiet_until": None}
    elif not answered and not _is_quiet(row, now) and (unavailable >= TOO_MANY or (unavailable and row.failures)):
        longest = min(LONGEST_QUIET, QUIET * 2.0 ** min(row.failures, 10))
        quiet = max(random.uniform(longest / 2, longest), wait or 0.0)
        values = {"failures": row.failures + 1, "quiet_until": now + timedelta(seconds=quiet)}
    if values:
        db.execute(update(ProviderState).where(ProviderState.provider == provider).values(values))


def count_connections(db: Session) -> None:
    """Count the connections by state for `GET /metrics`: it looks at each of them, so not whenever somebody asks."""
    here = WearableConnection
    rows = db.execute(select(here.provider, here.state, func.count()).group_by(here.provider, here.state))
    replace(db, "connections", {(provider, state): count for provider, state, count in rows})


def count_overdue(db: Session, provider: str, *, now: datetime) -> int:
    """Connections of a provider whose turn came ten minutes ago."""
    here = WearableConnection
    late = select(func.count()).where(here.provider == provider, here.next_sync_at < now - timedelta(minutes=10))
    return db.execute(late).scalar_one()


def quiet_until(db: Session, provider: str, *, now: datetime) -> datetime | None:
    """Until when a provider that answered nobody is let alone."""
    row = db.execute(select(*_columns).where(_columns.provider == provider)).first()
    return row.quiet_until if row is not None and _is_quiet(row, now) else None


@dataclass(frozen=True)
class Overview:
    """What whoever runs the server sees of one provider."""

    provider: str
    by_state: dict[str, int]
    by_reason: dict[str, int]
    oldest_success: datetime | None
    overdue: int
    left_this_minute: int
    quiet_until: datetime | None


def overview(db: Session, provider: str, *, per_minute: int, now: datetime) -> Overview:
    """Counts only: never whose."""
    here = WearableConnection
    states = select(here.state, func.count()).where(here.provider == provider).group_by(here.state)
    reasons = (
        select(here.reason, func.count())
        .where(here.provider == provider, here.reason.is_not(None), here.state != "active")
        .group_by(here.reason)
    )
    oldest = select(func.min(here.last_ok_at)).where(here.provider == provider, here.state == "active")
    row = db.execute(select(*_columns).where(_columns.provider == provider)).first()
    used = _asked(row, now) if row is not None else 0
    return Overview(
        provider=provider,
        by_state={row[0]: row[1] for row in db.execute(states)},
        by_reason={reason: count for reason, count in db.execute(reasons) if reason},
        oldest_success=db.execute(oldest).scalar(),
        overdue=count_overdue(db, provider, now=now),
        left_this_minute=max(0, per_minute - used),
        quiet_until=quiet_until(db, provider, now=now),
    )


def _minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)


def _asked(row: AnyRow, now: datetime) -> int:
    return int(row.asked) if row.minute == _minute(now) else 0


def _is_quiet(row: AnyRow, now: datetime) -> bool:
    return row.quiet_until is not None and row.quiet_until > now


def _locked(db: Session, provider: str, now: datetime) -> AnyRow:
    query = select(*_columns).where(_columns.provider == provider).with_for_update()
    row = db.execute(query).first()
    if row is None:
        try:
            with db.begin_nested():
                first = {"provider": provider, "minute": now, "asked": 0, "failures": 0, "quiet_until": None}
                db.execute(insert(ProviderState).values(first))
        except IntegrityError:
            pass  # another worker was quicker
        row = db.execute(query).one()
    return row
