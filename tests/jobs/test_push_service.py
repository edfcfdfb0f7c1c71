"""The worker and the test push against a strict push service, with the real sender: what each answer comes to."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from integrations.push import Subscription
from integrations.web_push import WebPushSender
from server.care.content import text
from server.database import Database
from server.dependencies import Dependencies
from server.jobs import Ticker
from server.models import Occurrence, PushDelivery
from server.services import sending
from server.services.messages import build_message
from server.services.sending import LEASE
from server.services.waking import wake_due
from tests.conftest import Clock
from tests.factories import Browser
from tests.fakes.push_service import Answer, PushService


@pytest.fixture(scope="module")
def running_service() -> Iterator[PushService]:
    with PushService() as service:
        yield service


@pytest.fixture
def service(running_service: PushService, deps: Dependencies) -> Iterator[PushService]:
    """The server's own sender, talking to a service that is strict about every header."""
    running_service.messages.clear()
    running_service.refusals.clear()
    running_service.always(None)
    settings = deps.settings
    object.__setattr__(settings, "push_hosts", frozenset({running_service.host}))
    sender = WebPushSender(settings.vapid_private_key, settings.vapid_subject, extra_hosts=settings.push_hosts)
    object.__setattr__(deps, "push_sender", sender)
    yield running_service
    sender.close()
    assert running_service.refusals == [] or running_service.refusals[0][0] in (404, 410)


def subscribe(browser: Browser, service: PushService, key: str | None = None) -> Subscription:
    made = service.subscribe(key)
    body = {"endpoint": made.endpoint, "keys": {"p256dh": made.p256dh, "auth": made.auth}, "label": "Firefox"}
    reply = browser.put("/push/subscriptions", body)
    assert reply.status_code == 201, reply.text
    return made


@pytest.fixture
def due(patient: Browser, service: PushService, deps: Dependencies, clock: Clock) -> Subscription:
    """A reminder that is due now, for one browser."""
    made = subscribe(patient, service, deps.vapid_public_key)
    patient.put_reminder(weekdays=[7], times=["10:20"])
    clock.move(minutes=5)
    return made


def state(database: Database) -> tuple[list[str], Any]:
    with database.read() as db:
        first = select(Occurrence.sent_at, Occurrence.not_sent).order_by(Occurrence.due_at).limit(1)
        return list(db.execute(select(PushDelivery.state)).scalars()), tuple(db.execute(first).one())


def test_a_browser_can_read_what_it_gets(
    due: Subscription, service: PushService, deps: Dependencies, database: Database, clock: Clock, patient: Browser
) -> None:
    Ticker(deps).tick()
    [message] = service.messages
    payload = message.json()
    assert (payload["v"], payload["type"], payload["store"]) == (1, "reminder", patient.id)
    assert payload["notification"]["tag"] == message.headers["Topic"]
    assert (message.headers["TTL"], message.headers["Urgency"]) == ("3600", "high")
    assert state(database) == (["sent"], (clock(), None))


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten_and_no_other(
    status: int, due: Subscription, service: PushService, deps: Dependencies, database: Database, patient: Browser,
    stranger: Browser,
) -> None:  # fmt: skip
    subscribe(stranger, service)
    service.script(Answer(status))
    Ticker(deps).tick()
    assert patient.get("/push/subscriptions").get_json()["items"] == []
    assert len(stranger.get("/push/subscriptions").get_json()["items"]) == 1
    assert state(database)[1] == (None, "no_phone")


@pytest.mark.parametrize(
    ("answer", "wait"),
    [
        (Answer(429, {"Retry-After": "120"}), 120),
        (Answer(500), 15),
        (Answer(503, {"Retry-After": "30"}), 30),
        (Answer(drop="before"), 15),
        (Answer(drop="after"), 15),
    ],
    ids=["429", "500", "503", "dropped", "taken, then dropped"],
)
def test_what_may_pass_is_tried_again_with_the_same_topic(
    answer: Answer, wait: int, due: Subscription, service: PushService, deps: Dependencies, database: Database,
    clock: Clock,
) -> None:  # fmt: skip
    service.script(answer, answer)  # the sender may try a dropped connection once more by itself
    ticker = Ticker(deps)
    ticker.tick()
    assert state(database) == (["waiting"], (None, None))
    service._script.clear()
    # The sender, too, pauses for a host that asked for it, by a clock of its own.
    deps.push_sender._hosts.clear()  # type: ignore[attr-defined]
    clock.move(seconds=wait)
    ticker.tick()
    assert state(database) == (["sent"], (clock(), None))
    assert len({message.headers["Topic"] for message in service.messages}) == 1
    assert len({message.json()["token"] for message in service.messages}) == 1


def test_a_refusal_of_our_signature_keeps_the_browser(
    due: Subscription, service: PushService, deps: Dependencies, patient: Browser
) -> None:
    service.script(Answer(403))
    Ticker(deps).tick()
    [browser] = patient.get("/push/subscriptions").get_json()["items"]
    assert browser["state"] in ("active", "needs_resubscribe")


def test_a_message_that_was_taken_before_a_crash_replaces_itself(
    due: Subscription, service: PushService, deps: Dependencies, clock: Clock, database: Database
) -> None:
    """As `kill -9` between sending and finishing: the service has it, the database does not know."""
    with database.write() as db:
        wake_due(db, limit=10, now=clock())
    with database.write() as db:
        rows = sending.claim_deliveries(db, limit=10, now=clock())
    build = {"public_url": deps.settings.public_url, "texts": text, "make_token": deps.message_tokens.make}
    deps.push_sender.send([build_message(rows[0], **build, now=clock())])  # type: ignore[arg-type]
    clock.move(seconds=LEASE.total_seconds())
    Ticker(deps).tick()
    first, second = service.messages
    assert first.headers["Topic"] == second.headers["Topic"]
    assert first.json()["notification"] == second.json()["notification"]
    assert first.expires_at <= second.at


def test_the_test_push_goes_the_whole_way_at_once(patient: Browser, service: PushService, deps: Dependencies) -> None:
    made = subscribe(patient, service, deps.vapid_public_key)
    assert [row["state"] for row in patient.post("/push/test", {}).get_json()["results"]] == ["sent"]
    assert service.messages[0].json()["type"] == "test"
    service.forget(made)
    assert [row["state"] for row in patient.post("/push/test", {}).get_json()["results"]] == ["gone"]
    assert patient.get("/push/subscriptions").get_json()["items"] == []
