"""Browsers that want pushes: registered, replaced, forgotten; the test message; receipts by the message's own token."""

import json
from typing import Any

import pytest

from tests.conftest import Clock
from tests.factories import Browser, RecordingSender, subscription

AT = "2026-11-22T09:15:30Z"


def items(browser: Browser) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = browser.get("/push/subscriptions").get_json()["items"]
    return found


def test_a_browser_keeps_its_id_and_its_endpoint_never_comes_back(patient: Browser) -> None:
    made = patient.put("/push/subscriptions", subscription("one"))
    again = patient.put("/push/subscriptions", subscription("one", label="Renamed"))
    assert (made.status_code, again.status_code) == (201, 200)
    assert made.get_json()["id"] == again.get_json()["id"]
    assert [item["label"] for item in items(patient)] == ["Renamed"]
    assert "wpush" not in patient.get("/push/subscriptions").text + patient.get("/changes").text


def test_a_new_endpoint_takes_the_place_of_the_old_one(patient: Browser) -> None:
    old = patient.subscribe("one")
    new = patient.subscribe("two", replaces=subscription("one")["endpoint"])
    assert [item["id"] for item in items(patient)] == [new["id"]]
    gone = [c for c in patient.get("/changes?since=1").get_json()["items"] if c["deleted"]]
    assert [c["id"] for c in gone] == [old["id"]]
    assert patient.put("/push/subscriptions", subscription("two", replaces=subscription("two")["endpoint"])).status_code
    assert len(items(patient)) == 1


def test_a_browser_that_changes_hands_brings_its_keys(patient: Browser, stranger: Browser) -> None:
    patient.subscribe("one")
    keys = {**subscription()["keys"], "auth": "AAAAAAAAAAAAAAAAAAAAAA"}
    stolen = stranger.put("/push/subscriptions", subscription("one", keys=keys))
    assert (stolen.status_code, stolen.get_json()["code"]) == (409, "conflict")
    assert len(items(patient)) == 1
    stranger.subscribe("one")
    assert (len(items(patient)), len(items(stranger))) == (0, 1)


def test_another_patients_browser_cannot_be_replaced(patient: Browser, stranger: Browser) -> None:
    patient.subscribe("one")
    stranger.subscribe("two", replaces=subscription("one")["endpoint"])
    assert len(items(patient)) == 1


def test_an_eleventh_browser_is_one_too_many(patient: Browser) -> None:
    for n in range(10):
        patient.subscribe(f"browser{n}")
    assert patient.put("/push/subscriptions", subscription("one more")).status_code == 422
    assert patient.put("/push/subscriptions", subscription("eleven")).get_json()["code"] == "conflict"
    assert patient.put("/push/subscriptions", subscription("browser3")).status_code == 200


def test_a_test_goes_to_all_browsers_or_to_one(patient: Browser, sender: RecordingSender) -> None:
    one, two = patient.subscribe("one"), patient.subscribe("two")
    both = patient.post("/push/test", {}).get_json()["results"]
    assert {(row["subscription_id"], row["state"]) for row in both} == {(one["id"], "sent"), (two["id"], "sent")}
    alone = patient.post("/push/test", {"subscription_id": two["id"]}).get_json()["results"]
    assert [row["subscription_id"] for row in alone] == [two["id"]]
    payload = json.loads(sender.messages[-1].payload)
    assert (payload["type"], payload["store"], payload["notification"]["silent"]) == ("test", patient.id, False)
    assert len(sender.messages[-1].payload) <= 2048
    assert items(patient)[0]["last_sent_at"] == "2026-11-22T09:15:00Z"


@pytest.mark.parametrize(
    ("answer", "state", "kept"),
    [
        ({"outcome": "accepted", "status": 201}, "sent", "active"),
        ({"outcome": "gone", "status": 410}, "gone", None),
        ({"outcome": "retry", "status": 503}, "waiting", "active"),
        ({"outcome": "needs_resubscribe", "status": 403}, "needs_resubscribe", "needs_resubscribe"),
        ({"outcome": "rejected", "status": 400}, "failed", "active"),
        ({"outcome": "too_large", "status": 413}, "failed", "active"),
        ({"outcome": "config_fault"}, "failed", "active"),
    ],
)
def test_a_test_says_what_became_of_it(
    answer: dict[str, Any], state: str, kept: str | None, patient: Browser, sender: RecordingSender
) -> None:
    patient.subscribe("one")
    sender.answers.append(answer)
    assert [row["state"] for row in patient.post("/push/test", {}).get_json()["results"]] == [state]
    assert [item["state"] for item in items(patient)] == ([kept] if kept else [])


def test_a_test_without_a_browser_says_so(patient: Browser) -> None:
    assert patient.post("/push/test", {}).get_json()["code"] == "not_found"


def test_registering_again_mends_a_browser_that_must_resubscribe(patient: Browser, sender: RecordingSender) -> None:
    patient.subscribe("one")
    sender.answers.append({"outcome": "needs_resubscribe", "status": 403})
    patient.post("/push/test", {})
    assert patient.put("/push/subscriptions", subscription("one")).get_json()["state"] == "active"


def test_only_ten_tests_a_minute(patient: Browser) -> None:
    patient.subscribe("one")
    assert [patient.post("/push/test", {}).status_code for _ in range(11)] == [200] * 10 + [429]


def test_a_receipt_needs_only_the_messages_own_token(
    patient: Browser, nobody: Browser, sender: RecordingSender
) -> None:
    patient.subscribe("one")
    patient.post("/push/test", {})
    token = json.loads(sender.messages[0].payload)["token"]
    nobody.headers = {}
    for event in ("received", "shown", "tapped", "dismissed", "shown"):
        body = {"token": token, "event": event, "at": AT}
        assert nobody.post("/push/receipts", body).status_code == 204
    assert (items(patient)[0]["last_received_at"], items(patient)[0]["last_shown_at"]) == (AT, AT)
    before = patient.get("/changes").get_json()["next"]
    again = {"token": token, "event": "shown", "at": "2026-11-22T09:16:00Z"}
    assert nobody.post("/push/receipts", again).status_code == 204
    assert items(patient)[0]["last_shown_at"] == AT
    changed = patient.get(f"/changes?since={before}").get_json()["items"]
    assert changed == []


def test_a_token_speaks_for_48_hours_and_not_when_it_was_changed(
    patient: Browser, nobody: Browser, sender: RecordingSender, clock: Clock
) -> None:
    patient.subscribe("one")
    patient.post("/push/test", {})
    token = json.loads(sender.messages[0].payload)["token"]
    changed = token[:40] + ("A" if token[40] != "A" else "B") + token[41:]  # the last character has bits to spare
    for forged in (changed, token.split(".")[0], "0" * 32 + "." + token[33:]):
        assert nobody.post("/push/receipts", {"token": forged, "event": "shown", "at": AT}).status_code == 401
    clock.move(hours=48, seconds=1)
    assert nobody.post("/push/receipts", {"token": token, "event": "shown", "at": AT}).status_code == 401


def test_the_list_says_whether_anything_is_sent_at_all(patient: Browser) -> None:
    assert patient.get("/push/subscriptions").get_json()["worker_alive"] is False


def test_the_public_key_is_the_one_of_the_settings(nobody: Browser, deps: Any) -> None:
    assert nobody.get("/push/public-key").get_json() == {"public_key": deps.vapid_public_key}
