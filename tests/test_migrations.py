"""Migrations build exactly the models, on both databases; running them again changes nothing."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, event, inspect, text

from server.database import Database
from server.migrate import SCRIPTS, alembic_config, differences, is_current, upgrade
from server.models import Base
from tests import databases


@pytest.fixture
def empty_url(tmp_path: Path, worker_id: str) -> Iterator[str]:
    """A database without a table, of the kind that this run is on."""
    if databases.postgresql_url():
        name = f"empty_{worker_id}"
        yield databases.empty_database(name)
        databases.drop_database(name)
    else:
        yield f"sqlite:///{tmp_path / 'empty.db'}"


def tables(url: str) -> set[str]:
    database = Database(url)
    found = set(inspect(database.engine).get_table_names())
    database.engine.dispose()
    return found


def test_migrations_build_the_models(empty_url: str) -> None:
    assert differences(empty_url) == []
    assert tables(empty_url) == set(Base.metadata.tables) | {"alembic_version"}


def test_migrations_build_the_models_indexes_and_checks_too(empty_url: str, tmp_path: Path, worker_id: str) -> None:
    """Autogenerate does not look at checks and partial indexes, so both ways are built and compared."""
    upgrade(empty_url)
    database = Database(empty_url)
    migrated = _shape(database)
    with database.engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
        Base.metadata.drop_all(connection)
        Base.metadata.create_all(connection)
    assert _shape(database) == migrated
    database.engine.dispose()


def _shape(database: Database) -> dict[str, object]:
    looks = inspect(database.engine)
    return {
        table: (
            sorted((c["name"], str(c["type"]), c["nullable"]) for c in looks.get_columns(table)),
            sorted(
                (i["name"] or "", tuple(i["column_names"]), i["unique"], str(sorted(i.get("dialect_options", {}))))
                for i in looks.get_indexes(table)
            ),
            sorted((c["name"] or "", c["sqltext"]) for c in looks.get_check_constraints(table)),
            sorted((c["name"] or "", tuple(c["column_names"])) for c in looks.get_unique_constraints(table)),
            sorted(
                (c["name"] or "", c["referred_table"], c["options"].get("ondelete"))
                for c in looks.get_foreign_keys(table)
            ),
            looks.get_pk_constraint(table)["constrained_columns"],
        )
        for table in sorted(Base.metadata.tables)
    }


def test_a_second_upgrade_changes_nothing(empty_url: str) -> None:
    assert not is_current(empty_url)
    upgrade(empty_url)
    assert is_current(empty_url)
    database = Database(empty_url)
    with database.write() as db:
        db.execute(text("INSERT INTO server_facts (name, value) VALUES ('colour', 'red')"))
    upgrade(empty_url)
    with database.read() as db:
        assert db.execute(text("SELECT value FROM server_facts")).scalar_one() == "red"
    database.engine.dispose()


def test_several_servers_may_start_at_once(empty_url: str) -> None:
    """In processes of their own, for alembic keeps what it works on in the module."""
    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as processes:
        list(processes.map(upgrade, [empty_url] * 3))
    assert is_current(empty_url)


def test_every_migration_is_kept_or_none(empty_url: str) -> None:
    """One commit, at the end: so no server meets half of them, and none runs a step that another has had."""
    commits: list[object] = []
    count = commits.append
    event.listen(Engine, "commit", count)
    try:
        upgrade(empty_url)
    finally:
        event.remove(Engine, "commit", count)
    assert len(commits) == 1


def test_there_is_no_way_down_from_the_first_tables(empty_url: str) -> None:
    """Going back means restoring a backup: a downgrade that drops what patients wrote would be a trap."""
    upgrade(empty_url)
    database = Database(empty_url)
    with pytest.raises(RuntimeError, match="backup"):
        command.downgrade(alembic_config(database), "base")
    database.engine.dispose()
    assert is_current(empty_url)


def test_the_migrations_are_one_line_without_forks() -> None:
    found = sorted(path.stem for path in (SCRIPTS / "versions").glob("*.py") if path.stem != "__init__")
    assert [name.split("_")[0] for name in found] == [f"{n:04}" for n in range(1, len(found) + 1)]
