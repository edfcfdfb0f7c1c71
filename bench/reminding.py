"""Reminders that fall due in the same moment, sent by real workers on PostgreSQL to a sink on the same two cores."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import select

from bench.crowd import make_crowd
from bench.postgresql import cluster
from bench.processes import Running, environment, shared_keys, started
from bench.sink import sink
from bench.sync import WORKER
from server.database import Database
from server.migrate import upgrade
from server.models import Occurrence, PushDelivery

WORKERS = (1, 2, 4)
MESSAGES = 100_000
READY_SECONDS, WRITTEN_PER_SECOND = 15.0, 5000
AT_MOST = 900.0


@dataclass(frozen=True)
class Reminding:
    """Seconds from the moment to what was sent; microseconds of CPU for a message; memory of the largest worker."""

    workers: int
    messages: int
    per_second: float
    half_sent: float
    last_sent: float
    worker_us: float
    database_us: float
    sink_us: float
    memory: int
    errors: Sequence[str]


def measure(folder: Path, *, messages: int, workers: Sequence[int] = WORKERS) -> list[Reminding]:
    """A database of their own for each number of workers."""
    found = []
    for count in workers:
        own = folder / f"{count}"
        own.mkdir()
        found.append(_remind(own, messages, count))
    return found


def _remind(folder: Path, messages: int, workers: int) -> Reminding:
    with sink(folder) as service, cluster() as server, ExitStack() as stack:
        url = server.create("bench")
        upgrade(url)
        database = Database(url)
        stack.callback(database.engine.dispose)
        due_at = datetime.now(UTC) + timedelta(seconds=READY_SECONDS + messages / WRITTEN_PER_SECOND)
        endpoint = service.endpoint("")
        make_crowd(database, patients=messages, moments=messages, begins=due_at, seconds=0, endpoint=endpoint)
        env = {"DATABASE_URL": url, "FOOTWELL_PUSH_HOSTS": service.host, **service.trust, **shared_keys()}
        groups = []
        for number in range(workers):
            data = environment(folder / f"data-{number}")
            process = stack.enter_context(started(WORKER, data | env))
            groups.append(Running(process.pid, "", 0))
        if datetime.now(UTC) + timedelta(seconds=READY_SECONDS / 2) > due_at:
            raise RuntimeError("the reminders fell due before the workers were ready for them")
        time.sleep((due_at - datetime.now(UTC)).total_seconds() - 1)
        before = [sum(group.cpu_seconds() for group in groups), server.cpu_seconds(), service.server.cpu_seconds()]
        _wait_until_sent(database, due_at)
        after = [sum(group.cpu_seconds() for group in groups), server.cpu_seconds(), service.server.cpu_seconds()]
        memory = max(group.memory()["Pss"] for group in groups)
        with database.read() as db:
            sent = select(PushDelivery.sent_at).where(PushDelivery.state == "sent")
            lags = sorted((at - due_at).total_seconds() for at in db.execute(sent).scalars() if at)
    lost = messages - len(lags)
    return Reminding(
        workers,
        messages,
        len(lags) / lags[-1],
        median(lags),
        lags[-1],
        *((end - start) / messages * 1e6 for start, end in zip(before, after, strict=True)),
        memory,
        [f"{lost} reminders were not sent by {workers} workers"] if lost else [],
    )


def _wait_until_sent(database: Database, due_at: datetime) -> None:
    """Asks the indexes over what is open: it costs the database next to nothing."""
    left = (
        select(Occurrence.id).where(Occurrence.wake_at <= due_at).limit(1),
        select(PushDelivery.id).where(PushDelivery.next_try_at.is_not(None)).limit(1),
    )
    until = time.monotonic() + AT_MOST
    while time.monotonic() < until:
        time.sleep(0.5)
        with database.read() as db:
            if datetime.now(UTC) > due_at and not any(db.execute(query).first() for query in left):
                return
    raise RuntimeError("the reminders were not sent in a quarter of an hour")
