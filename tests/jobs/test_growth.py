"""Nothing that web and worker ask all the time costs more because there are more patients."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint, text

from server.database import Database
from server.models import Base
from tests import databases
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

on_sqlite = pytest.mark.skipif(databases.postgresql_url() is not None, reason="counts instructions of SQLite")


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Iterator[Site]:
    """With a few hundred patients."""
    list(make_year(database, Size(MORE // 4, DUE, DAYS)))
    undone = Undone(database.url)
    yield Site(undone, tmp_path / "data")
    undone.engine.dispose()


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
        pytest.param("ix_password_resets_patient_id", "delete an account", marks=on_sqlite),
    ],
)
def test_without_its_index_something_does(index: str, whose: str, site: Site) -> None:
    """So the test above looks at what it should."""
    with site.database.engine.begin() as connection:
        connection.execute(text(f"DROP INDEX {index}"))
    assert whole_tables(site, whose)


def test_no_route_does_either(app: Flask, patient: Browser, ids: dict[str, str], subtests: pytest.Subtests) -> None:
    database: Database = app.extensions["footwell"].database
    for route in in_order(ROUTES):
        with subtests.test(f"{route.method} {route.path}"), heard(database.engine) as seen:
            assert ask(patient, route, ids).status_code == route.expected
            assert [(each.reads_all, each.statement) for each in seen.asked if each.reads_all] == []


@on_sqlite
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
    file.write_bytes(migrated.read_bytes())
    plain, undone = Database(f"sqlite:///{file}"), Undone(f"sqlite:///{file}")
    list(make_year(plain, Size(patients, DUE, DAYS)))
    if without:
        with plain.engine.begin() as connection:
            connection.execute(text(f"DROP INDEX {without}"))
    site = Site(undone, file.with_suffix(".data"))
    found = {name: _steps(site, name) for name in calls(due=DUE)}
    for database in (plain, undone):
        database.engine.dispose()
    return found


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
