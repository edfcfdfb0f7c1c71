"""Migrations without an ini file: bring a database up to date, and compare it with the models."""

from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from server.database import Database
from server.models import Base

SCRIPTS = Path(__file__).parent / "migrations"


def alembic_config(database: Database) -> Config:
    """What alembic's commands take; `env.py` finds the database in it."""
    config = Config(attributes={"database": database})
    config.set_main_option("script_location", str(SCRIPTS))
    return config


def upgrade(url: str) -> None:
    """Run every migration that this database has not had."""
    database = Database(url)
    command.upgrade(alembic_config(database), "head")
    database.engine.dispose()


def is_current(url: str) -> bool:
    """Whether nothing is left to run; much quicker than an upgrade that does nothing."""
    heads = {path.stem.split("_")[0] for path in (SCRIPTS / "versions").glob("[0-9]*.py")}
    database = Database(url)
    try:
        with database.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision() == max(heads)
    finally:
        database.engine.dispose()


def differences(url: str | None = None) -> list[str]:
    """What autogenerate would still write for a database that has had every migration; by default a new SQLite one."""
    with TemporaryDirectory() as folder:
        database = Database(url or f"sqlite:///{folder}/new.db")
        command.upgrade(alembic_config(database), "head")
        with database.engine.connect() as connection:
            found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata)
        database.engine.dispose()
    return [str(difference) for difference in found]
