"""Pulling steps: whose turn it is, what was read, and what a failure means for the patient.

Nothing here goes over the network. A worker claims connections, reads with no transaction open (`server/pulling.py`),
and gives back what it found; a claim or a consent that is older than the row's drops its result.
"""

import random
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from integrations.provider import Reading
from server.localtime import days, local_date
from server.models import AnyRow, Patient, WearableConnection
from server.services import device_notices
from server.services.counters import count
from server.services.glucose_imports import save_readings
from server.services.owner import Owner, lock_patients
from server.services.step_counts import StepsOfDay, save_provider_counts

READ_LEASE = timedelta(minutes=6)  # longer than the slowest read: a token, pages, the tracker, a minute each
EVERY = timedelta(minutes=60)
DEVICE_EVERY = timedelta(hours=6)
JITTER = 0.2
FIRST_DAYS, WEEK, MONTH = 14, 7, 30
FIRST_READINGS, READINGS_AGAIN = timedelta(days=14), timedelta(days=7)
HISTORY_DAYS, CHUNK_DAYS = 90, 60
HISTORY_AGAIN = timedelta(seconds=20)
FIRST_WAIT, LONGEST_WAIT = 60.0, 6 * 3600.0
SETUP_AGAIN = timedelta(days=1)
ADMIN_AGAIN = timedelta(hours=1)
REFUSED_RUNS, REFUSED_FOR = 3, timedelta(hours=6)

Problem = Literal[
    "needs_reconnect", "needs_setup", "admin_problem", "provider_retired", "backing_off", "refused", "unexpected"
]

_connections = cast(Table, WearableConnection.__table__)
_here = _connections.c


@dataclass(frozen=True)
class Due:
    """One connection that a worker holds, and the days to read: the last week, or more when more is owed."""

    owner: Owner
    provider: str
    generation: int
    claims: int
    sealed: bytes | None
    token_expires_at: datetime | None
    glucose: bool
    glucose_until: datetime | None
    missing: Sequence[str]
    first: date
    last: date
    read_from: date | None
    reread_from: date | None
    deleted_from: date | None
    deleted_to: date | None
    device: str | None
    failures: int
    failing_since: datetime | None
    noticed_at: datetime | None
    device_read_at: datetime | None

    def removed(self, found: Collection[date]) -> list[date]:
        """Days that the provider said something was taken from, and of which it now knows nothing."""
        if self.deleted_from is None or self.deleted_to is None:
            return []
        asked = days(max(self.deleted_from, self.first), min(self.deleted_to, self.last))
        return [on for on in asked if on not in found]

    def readings_from(self, now: datetime) -> datetime:
        """Since when sugar readings are read: of a week each time, for a meter may be read out days late."""
        return min(self.glucose_until or now - FIRST_READINGS, now - READINGS_AGAIN)

    def wants_device(self, now: datetime) -> bool:
        """Which tracker it is, and when it last synced, is asked a few times a day: most pulls are one request."""
        return self.device_read_at is None or now - self.device_read_at >= DEVICE_EVERY


@dataclass(frozen=True)
class Read:
    """What a pull found. `counts` lie within the days that were asked for; `missing` are data types not permitted."""

    counts: Sequence[StepsOfDay] = ()
    readings: Sequence[Reading] = ()
    removed: Sequence[date] = ()
    missing: Sequence[str] = ()
    device: str | None = None
    device_synced_at: datetime | None = None
    device_asked: bool = False
    label: str = ""


@dataclass(frozen=True)
class Failure:
    """Why a pull found nothing. `reason` is a stable word; `retry_after` what the provider asked for, in seconds."""

    problem: Problem
    reason: str = ""
    link: str | None = None
    retry_after: float | None = None


_OF_ROW = {member.name for member in fields(Due)} - {"owner", "first", "last"}


def any_due(db: Session, provider: str, *, now: datetime) -> bool:
    """Whether it is worth a transaction that writes."""
    query = select(_here.patient_id).where(_here.provider == provider, _here.next_sync_at <= now).limit(1)
    return db.execute(query).first() is not None


def claim_due(db: Session, provider: str, *, limit: int, now: datetime) -> list[Due]:
    """Take up to `limit` connections of a provider whose turn has come, until the lease ends."""
    ready = (
        select(_here.patient_id)
        .where(_here.provider == provider, _here.next_sync_at <= now)
        .order_by(_here.next_sync_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    patients = list(db.execute(ready).scalars())
    if not patients:
        return []
    taken = update(_connections).where(_here.provider == provider, _here.patient_id.in_(patients))
    values = {"next_sync_at": now + READ_LEASE, "last_try_at": now, "claims": _here.claims + 1}
    rows = db.execute(taken.values(values).returning(*_here)).all()
    found = select(Patient.id, Patient.time_zone).where(Patient.id.in_([row.patient_id for row in rows]))
    zones = {row.id: row.time_zone for row in db.execute(found)}
    return [_due(row, Owner(row.patient_id, zones[row.patient_id]), now) for row in rows]


def _due(row: AnyRow, owner: Owner, now: datetime) -> Due:
    first, last = _days_owed(row, local_date(now, owner.time_zone))
    return Due(owner=owner, first=first, last=last, **{name: getattr(row, name) for name in _OF_ROW})


def _days_owed(row: AnyRow, today: date) -> tuple[date, date]:
    """Two weeks when a connection is new, then its history, newest first; after that the last week, once a week more.

    Each is one request: 60 days stay below every provider's limit, whichever way it counts the last one.
    """

    def back(days: int) -> date:
        return today - timedelta(days=days - 1)

    if row.read_from is None:
        return back(FIRST_DAYS), today
    if row.read_from > back(CHUNK_DAYS):
        return back(CHUNK_DAYS), today
    if row.read_from > back(HISTORY_DAYS):
        return back(HISTORY_DAYS), back(HISTORY_DAYS) + timedelta(days=CHUNK_DAYS - 1)
    a_month = row.month_read_on is None or today - row.month_read_on >= timedelta(days=7)
    first = back(MONTH if a_month else WEEK)
    if row.reread_from is not None:  # a notice; its days may be cut differently where the patient's zone is another
        first = max(min(first, row.reread_from - timedelta(days=1)), back(CHUNK_DAYS))
    return first, today


def finish_all(db: Session, found: Sequence[tuple[Due, Read | Failure]], *, now: datetime) -> list[str | None]:
    """Keep what pulls found; returns the new states, None for each whose claim, consent or account was over."""
    held = lock_patients(db, [due.owner.id for due, _ in found])  # patients before anything of theirs
    by_id = {due.owner.id: (due, result) for due, result in found}
    states = {each: _finish(db, *by_id[each], now=now) for each in held}  # in the order that everybody locks in
    kept = [states.get(due.owner.id) for due, _ in found]
    count(db, "pulls", Counter((due.provider, state) for (due, _), state in zip(found, kept, strict=True) if state))
    return kept


def _finish(db: Session, due: Due, found: Read | Failure, *, now: datetime) -> str | None:
    mine = (_here.patient_id == due.owner.id, _here.provider == due.provider)
    row = db.execute(select(*_here).where(*mine)).first()
    if row is None or (row.claims, row.generation) != (due.claims, due.generation):
        return None
    values = _after_read(due, row, found, now) if isinstance(found, Read) else _after_failure(due, found, now)
    if isinstance(found, Read) and (found.counts or found.removed):
        save_provider_counts(
            db,
            due.owner,
            due.provider,
            found.label,
            found.counts,
            removed_days=found.removed,
            now=now,
        )
    if isinstance(found, Read) and found.readings:
        save_readings(db, due.owner, due.provider, found.readings, now=now)
    state: str = values["state"]
    broken = state in ("needs_reconnect", "needs_setup", "provider_retired")
    if broken and row.noticed_at is None:
        device_notices.tell(db, due.owner, now=now)
        values["noticed_at"] = now
    elif state == "active" and row.noticed_at is not None:
        device_notices.close(db, due.owner, now=now)
        values["noticed_at"] = None
    db.execute(update(_connections).where(*mine).values(values))
    return state


def _after_read(due: Due, row: AnyRow, found: Read, now: datetime) -> dict[str, Any]:
    today = local_date(now, due.owner.time_zone)
    read_from = min(due.read_from or due.first, due.first)
    whole = read_from <= today - timedelta(days=HISTORY_DAYS - 1)
    values: dict[str, Any] = {
        "state": "active",
        "reason": None,
        "link": None,
        "missing": list(found.missing),
        "device": found.device or row.device,
        "device_synced_at": found.device_synced_at or row.device_synced_at,
        "device_read_at": now if found.device_asked else row.device_read_at,
        "glucose_until": max((reading.at for reading in found.readings), default=row.glucose_until),
        "last_ok_at": now,
        "failures": 0,
        "failing_since": None,
        "read_from": read_from,
        "next_sync_at": now + (spread(EVERY) if whole else HISTORY_AGAIN),
    }
    if (row.reread_from, row.deleted_from, row.deleted_to) == (due.reread_from, due.deleted_from, due.deleted_to):
        values |= {"reread_from": None, "deleted_from": None, "deleted_to": None}
    else:  # a notice came while we read
        values["next_sync_at"] = now
    if (today - due.first).days >= MONTH - 1 and due.last == today:
        values["month_read_on"] = today
    return values


def _after_failure(due: Due, found: Failure, now: datetime) -> dict[str, Any]:
    failures = due.failures + 1
    since = due.failing_since or now
    values: dict[str, Any] = {
        "state": found.problem,
        "reason": found.reason or None,
        "link": found.link,
        "failures": failures,
        "failing_since": since,
    }
    if found.problem in ("refused", "unexpected", "backing_off"):
        # A refusal that lasts is a consent that was taken away without a word; one that does not was a hiccup.
        lasting = found.problem == "refused" and failures >= REFUSED_RUNS and now - since >= REFUSED_FOR
        values["state"] = "needs_reconnect" if lasting else "backing_off"
        values["next_sync_at"] = None if lasting else now + _wait(failures, found.retry_after)
    else:
        again = {"needs_setup": SETUP_AGAIN, "admin_problem": ADMIN_AGAIN}.get(found.problem)
        values["next_sync_at"] = None if again is None else now + spread(again)
    if values["state"] == "needs_reconnect":
        values |= {"sealed": None, "token_expires_at": None}
    return values


def _wait(failures: int, retry_after: float | None) -> timedelta:
    """Twice as long each time, with jitter; never sooner than the provider asked for."""
    longest = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(failures - 1, 12))
    return timedelta(seconds=max(random.uniform(longest / 2, longest), retry_after or 0.0))


def spread(every: timedelta) -> timedelta:
    """About so long, so that connections made in one minute are not read in one minute for ever."""
    return every * random.uniform(1 - JITTER, 1 + JITTER)
