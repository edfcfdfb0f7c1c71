"""Reminders and their moments: planned, shown before they are saved, answered by the app or by a message."""

import json
from uuid import uuid4

import pytest

from server.dependencies import Dependencies
from server.jobs import Ticker
from tests.conftest import Clock
from tests.factories import Browser, RecordingSender, reminder

AT = "2026-11-22T09:15:00Z"


def test_a_reminder_has_its_moments_of_the_next_two_weeks(patient: Browser) -> None:
    made = patient.put_reminder()
    moments = patient.get("/occurrences").get_json()["items"]
    assert [(m["on"], m["local_time"], m["due_at"]) for m in moments[:2]] == [
        ("2026-11-23", "19:00", "2026-11-23T18:00:00Z"),
        ("2026-11-25", "19:00", "2026-11-25T18:00:00Z"),
    ]
    assert {m["reminder_id"] for m in moments} == {made["id"]}
    assert moments[-1]["on"] == "2026-12-04"
    assert patient.get("/today?on=2026-11-23").get_json()["occurrences"] == moments[:1]
    assert patient.get("/today").get_json()["next_session_at"] == "2026-11-23T18:00:00Z"


def test_a_preview_shows_ten_moments_and_keeps_nothing(patient: Browser) -> None:
    preview = patient.post("/reminders/preview", reminder()).get_json()["items"]
    assert len(preview) == 10
    assert preview[0] == {"on": "2026-11-23", "local_time": "19:00", "due_at": "2026-11-23T18:00:00Z"}
    assert patient.get("/occurrences").get_json()["items"] == []


def test_a_preview_of_a_rule_that_ends_is_shorter(patient: Browser) -> None:
    body = reminder(ends_on="2026-11-25")
    assert [m["on"] for m in patient.post("/reminders/preview", body).get_json()["items"]] == [
        "2026-11-23",
        "2026-11-25",
    ]


def test_a_reminder_that_pauses_or_goes_takes_its_moments_along(patient: Browser) -> None:
    made = patient.put_reminder()
    patient.put(f"/reminders/{made['id']}", {**made, "active": False})
    assert patient.get("/occurrences").get_json()["items"] == []
    patient.put(f"/reminders/{made['id']}", {**made, "active": True})
    assert len(patient.get("/occurrences").get_json()["items"]) == 6
    patient.delete(f"/reminders/{made['id']}")
    assert patient.get("/occurrences").get_json()["items"] == []


def test_a_fifty_first_reminder_is_one_too_many(patient: Browser) -> None:
    for _ in range(50):
        patient.put_reminder(weekdays=[1])
    assert patient.put(f"/reminders/{uuid4()}", reminder()).get_json()["code"] == "conflict"


def test_the_latest_answer_counts_and_repeating_one_changes_nothing(patient: Browser) -> None:
    patient.put_reminder()
    path = f"/occurrences/{patient.get('/occurrences').get_json()['items'][0]['id']}"
    done = {"state": "done", "at": AT}
    first = patient.put(path, done)
    again = patient.put(path, done)
    assert (first.status_code, first.get_json()["state"]) == (200, "done")
    assert again.headers["ETag"] == first.headers["ETag"]
    earlier = patient.put(path, {"state": "skipped", "at": "2026-11-22T09:14:00Z"}).get_json()
    assert earlier["state"] == "done"
    later = {"state": "snoozed", "at": "2026-11-22T09:16:00Z", "until": "2026-11-22T09:31:00Z"}
    assert patient.put(path, later).get_json()["state"] == "snoozed"


@pytest.fixture
def message(patient: Browser, deps: Dependencies, sender: RecordingSender, clock: Clock) -> dict[str, str]:
    """A reminder that came: the token of its message, and the moment that it is about."""
    patient.subscribe("one")
    patient.put_reminder(weekdays=[7], times=["10:20"])
    clock.move(minutes=5)
    Ticker(deps).tick()
    payload = json.loads(sender.messages[0].payload)
    return {"token": payload["token"], "id": payload["notification"]["data"]["occurrence_id"]}


def test_a_messages_token_answers_its_own_moment(patient: Browser, nobody: Browser, message: dict[str, str]) -> None:
    nobody.headers = {"Authorization": f"Message {message['token']}"}
    answered = nobody.put(f"/occurrences/{message['id']}", {"state": "done", "at": AT})
    assert (answered.status_code, answered.get_json()["state"]) == (200, "done")
    assert patient.get("/today").get_json()["occurrences"][0]["state"] == "done"


def test_a_messages_token_answers_and_reads_nothing_else(
    patient: Browser, nobody: Browser, message: dict[str, str], clock: Clock
) -> None:
    other = patient.put_reminder()
    others = [m for m in patient.get("/occurrences").get_json()["items"] if m["reminder_id"] == other["id"]]
    nobody.headers = {"Authorization": f"Message {message['token']}"}
    body = {"state": "done", "at": AT}
    assert nobody.put(f"/occurrences/{others[0]['id']}", body).get_json()["code"] == "not_found"
    assert nobody.put(f"/occurrences/{uuid4()}", body).get_json()["code"] == "not_found"
    assert nobody.get("/me").status_code == 401
    assert nobody.patch("/me", {"region": "GB"}).status_code == 401
    clock.move(hours=49)
    assert nobody.put(f"/occurrences/{message['id']}", body).status_code == 401


def test_the_kind_is_named_only_when_the_patient_wants_it(
    patient: Browser, deps: Dependencies, sender: RecordingSender, clock: Clock, message: dict[str, str]
) -> None:
    def text() -> str:
        notification = json.loads(sender.messages[-1].payload)["notification"]
        return f"{notification['title']} {notification['body']}".lower()

    assert "massage" not in text()
    patient.patch("/me", {"show_reminder_kind": True})
    patient.put_reminder(weekdays=[7], times=["10:25"])
    clock.move(minutes=5)
    Ticker(deps).tick()
    assert "massage" in text()


def test_a_reminder_that_changes_its_kind_changes_its_moments(patient: Browser) -> None:
    made = patient.put_reminder()
    patient.put(f"/reminders/{made['id']}", {**made, "kind": "foot_check"})
    assert {m["kind"] for m in patient.get("/occurrences").get_json()["items"]} == {"foot_check"}
