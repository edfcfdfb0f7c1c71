"""The plan of a day, the feed, the content, tokens, and what whoever runs the server asks."""

from typing import Any

import pytest
from flask import Flask

from server.api import changes
from server.database import Database
from server.services import server_facts
from tests.conftest import Clock
from tests.factories import PASSWORD, Browser
from tests.tables import contents

# So long ago that nobody is asked about it any more.
YESTERDAY = {"on": "2026-11-21", "started_at": "2026-11-21T08:00:00Z", "ended_at": "2026-11-21T08:08:20Z"}


def feed(browser: Browser, since: str = "") -> dict[str, Any]:
    found: dict[str, Any] = browser.get(f"/changes?since={since}" if since else "/changes").get_json()
    return found


def test_a_day_without_steps_has_none(patient: Browser) -> None:
    day = patient.get("/today").get_json()
    assert (day["on"], day["time_zone"], day["step_count"]) == ("2026-11-22", "Europe/Berlin", None)
    assert (day["occurrences"], day["session_log_ids"], day["next_session_at"]) == ([], [], None)


def test_today_is_the_patients_own(patient: Browser, clock: Clock) -> None:
    log = patient.put_log()
    assert patient.get("/today").get_json()["session_log_ids"] == [log["id"]]
    clock.move(hours=14)  # 23:15 UTC is the next day in Berlin
    assert patient.get("/today").get_json()["on"] == "2026-11-23"
    assert patient.get("/today?on=2026-11-22").get_json()["session_log_ids"] == [log["id"]]


def test_the_feed_tells_of_every_kind_and_its_records_are_those_of_get(patient: Browser) -> None:
    log, block, entry = patient.put_log(), patient.put_block(), patient.put_entry()
    cleared = patient.put_clearance()
    event, reading, bath = patient.put_event(), patient.put_reading(), patient.put_comfort()
    foot, shoes = patient.put_foot_check(), patient.put_shoe_check()
    planned, made = patient.put_plan(), patient.put_reminder(kind="glucose")
    token, browser = patient.make_token("read"), patient.subscribe()
    patient.put("/step-counts/2026-11-22", {"steps": 5, "recorded_at": "2026-11-22T09:00:00Z"})
    found = feed(patient)
    by_kind = {item["kind"]: item for item in found["items"] if not (item["record"] or {}).get("follows_plan")}
    assert by_kind.keys() == {"me", "occurrence", *changes.DUMPERS, "step_count"}
    assert by_kind["me"]["record"] == patient.get("/me").get_json()
    assert (by_kind["session_log"]["record"], by_kind["block"]["record"]) == (log, block)
    assert by_kind["clearance"]["record"] == cleared
    assert by_kind["glucose_reading"]["record"] == reading
    assert (by_kind["triage_event"]["record"], by_kind["comfort_log"]["record"]) == (event, bath)
    assert (by_kind["foot_check"]["record"], by_kind["shoe_check"]["record"]) == (foot, shoes)
    assert (by_kind["symptom_entry"]["record"], by_kind["reminder"]["record"]) == (entry, made)
    assert (by_kind["plan"]["id"], by_kind["plan"]["record"]) == (patient.id, planned)
    day = patient.get("/step-counts/2026-11-22").get_json()
    del day["history"]  # of the day's page alone
    assert by_kind["step_count"]["record"] == day
    assert by_kind["step_count"]["id"] == "2026-11-22"
    assert (by_kind["step_goal"]["id"], by_kind["step_goal"]["record"]) == (
        patient.id,
        patient.get("/me/step-goal").get_json(),
    )
    assert by_kind["access_token"]["record"] == {k: v for k, v in token.items() if k != "token"}
    assert by_kind["push_subscription"]["record"] == browser
    assert token["token"] not in str(found)
    assert feed(patient, found["next"]) == {"items": [], "next": found["next"], "more": False}


def test_a_deletion_is_told_without_content(patient: Browser) -> None:
    log = patient.put_log(note="Felt good.", **YESTERDAY)
    cursor = feed(patient)["next"]
    patient.delete(f"/session-logs/{log['id']}")
    told = feed(patient, cursor)["items"]
    assert [(c["kind"], c["id"], c["deleted"], c["record"]) for c in told] == [("session_log", log["id"], True, None)]
    assert feed(patient)["items"][0]["kind"] == "me"  # who knows nothing has nothing to delete
    assert len(feed(patient)["items"]) == 1


def test_a_cursor_from_another_life_of_the_server_means_a_reset(patient: Browser) -> None:
    assert feed(patient, "4711") == {"reset": True}


def test_long_histories_come_in_pages(patient: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "MOST_CHANGES", 3)
    logs = [patient.put_log(**YESTERDAY)["id"] for _ in range(10)]
    seen, cursor = [], ""
    while True:
        page = feed(patient, cursor)
        seen += [c["id"] for c in page["items"]]
        cursor = page["next"]
        if not page["more"]:
            break
    assert seen == [patient.id, *logs]


def test_tokens_are_shown_once_and_there_are_at_most_twenty(patient: Browser) -> None:
    made = [patient.make_token("ingest") for _ in range(20)]
    assert all(token["token"].startswith("fw_") for token in made)
    listed = patient.get("/me/access-tokens")
    assert {item["id"] for item in listed.get_json()["items"]} == {token["id"] for token in made}
    assert made[0]["token"] not in listed.text
    assert patient.post("/me/access-tokens", {"label": "x", "scope": "read"}).get_json()["code"] == "conflict"


def test_a_deleted_token_stops_working_at_once(patient: Browser, nobody: Browser) -> None:
    made = patient.make_token("read")
    nobody.headers = {"Authorization": f"Bearer {made['token']}"}
    assert nobody.get("/today").status_code == 200
    patient.delete(f"/me/access-tokens/{made['id']}")
    assert nobody.get("/today").status_code == 401


def test_a_deleted_account_leaves_no_row(patient: Browser, database: Database) -> None:
    patient.put_log(), patient.put_entry(), patient.put_block(), patient.put_reminder(), patient.put_event()
    patient.put_plan()
    patient.make_token("read"), patient.subscribe(), patient.post("/push/test", {})
    patient.put("/step-counts/2026-11-22", {"steps": 5, "recorded_at": "2026-11-22T09:00:00Z"})
    assert patient.delete("/me", {"password": PASSWORD}).status_code == 204
    assert {name: rows for name, rows in contents(database).items() if rows} == {}


def test_a_profile_is_kept_with_its_decision_and_a_difference_is_marked(patient: Browser) -> None:
    decision = {"rules_version": "old", "inputs": {}, "outcome": {"mode": "anything"}}
    profile = {"answers": {"P0": "yes"}, "answered_at": "2026-11-22T09:00:00Z", "decision": decision}
    kept = patient.patch("/me", {"profile": profile}).get_json()["profile"]
    assert kept == {**profile, "rules_differ": True}
    assert patient.patch("/me", {"profile": kept}).get_json()["profile"] == kept


def test_scripts_and_numbers_to_call_may_be_cached(nobody: Browser) -> None:
    for path in ("/scripts", "/techniques", "/programmes", "/care-settings"):
        assert "max-age=3600" in nobody.get(path).headers["Cache-Control"]
    script = next(s for s in nobody.get("/scripts").get_json()["items"] if s["id"] == "S8")
    assert script["total_seconds"] == sum(step["seconds"] for step in script["steps"]) == 480
    assert all(step["line"] for step in script["steps"])
    assert nobody.get("/care-settings").get_json()["emergency_number"]


def test_answers_about_a_patient_are_kept_by_nobody(patient: Browser) -> None:
    for path in ("/me", "/today", "/changes", "/session-logs"):
        assert patient.get(path).headers["Cache-Control"] == "no-store"


def test_the_server_is_ready_while_a_worker_is_alive(app: Flask, database: Database, clock: Clock) -> None:
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").get_json() == {"database": "ok", "worker": "silent", "push": "ok"}
    with database.write() as db:
        server_facts.note_worker(db, now=clock())
    assert client.get("/readyz").status_code == 200
    clock.move(minutes=2)
    assert client.get("/readyz").status_code == 503
