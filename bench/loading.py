"""Fills a database without its indexes, which are made afterwards: that takes a fraction of the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from server.database import Database

# In the order in which they can be dropped: what refers to a key goes before the key.
_CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype
    FROM pg_constraint WHERE contype IN ('f', 'u', 'p') AND connamespace = 'public'::regnamespace
    ORDER BY contype
"""
_INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes
    WHERE schemaname = 'public' AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""


@contextmanager
def without_indexes(database: Database) -> Iterator[None]:
    """Meanwhile there is nothing to keep in order; afterwards all is as it was."""
    with (_sqlite if database.is_sqlite else _postgresql)(database):
        yield


@contextmanager
def _sqlite(database: Database) -> Iterator[None]:
    """The indexes of keys stay: SQLite cannot do without."""
    with database.engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql > ''"
        ).all()
        for name, _ in found:
            connection.exec_driver_sql(f"DROP INDEX {name}")
        connection.commit()
    yield
    with database.engine.connect() as connection:
        for _, made in found:
            connection.exec_driver_sql(made)
        connection.commit()


@contextmanager
def _postgresql(database: Database) -> Iterator[None]:
    with database.engine.begin() as connection:
        constraints: Any = connection.exec_driver_sql(_CONSTRAINTS).all()
        indexes = connection.exec_driver_sql(_INDEXES).all()
        keys = [row for row in constraints if row[3] != "f"]
        for table, name, _, _ in [row for row in constraints if row[3] == "f"] + keys:
            connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for name, _ in indexes:
            connection.exec_driver_sql(f"DROP INDEX {name}")
    yield
    with database.engine.begin() as connection:
        for table, name, made, kind in [*keys, *(row for row in constraints if row[3] == "f")]:
            unread = " NOT VALID" if kind == "f" else ""  # it is asked of new rows alone: these were made to fit
            connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {made}{unread}")
        for _, made in indexes:
            connection.exec_driver_sql(made)
