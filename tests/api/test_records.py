"""What all kinds of records share: what GET returns may be PUT back, versions, pages that walk every row once."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.api import (
    blocks,
    clearances,
    comfort_logs,
    foot_checks,
    glucose_readings,
    reminders,
    session_logs,
    shoe_checks,
    symptom_entries,
    triage_events,
)
from tests.factories import Browser

KINDS = {
    "session-logs": (Browser.put_log, session_logs.EXAMPLE),
    "blocks": (Browser.put_block, blocks.EXAMPLE),
    "clearances": (Browser.put_clearance, clearances.EXAMPLE),
    "triage-events": (Browser.put_event, triage_events.EXAMPLE),
    "glucose-readings": (Browser.put_reading, glucose_readings.EXAMPLE),
    "comfort-logs": (Browser.put_comfort, comfort_logs.EXAMPLE),
    "foot-checks": (Browser.put_foot_check, foot_checks.EXAMPLE),
    "shoe-checks": (Browser.put_shoe_check, shoe_checks.EXAMPLE),
    "symptom-entries": (Browser.put_entry, symptom_entries.EXAMPLE),
    "reminders": (Browser.put_reminder, reminders.EXAMPLE),
}
DECISION = {"rules_version": "2026-11-22", "inputs": {"open_sore": "no", "n": 0.1}, "outcome": {"allowed": True}}


@pytest.fixture(params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def kept(patient: Browser, kind: str, **changes: Any) -> dict[str, Any]:
    return KINDS[kind][0](patient, **changes)


def test_what_get_returns_may_be_put_back(kind: str, patient: Browser) -> None:
    record = kept(patient, kind)
    path = f"/{kind}/{record['id']}"
    got = patient.get(path).get_json()
    assert got == record
    again = patient.put(path, got)
    assert (again.status_code, again.get_json()) == (200, got)


def test_the_example_of_the_contract_may_be_put_and_comes_back_as_it_was(kind: str, patient: Browser) -> None:
    example = KINDS[kind][1]
    written_here = {"id", "updated_at", "rules_differ"}
    record_id = patient.entry_id(str(example["on"])) if kind == "symptom-entries" else example["id"]
    reply = patient.put(f"/{kind}/{record_id}", example)
    assert reply.status_code == 201
    assert reply.get_json().keys() == example.keys()
    assert {k: v for k, v in reply.get_json().items() if k not in written_here} == {
        k: v for k, v in example.items() if k not in written_here
    }


def test_a_record_is_replaced_as_a_whole(patient: Browser) -> None:
    record = patient.put_log(note="Felt good.", decision=DECISION, skin_same=True)
    assert record["rules_differ"] is True
    plain = {k: record[k] for k in ("on", "script_id", "state", "started_at", "ended_at", "seconds_done")}
    reply = patient.put(f"/session-logs/{record['id']}", plain).get_json()
    assert (reply["note"], reply["decision"], reply["skin_same"], reply["rules_differ"]) == (None, None, None, False)


def test_a_version_names_the_record_as_it_is(kind: str, patient: Browser) -> None:
    record = kept(patient, kind)
    path = f"/{kind}/{record['id']}"
    first = patient.get(path)
    assert first.headers["ETag"].startswith('"')
    unchanged = patient.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert unchanged.headers["ETag"] == first.headers["ETag"]
    second = patient.put(path, record, headers={"If-Match": first.headers["ETag"]})
    assert second.status_code == 200
    assert second.headers["ETag"] != first.headers["ETag"]
    assert patient.get(path).headers["ETag"] == second.headers["ETag"]
    assert patient.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_stale_write_is_refused_and_changes_nothing(kind: str, patient: Browser) -> None:
    record = kept(patient, kind)
    path = f"/{kind}/{record['id']}"
    old = patient.get(path).headers["ETag"]
    patient.put(path, record)
    feed = patient.get("/changes").get_json()
    for refused in (
        patient.put(path, record, headers={"If-Match": old}),
        patient.delete(path, headers={"If-Match": old}),
        patient.put(f"/{kind}/{uuid4()}", record, headers={"If-Match": old})
        if kind != "symptom-entries"
        else patient.put(path, record, headers={"If-Match": '"77777"'}),
    ):
        assert (refused.status_code, refused.get_json()["code"]) == (412, "stale")
    assert patient.get("/changes").get_json() == feed
    assert patient.delete(path, headers={"If-Match": patient.get(path).headers["ETag"]}).status_code == 204


def test_a_put_after_a_delete_brings_it_back(kind: str, patient: Browser) -> None:
    record = kept(patient, kind)
    path = f"/{kind}/{record['id']}"
    assert patient.delete(path).status_code == 204
    assert patient.get(path).status_code == 404
    assert patient.delete(path).status_code == 404
    assert patient.put(path, record).status_code == 201
    assert patient.get(path).get_json() == record


def test_versions_of_a_day_and_of_the_settings_are_kept_too(patient: Browser) -> None:
    body = {"steps": 10, "recorded_at": "2026-11-22T09:00:00Z"}
    made = patient.put("/step-counts/2026-11-22", body)
    assert (made.status_code, patient.put("/step-counts/2026-11-22", body).status_code) == (201, 200)
    old = {"If-Match": made.headers["ETag"]}
    assert patient.put("/step-counts/2026-11-22", body, headers=old).get_json()["code"] == "stale"
    assert patient.delete("/step-counts/2026-11-22", headers=old).get_json()["code"] == "stale"
    etag = patient.get("/step-counts/2026-11-22").headers["ETag"]
    assert patient.get("/step-counts/2026-11-22", headers={"If-None-Match": etag}).status_code == 304
    me = patient.get("/me").headers["ETag"]
    assert patient.patch("/me", {"region": "GB"}, headers={"If-Match": me}).status_code == 200
    assert patient.patch("/me", {"region": "EU"}, headers={"If-Match": me}).get_json()["code"] == "stale"
    assert patient.get("/me").get_json()["region"] == "GB"


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_pages_walk_every_row_exactly_once(patient: Browser, stored_days: list[date], data: st.DataObject) -> None:
    first = data.draw(st.none() | st.sampled_from(stored_days))
    last = data.draw(st.none() | st.sampled_from(stored_days))
    limit = data.draw(st.integers(1, 8))
    path = data.draw(st.sampled_from(["session-logs", "step-counts"]))
    query = f"limit={limit}" + (f"&from={first}" if first else "") + (f"&to={last}" if last else "")
    seen: list[dict[str, Any]] = []
    after = ""
    while True:
        page = patient.get(f"/{path}?{query}{after}").get_json()
        seen += page["items"]
        assert len(page["items"]) <= limit
        if page["next"] is None:
            break
        assert len(page["items"]) == limit
        after = f"&after={page['next']}"
    days = stored_days if path == "session-logs" else sorted(set(stored_days))
    expected = sorted((d for d in days if (not first or d >= first) and (not last or d <= last)), reverse=True)
    assert [row["on"] for row in seen] == [day.isoformat() for day in expected]
    assert len({row.get("id", row["on"]) for row in seen}) == len(seen)


@pytest.fixture
def stored_days(patient: Browser) -> list[date]:
    """Some days with one session, some with three; each with steps."""
    days = [date(2026, 11, 1) + timedelta(days=n) for n in (0, 0, 0, 1, 4, 5, 5, 6, 9, 9, 9, 9, 20)]
    for day in days:
        patient.put_log(on=day.isoformat())
        patient.put(f"/step-counts/{day}", {"steps": 5, "recorded_at": "2026-11-22T09:00:00Z"})
    return days
