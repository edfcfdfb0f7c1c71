"""Workers and patients at once, with real threads and connections of their own."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from server.database import Database
from server.errors import Conflict
from server.models import Patient
from server.services import push, sending
from server.services.owner import Owner
from server.services.sending import LEASE, claim_deliveries, finish_deliveries
from server.services.waking import wake_due
from tests.factories import make_patient
from tests.services.test_sending import accepted, answers, deliveries, remind, subscribe


@pytest.fixture
def due(now: datetime) -> datetime:
    """10:20 in Berlin, five minutes from now."""
    return now + timedelta(minutes=5)


@pytest.fixture
def crowd(database: Database, now: datetime) -> tuple[Database, int]:
    """Thirty patients with two browsers each, all due at once."""
    with database.write() as db:
        for n in range(30):
            owner = make_patient(db, f"{n}@example.org", now=now)
            for name in ("phone", "tablet"):
                subscribe(db, owner, name, now)
            remind(db, owner, now)
    return database, 60


def test_two_workers_never_send_one_delivery_twice_while_the_lease_holds(
    crowd: tuple[Database, int], due: datetime
) -> None:
    database, expected = crowd
    sent: list[UUID] = []
    faults: list[BaseException] = []
    start = threading.Barrier(3)

    def worker() -> None:
        try:
            start.wait()
            idle = 0
            while idle < 3:
                with database.write() as db:
                    woken = wake_due(db, limit=7, now=due)
                with database.write() as db:
                    rows = claim_deliveries(db, limit=7, now=due)
                sent.extend(row.id for row in rows)
                with database.write() as db:
                    finish_deliveries(db, [(row, accepted(row)) for row in rows], now=due)
                idle = 0 if woken or rows else idle + 1
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=worker) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert (len(sent), len(set(sent))) == (expected, expected)
    with database.read() as db:
        assert {row.state for row in deliveries(db)} == {"sent"}


def test_patients_workers_and_changing_browsers_do_not_wait_in_a_ring(
    crowd: tuple[Database, int], now: datetime, due: datetime
) -> None:
    """Everybody locks patients first, and several of them in one order."""
    database, _ = crowd
    with database.read() as db:
        owners = [Owner(row.id, row.time_zone) for row in db.execute(select(Patient.id, Patient.time_zone))]
    faults: list[BaseException] = []

    def run(step: Callable[[int], object]) -> None:
        for n in range(25):
            try:
                step(n)
            except Conflict:  # an eleventh browser, or one that moved on meanwhile: both are answers
                continue
            except BaseException as fault:
                faults.append(fault)

    def hand_over(shift: int) -> Callable[[int], object]:
        def step(n: int) -> object:
            taker = owners[(n * 7 + shift) % len(owners)]
            giver = owners[(n * 5 + shift * 3) % len(owners)]
            endpoint = f"https://push.example/{giver.id}/phone"
            given = {"endpoint": endpoint, "p256dh": "x", "auth": "y", "label": "phone", "replaces": None}
            with database.write() as db:
                return push.save_subscription(db, taker, **given, now=now)

        return step

    def send(n: int) -> object:
        with database.write() as db:
            wake_due(db, limit=5, now=due)
        with database.write() as db:
            rows = claim_deliveries(db, limit=9, now=due + n * LEASE)
        with database.write() as db:
            return finish_deliveries(db, [(row, answers("retry", retry_after=5.0)(row)) for row in rows], now=due)

    def test_message(n: int) -> object:
        with database.write() as db:
            subscribe(db, owners[n], "own", now)
            return sending.create_test_deliveries(db, owners[n], None, now=due)

    steps = [hand_over(1), hand_over(2), send, send, test_message]
    threads = [threading.Thread(target=run, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
