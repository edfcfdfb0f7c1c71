"""Many patients whose reminders fall due in the same minute."""

import tracemalloc
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, func, insert, select

from integrations.push import PushMessage, PushResult
from server import jobs
from server.database import Database
from server.dependencies import Dependencies
from server.models import Occurrence, Patient, PushDelivery, PushSubscription
from server.services.sending import claim_deliveries, finish_deliveries
from server.services.waking import wake_due
from tests.conftest import Clock
from tests.factories import make_patient, subscription

MEMORY = 4 * 1024 * 1024


class CountingSender:
    """Keeps numbers, so that what is measured is the worker's."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def send(self, messages: Sequence[PushMessage]) -> list[PushResult]:
        self.batches.append(len(messages))
        return [PushResult(message.delivery_id, "accepted", 201) for message in messages]

    def close(self) -> None:
        """Nothing is open."""


def crowd(database: Database, count: int, due_at: datetime) -> None:
    """So many patients like the first, each with a browser and a moment that is due."""
    with database.write() as db:
        first = make_patient(db, "first@example.org", now=due_at)
        like = dict(db.execute(select(*Patient.__table__.c).where(Patient.id == first.id)).mappings().one())
        ids = [uuid4() for _ in range(count - 1)]
        others = [{**like, "id": id_, "email": f"{id_}@example.org"} for id_ in ids]
        db.execute(insert(Patient), others)
        ids.append(first.id)
        db.execute(insert(PushSubscription), [_browser(id_, due_at) for id_ in ids])
        db.execute(insert(Occurrence), [_moment(id_, due_at) for id_ in ids])


def _browser(patient_id: UUID, now: datetime) -> dict[str, object]:
    body = subscription(str(patient_id))
    moments = {"created_at": now, "seen_at": now, "updated_at": now}
    return {
        "id": uuid4(), "patient_id": patient_id, "seq": 1, "endpoint_hash": patient_id.bytes, "state": "active",
        "endpoint": body["endpoint"], **body["keys"], "label": "phone", **moments,
    }  # fmt: skip


def _moment(patient_id: UUID, due_at: datetime) -> dict[str, object]:
    return {
        "id": uuid4(), "patient_id": patient_id, "seq": 2, "kind": "massage", "on": due_at.date(), "state": "open",
        "local_time": due_at.time(), "due_at": due_at, "wake_at": due_at, "updated_at": due_at,
    }  # fmt: skip


@pytest.mark.parametrize("count", [1000, pytest.param(10_000, marks=[pytest.mark.long, pytest.mark.timeout(900)])])
def test_a_crowd_is_sent_to_in_batches_and_in_little_memory(
    count: int, database: Database, deps: Dependencies, clock: Clock
) -> None:
    crowd(database, count, clock())
    sender = CountingSender()
    object.__setattr__(deps, "push_sender", sender)
    clock.now += timedelta(seconds=1)
    tracemalloc.start()
    try:
        assert jobs.send_due(deps) == count
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (sum(sender.batches), max(sender.batches)) == (count, jobs.BATCH)
    assert peak < MEMORY, f"{peak / 1024 / 1024:.1f} MB"
    print(f"{count} messages, {peak / 1024 / 1024:.1f} MB")
    with database.read() as db:
        assert db.execute(select(func.count()).where(PushDelivery.state == "sent")).scalar_one() == count


def statements(database: Database, limit: int, now: datetime) -> int:
    """How many a batch of this size takes from due to sent."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    with database.write() as db:
        assert wake_due(db, limit=limit, now=now) == limit
        rows = claim_deliveries(db, limit=limit, now=now)
        sent = [(row, PushResult(row.id.hex, "accepted", 201)) for row in rows]
        assert len(finish_deliveries(db, sent, now=now)) == limit
    event.remove(database.engine, "before_cursor_execute", note)
    return len(seen)


def test_a_batch_takes_as_many_statements_with_fifty_messages_as_with_five(database: Database, clock: Clock) -> None:
    crowd(database, 55, clock())
    assert statements(database, 5, clock()) == statements(database, 50, clock())
