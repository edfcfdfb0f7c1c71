"""Browsers that leave, hostile addresses and broken receipts: each gets a clear answer, and nothing else is touched."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from server.database import Database
from server.dependencies import Dependencies
from server.jobs import Ticker
from server.models import PushDelivery
from tests.conftest import Clock
from tests.factories import Browser, RecordingSender, subscription


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://10.0.0.5/push/1",
        "https://[::ffff:127.0.0.1]/push/1",
        "https://[::ffff:a9fe:a9fe]/latest/meta-data",
        "https://metadata.google.internal/push/1",
        "https://patient@fcm.googleapis.com/fcm/send/1",
        "https://fcm.googleapis.com@10.0.0.5/fcm/send/1",
        "https://fcm.googleapis.com./fcm/send/1",
        "https://xn--fcm-0gz.googleapis.com/fcm/send/1",
        "https://web.push.xn--pple-43d.com/1",
        "https://fcm.gооgleapis.com/fcm/send/1",
        "https://fcm.googleapis.com:22/fcm/send/1",
    ],
)
def test_a_hostile_address_is_refused_without_being_repeated(endpoint: str, patient: Browser) -> None:
    reply = patient.put("/push/subscriptions", subscription(endpoint))
    problem = reply.get_json()
    assert (reply.status_code, reply.content_type) == (422, "application/problem+json")
    assert (problem["code"], list(problem["errors"])) == ("push_endpoint_refused", ["endpoint"])
    assert endpoint not in reply.text
    assert patient.get("/push/subscriptions").get_json()["items"] == []


def test_a_browser_that_signs_out_gets_nothing_that_waited_for_it(
    patient: Browser, sender: RecordingSender, deps: Dependencies, clock: Clock
) -> None:
    leaving, staying = patient.subscribe("leaving"), patient.subscribe("staying")
    patient.put_reminder(weekdays=[7], times=["10:20"])
    clock.move(minutes=5)
    sender.answers += [{"outcome": "retry", "status": 503}] * 2
    Ticker(deps).tick()
    assert patient.delete(f"/push/subscriptions/{leaving['id']}").status_code == 204
    sender.messages.clear()
    clock.move(minutes=1)
    Ticker(deps).tick()
    assert len(sender.messages) == 1
    [left] = patient.get("/push/subscriptions").get_json()["items"]
    assert (left["id"], left["last_sent_at"] is not None) == (staying["id"], True)


def test_a_browser_that_changes_hands_takes_no_waiting_message_along(
    patient: Browser, stranger: Browser, sender: RecordingSender, deps: Dependencies, clock: Clock
) -> None:
    patient.subscribe("shared")
    patient.put_reminder(weekdays=[7], times=["10:20"])
    clock.move(minutes=5)
    sender.answers.append({"outcome": "retry", "status": 503})
    Ticker(deps).tick()
    stranger.subscribe("shared")
    sender.messages.clear()
    clock.move(minutes=1)
    Ticker(deps).tick()
    assert sender.messages == []


@pytest.fixture
def token(patient: Browser, sender: RecordingSender) -> str:
    """That of a test message."""
    patient.subscribe("one")
    patient.post("/push/test", {})
    found: str = json.loads(sender.messages[0].payload)["token"]
    return found


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"event": "eaten"}, 422, "invalid_fields"),
        ({"event": None}, 422, "invalid_fields"),
        ({"at": "soon"}, 422, "invalid_fields"),
        ({"at": "2026-11-22T09:15:30"}, 422, "invalid_fields"),
        ({"at": "2026-11-22T09:26:00Z"}, 422, "time_in_future"),
        ({"at": "9999-12-31T23:59:59Z"}, 422, "invalid_fields"),
        ({"at": "2026-11-21T09:14:00Z"}, 422, "time_before_message"),
        ({"at": "1970-01-01T00:00:00Z"}, 422, "invalid_fields"),
        ({"token": "x" * 201}, 422, "invalid_fields"),
        ({"token": "x" * 200}, 401, "not_signed_in"),
        ({"token": 7}, 422, "invalid_fields"),
        ({"more": "x"}, 422, "invalid_fields"),
        ({"event": "x" * 3_000_000}, 413, "too_large"),
    ],
)
def test_a_broken_receipt_is_told_why_and_keeps_nothing(
    changes: dict[str, Any], status: int, code: str, token: str, nobody: Browser, database: Database
) -> None:
    reply = nobody.post("/push/receipts", {"token": token, "event": "shown", "at": "2026-11-22T09:15:30Z", **changes})
    assert (reply.status_code, reply.get_json()["code"]) == (status, code)
    assert reply.content_type == "application/problem+json"
    assert token not in reply.text
    with database.read() as db:
        told = select(
            PushDelivery.received_at, PushDelivery.shown_at, PushDelivery.tapped_at, PushDelivery.dismissed_at
        )
        assert set(db.execute(told).one()) == {None}


@pytest.mark.parametrize("body", [[], "shown", 7, {}])
def test_nonsense_is_no_receipt(body: Any, nobody: Browser) -> None:
    reply = nobody.client.post("/api/v1/push/receipts", json=body)
    assert reply.status_code in (400, 422)
    assert reply.content_type == "application/problem+json"


def test_a_receipt_from_a_phone_whose_clock_is_wrong_is_put_right(
    token: str, nobody: Browser, clock: Clock, database: Database
) -> None:
    off = timedelta(days=400)
    said = {"token": token, "event": "shown", "at": (clock() - off).isoformat()}
    headers = {"Footwell-Sent-At": (clock() - off).isoformat()}
    assert nobody.post("/push/receipts", said, headers=headers).status_code == 204
    with database.read() as db:
        assert db.execute(select(PushDelivery.shown_at)).scalar_one() == clock()
