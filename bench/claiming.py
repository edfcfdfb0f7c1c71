"""What waking, claiming and finishing a message costs, with few and with many other moments open."""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from bench.crowd import make_crowd
from bench.postgresql import cluster
from integrations.push import PushResult
from server.database import Database
from server.jobs import BATCH
from server.migrate import upgrade
from server.services.sending import claim_deliveries, finish_deliveries
from server.services.waking import wake_due

SIZES = (1_000, 100_000, 1_000_000)
SHORT_SIZES = (1_000, 10_000)
ROUNDS = 9  # of a batch each, so that the smallest still has some at the end
EACH = 10  # moments of a patient
BEGINS = datetime(2026, 11, 22, 9, 15, tzinfo=UTC)


@dataclass(frozen=True)
class Claims:
    """Microseconds for a message, medians of the batches."""

    database: str
    moments: int
    wake: float
    claim: float
    finish: float

    @property
    def total(self) -> float:
        return self.wake + self.claim + self.finish


def measure(folder: Path, *, sizes: Sequence[int]) -> list[Claims]:
    """The sizes take turns, batch by batch."""
    found = []
    for name, databases in (("SQLite", _sqlite), ("PostgreSQL", _postgresql)):
        with databases(folder, sizes) as made:
            found += _claims(name, made)
    return found


@contextmanager
def _sqlite(folder: Path, sizes: Sequence[int]) -> Iterator[dict[int, Database]]:
    yield {size: _database(f"sqlite:///{folder / f'{size}.db'}", size) for size in sizes}


@contextmanager
def _postgresql(_folder: Path, sizes: Sequence[int]) -> Iterator[dict[int, Database]]:
    with cluster() as server:
        yield {size: _database(server.create(f"bench_{size}"), size) for size in sizes}


def _database(url: str, moments: int) -> Database:
    upgrade(url)
    database = Database(url)
    endpoint = "https://updates.push.services.mozilla.com/wpush/v2/"
    patients = moments // EACH
    make_crowd(database, patients=patients, moments=moments, begins=BEGINS, seconds=1, endpoint=endpoint)
    return database


def _claims(name: str, databases: dict[int, Database]) -> list[Claims]:
    found: defaultdict[int, list[tuple[float, float, float]]] = defaultdict(list)
    for number in range(ROUNDS):
        for size, database in databases.items():
            found[size].append(_batch(database, BEGINS + timedelta(seconds=(number + 1) * BATCH)))
    return [
        Claims(name, size, *(median(times) / BATCH * 1e6 for times in zip(*batches[1:], strict=True)))
        for size, batches in found.items()
    ]


def _batch(database: Database, now: datetime) -> tuple[float, float, float]:
    """Seconds, each step with its commit as the worker does it. `BATCH` moments have fallen due since the last."""
    begun = time.perf_counter()
    with database.write() as db:
        woken = wake_due(db, limit=BATCH, now=now)
    is_awake = time.perf_counter()
    with database.write() as db:
        rows = claim_deliveries(db, limit=BATCH, now=now)
    is_claimed = time.perf_counter()
    with database.write() as db:
        sent = [(row, PushResult(row.id.hex, "accepted", 201)) for row in rows]
        states = finish_deliveries(db, sent, now=now)
    is_finished = time.perf_counter()
    if (woken, [state for _, state in states]) != (BATCH, ["sent"] * BATCH):
        raise RuntimeError(f"{woken} were woken and {len(states)} sent, not {BATCH}")
    return is_awake - begun, is_claimed - is_awake, is_finished - is_claimed
