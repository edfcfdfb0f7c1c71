"""The message that asks about the skin a quarter of an hour after a massage."""

import json
from datetime import UTC, datetime
from typing import Any

from server.dependencies import Dependencies
from server.jobs import Ticker
from tests.conftest import Clock
from tests.factories import Browser, RecordingSender


def redness_messages(sender: RecordingSender) -> list[dict[str, Any]]:
    found = [json.loads(message.payload) for message in sender.messages]
    return [payload for payload in found if "/#/redness" in payload["notification"]["navigate"]]


def test_fifteen_minutes_after_a_session_somebody_asks_about_the_skin_and_names_no_health_value(
    deps: Dependencies, patient: Browser, sender: RecordingSender, clock: Clock
) -> None:
    patient.subscribe("one")
    log = patient.put_log(ended_at="2026-11-22T09:10:00Z")
    ticker = Ticker(deps)
    clock.now = datetime(2026, 11, 22, 9, 24, 59, tzinfo=UTC)
    ticker.tick()
    assert sender.messages == []
    clock.move(seconds=1)
    ticker.tick()
    ticker.tick()
    (message,) = redness_messages(sender)
    notification = message["notification"]
    assert notification["navigate"].endswith(f"/#/redness?log={log['id']}")
    assert (notification["title"], notification["body"]) == ("Footwell: it is time", "Tap to open Footwell.")
    assert notification["actions"] == []
    assert sender.messages[0].ttl == 2 * 3600
    (moment,) = patient.get("/occurrences").get_json()["items"]
    assert (moment["kind"], moment["reminder_id"], moment["session_log_id"]) == ("redness", None, log["id"])


def test_who_wants_the_kind_shown_reads_what_to_do(
    deps: Dependencies, patient: Browser, sender: RecordingSender, clock: Clock
) -> None:
    patient.subscribe("one")
    patient.patch("/me", {"show_reminder_kind": True})
    patient.put_log(ended_at="2026-11-22T09:10:00Z")
    clock.move(minutes=10)
    Ticker(deps).tick()
    assert redness_messages(sender)[0]["notification"]["title"] == "Look at your feet again"


def test_an_answered_look_or_a_deleted_log_sends_nothing(
    deps: Dependencies, patient: Browser, sender: RecordingSender, clock: Clock
) -> None:
    patient.subscribe("one")
    answered, gone = (patient.put_log(ended_at="2026-11-22T09:10:00Z") for _ in range(2))
    said = {"redness": "gone", "redness_at": "2026-11-22T09:14:00Z"}
    assert patient.put(f"/session-logs/{answered['id']}", {**answered, **said}).get_json()["redness"] == "gone"
    patient.delete(f"/session-logs/{gone['id']}")
    clock.move(minutes=20)
    Ticker(deps).tick()
    assert sender.messages == []
