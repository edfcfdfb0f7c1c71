"""How alembic runs here: always against a live connection of ours, in one transaction."""

from alembic import context
from sqlalchemy import Connection, text

from server.models import Base

LOCK = 20261129  # any number: of several servers that start at once, one migrates and the others wait


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


# Begun before alembic sees the connection: left to itself it commits after each step on SQLite, and another server that
# had counted the same steps would come in between.
with context.config.attributes["database"].engine.execution_options(begin="BEGIN IMMEDIATE").begin() as own:
    if own.dialect.name == "postgresql":  # SQLite's own BEGIN IMMEDIATE lets one in
        own.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    run(own)
