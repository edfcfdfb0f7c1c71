"""What became of each message: one plain word a message, and never "did not arrive" of a browser that never reports."""

import json
from typing import Any

import pytest

from server.dependencies import Dependencies
from server.jobs import Ticker
from server.second_sending import send_second
from tests.conftest import Clock
from tests.factories import Browser, RecordingSender


def items(browser: Browser, query: str = "") -> list[dict[str, Any]]:
    reply = browser.get(f"/push/deliveries{query}")
    assert reply.status_code == 200, reply.text
    found: list[dict[str, Any]] = reply.get_json()["items"]
    return found


def reasons(browser: Browser) -> list[tuple[str, str | None, str]]:
    return [(one["kind"], one["way"], one["reason"]) for one in items(browser)]


def report(nobody: Browser, sender: RecordingSender, event: str, at: str) -> None:
    token = json.loads(sender.messages[-1].payload)["token"]
    assert nobody.post("/push/receipts", {"token": token, "event": event, "at": at}).status_code == 204


def remind(browser: Browser, deps: Dependencies, clock: Clock) -> None:
    browser.put_reminder(kind="foot_check", weekdays=[7], times=["10:20"])
    clock.move(minutes=5)
    Ticker(deps).tick()


def test_a_browser_that_never_reported_was_sent_to_and_no_more_is_said(
    patient: Browser, nobody: Browser, deps: Dependencies, clock: Clock, sender: RecordingSender
) -> None:
    patient.subscribe("one")
    remind(patient, deps, clock)
    assert reasons(patient) == [("foot_check", "push", "sent")]
    report(nobody, sender, "received", "2026-11-22T09:20:03Z")
    report(nobody, sender, "tapped", "2026-11-22T09:21:00Z")
    (one,) = items(patient)
    assert (one["reason"], one["label"]) == ("arrived", "Firefox on Linux")
    assert (one["sent_at"], one["received_at"], one["shown_at"], one["tapped_at"]) == (
        "2026-11-22T09:20:00Z",
        "2026-11-22T09:20:03Z",
        None,
        "2026-11-22T09:21:00Z",
    )
    moment = next(m for m in patient.get("/occurrences").get_json()["items"] if m["id"] == one["occurrence_id"])
    assert (moment["arrived_at"], moment["arrived_on"]) == ("2026-11-22T09:20:03Z", "Firefox on Linux")
    clock.move(minutes=1)
    patient.post("/push/test", {})
    assert reasons(patient)[0] == ("test", "push", "not_reported")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"outcome": "retry", "status": 503}, "waiting"),
        ({"outcome": "retry", "status": 429, "retry_after": 7200.0}, "push_service"),
        ({"outcome": "needs_resubscribe", "status": 403}, "subscription"),
        ({"outcome": "rejected", "status": 400}, "refused"),
    ],
)
def test_each_failure_has_its_word(
    answer: dict[str, Any], reason: str, patient: Browser, deps: Dependencies, clock: Clock, sender: RecordingSender
) -> None:
    patient.subscribe("one")
    sender.answers.append(answer)
    remind(patient, deps, clock)
    assert reasons(patient) == [("foot_check", "push", reason)]


def test_a_moment_without_a_message_says_why(patient: Browser, deps: Dependencies, clock: Clock) -> None:
    remind(patient, deps, clock)
    assert reasons(patient) == [("foot_check", None, "no_phone")]
    (one,) = items(patient)
    assert one["due_at"] == "2026-11-22T09:20:00Z"


def test_second_ways_stand_beside_it(patient: Browser, deps: Dependencies, clock: Clock) -> None:
    patient.patch("/me", {"email_reminders": "always"})
    remind(patient, deps, clock)
    assert reasons(patient) == [("foot_check", None, "no_phone"), ("foot_check", "email", "waiting")]
    send_second(deps)
    assert reasons(patient)[1] == ("foot_check", "email", "sent")


def test_they_are_the_patients_own_and_of_two_weeks_at_most(
    patient: Browser, stranger: Browser, deps: Dependencies, clock: Clock
) -> None:
    patient.subscribe("one")
    remind(patient, deps, clock)
    assert items(stranger) == []
    assert items(patient, "?from=2026-11-09&to=2026-11-21") == []
    assert len(items(patient, "?from=2026-11-09&to=2026-11-22")) == 1
    assert patient.get("/push/deliveries?from=2026-11-08&to=2026-11-22").get_json()["code"] == "invalid_fields"
    clock.move(days=14)
    assert items(patient) == []


def test_the_list_of_browsers_says_how_else_this_server_can_send(patient: Browser) -> None:
    said = patient.get("/push/subscriptions").get_json()
    assert (said["second_ways"], said["ntfy_url"]) == (["email", "ntfy"], "https://ntfy.example.org")


def test_a_topic_is_made_with_the_choice_and_can_be_renewed(patient: Browser) -> None:
    assert patient.get("/me").get_json()["ntfy_topic"] is None
    first = patient.patch("/me", {"ntfy_reminders": "when_missed"}).get_json()["ntfy_topic"]
    assert patient.patch("/me", {"ntfy_reminders": "always"}).get_json()["ntfy_topic"] == first
    second = patient.post("/me/ntfy-topic").get_json()["ntfy_topic"]
    assert first.startswith("footwell-")
    assert first != second
    assert len(second) <= 64
