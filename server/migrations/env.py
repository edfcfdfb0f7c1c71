"""How alembic runs here: always against a live connection of ours, in one transaction."""

from alembic import context
from sqlalchemy import Connection

from server.models import Base


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


with context.config.attributes["database"].engine.execution_options(begin="BEGIN IMMEDIATE").connect() as own:
    run(own)
    own.commit()
