"""Several at once on one day of one patient, with connections of their own: nobody fails and nothing is lost."""

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from integrations.intervals import StepInterval
from server.database import Database
from server.models import StepDay
from server.services import step_counts, step_truth
from server.services.owner import Owner
from server.services.step_counts import StepsOfDay
from server.services.step_pieces import save_pieces
from tests.factories import make_patient

ON = date(2026, 11, 21)
PHONE = "phone/6d7a2c1e/shortcut"
ROUNDS = 12

Step = Callable[[Session, Owner, int, datetime], object]


def cloud(db: Session, owner: Owner, steps: int, now: datetime) -> object:
    counts = [StepsOfDay(ON, steps, False, now)]
    return step_counts.save_provider_counts(db, owner, "google_health", "Pixel Watch", counts, now=now)


def push(db: Session, owner: Owner, steps: int, now: datetime) -> object:
    return step_counts.save_device_counts(db, owner, PHONE, "A phone", [StepsOfDay(ON, steps, False, now)], now=now)


def a_piece(db: Session, owner: Owner, steps: int, now: datetime) -> object:
    start = datetime(2026, 11, 21, 8, tzinfo=now.tzinfo) + timedelta(minutes=steps % ROUNDS)
    found = [StepInterval(ON, "com.fitbit.FitbitMobile", start, start + timedelta(minutes=1), 10)]
    seen_from = now - timedelta(days=2)
    return save_pieces(db, owner, "phone/raw", "Raw", found, seen_from=seen_from, observed_at=now, now=now)


def choose(db: Session, owner: Owner, steps: int, now: datetime) -> object:
    return step_truth.save_order(db, owner, [[], [PHONE]][steps % 2], now=now)


def at_once(database: Database, now: datetime, *steps: Step) -> Owner:
    """Each in a thread of its own, all on a day that nothing is known of; returns the patient."""
    with database.write() as db:
        owner = make_patient(db, "at-once@example.org", now=now)
    faults: list[BaseException] = []
    start = threading.Barrier(len(steps))

    def run(step: Step, number: int) -> None:
        try:
            start.wait()
            for n in range(ROUNDS):
                with database.write() as db:
                    step(db, owner, 1000 * (number + 1) + n, now)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(step, number)) for number, step in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    return owner


def test_two_reads_of_a_day_at_once_keep_one_row(database: Database, now: datetime) -> None:
    owner = at_once(database, now, cloud, cloud)
    with database.read() as db:
        assert [row.source for row in step_truth.rows_of(db, owner, [ON])] == ["google_health"]


def test_two_pushes_of_pieces_at_once_lose_none(database: Database, now: datetime) -> None:
    owner = at_once(database, now, a_piece, a_piece)
    with database.read() as db:
        assert [row.steps for row in step_truth.rows_of(db, owner, [ON])] == [10 * ROUNDS]


def test_reads_pushes_pieces_and_choices_at_once_end_in_what_the_rule_says(database: Database, now: datetime) -> None:
    owner = at_once(database, now, cloud, push, a_piece, choose, push)
    with database.read() as db:
        rows = {row.source: row.steps for row in step_truth.rows_of(db, owner, [ON])}
        day = db.execute(select(StepDay.source, StepDay.steps).where(StepDay.patient_id == owner.id)).one()
        best = step_truth.best_of(step_truth.rows_of(db, owner, [ON]), step_truth.wanted_order(db, owner))
        history = step_truth.history(db, owner, ON)
    assert rows[PHONE] == 5000 + ROUNDS - 1
    assert tuple(day) == (best.source, best.steps)
    told = {row.source: row.after for row in reversed(history) if row.why != "choice"}
    assert told == rows  # each change began from what stood there
