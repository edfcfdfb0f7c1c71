"""Many patients whose reminders fall due, written by the database itself: a million in a minute."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import Database
from server.models import Occurrence, Patient, PushSubscription
from tests.factories import make_patient, subscription
from tests.filling import analyze, dialect, fill


def make_crowd(
    database: Database, *, patients: int, moments: int, begins: datetime, seconds: int, endpoint: str
) -> None:
    """Patients with a browser each, and open moments shared out among them, one every `seconds` after `begins`.

    All browsers have one key, which costs as much as a key each. `endpoint` is where they listen, less a number.
    """
    with database.write() as db:
        sql = dialect(database, db)
        whose = sql.uuid(f"'patient' || (n % {patients})")
        due_at = sql.later(begins, f"n * {seconds}")
        patient, browser, moment = _alike(db, begins)
        own = {"id": whose, "email": "n || '@example.org'", "change_seq": f"{moments}"}
        fill(db, Patient, patient, own, patients)
        own = {"id": sql.uuid("'browser' || n"), "patient_id": whose, "endpoint": f"'{endpoint}' || n"}
        fill(db, PushSubscription, browser, own | {"endpoint_hash": sql.bytes("'browser' || n")}, patients)
        own = {"id": sql.uuid("'moment' || n"), "patient_id": whose, "seq": f"n / {patients} + 1"}
        fill(db, Occurrence, moment, own | {"due_at": due_at, "wake_at": due_at}, moments)
    analyze(database)


def _alike(db: Session, at: datetime) -> tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]]:
    """What all patients, all browsers and all moments have in common."""
    first = make_patient(db, "first@example.org", now=at)
    patient = db.execute(select(*Patient.__table__.c).where(Patient.id == first.id)).mappings().one()
    browser = {"seq": 1, "state": "active", "label": "phone", "quiet": False, **subscription()["keys"]}
    moment = {"kind": "massage", "on": at.date(), "local_time": at.time(), "state": "open", "updated_at": at}
    return patient, browser | {"created_at": at, "seen_at": at, "updated_at": at}, moment
