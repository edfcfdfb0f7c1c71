"""Sugar readings that a phone pushes: kept where its key was made for them, once, in the steps' own transaction."""

import threading
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import func, select, text

from integrations.phone import IngestError
from server.database import Database
from server.models import GlucoseReading
from server.services.glucose_imports import save_readings
from tests.factories import Browser, make_patient
from tests.integrations.phone_bodies import HAE_BODY, HC_DAILY_BODY, HC_RAW_BODY, read
from tests.integrations.test_phone_properties import mutated

SUGAR = HC_DAILY_BODY["blood_glucose"]


@pytest.fixture
def key(patient: Browser) -> dict[str, Any]:
    """A key that was made for sugar too."""
    made = patient.post("/me/access-tokens", {"label": "My phone", "scope": "ingest", "glucose": True}).get_json()
    assert made["glucose"] is True
    return dict(made)


def push(browser: Browser, body: Any, key: dict[str, Any], **headers: str) -> dict[str, Any]:
    reply = browser.client.post("/api/v1/ingest", json=body, headers={"X-Api-Key": key["token"], **headers})
    assert reply.status_code == 200
    return dict(reply.get_json())


def readings(browser: Browser) -> list[dict[str, Any]]:
    return list(browser.get("/glucose-readings").get_json()["items"])


@pytest.mark.parametrize(("body", "sender"), [(HAE_BODY, "health_auto_export"), (HC_DAILY_BODY, "hc_webhook")])
def test_steps_and_sugar_of_one_body_are_kept(body: Any, sender: str, patient: Browser, key: dict[str, Any]) -> None:
    reply = push(patient, body, key)
    assert (reply["accepted"], reply["readings"], reply["ignored"]) == (len(read(body).days), 1, 0)
    (reading,) = readings(patient)
    kept = [reading[name] for name in ("recorded_at", "value", "unit", "context", "decision", "source")]
    assert kept == ["2026-11-22T06:30:00Z", "5.8", "mmol/L", "other", None, f"phone/{key['id'][:8]}/{sender}"]
    assert patient.get("/step-counts/2026-11-21").get_json()["steps"] == 6204


def test_the_same_body_twice_and_the_same_reading_beside_raw_steps_add_nothing(
    patient: Browser, key: dict[str, Any]
) -> None:
    push(patient, HC_DAILY_BODY, key)
    again = [push(patient, body, key) for body in (HC_DAILY_BODY, HC_RAW_BODY | {"blood_glucose": SUGAR})]
    assert [reply["readings"] for reply in again] == [0, 0]
    assert len(readings(patient)) == 1


def test_a_reading_that_the_patient_deleted_does_not_come_back(patient: Browser, key: dict[str, Any]) -> None:
    push(patient, HC_DAILY_BODY, key)
    assert patient.delete(f"/glucose-readings/{readings(patient)[0]['id']}").status_code == 204
    assert push(patient, HC_DAILY_BODY, key)["readings"] == 0
    assert readings(patient) == []


def test_without_the_patients_wish_sugar_is_not_kept(patient: Browser) -> None:
    reply = push(patient, HAE_BODY, patient.make_token("ingest"))
    assert (reply["accepted"], reply["readings"], reply["ignored"]) == (2, 0, 1)
    assert readings(patient) == []


@pytest.mark.parametrize(
    ("aggregation", "kept"), [("Hours", 0), ("days", 0), ("Daily", 0), ("Weeks", 0), ("Minutes", 1), ("", 1)]
)
def test_what_the_app_averaged_is_no_reading(
    aggregation: str, kept: int, patient: Browser, key: dict[str, Any]
) -> None:
    reply = push(patient, HAE_BODY, key, **{"automation-aggregation": aggregation})
    assert (reply["accepted"], reply["readings"], reply["ignored"]) == (2, kept, 1 - kept)


def test_devices_say_whether_sugar_comes_too(patient: Browser) -> None:
    def phone() -> dict[str, Any]:
        return next(item for item in patient.get("/wearables").get_json()["items"] if item["provider"] == "phone")

    patient.make_token("ingest")
    assert (phone()["state"], phone()["glucose"]) == ("waiting", False)
    made = patient.post("/me/access-tokens", {"label": "Sugar", "scope": "ingest", "glucose": True}).get_json()
    assert (phone()["state"], phone()["glucose"]) == ("waiting", True)
    push(patient, HAE_BODY, made)
    assert (phone()["state"], phone()["last_synced_at"]) == ("active", "2026-11-22T09:15:00Z")


def test_where_sugar_cannot_be_kept_no_steps_are(patient: Browser, key: dict[str, Any], database: Database) -> None:
    with database.write() as db:
        db.execute(text("ALTER TABLE glucose_readings RENAME TO away"))
    try:
        reply = patient.client.post("/api/v1/ingest", json=HC_DAILY_BODY, headers={"X-Api-Key": key["token"]})
    finally:
        with database.write() as db:
            db.execute(text("ALTER TABLE away RENAME TO glucose_readings"))
    assert reply.status_code >= 500
    assert patient.get("/step-counts").get_json()["items"] == []


def test_two_pushes_of_one_reading_at_once_keep_it_once(database: Database, now: datetime) -> None:
    with database.write() as db:
        owner = make_patient(db, "at-once@example.org", now=now)
    found = read(HC_DAILY_BODY).readings
    new: list[int] = []
    faults: list[BaseException] = []
    start = threading.Barrier(4)

    def save() -> None:
        try:
            start.wait()
            with database.write() as db:
                new.append(save_readings(db, owner, "phone/6d7a2c1e/hc_webhook", found, now=now))
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=save) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (faults, sorted(new)) == ([], [0, 0, 0, 1])


@given(mutated())
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_is_read_twice_adds_nothing(database: Database, now: datetime, body: Any) -> None:
    try:
        found = read(body, now=now).readings
    except IngestError:
        return
    with database.write() as db:
        owner = make_patient(db, f"{uuid4()}@example.org", now=now)
        first = save_readings(db, owner, "phone/6d7a2c1e/hc_webhook", found, now=now)
        assert first <= len(found)
        assert save_readings(db, owner, "phone/6d7a2c1e/hc_webhook", found, now=now) == 0
        mine = select(func.count()).where(GlucoseReading.patient_id == owner.id)
        assert db.execute(mine).scalar_one() == first
