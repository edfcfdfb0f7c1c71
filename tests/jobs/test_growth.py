"""Nothing that web and worker ask all the time costs more because there are more patients."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint, text

from server.database import Database
from server.models import Base
from tests.api.test_every_route import ROUTES, ask, ids, in_order
from tests.factories import Browser
from tests.hot import Site, Undone, calls
from tests.watching import PARTIAL, counted, heard
from tests.year import Size
from tests.year_kinds import make_year

__all__ = ["ids"]

DUE, DAYS = 20, 60
FEWER, MORE = 80, 800
ON_PURPOSE = "count connections"  # looks at each of them, every ten minutes
# A tree of an index grows by a level now and then, and rows that are looked for lie on either side of one.
MUCH_MORE, STEPS_MORE = 1.1, 100


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Iterator[Site]:
    """With a few hundred patients."""
    with made(database, MORE // 4, tmp_path / "data") as found:
        yield found


@contextmanager
def made(database: Database, patients: int, folder: Path) -> Iterator[Site]:
    """So many patients in an empty database, and what is asked of it."""
    list(make_year(database, Size(patients, DUE, DAYS)))
    undone = Undone(database.url)
    yield Site(undone, folder)
    undone.engine.dispose()


@contextmanager
def made_on_sqlite(migrated: Path, file: Path, patients: int, without: str | None) -> Iterator[Site]:
    """The same in a SQLite file, whichever database the other tests run on; `without` this index."""
    file.write_bytes(migrated.read_bytes())
    database = Database(f"sqlite:///{file}")
    if without:
        drop(database, without)
    with made(database, patients, file.with_suffix(".data")) as found:
        yield found
    database.engine.dispose()


def drop(database: Database, index: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text(f"DROP INDEX {index}"))


def whole_tables(site: Site, begins: str = "") -> list[str]:
    """What reads a table of patients from end to end, of all the calls whose name begins so."""
    found = []
    for name, call in calls(due=DUE).items():
        if not name.startswith(begins):
            continue
        with site.database.tried(), heard(site.database.engine) as seen:
            call(site)
        assert seen.asked, name
        found += [f"{name}: {scan} for {asked.statement}" for asked in seen.asked for scan in asked.reads_all]
    return found


def test_nothing_reads_a_table_from_end_to_end(site: Site) -> None:
    assert [found for found in whole_tables(site) if not found.startswith(ON_PURPOSE)] == []


@pytest.mark.parametrize(
    ("index", "whose"),
    [
        ("ix_sign_ins_expires_at", "prune"),
        ("ix_password_resets_expires_at", "prune"),
        ("ix_push_deliveries_created_at", "prune"),
        ("ix_push_subscriptions_last_received_at", "look for quiet browsers"),
        ("ix_push_subscriptions_state", "a push service takes messages again"),
        ("ix_occurrences_wake_at_id", "wake what is due"),
        ("ix_reminders_planned_until", "plan ahead"),
        ("ix_plans_replan_at", "begin days"),
        ("ix_step_goals_look_at", "look at step goals"),
    ],
)
def test_without_its_index_something_does(index: str, whose: str, site: Site) -> None:
    """So the test above looks at what it should."""
    drop(site.database, index)
    assert whole_tables(site, whose)


def test_without_its_index_the_deletion_of_an_account_does(migrated: Path, tmp_path: Path) -> None:
    """PostgreSQL's plans say nothing of the rows that go with it; SQLite's do."""
    with made_on_sqlite(migrated, tmp_path / "own.db", MORE // 4, "ix_password_resets_patient_id") as site:
        assert whole_tables(site, "delete an account")


def test_no_route_does_either(app: Flask, patient: Browser, ids: dict[str, str], subtests: pytest.Subtests) -> None:
    database: Database = app.extensions["footwell"].database
    for route in in_order(ROUTES):
        with subtests.test(f"{route.method} {route.path}"), heard(database.engine) as seen:
            assert ask(patient, route, ids).status_code == route.expected
            assert [(each.reads_all, each.statement) for each in seen.asked if each.reads_all] == []


@pytest.mark.parametrize(
    ("without", "grows"),
    [
        (None, {ON_PURPOSE}),
        ("ix_wearable_connections_provider_next_sync_at_patient_id", {ON_PURPOSE, "pull: anything due?", "/metrics"}),
    ],
)
def test_ten_times_as_many_patients_take_as_many_steps(
    without: str | None, grows: set[str], migrated: Path, tmp_path: Path
) -> None:
    """SQLite's machine is counted: the same work takes the same instructions on every computer."""
    fewer, more = (_all_steps(migrated, tmp_path / f"{patients}.db", patients, without) for patients in (FEWER, MORE))
    grown = {name: (fewer[name], more[name]) for name in more if more[name] > fewer[name] * MUCH_MORE + STEPS_MORE}
    assert set(grown) == grows, grown


def _all_steps(migrated: Path, file: Path, patients: int, without: str | None) -> dict[str, int]:
    with made_on_sqlite(migrated, file, patients, without) as site:
        return {name: _steps(site, name) for name in calls(due=DUE)}


def _steps(site: Site, name: str) -> int:
    with site.database.tried() as connection, counted(connection) as seen:
        calls(due=DUE)[name](site)
    return seen.steps


def test_every_foreign_key_is_found_by_an_index() -> None:
    """Or whoever deletes an account, a browser or a moment reads the whole table for what refers to it."""
    for table in Base.metadata.sorted_tables:
        begins = {index.columns[0].name for index in table.indexes if index.name not in PARTIAL}
        unique = (PrimaryKeyConstraint, UniqueConstraint)
        begins |= {next(iter(one.columns)).name for one in table.constraints if isinstance(one, unique)}
        assert {key.parent.name for key in table.foreign_keys} <= begins, table.name
