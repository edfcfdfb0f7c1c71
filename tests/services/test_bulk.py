"""Statements about many rows say the same on both databases."""

from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Table, select

from server.database import Database
from server.models import Patient
from server.services.bulk import is_among, set_each
from tests.factories import make_patient

NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
PATIENTS = cast(Table, Patient.__table__)


@pytest.fixture
def patients(database: Database) -> list[UUID]:
    with database.write() as db:
        return [make_patient(db, f"{name}@example.org", now=NOW).id for name in "abc"]


def test_those_that_are_meant_are_found(database: Database, patients: list[UUID]) -> None:
    with database.read() as db:
        found = db.execute(select(Patient.id).where(is_among(db, Patient.id, {*patients[:2], uuid4()})))
        assert set(found.scalars()) == set(patients[:2])
        assert not db.execute(select(Patient.id).where(is_among(db, Patient.id, []))).all()


def test_each_row_gets_its_own_values_and_of_two_for_one_the_last(database: Database, patients: list[UUID]) -> None:
    untouched, later = values(database)[patients[2]], NOW + timedelta(hours=1)
    rows = [
        {"key": patients[0], "change_seq": 7, "calendar_made_at": None},
        {"key": patients[1], "change_seq": 8, "calendar_made_at": NOW},
        {"key": patients[1], "change_seq": 9, "calendar_made_at": later},
    ]
    with database.write() as db:
        set_each(db, PATIENTS, rows)
        set_each(db, PATIENTS, [])
    assert values(database) == {patients[0]: (7, None), patients[1]: (9, later), patients[2]: untouched}


def test_a_row_that_is_not_as_it_should_be_stays(database: Database, patients: list[UUID]) -> None:
    rows = [{"key": patient, "change_seq": 5} for patient in patients]
    with database.write() as db:
        set_each(db, PATIENTS, rows, PATIENTS.c.email != "b@example.org")
    assert {seq for patient, (seq, _) in values(database).items() if patient != patients[1]} == {5}
    assert values(database)[patients[1]][0] != 5


def values(database: Database) -> dict[UUID, tuple[int, datetime | None]]:
    with database.read() as db:
        rows = db.execute(select(Patient.id, Patient.change_seq, Patient.calendar_made_at))
        return {row.id: (row.change_seq, row.calendar_made_at) for row in rows}
