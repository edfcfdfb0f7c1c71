"""The worker with a clock that tests move: right instants across clock changes, and crashes between any two steps."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from integrations.push import PushResult
from integrations.push_transport import TOTAL_SECONDS
from server import jobs
from server.database import Database
from server.dependencies import Dependencies
from server.jobs import Ticker
from server.models import Occurrence, PushDelivery
from server.services import server_facts
from server.services.sending import LEASE
from tests.conftest import Clock
from tests.factories import PASSWORD, Browser, RecordingSender


def tags(sender: RecordingSender) -> list[str]:
    return [json.loads(message.payload)["notification"]["tag"] for message in sender.messages]


def first_moment(database: Database) -> Any:
    with database.read() as db:
        return db.execute(select(*Occurrence.__table__.c).order_by(Occurrence.due_at)).first()


@pytest.mark.parametrize(
    ("zone", "start", "expected"),
    [
        ("Europe/Berlin", "2026-10-19T00:00", ["19T17", "21T17", "23T17", "26T18", "28T18", "30T18"]),
        ("America/New_York", "2026-10-26T04:00", ["26T23", "28T23", "30T23", "03T00", "05T00", "07T00"]),
    ],
)
def test_three_evenings_a_week_across_the_end_of_summer_time(
    zone: str, start: str, expected: list[str],
    deps: Dependencies, patient: Browser, sender: RecordingSender, clock: Clock,
) -> None:  # fmt: skip
    clock.now = datetime.fromisoformat(start).replace(tzinfo=UTC)
    patient.patch("/me", {"time_zone": zone})
    patient.subscribe("one")
    patient.put_reminder(starts_on="2026-10-01")
    ticker, came = Ticker(deps), []
    for _ in range(12 * 24):
        clock.move(hours=1)
        before = len(sender.messages)
        ticker.tick()
        came += [f"{clock():%dT%H}"] * (len(sender.messages) - before)
    assert came == expected
    assert len(set(tags(sender))) == len(sender.messages)


def test_a_message_comes_within_a_tick_of_its_moment(
    deps: Dependencies, patient: Browser, sender: RecordingSender, clock: Clock
) -> None:
    patient.subscribe("one")
    patient.put_reminder(weekdays=[7], times=["10:20"])
    ticker = Ticker(deps)
    clock.move(minutes=4, seconds=59)
    ticker.tick()
    assert sender.messages == []
    clock.move(seconds=1)
    ticker.tick()
    message = json.loads(sender.messages[0].payload)
    assert (message["type"], message["store"]) == ("reminder", patient.id)
    occurrence_id = message["notification"]["data"]["occurrence_id"]
    assert message["notification"]["navigate"].endswith(f"/#/session?occurrence={occurrence_id}")
    assert sender.messages[0].ttl == 3600
    clock.move(days=1)
    ticker.tick()
    assert len(sender.messages) == 1


class CrashError(Exception):
    """The process ends here."""


class CrashingSender(RecordingSender):
    """Ends the process before anything leaves, or after it has left."""

    def __init__(self, after: bool) -> None:
        super().__init__()
        self.after = after

    def send(self, messages: Any) -> list[PushResult]:
        if self.after:
            super().send(messages)
        raise CrashError


@pytest.mark.parametrize(("kind", "screen"), [("glucose", "log/glucose"), ("foot_check", "log/foot-check")])
def test_a_message_leads_to_where_it_is_answered(
    kind: str, screen: str, deps: Dependencies, patient: Browser, sender: RecordingSender, clock: Clock
) -> None:
    patient.subscribe("one")
    patient.put_reminder(kind=kind, weekdays=[7], times=["10:20"])
    clock.move(minutes=5)
    Ticker(deps).tick()
    notification = json.loads(sender.messages[0].payload)["notification"]
    occurrence_id = notification["data"]["occurrence_id"]
    assert notification["navigate"].endswith(f"/#/{screen}?occurrence={occurrence_id}")


def crash_at(deps: Dependencies, step: str) -> Callable[[], None]:
    """Make one step of `send_due` end the process; returns what undoes that."""
    real = deps.push_sender
    if step in ("before sending", "after sending"):
        object.__setattr__(deps, "push_sender", CrashingSender(after=step == "after sending"))
        return lambda: object.__setattr__(deps, "push_sender", real)
    name = step.removeprefix("in ")
    module = jobs.waking if name == "wake_due" else jobs.sending
    function = getattr(module, name)

    def crash(*args: Any, **kwargs: Any) -> Any:
        function(*args, **kwargs)  # everything is written, and then lost with the transaction
        raise CrashError

    setattr(module, name, crash)
    return lambda: setattr(module, name, function)


STEPS = ["in wake_due", "in claim_deliveries", "before sending", "after sending", "in finish_deliveries"]


@pytest.mark.parametrize("step", STEPS)
def test_a_crash_anywhere_loses_nothing_and_shows_nothing_twice(
    step: str, deps: Dependencies, patient: Browser, sender: RecordingSender, clock: Clock, database: Database
) -> None:
    patient.subscribe("one")
    patient.put_reminder(weekdays=[7], times=["10:20"])
    clock.move(minutes=5)
    mend = crash_at(deps, step)
    crashed = deps.push_sender
    with pytest.raises(CrashError):
        Ticker(deps).tick()
    mend()
    clock.move(seconds=LEASE.total_seconds())
    Ticker(deps).tick()  # a new process
    Ticker(deps).tick()
    left = [*(crashed.messages if isinstance(crashed, CrashingSender) else []), *sender.messages]
    assert 1 <= len(left) <= 2
    assert len({json.loads(message.payload)["notification"]["tag"] for message in left}) == 1
    assert len({(message.delivery_id, message.topic, message.payload) for message in left}) == 1
    assert first_moment(database).sent_at == clock()
    with database.read() as db:
        assert db.execute(select(PushDelivery.state)).scalars().all() == ["sent"]


def test_a_worker_that_was_away_for_hours_sends_nothing_stale(
    deps: Dependencies, patient: Browser, sender: RecordingSender, clock: Clock, database: Database
) -> None:
    patient.subscribe("one")
    patient.put_reminder(weekdays=[7], times=["10:20", "12:50"])
    clock.move(hours=3)  # 13:15 in Berlin
    Ticker(deps).tick()
    assert len(sender.messages) == 1
    assert sender.messages[0].ttl == 35 * 60
    assert first_moment(database).not_sent == "too_late"


def test_a_claimed_message_is_not_sent_when_the_next_worker_comes_too_late(
    deps: Dependencies, patient: Browser, sender: RecordingSender, clock: Clock, database: Database
) -> None:
    patient.subscribe("one")
    patient.put_reminder(weekdays=[7], times=["10:20"])
    clock.move(minutes=5)
    mend = crash_at(deps, "before sending")
    with pytest.raises(CrashError):
        Ticker(deps).tick()
    mend()
    clock.move(hours=2)
    Ticker(deps).tick()
    assert sender.messages == []
    assert first_moment(database).not_sent == "too_late"


def test_many_are_sent_in_batches(
    deps: Dependencies, patient: Browser, sender: RecordingSender, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 3)
    patient.subscribe("one")
    for _ in range(10):
        patient.put_reminder(weekdays=[7], times=["10:20"])
    clock.move(minutes=5)
    assert jobs.send_due(deps) == 10
    assert len(set(tags(sender))) == 10


def test_moments_are_planned_ahead_for_years(deps: Dependencies, patient: Browser, clock: Clock) -> None:
    patient.put_reminder()
    for _ in range(8):
        clock.move(days=7)
        jobs.plan_ahead(deps)
        ahead = patient.get("/occurrences").get_json()["items"]
        assert len(ahead) >= 3
    assert jobs.plan_ahead(deps) == 0


def test_the_worker_says_that_it_is_alive(deps: Dependencies, database: Database, clock: Clock) -> None:
    ticker = Ticker(deps)
    for _ in range(3):
        ticker.tick()
        with database.read() as db:
            assert server_facts.worker_is_alive(db, now=clock())
        clock.move(minutes=1)
    clock.move(minutes=2)
    with database.read() as db:
        assert not server_facts.worker_is_alive(db, now=clock())


def test_a_worker_with_much_to_send_says_so_all_the_while(
    deps: Dependencies, patient: Browser, clock: Clock, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    class Slow(RecordingSender):
        def send(self, messages: Any) -> list[PushResult]:
            clock.move(seconds=50)
            with database.read() as db:
                seen.append(server_facts.worker_is_alive(db, now=clock()))
            return super().send(messages)

    object.__setattr__(deps, "push_sender", Slow())
    monkeypatch.setattr(jobs, "BATCH", 1)
    patient.subscribe("one")
    for _ in range(6):
        patient.put_reminder(weekdays=[7], times=["10:20"])
    ticker = Ticker(deps)
    ticker.tick()
    clock.move(minutes=5)
    ticker.tick()
    assert seen == [False] + [True] * 5  # it was away before the first


@pytest.mark.parametrize("step", ["in wake_due", "in claim_deliveries"])
def test_a_worker_that_cannot_claim_is_not_alive(
    step: str, deps: Dependencies, database: Database, clock: Clock
) -> None:
    ticker = Ticker(deps)
    ticker.tick()
    mend = crash_at(deps, step)
    for _ in range(3):
        clock.move(minutes=1)
        with pytest.raises(CrashError):
            ticker.tick()
    mend()
    with database.read() as db:
        assert not server_facts.worker_is_alive(db, now=clock())


def test_a_delivery_whose_account_is_deleted_meanwhile_is_no_fault(
    deps: Dependencies, patient: Browser, stranger: Browser, clock: Clock, database: Database
) -> None:
    class Leaving(RecordingSender):
        def send(self, messages: Any) -> list[PushResult]:
            assert patient.delete("/me", {"password": PASSWORD}).status_code == 204
            return super().send(messages)

    sender = Leaving()
    object.__setattr__(deps, "push_sender", sender)
    for n, browser in enumerate((patient, stranger)):
        browser.subscribe(f"browser{n}")
        browser.put_reminder(weekdays=[7], times=["10:20"])
    clock.move(minutes=5)
    Ticker(deps).tick()
    Ticker(deps).tick()
    assert len(sender.messages) == 2
    assert first_moment(database).sent_at == clock()


def test_the_lease_is_longer_than_a_push_service_may_take() -> None:
    assert timedelta(seconds=2 * TOTAL_SECONDS) < LEASE
