"""What push services said is written down whatever the database does, and a fault of ours reaches who can mend it."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from server import pushing
from server.database import Database
from server.dependencies import Dependencies
from server.jobs import Ticker
from server.models import Occurrence, PushDelivery
from server.services import sending, server_facts
from server.services.sending import LEASE
from tests.conftest import Clock
from tests.factories import Browser, RecordingSender, subscription

MOZILLA = "updates.push.services.mozilla.com"
APPLE = "web.push.apple.com"
REFUSED = {"outcome": "config_fault", "status": 403}


@pytest.fixture(autouse=True)
def _a_server_with_a_contact(monkeypatch: pytest.MonkeyPatch, deps: Dependencies) -> None:
    monkeypatch.setattr(pushing, "TRY_AGAIN_SECONDS", 0)
    object.__setattr__(deps.settings, "vapid_subject", "mailto:you@example.org")


def lose_the_database(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """The next so many times that results are written down, the database goes away before the end."""
    real, left = sending.finish_deliveries, [None] * times

    def finish(*args: Any, **kwargs: Any) -> Any:
        done = real(*args, **kwargs)
        if left:
            left.pop()
            raise OperationalError("UPDATE", {}, Exception("the database restarts"))
        return done

    monkeypatch.setattr(sending, "finish_deliveries", finish)


def test_a_database_that_goes_away_between_sending_and_noting_makes_nothing_be_sent_again(
    deps: Dependencies, patient: Browser, sender: RecordingSender, clock: Clock, database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    patient.subscribe("one")
    patient.put_reminder(weekdays=[7], times=["10:20"])
    clock.move(minutes=5)
    lose_the_database(monkeypatch, times=3)
    Ticker(deps).tick()
    clock.move(seconds=LEASE.total_seconds())
    Ticker(deps).tick()
    assert len(sender.messages) == 1
    with database.read() as db:
        assert db.execute(select(PushDelivery.state)).scalars().all() == ["sent"]
        assert db.execute(select(Occurrence.sent_at).order_by(Occurrence.due_at)).scalars().first() is not None


def test_a_database_that_stays_away_ends_the_wait_with_the_lease(
    deps: Dependencies, patient: Browser, sender: RecordingSender, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient.subscribe("one")
    patient.put_reminder(weekdays=[7], times=["10:20"])
    clock.move(minutes=5)
    lose_the_database(monkeypatch, times=1)
    monkeypatch.setattr(pushing, "KEEP_TRYING_SECONDS", 0.0)
    with pytest.raises(OperationalError):
        Ticker(deps).tick()
    clock.move(seconds=LEASE.total_seconds())
    Ticker(deps).tick()
    assert [message.topic for message in sender.messages] == [sender.messages[0].topic] * 2


def test_which_services_are_let_alone_is_known_until_they_take_a_message(
    patient: Browser, sender: RecordingSender, database: Database, clock: Clock
) -> None:
    """Whatever a patient puts before the service's name: the longest host that there can be is no longer here."""
    host = ".".join(["a" * 60] * 3 + ["notify.windows.com"])
    patient.put("/push/subscriptions", subscription(f"https://{host}/secret-endpoint"))
    sender.answers.append({"outcome": "retry", "status": None, "retry_after": 30.0, "detail": "host_paused"})
    patient.post("/push/test", {})
    with database.read() as db:
        assert server_facts.push_pauses(db) == {"notify.windows.com": clock() + timedelta(seconds=30)}
    patient.post("/push/test", {})
    with database.read() as db:
        assert server_facts.push_pauses(db) == {}


def push_fault(browser: Browser) -> Any:
    return browser.get("/push/subscriptions").get_json()["push_fault"]


def test_a_service_that_refuses_us_is_known_to_everybody_until_it_takes_a_message(
    patient: Browser, stranger: Browser, nobody: Browser, sender: RecordingSender, clock: Clock, deps: Dependencies,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    caplog.set_level(logging.INFO)
    made = subscription(f"https://{APPLE}/secret-endpoint")
    patient.put("/push/subscriptions", made)
    stranger.subscribe("one")
    sender.answers.append(REFUSED)
    assert push_fault(patient) is None
    patient.post("/push/test", {})
    assert (push_fault(patient), push_fault(stranger)) == ("refused", None)  # the stranger's is at another service
    Ticker(deps).tick()
    ready = nobody.client.get("/readyz")
    assert (ready.status_code, ready.get_json()["push"]) == (200, [APPLE])
    [error] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert APPLE in error.getMessage()
    assert "secret-endpoint" not in caplog.text
    sender.answers.append(REFUSED)
    patient.post("/push/test", {})
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1  # said once
    stranger.post("/push/test", {})
    assert push_fault(patient) == "refused"  # another service took that one
    patient.post("/push/test", {})
    assert push_fault(patient) is None
    assert nobody.client.get("/readyz").get_json()["push"] == "ok"


@pytest.mark.parametrize("answer", [{"outcome": "rejected", "status": 400}, {"outcome": "too_large", "status": 413}])
def test_a_message_that_is_refused_is_an_error_in_the_log(
    answer: dict[str, Any], patient: Browser, sender: RecordingSender, caplog: pytest.LogCaptureFixture
) -> None:
    patient.subscribe("one")
    sender.answers.append(answer)
    patient.post("/push/test", {})
    errors = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert any(MOZILLA in error and str(answer["status"]) in error for error in errors)
    assert (push_fault(patient) == "refused") == (answer["status"] == 400)


def test_a_400_beside_accepted_messages_is_no_fault_of_the_whole_service(
    patient: Browser, sender: RecordingSender
) -> None:
    for name in ("one", "two"):
        patient.subscribe(name)
    sender.answers.append({"outcome": "rejected", "status": 400})
    patient.post("/push/test", {})
    assert push_fault(patient) is None


def test_browsers_that_were_blamed_before_a_fault_was_seen_get_messages_again(
    patient: Browser, stranger: Browser, sender: RecordingSender
) -> None:
    alone = {"outcome": "needs_resubscribe", "status": 403}
    for name, answer in (("one", alone), ("two", alone), ("three", REFUSED)):
        blamed = patient.subscribe(name)
        sender.answers.append(answer)
        patient.post("/push/test", {"subscription_id": blamed["id"]})
    other = stranger.subscribe(f"https://{APPLE}/other")
    sender.answers.append(alone)
    stranger.post("/push/test", {"subscription_id": other["id"]})
    states = [row["state"] for row in patient.get("/push/subscriptions").get_json()["items"]]
    assert states == ["active"] * 3
    assert stranger.get("/push/subscriptions").get_json()["items"][0]["state"] == "needs_resubscribe"


def test_a_fault_that_one_worker_has_seen_is_no_browsers_fault_for_the_others(
    patient: Browser, sender: RecordingSender
) -> None:
    """Each worker counts refusals for itself, so its first ones look as if they were about the browser."""

    one, two = (patient.subscribe(name) for name in ("one", "two"))

    def states() -> list[str]:
        found = {row["id"]: row["state"] for row in patient.get("/push/subscriptions").get_json()["items"]}
        return [found[one["id"]], found[two["id"]]]

    for browser, answer in ((one, REFUSED), (two, {"outcome": "needs_resubscribe", "status": 403})):
        sender.answers.append(answer)
        patient.post("/push/test", {"subscription_id": browser["id"]})
    assert states() == ["active", "active"]
    assert push_fault(patient) == "refused"
    patient.post("/push/test", {"subscription_id": one["id"]})
    sender.answers.append({"outcome": "needs_resubscribe", "status": 403})
    patient.post("/push/test", {"subscription_id": two["id"]})
    assert states() == ["active", "needs_resubscribe"]  # the service takes others again


def test_when_a_fault_ends_those_who_were_blamed_as_it_was_seen_get_messages_again(
    patient: Browser, sender: RecordingSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workers write at once: this one has not seen yet that another has found the fault."""
    one, two = (patient.subscribe(name) for name in ("one", "two"))
    sender.answers.append(REFUSED)
    patient.post("/push/test", {"subscription_id": one["id"]})
    sender.answers.append({"outcome": "needs_resubscribe", "status": 403})
    with monkeypatch.context() as earlier:
        earlier.setattr(server_facts, "push_faults", lambda _db: set())
        patient.post("/push/test", {"subscription_id": two["id"]})
    patient.post("/push/test", {"subscription_id": one["id"]})
    assert push_fault(patient) is None
    assert [row["state"] for row in patient.get("/push/subscriptions").get_json()["items"]] == ["active"] * 2


@pytest.mark.parametrize(
    ("subject", "endpoint", "fault"),
    [
        ("mailto:you@localhost", f"https://{APPLE}/one", "no_contact"),
        ("mailto:you@localhost", f"https://{MOZILLA}/one", None),
        ("mailto:you@example.org", f"https://{APPLE}/one", None),
    ],
)
def test_apple_wants_a_contact_that_is_one(
    subject: str, endpoint: str, fault: str | None, patient: Browser, deps: Dependencies
) -> None:
    object.__setattr__(deps.settings, "vapid_subject", subject)
    patient.subscribe(endpoint)
    assert push_fault(patient) == fault
