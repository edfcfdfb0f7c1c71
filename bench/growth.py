"""What web and worker ask all the time, with more and more patients who have a year behind them."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.loading import without_indexes
from bench.postgresql import cluster
from server.database import Database
from server.jobs import BATCH
from server.migrate import upgrade
from tests.filling import analyze
from tests.hot import Site, Undone, calls
from tests.watching import Asked, counted, heard
from tests.year import Size
from tests.year_kinds import make_year

SIZES: Mapping[str, Sequence[int]] = {"PostgreSQL": (1_000, 10_000, 100_000), "SQLite": (1_000, 10_000)}
SHORT_SIZES: Mapping[str, Sequence[int]] = {"PostgreSQL": (1_000, 4_000), "SQLite": (1_000,)}
ROUNDS = 7
# For making it: reading costs the same. As much memory for the database as a server for so many would have.
LOADING = {
    "fsync": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "maintenance_work_mem": "1GB",
    "work_mem": "16MB",
    "shared_buffers": "2GB",
    "max_wal_size": "4GB",
}
_TABLES = """
    SELECT c.relname, c.reltuples::bigint, pg_table_size(c.oid), pg_indexes_size(c.oid)
    FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
"""


@dataclass(frozen=True)
class TableSize:
    """Rows, and bytes without and with the indexes'."""

    rows: int
    own: int
    indexes: int


@dataclass(frozen=True)
class Cost:
    """Of one call at one size: milliseconds, statements, and pages (PostgreSQL) or instructions (SQLite)."""

    milliseconds: float
    work: int
    asked: Sequence[Asked]


@dataclass(frozen=True)
class Growth:
    """By size what was found; `tables` by name (of SQLite the whole file), `costs` by call."""

    database: str
    seconds: Mapping[int, float]
    tables: Mapping[int, Mapping[str, TableSize]]
    costs: Mapping[int, Mapping[str, Cost]]


def measure(folder: Path, *, sizes: Mapping[str, Sequence[int]]) -> list[Growth]:
    """First PostgreSQL, then SQLite. The sizes take turns, call by call."""
    with cluster(LOADING) as server:
        urls = {size: server.create(f"growth_{size}") for size in sizes["PostgreSQL"]}
        found = [_grown("PostgreSQL", folder, urls)]
    urls = {size: f"sqlite:///{folder / f'{size}.db'}" for size in sizes["SQLite"]}
    return [*found, _grown("SQLite", folder, urls)]


def _grown(name: str, folder: Path, urls: Mapping[int, str]) -> Growth:
    seconds: dict[int, float] = {}
    tables = {}
    for size, url in urls.items():
        begun = time.perf_counter()
        with _filled(url, size) as database:
            seconds[size] = time.perf_counter() - begun
            tables[size] = _sizes(database, url)
        print(f"bench: {name}, {size} patients made in {seconds[size]:.0f} s", flush=True)
    with ExitStack() as stack:
        sites = {}
        for size, url in urls.items():
            undone = Undone(url)
            stack.callback(undone.engine.dispose)
            sites[size] = Site(undone, folder / f"{name}-{size}")
        costs: dict[int, dict[str, Cost]] = {size: {} for size in urls}
        for call in calls(due=BATCH):
            for size, cost in _costs(sites, call).items():
                costs[size][call] = cost
    return Growth(name, seconds, tables, costs)


@contextmanager
def _filled(url: str, size: int) -> Iterator[Database]:
    upgrade(url)
    database = Database(url)
    with without_indexes(database):
        for _ in make_year(database, Size(size, BATCH)):
            pass
    analyze(database)
    yield database
    database.engine.dispose()


def _sizes(database: Database, url: str) -> Mapping[str, TableSize]:
    if database.is_sqlite:
        return {"": TableSize(0, Path(url.removeprefix("sqlite:///")).stat().st_size, 0)}
    with database.engine.connect() as connection:
        return {row[0]: TableSize(*row[1:]) for row in connection.exec_driver_sql(_TABLES)}


def _costs(sites: Mapping[int, Site], call: str) -> Mapping[int, Cost]:
    took: dict[int, list[float]] = {size: [] for size in sites}
    for _ in range(ROUNDS + 1):
        for size, site in sites.items():
            with site.database.tried():
                begun = time.perf_counter()
                calls(due=BATCH)[call](site)
                took[size].append((time.perf_counter() - begun) * 1000)
    found = {}
    for size, site in sites.items():
        with site.database.tried(), heard(site.database.engine, figures=True) as seen:
            calls(due=BATCH)[call](site)
        work = sum(asked.pages for asked in seen.asked) if not site.database.is_sqlite else _steps(site, call)
        found[size] = Cost(median(took[size][1:]), work, seen.asked)  # the first finds nothing in memory
    return found


def _steps(site: Site, call: str) -> int:
    with site.database.tried() as connection, counted(connection) as seen:
        calls(due=BATCH)[call](site)
    return seen.steps
