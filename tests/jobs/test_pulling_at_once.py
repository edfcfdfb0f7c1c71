"""Several workers on one database, as processes of their own, with the real client and single-use tokens."""

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from integrations.provider import TokenSet
from server.bootstrap import ROOT
from server.connecting import sealed_tokens
from server.dependencies import Dependencies
from server.dependencies import clock as real_clock
from server.localtime import local_date
from server.models import AnyRow, DailyStepCount, StepChange, StepDay, WearableConnection
from server.services import wearables
from server.services.owner import Owner
from server.services.wearable_sync import READ_LEASE, claim_due
from tests.conftest import Clock
from tests.factories import make_patient
from tests.fakes.google import Answer, Google
from tests.fakes.google_world import SETTINGS_SCOPE, STEPS_SCOPE, Account, Grant
from tests.jobs.pulls import wait_until

pytestmark = pytest.mark.postgresql
SCOPES = (STEPS_SCOPE, SETTINGS_SCOPE)
LATER = READ_LEASE.total_seconds() + 1
Walkers = list[tuple[Owner, Account]]
Worker = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def clock() -> Clock:
    return Clock(real_clock())


@pytest.fixture
def worker(google: Google, deps: Dependencies, database_url: str, tmp_path: Path) -> Iterator[Worker]:
    """Starts a process that pulls, with its clock so many seconds ahead; returns it when it has looked once."""
    given = deps.settings
    env = {
        **os.environ,
        **google.environment(),
        "FOOTWELL_DATA_DIR": str(given.data_dir),
        "DATABASE_URL": database_url,
        "FOOTWELL_SECRET_KEY": given.secret_key,
        "FOOTWELL_VAPID_PRIVATE_KEY": given.vapid_private_key,
        "FOOTWELL_TOKEN_KEYS": ",".join(given.token_keys),
    }
    started: list[subprocess.Popen[str]] = []

    def start(ahead: float = 0) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "tests.jobs.pull_worker", str(ahead)]
        process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        started.append(process)
        taken_by(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        for pipe in (process.stdout, process.stderr):
            assert pipe is not None
            pipe.close()


def taken_by(process: "subprocess.Popen[str]") -> int:
    """How many connections a worker took with its next look, once it is done with them."""
    assert process.stdout is not None
    return int(process.stdout.readline())


@pytest.fixture
def walk(deps: Dependencies, google: Google, clock: Clock) -> Callable[..., Walkers]:
    """So many patients with an account each, whose history is read and whose turn has not come."""

    def make(count: int, *, token_is_good: bool = True) -> Walkers:
        now = clock()
        today = local_date(now, "Europe/Berlin")
        made = []
        with deps.database.write() as db:
            for number in range(count):
                account = Account(health_user_id=f"{number}")
                account.days.update({today - timedelta(days=back): 1000 + 10 * number + back for back in range(7)})
                grant = Grant(account, "health-client", SCOPES)
                tokens = TokenSet(google.new_access(grant), google.new_refresh(grant))
                expires_at = now + timedelta(hours=2 if token_is_good else -2)
                consent = wearables.Consent(
                    deps.vault.seal(sealed_tokens(tokens)), SCOPES, (), f"{number}", expires_at, None
                )
                owner = make_patient(db, f"{number}@example.org", now=now)
                wearables.save_connection(db, owner, "google_health", consent, glucose=False, now=now)
                made.append((owner, account))
            read = {"read_from": today - timedelta(days=100), "month_read_on": today, "device_read_at": now}
            db.execute(update(WearableConnection).values({**read, "next_sync_at": now + timedelta(days=1)}))
        return made

    return make


def make_due(deps: Dependencies) -> None:
    with deps.database.write() as db:
        db.execute(update(WearableConnection).values(next_sync_at=real_clock()))


def rows(deps: Dependencies) -> dict[str, AnyRow]:
    with deps.database.read() as db:
        found = db.execute(select(*WearableConnection.__table__.c)).all()
    return {row.patient_id: row for row in found}


def wait_until_read(deps: Dependencies) -> None:
    wait_until(lambda: all(row.last_ok_at for row in rows(deps).values()))


def days(deps: Dependencies, owner: Owner) -> dict[date, int]:
    """What counts, after a look that each day has one source and one change."""
    with deps.database.read() as db:
        mine = {
            day.on: day.steps
            for day in db.execute(select(StepDay.on, StepDay.steps).where(StepDay.patient_id == owner.id))
        }
        said = [on for (on,) in db.execute(select(DailyStepCount.on).where(DailyStepCount.patient_id == owner.id))]
        changes = [on for (on,) in db.execute(select(StepChange.on).where(StepChange.patient_id == owner.id))]
    assert sorted(said) == sorted(changes) == sorted(mine)
    return mine


def test_two_workers_read_each_connection_once_and_use_each_refresh_token_once(
    deps: Dependencies, google: Google, worker: Worker, walk: Callable[..., Walkers]
) -> None:
    google.rotates = True
    google.always("steps", Answer(delay=0.05))
    walkers = walk(160, token_is_good=False)
    workers = [worker(), worker()]
    make_due(deps)
    taken = [0, 0]

    def is_all_taken() -> bool:
        taken[:] = [before + taken_by(process) for before, process in zip(taken, workers, strict=True)]
        return sum(taken) >= 160

    wait_until(is_all_taken)
    assert (sum(taken), min(taken) > 0) == (160, True)
    asked = Counter(
        google.access[call.headers["authorization"][7:]].account.health_user_id for call in google.calls["steps"]
    )
    assert asked == Counter({f"{number}": 1 for number in range(160)})
    used = [call.body["refresh_token"] for call in google.calls["token"]]
    assert (len(used), len(set(used))) == (160, 160)
    for owner, account in walkers:
        assert days(deps, owner) == account.days
    assert {(row.state, row.claims, row.lease_until) for row in rows(deps).values()} == {("active", 1, None)}


@pytest.mark.parametrize("place", ["steps", "token"])
def test_what_a_killed_worker_held_is_taken_over_when_its_lease_ends(
    place: str, deps: Dependencies, google: Google, worker: Worker, walk: Callable[..., Walkers]
) -> None:
    walkers = walk(24, token_is_good=False)
    google.always(place, Answer(delay=0.4))
    first = worker()
    make_due(deps)
    wait_until(lambda: google.counts[place] >= 12)
    first.kill()
    first.wait()
    google.always(place, None)
    unread = [pair for pair in walkers if rows(deps)[pair[0].id].last_ok_at is None]
    assert len(unread) >= 8
    before = google.counts["steps"]
    second = worker()
    assert ([taken_by(second) for _ in range(5)], google.counts["steps"]) == ([0] * 5, before)  # the lease stands
    worker(LATER)
    wait_until_read(deps)
    for owner, account in walkers:
        assert days(deps, owner) == account.days
    assert {(row.state, row.lease_until) for row in rows(deps).values()} == {("active", None)}
    assert {rows(deps)[owner.id].claims for owner, _ in unread} == {2}


def test_a_worker_takes_at_once_what_another_is_not_claiming_just_now(
    deps: Dependencies, walk: Callable[..., Walkers]
) -> None:
    walk(6)
    make_due(deps)
    now = real_clock()

    def claimed(db: Session, limit: int) -> set[UUID]:
        db.execute(text("SET LOCAL lock_timeout = '1ms'"))  # who waits, fails
        return {due.owner.id for due in claim_due(db, "google_health", limit=limit, now=now)}

    with deps.database.write() as first, deps.database.write() as second:
        mine, others = claimed(first, 2), claimed(second, 6)
        assert (len(mine), len(others), mine & others) == (2, 4, set())
    assert {row.claims for row in rows(deps).values()} == {1}


def test_who_disconnects_while_a_worker_reads_is_left_alone(
    deps: Dependencies, google: Google, worker: Worker, walk: Callable[..., Walkers]
) -> None:
    google.always("steps", Answer(delay=3))
    walkers = walk(8)
    reading = worker()
    make_due(deps)
    wait_until(lambda: google.counts["steps"] == 8)
    leaving, staying = walkers[::2], walkers[1::2]
    for owner, _ in leaving:
        with deps.database.write() as db:
            wearables.disconnect(db, owner, "google_health", now=real_clock())
    wait_until(lambda: taken_by(reading) == 8)
    for owner, account in staying:
        assert days(deps, owner) == account.days
    for owner, _ in leaving:
        row = rows(deps)[owner.id]
        assert (row.state, row.sealed, row.last_ok_at, days(deps, owner)) == ("disconnected", None, None, {})


def test_notices_in_any_order_and_pulls_do_not_wait_in_a_ring(
    deps: Dependencies, google: Google, worker: Worker, walk: Callable[..., Walkers]
) -> None:
    walk(24)
    on = real_clock().date()
    notices = [wearables.Change(f"{number}", on, on) for number in range(24)]
    reading = worker()
    faults: list[BaseException] = []

    def tell(order: list[wearables.Change]) -> None:
        try:
            for _ in range(40):
                with deps.database.write() as db:
                    assert wearables.note_changes(db, "google_health", order, now=real_clock()) == 24
                time.sleep(0.05)
        except BaseException as fault:
            faults.append(fault)

    orders = [notices, notices[::-1], notices[12:] + notices[:12]]
    threads = [threading.Thread(target=tell, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    wait_until(lambda: google.counts["steps"] > 0)
    reading.kill()
    assert "not kept" not in reading.communicate()[1]
