"""What is long over goes, in small batches, and no phone is told anything wrong by it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from server import jobs
from server.database import Database
from server.dependencies import Dependencies
from server.jobs import Ticker
from server.models import (
    Occurrence,
    PasswordReset,
    PushDelivery,
    SecondDelivery,
    SessionLog,
    SignIn,
    SignInThrottle,
    Tombstone,
)
from server.services import accounts
from tests.conftest import Clock
from tests.factories import Browser


def count(database: Database, table: type) -> int:
    with database.read() as db:
        return db.execute(select(func.count()).select_from(table)).scalar_one()


def keep(deps: Dependencies, **days: int) -> None:
    chosen = {what: timedelta(days=number) for what, number in days.items()}
    object.__setattr__(deps.settings, "keep", replace(deps.settings.keep, **chosen))


def everything(phone: Browser) -> str:
    """The cursor of a phone that has fetched all there is."""
    page = phone.get("/changes").get_json()
    while page["more"]:
        page = phone.get(f"/changes?since={page['next']}").get_json()
    return str(page["next"])


@pytest.fixture
def weeks(deps: Dependencies, patient: Browser, clock: Clock) -> Browser:
    """A patient who was reminded on each day of ten weeks, and answered the first."""
    patient.subscribe("one")
    patient.patch("/me", {"email_reminders": "always"})
    patient.put_reminder(weekdays=[1, 2, 3, 4, 5, 6, 7], times=["10:10"])
    first = patient.get("/occurrences").get_json()["items"][0]
    answer = {"state": "done", "at": f"{clock():%Y-%m-%dT%H:%M:%SZ}"}
    assert patient.put(f"/occurrences/{first['id']}", answer).status_code == 200
    for _ in range(70):
        clock.move(days=1)
        jobs.plan_ahead(deps)
        Ticker(deps).tick()
    return patient


def test_moments_of_days_long_past_go_with_their_messages(
    weeks: Browser, deps: Dependencies, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "PRUNE_BATCH", 3)
    before = [count(database, table) for table in (Occurrence, PushDelivery, SecondDelivery)]
    jobs.prune(deps)
    assert [count(database, table) for table in (Occurrence, PushDelivery, SecondDelivery)] == before
    keep(deps, occurrences=60)
    jobs.prune(deps)
    assert count(database, Occurrence) == before[0] - 9
    assert count(database, PushDelivery) == before[1] - 8  # the first was answered
    assert count(database, SecondDelivery) == before[2] - 8


def test_a_phone_is_neither_told_of_them_nor_sent_back_to_the_beginning(weeks: Browser, deps: Dependencies) -> None:
    cursor = everything(weeks)
    keep(deps, occurrences=60)
    jobs.prune(deps)
    page = weeks.get(f"/changes?since={cursor}").get_json()
    assert (page["items"], page["next"], page.get("reset")) == ([], cursor, None)
    assert jobs.plan_ahead(deps) == 0  # nor are they made again


def test_a_moment_that_is_still_to_be_looked_at_stays(
    patient: Browser, deps: Dependencies, database: Database, clock: Clock
) -> None:
    """The worker was away all the time."""
    patient.put_reminder(weekdays=[7], times=["10:20"])
    moments = count(database, Occurrence)
    clock.move(days=500)
    jobs.prune(deps)
    assert count(database, Occurrence) == moments
    Ticker(deps).tick()
    jobs.prune(deps)
    assert count(database, Occurrence) == 0


def test_each_kind_is_kept_as_long_as_was_chosen(
    weeks: Browser, deps: Dependencies, database: Database, clock: Clock
) -> None:
    keep(deps, deliveries=15)
    before = count(database, Occurrence)
    jobs.prune(deps)
    assert 14 <= count(database, PushDelivery) <= 16
    assert 14 <= count(database, SecondDelivery) <= 16
    assert count(database, Occurrence) == before
    log = weeks.put_log()
    weeks.delete(f"/session-logs/{log['id']}")
    cursor = everything(weeks)
    keep(deps, tombstones=30)
    clock.move(days=31)
    log = weeks.put_log()
    weeks.delete(f"/session-logs/{log['id']}")
    jobs.prune(deps)
    assert "reset" not in weeks.get(f"/changes?since={cursor}").get_json()
    clock.move(days=31)
    jobs.prune(deps)
    assert weeks.get(f"/changes?since={cursor}").get_json()["reset"]


def test_what_nobody_needs_goes_and_the_rest_stays(
    deps: Dependencies, patient: Browser, database: Database, clock: Clock
) -> None:
    patient.subscribe("one")
    patient.post("/push/test", {})
    log = patient.put_log()
    patient.delete(f"/session-logs/{log['id']}")
    with database.write() as db:
        accounts.note_failure(db, b"k" * 32, now=clock())
        accounts.create_password_reset(db, "patient@example.org", now=clock())
    kept = patient.put_log()

    def left() -> list[int]:
        with database.read() as db:
            tables = (PushDelivery, SignIn, SignInThrottle, PasswordReset)
            return [len(db.execute(select(table)).all()) for table in tables]

    jobs.prune(deps)
    assert left() == [1, 1, 1, 1]
    clock.move(days=91)
    jobs.prune(deps)
    assert left() == [0, 1, 0, 0]
    clock.move(days=310)
    jobs.prune(deps)
    assert left() == [0, 0, 0, 0]
    with database.read() as db:
        assert [str(row) for row in db.execute(select(SessionLog.id)).scalars()] == [kept["id"]]
        assert db.execute(select(Tombstone.seq)).all() == []
