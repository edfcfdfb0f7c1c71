"""What tests of pulling look at, and how they make a pull due."""

import time
from collections.abc import Callable
from datetime import date

from sqlalchemy import select, update

from server.dependencies import Dependencies
from server.models import AnyRow, Occurrence, StepDay, WearableConnection
from server.services.owner import Owner

TODAY = date(2026, 11, 22)
Connect = Callable[..., Owner]
Row = Callable[[], AnyRow]


def days(deps: Dependencies) -> dict[date, int]:
    with deps.database.read() as db:
        return {day.on: day.steps for day in db.execute(select(StepDay.on, StepDay.steps))}


def notices(deps: Dependencies) -> list[str]:
    with deps.database.read() as db:
        return list(db.execute(select(Occurrence.state).where(Occurrence.kind == "device")).scalars())


def make_due(deps: Dependencies) -> None:
    with deps.database.write() as db:
        db.execute(update(WearableConnection).values(next_sync_at=deps.clock()))


def puller_claims(db: object, deps: Dependencies) -> list[object]:
    from server.services.wearable_sync import claim_due

    return list(claim_due(db, "google_health", limit=5, now=deps.clock()))  # type: ignore[arg-type]


def wait_until(is_so: Callable[[], bool]) -> None:
    ends = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.02)
