"""Each worker has a schedule of its own, so what is done now and then is done by several at the same moment."""

from dataclasses import replace
from datetime import datetime, timedelta
from multiprocessing import get_context
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from server import jobs, second_sending
from server.api import limits
from server.database import Database
from server.dependencies import Dependencies
from server.models import Occurrence, Plan, PushDelivery, PushSubscription, SecondDelivery, Tombstone
from server.settings import Keep, Settings
from server.wiring import build_dependencies
from tests.conftest import ORIGIN, Clock
from tests.factories import Browser
from tests.tables import contents

PATIENTS = 12
WORK = (jobs.begin_days, jobs.look_at_goals, jobs.plan_ahead, second_sending.look_for_quiet, jobs.prune)


def schedule(settings: Settings, now: datetime, start: Any) -> None:
    """What one worker does when all of its periodic tasks are due."""
    deps = replace(build_dependencies(settings), clock=Clock(now))
    start.wait()
    for work in WORK:
        work(deps)


@pytest.fixture
def crowd(app: Flask, deps: Dependencies, database: Database, clock: Clock) -> list[Browser]:
    """Patients for whom there is all of that to do, ten days later."""
    phones = [Browser(app, ORIGIN).sign_up(f"{n}@example.org") for n in range(PATIENTS)]
    for phone in phones:
        subscription_id = phone.subscribe(f"browser-of-{phone.id}")["id"]
        phone.patch("/me", {"email_reminders": "always"})
        phone.put_plan()
        phone.put_goal()
        phone.put_reminder(kind="glucose", weekdays=[1, 2, 3, 4, 5, 6, 7], times=["10:20"])
        phone.delete(f"/session-logs/{phone.put_log()['id']}")
        with database.write() as db:
            browser = update(PushSubscription).where(PushSubscription.id == UUID(subscription_id))
            db.execute(browser.values(last_received_at=clock() + timedelta(days=1)))
    for days in (4, 5):
        clock.move(days=days)
        for phone in phones:
            limits.install(app, deps.settings)  # counts from nothing
            assert phone.post("/push/test", {}).status_code == 200
    clock.move(days=1)
    with database.write() as db:  # a worker has looked at what is past
        db.execute(update(Occurrence).where(Occurrence.due_at < clock()).values(wake_at=None))
    days = timedelta(days=5)
    object.__setattr__(
        deps.settings, "keep", Keep(occurrences=days, deliveries=days, tombstones=days, step_changes=days)
    )
    return phones


@pytest.mark.postgresql
def test_two_schedules_at_once_do_everything_once(
    crowd: list[Browser], deps: Dependencies, database: Database, clock: Clock
) -> None:
    context = get_context("spawn")
    start = context.Barrier(3)
    workers = [context.Process(target=schedule, args=(deps.settings, clock(), start)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    after = contents(database)
    assert [work(deps) for work in WORK[:-1]] == [0, 0, 0, 0]  # nothing is left
    jobs.prune(deps)
    assert contents(database) == after
    with database.read() as db:
        about_quiet = select(SecondDelivery.patient_id).where(SecondDelivery.subscription_id.is_not(None))
        assert sorted(map(str, db.execute(about_quiet).scalars())) == sorted(phone.id for phone in crowd)
        ahead = select(func.count()).where(Occurrence.kind == "glucose", Occurrence.due_at > clock())
        assert db.execute(ahead.group_by(Occurrence.patient_id)).scalars().all() == [15] * PATIENTS
        assert db.execute(select(func.min(Plan.replan_at))).scalar_one() > clock()
        past = [
            select(func.count()).where(Occurrence.on < (clock() - timedelta(days=5)).date()),
            select(func.count()).where(PushDelivery.created_at < clock() - timedelta(days=5)),
            select(func.count()).select_from(Tombstone),
        ]
        assert [db.execute(query).scalar_one() for query in past] == [0, 0, 0]
