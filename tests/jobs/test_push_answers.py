"""Every answer of a push service, the whole way: what becomes of the message and the browser, and who hears of it."""

from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from sqlalchemy import select

from integrations.push import Subscription
from integrations.web_push import FAULT_AFTER, THROTTLED_SECONDS
from server.database import Database
from server.dependencies import Dependencies
from server.dependencies import clock as real_clock
from server.jobs import Ticker
from server.models import PushDelivery
from tests.conftest import Clock
from tests.factories import Browser
from tests.fakes.push_service import Answer, PushService
from tests.jobs.test_push_service import due, running_service, service, state, subscribe

__all__ = ["due", "running_service", "service"]  # fixtures


def browsers(patient: Browser) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = patient.get("/push/subscriptions").get_json()["items"]
    return found


@pytest.mark.parametrize(
    ("status", "delivery", "browser", "not_sent"),
    [
        (200, "sent", "active", None),
        (201, "sent", "active", None),
        (202, "sent", "active", None),
        (204, "sent", "active", None),
        (301, "needs_resubscribe", "needs_resubscribe", "failed"),
        (308, "needs_resubscribe", "needs_resubscribe", "failed"),
        (400, "failed", "active", "failed"),
        (401, "needs_resubscribe", "needs_resubscribe", "failed"),
        (403, "needs_resubscribe", "needs_resubscribe", "failed"),
        (413, "failed", "active", "failed"),
    ],
)
def test_an_answer_that_is_final(
    status: int, delivery: str, browser: str, not_sent: str | None,
    due: Subscription, service: PushService, deps: Dependencies, database: Database, clock: Clock, patient: Browser,
) -> None:  # fmt: skip
    headers = {"Location": f"{service.url}/push/elsewhere"} if status in (301, 308) else {}
    service.script(Answer(status, headers))
    before = service.requests
    for _ in range(3):
        Ticker(deps).tick()
        clock.move(minutes=10)
    assert service.requests == before + 1  # neither followed nor tried again
    states, (sent_at, why) = state(database)
    assert (states, why) == ([delivery], not_sent)
    assert (sent_at is not None) == (delivery == "sent")
    assert [row["state"] for row in browsers(patient)] == [browser]


def test_an_accepted_message_is_no_proof_of_life(
    due: Subscription, service: PushService, deps: Dependencies, patient: Browser, nobody: Browser, clock: Clock
) -> None:
    """Apple is said to answer 201 for browsers that are gone: only the browser's own word counts as arrived."""
    Ticker(deps).tick()
    [row] = browsers(patient)
    assert row["last_sent_at"] is not None
    assert (row["last_received_at"], row["last_shown_at"]) == (None, None)
    said = {"token": service.messages[0].json()["token"], "event": "shown", "at": clock().isoformat()}
    assert nobody.post("/push/receipts", said).status_code == 204
    assert browsers(patient)[0]["last_shown_at"] is not None


def test_what_the_client_mends_is_sent_to_again(
    due: Subscription, service: PushService, deps: Dependencies, patient: Browser, clock: Clock
) -> None:
    """A push service that moved, or a refusal: the browser registers at its next start, as it does anyway."""
    service.script(Answer(301, {"Location": f"{service.url}/push/elsewhere"}))
    Ticker(deps).tick()
    body = {"endpoint": due.endpoint, "keys": {"p256dh": due.p256dh, "auth": due.auth}, "label": "Firefox"}
    assert patient.put("/push/subscriptions", body).get_json()["state"] == "active"
    clock.move(days=7)
    Ticker(deps).tick()
    assert len(service.messages) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_whole_service_that_refuses_us_costs_nobody_a_browser(
    status: int, due: Subscription, service: PushService, deps: Dependencies, patient: Browser, clock: Clock
) -> None:
    for _ in range(FAULT_AFTER):
        subscribe(patient, service, deps.vapid_public_key)
    service.always(Answer(status))
    Ticker(deps).tick()
    assert {row["state"] for row in browsers(patient)} == {"active"}
    assert patient.get("/push/subscriptions").get_json()["push_fault"] == "refused"
    service.always(None)
    clock.move(days=7)
    Ticker(deps).tick()
    assert len(service.messages) == FAULT_AFTER + 1
    assert patient.get("/push/subscriptions").get_json()["push_fault"] is None


@pytest.mark.parametrize(
    ("status", "retry_after", "wait"),
    [
        (406, None, THROTTLED_SECONDS),
        (429, None, THROTTLED_SECONDS),
        (406, 900, 900),
        (429, 120, 120),
        (429, "as a date", 600),
        (503, 300, 300),
    ],
)
def test_a_service_that_asks_for_time_gets_it(
    status: int, retry_after: int | str | None, wait: float,
    due: Subscription, service: PushService, deps: Dependencies, database: Database, clock: Clock,
) -> None:  # fmt: skip
    if retry_after == "as a date":  # the sender reads it by the real clock
        retry_after = format_datetime(real_clock() + timedelta(seconds=wait), usegmt=True)
    service.script(Answer(status, {} if retry_after is None else {"Retry-After": str(retry_after)}))
    Ticker(deps).tick()
    assert state(database) == (["waiting"], (None, None))
    with database.read() as db:
        again_at = db.execute(select(PushDelivery.next_try_at)).scalar_one()
    assert again_at is not None
    assert wait - 5 <= (again_at - clock()).total_seconds() <= wait


@pytest.mark.parametrize("status", [406, 429, 503])
def test_a_wait_that_is_longer_than_the_message_is_of_use_ends_it(
    status: int, due: Subscription, service: PushService, deps: Dependencies, database: Database, clock: Clock,
    patient: Browser,
) -> None:  # fmt: skip
    service.script(Answer(status, {"Retry-After": "7200"}))
    before = service.requests
    Ticker(deps).tick()
    clock.move(minutes=59)
    Ticker(deps).tick()
    assert service.requests == before + 1
    assert state(database) == (["expired"], (None, "failed"))
    assert [row["state"] for row in browsers(patient)] == ["active"]
