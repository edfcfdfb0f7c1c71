"""A PostgreSQL of the bench's own, as a real one is set: what is committed is on the disk."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.processes import family_cpu_seconds
from tests import postgresql

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "log_min_messages": "fatal",
}


@dataclass(frozen=True)
class Cluster:
    """One that runs; `address` is of its maintenance database."""

    address: str

    def create(self, name: str) -> str:
        """The address of a new database, as `DATABASE_URL` takes it."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.address.replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", f"/{name}?")

    def cpu_seconds(self) -> float:
        """What all its processes have used so far; each is in a group of its own."""
        folder = Path(self.address.partition("?host=")[2])
        return family_cpu_seconds(int((folder / "data" / "postmaster.pid").read_text().split()[0]))


@contextmanager
def cluster(more: Mapping[str, str] | None = None) -> Iterator[Cluster]:
    """On a socket, gone afterwards. `more` settings beside the usual ones."""
    with postgresql.cluster({**SETTINGS, **(more or {})}) as made:
        yield Cluster(made.address)
