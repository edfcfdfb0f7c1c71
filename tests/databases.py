"""Databases for tests on PostgreSQL: one for each worker, emptied between tests: a copy takes ten times as long."""

import os
from collections.abc import Callable

import psycopg
from psycopg import sql

VARIABLE = "FOOTWELL_TEST_POSTGRESQL_URL"
TEMPLATE = "footwell_template"
LOCK = 20261122  # any number: two workers make the template only once


def postgresql_url() -> str | None:
    """The server that `python3 -m tests` started for this run; None means the run is on SQLite."""
    return os.environ.get(VARIABLE)


_made: set[str] = set()


def fresh_database(name: str, migrate: Callable[[str], None]) -> str:
    """The address of a database `name` without rows, with nobody in it; `migrate` is called once, for the template."""
    if name not in _made or not _is_emptied(name):
        _copy_template(name, migrate)
        _made.add(name)
    return address(name)


def _copy_template(name: str, migrate: Callable[[str], None]) -> None:
    with _server() as server:
        server.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", (TEMPLATE,)).fetchone():
            draft = TEMPLATE + "_draft"
            _make(server, draft, "template0")
            migrate(address(draft))
            server.execute(_statement("ALTER DATABASE {} RENAME TO {}", draft, TEMPLATE))
        server.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))
        _make(server, name, TEMPLATE)


def _is_emptied(name: str) -> bool:
    """False when what a test left running is in the way: then a copy is made, which puts everybody out."""
    try:
        _empty(name)
    except psycopg.Error:
        return False
    return True


def _empty(name: str) -> None:
    with _server() as server:  # whoever a test left behind may still hold a row
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
    with psycopg.connect(address(name).replace("+psycopg", ""), autocommit=True) as database:
        database.execute("SET session_replication_role = replica")  # the order of foreign keys does not matter then
        tables = database.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        ).fetchall()
        full = [
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(table, sql.Identifier(table))
            for (table,) in tables
        ]
        found = database.execute(sql.SQL(" UNION ALL ").join(full)).fetchall()
        for (table,) in found:
            database.execute(_statement("DELETE FROM {}", table))


def empty_database(name: str) -> str:
    """The address of a database `name` without a table, for tests of the migrations themselves."""
    with _server() as server:
        _make(server, name, "template0")
    return address(name)


def drop_database(name: str) -> None:
    with _server() as server:
        server.execute(_statement("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))


def address(name: str) -> str:
    """As `DATABASE_URL` takes it and SQLAlchemy opens it."""
    url = postgresql_url()
    if url is None:
        raise RuntimeError(f"{VARIABLE} is not set")
    return url.replace("postgresql://", "postgresql+psycopg://", 1).replace("/postgres?", f"/{name}?", 1)


def _server() -> "psycopg.Connection[tuple[object, ...]]":
    url = postgresql_url()
    if url is None:
        raise RuntimeError(f"{VARIABLE} is not set")
    return psycopg.connect(url, autocommit=True)


def _make(server: "psycopg.Connection[tuple[object, ...]]", name: str, template: str) -> None:
    server.execute(_statement("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))
    server.execute(_statement("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, template))


def _statement(text: str, *names: str) -> sql.Composed:
    return sql.SQL(text).format(*(sql.Identifier(name) for name in names))
