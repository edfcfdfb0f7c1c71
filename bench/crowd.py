"""Many patients whose reminders fall due, written by the database itself: a million in a minute."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, insert, literal, literal_column, select
from sqlalchemy.orm import Session

from server.database import Database
from server.models import Occurrence, Patient, PushSubscription
from tests.factories import make_patient, subscription


def make_crowd(
    database: Database, *, patients: int, moments: int, begins: datetime, seconds: int, endpoint: str
) -> None:
    """Patients with a browser each, and open moments shared out among them, one every `seconds` after `begins`.

    All browsers have one key, which costs as much as a key each. `endpoint` is where they listen, less a number.
    """
    sql = _Sqlite() if database.is_sqlite else _Postgresql()
    whose = sql.uuid(f"'patient' || (n % {patients})")
    due_at = sql.later(begins, seconds)
    with database.write() as db:
        if database.is_sqlite:
            raw: Any = db.connection().connection.dbapi_connection
            raw.create_function("md5", 1, lambda of: hashlib.md5(of.encode()).hexdigest())
        patient, browser, moment = _alike(db, begins)
        own = {"id": whose, "email": "n || '@example.org'", "change_seq": f"{moments}"}
        _fill(db, Patient, patient, own, patients)
        own = {"id": sql.uuid("'browser' || n"), "patient_id": whose, "endpoint": f"'{endpoint}' || n"}
        _fill(db, PushSubscription, browser, own | {"endpoint_hash": sql.bytes("'browser' || n")}, patients)
        own = {"id": sql.uuid("'moment' || n"), "patient_id": whose, "seq": f"n / {patients} + 1"}
        _fill(db, Occurrence, moment, own | {"due_at": due_at, "wake_at": due_at}, moments)
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")  # as it does by itself, sooner or later


def _alike(db: Session, at: datetime) -> tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]]:
    """What all patients, all browsers and all moments have in common."""
    first = make_patient(db, "first@example.org", now=at)
    patient = db.execute(select(*Patient.__table__.c).where(Patient.id == first.id)).mappings().one()
    browser = {"seq": 1, "state": "active", "label": "phone", "quiet": False, **subscription()["keys"]}
    moment = {"kind": "massage", "on": at.date(), "local_time": at.time(), "state": "open", "updated_at": at}
    return patient, browser | {"created_at": at, "seen_at": at, "updated_at": at}, moment


def _fill(db: Session, model: Any, alike: Mapping[str, Any], own: Mapping[str, str], count: int) -> None:
    """`own` is SQL over the number `n` of the row."""
    table: Table = model.__table__
    numbers = select(literal(1).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < count))
    values: dict[str, ColumnElement[Any]] = {
        name: literal(value, table.c[name].type)
        for name, value in alike.items()
        if value is not None and name not in own
    }
    values |= {name: literal_column(text) for name, text in own.items()}
    rows = select(*values.values()).select_from(numbers)
    db.execute(insert(table).from_select(list(values), rows, include_defaults=False))


class _Sqlite:
    """Values as SQLAlchemy keeps them there."""

    def uuid(self, of: str) -> str:
        return f"md5({of})"

    def bytes(self, of: str) -> str:
        return f"CAST(md5({of}) AS BLOB)"

    def later(self, begins: datetime, seconds: int) -> str:
        moment = f"'{begins:%Y-%m-%d %H:%M:%S}', (n * {seconds}) || ' seconds'"
        return f"strftime('%Y-%m-%d %H:%M:%S', {moment}) || '.000000'"


class _Postgresql:
    """The same in its own types."""

    def uuid(self, of: str) -> str:
        return f"CAST(md5({of}) AS uuid)"

    def bytes(self, of: str) -> str:
        return f"CAST(md5({of}) AS bytea)"

    def later(self, begins: datetime, seconds: int) -> str:
        return f"CAST('{begins.isoformat()}' AS timestamptz) + n * interval '{seconds} seconds'"
