"""The engine, and the two kinds of transaction: one that reads and one that writes."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

THREADS = 8  # of the web process; each holds at most one connection
TURN = "turn"  # where a connection keeps the locked file of the writer's turn


class Database:
    """SQLite in the data folder, or PostgreSQL. Both commit once, when the `with` block ends without an error."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        self._writer = self.engine.execution_options(begin="BEGIN IMMEDIATE")

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that only looks."""
        with Session(self.engine, autoflush=False, expire_on_commit=False) as db:
            yield db

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that changes something: all of it is kept, or nothing.

        On SQLite writers take turns. One's turn begins with its first statement, so what is worked out before that
        holds up nobody.
        """
        with Session(self._writer, autoflush=False, expire_on_commit=False) as db, db.begin():
            yield db


def _engine(url: str) -> Engine:
    # hide_parameters: an error's text must not carry what a patient wrote.
    if not url.startswith("sqlite"):
        return create_engine(url, hide_parameters=True, pool_size=THREADS, max_overflow=4, pool_pre_ping=True)
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=THREADS,
        max_overflow=4,
        connect_args={"check_same_thread": False, "isolation_level": None, "timeout": 15},
    )

    @event.listens_for(engine, "connect")
    def _settle(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        # The order matters: switching to WAL is itself a write that may have to wait. FULL waits for the disk at each
        # commit: a phone forgets what was answered with 2xx, so a power cut must not take it back.
        for pragma in ("busy_timeout=15000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A read that later turns into a write loses to whoever wrote in between; a writer must start as one.
        begin = connection.get_execution_options().get("begin")
        if begin:
            connection.info[TURN] = _take_turn(f"{engine.url.database}-turn")
            connection.exec_driver_sql(begin)
        else:
            connection.connection.execute("BEGIN")  # cannot fail, so it may go past SQLAlchemy: 20 µs in every request

    @event.listens_for(engine, "checkin")
    def _end_turn(_connection: object, record: ConnectionPoolEntry) -> None:
        # However the transaction ended, it has ended: a connection comes back after its commit or its rollback.
        if (turn := record.info.pop(TURN, None)) is not None:
            os.close(turn)

    return engine


def _take_turn(path: str) -> int:
    """SQLite's own way to wait for another writer is to sleep and try again; a locked file wakes who waits."""
    file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
    except BaseException:
        os.close(file)
        raise
    return file
