"""The numbers for whoever runs the server: whom they are told, that they are right, and that they name nobody."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import insert, select

from server.app import create_app
from server.database import Database
from server.dependencies import Dependencies
from server.jobs import Ticker
from server.models import CounterShard, PushDelivery, SecondDelivery
from server.second_sending import send_second
from server.services import counters
from tests.conftest import Clock
from tests.factories import Browser, RecordingSender, subscription

TOKEN = "metrics-token-of-this-test"
HERE = {"REMOTE_ADDR": "127.0.0.1"}
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


def samples(app: Flask) -> dict[str, float]:
    """Every sample by name and labels, as this machine is told."""
    reply = app.test_client().get("/metrics")
    assert reply.status_code == 200
    lines = [line for line in reply.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


@pytest.fixture
def token(deps: Dependencies) -> str:
    object.__setattr__(deps.settings, "metrics_token", TOKEN)
    return TOKEN


def test_this_machine_is_told_without_a_token(app: Flask) -> None:
    client = app.test_client()
    for address, host in (("127.0.0.1", "localhost:8000"), ("::1", "[::1]:8000"), ("127.0.0.1", "127.0.0.1")):
        reply = client.get("/metrics", headers={"Host": host}, environ_base={"REMOTE_ADDR": address})
        assert reply.status_code == 200
        assert reply.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        (ELSEWHERE, {}),
        (HERE, {"X-Forwarded-For": "127.0.0.1"}),
        (HERE, {"X-Forwarded-For": "203.0.113.9"}),
        (HERE, {"Forwarded": "for=127.0.0.1"}),
        (HERE, {"X-Real-IP": "127.0.0.1"}),
        (HERE, {"Via": "1.1 Caddy"}),
        (HERE, {"Host": "feet.example.org"}),
        (HERE, {"Host": "feet.example.org", "Authorization": "Bearer "}),
        (ELSEWHERE, {"Authorization": f"Bearer {TOKEN}x"}),
        (ELSEWHERE, {"Authorization": "Bearer tökén"}),
        (ELSEWHERE, {"Authorization": TOKEN}),
    ],
)
@pytest.mark.parametrize("has_token", [True, False])
def test_nobody_else_is(
    address: dict[str, str], headers: dict[str, str], has_token: bool, app: Flask, deps: Dependencies
) -> None:
    object.__setattr__(deps.settings, "metrics_token", TOKEN if has_token else "")
    assert app.test_client().get("/metrics", headers=headers, environ_base=address).status_code == 404


def test_whoever_has_the_token_is_told_from_anywhere(app: Flask, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}", "X-Forwarded-For": "203.0.113.9", "Host": "feet.example.org"}
    assert app.test_client().get("/metrics", headers=headers, environ_base=ELSEWHERE).status_code == 200


def test_behind_a_proxy_that_is_believed_loopback_cannot_be_pretended(deps: Dependencies) -> None:
    secure = replace(deps.settings, public_url="https://feet.example.org")
    client = create_app(dependencies=replace(deps, settings=secure)).test_client()
    forged = {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": "localhost", "X-Forwarded-Proto": "https"}
    for address in (HERE, ELSEWHERE):
        assert client.get("/metrics", headers=forged, environ_base=address).status_code == 404
    assert client.get("/metrics", environ_base=HERE).status_code == 200


def test_what_was_sent_and_what_arrived_is_counted(
    app: Flask, deps: Dependencies, patient: Browser, sender: RecordingSender, clock: Clock
) -> None:
    patient.subscribe("one")
    patient.put("/push/subscriptions", subscription("https://fcm.googleapis.com/fcm/send/two"))
    patient.patch("/me", {"email_reminders": "always"})
    patient.put_reminder(weekdays=[7], times=["10:20"])
    sender.answers += [{"outcome": "retry", "status": 503}, {"outcome": "retry", "detail": "TimeoutError"}]
    clock.move(minutes=5)
    Ticker(deps).tick()
    send_second(deps)
    clock.move(minutes=1)
    Ticker(deps).tick()
    with deps.database.read() as db:
        delivery_id = db.execute(select(PushDelivery.id)).scalars().first()
    receipt = {"token": deps.message_tokens.make(delivery_id), "event": "shown", "at": f"{clock():%Y-%m-%dT%H:%M:%SZ}"}
    for _ in range(2):  # the same word again counts once
        assert patient.post("/push/receipts", receipt).status_code == 204
    seen = samples(app)
    pushed = {name: value for name, value in seen.items() if name.startswith("footwell_push_messages_total")}
    assert sum(pushed.values()) == 4
    accepted = 'outcome="accepted",status="201"'
    for service in ("fcm.googleapis.com", "push.services.mozilla.com"):
        assert pushed[f'footwell_push_messages_total{{service="{service}",{accepted}}}'] == 1
    assert sum(value for name, value in pushed.items() if 'outcome="retry",status="503"' in name) == 1
    assert sum(value for name, value in pushed.items() if 'outcome="retry",status="none"' in name) == 1
    assert seen['footwell_receipts_total{event="shown"}'] == 1
    assert seen['footwell_second_messages_total{way="email",state="sent"}'] == 1
    assert seen['footwell_second_messages_total{way="email",state="failed"}'] == 0


def test_what_is_due_is_counted_with_how_late_it_is(
    app: Flask, deps: Dependencies, patient: Browser, database: Database, clock: Clock
) -> None:
    now = clock()
    browser = patient.subscribe("one")
    patient.put_reminder(weekdays=[7], times=["10:20"])
    due = {queue: samples(app)[f'footwell_due{{queue="{queue}"}}'] for queue in ("reminders", "push", "second_ways")}
    assert due == {"reminders": 0, "push": 0, "second_ways": 0}
    assert samples(app)["footwell_worker_silent_seconds"] == float("inf")
    with database.write() as db:
        shared: dict[str, Any] = {"patient_id": UUID(patient.id), "state": "waiting", "attempts": 0, "created_at": now}
        shared["expires_at"] = now + timedelta(hours=1)
        for late in (30, 90):
            row = {**shared, "id": uuid4(), "subscription_id": UUID(browser["id"]), "woken_at": now}
            db.execute(insert(PushDelivery).values(**row, next_try_at=now - timedelta(seconds=late)))
        db.execute(insert(SecondDelivery).values(**shared, id=uuid4(), way="email", next_try_at=now))
    clock.move(minutes=7)
    seen = samples(app)
    assert [seen[f'footwell_due{{queue="{queue}"}}'] for queue in due] == [1, 2, 1]
    assert [seen[f'footwell_lag_seconds{{queue="{queue}"}}'] for queue in due] == [120, 510, 420]
    Ticker(deps).tick()
    seen = samples(app)
    assert [seen[f'footwell_due{{queue="{queue}"}}'] for queue in due] == [0, 0, 1]
    assert seen["footwell_worker_silent_seconds"] == 0


def test_numbers_name_nobody(
    app: Flask, deps: Dependencies, patient: Browser, database: Database, clock: Clock
) -> None:
    """A patient chooses the first part of a push service's host; it stays out as well."""
    patient.put("/push/subscriptions", subscription("https://marked-host.notify.windows.com/marked-endpoint"))
    patient.put_reading(value="217")
    patient.put_reminder(kind="glucose", weekdays=[7], times=["10:20"])
    patient.patch("/me", {"email_reminders": "always"})
    clock.move(minutes=5)
    Ticker(deps).tick()
    send_second(deps)
    text = app.test_client().get("/metrics").text
    assert 'service="notify.windows.com"' in text
    with database.read() as db:
        ids = [str(row) for row in db.execute(select(PushDelivery.id)).scalars()]
        kept = [row.labels for row in db.execute(select(CounterShard.labels))]
    for mark in ("marked", patient.id, "patient@example.org", "217", "glucose", deps.settings.secret_key, *ids):
        assert mark not in text
        assert not [labels for labels in kept if mark in labels]


def test_several_who_count_at_once_lose_nothing(database: Database) -> None:
    start = threading.Barrier(4)

    def run() -> None:
        start.wait()
        for _ in range(25):
            with database.write() as db:
                counters.count(db, "receipts", {("shown",): 1, ("received",): 2})

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as db:
        assert counters.counted(db) == {"receipts": {'event="received"': 200, 'event="shown"': 100}}
