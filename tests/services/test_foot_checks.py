"""Which days had a clear foot check."""

from datetime import date, timedelta
from uuid import uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from server.models import FootCheck
from server.services.foot_checks import clear_check_days
from server.services.owner import Owner, next_seq
from tests.conftest import Clock
from tests.factories import make_patient

MONDAY = date(2026, 11, 16)
DAYS = [MONDAY + timedelta(days=n) for n in range(7)]


def keep(db: Session, owner: Owner, clock: Clock, on: date, result: str) -> None:
    kept = {"id": uuid4(), "patient_id": owner.id, "on": on, "result": result, "findings": [], "temperatures": []}
    times = {"recorded_at": clock(), "created_at": clock(), "updated_at": clock()}
    db.execute(insert(FootCheck).values({**kept, **times, "seq": next_seq(db, owner.id), "rules_differ": False}))


def test_only_days_that_were_all_clear_count(db: Session, clock: Clock) -> None:
    mine = make_patient(db, "mine@example.org", now=clock())
    other = make_patient(db, "other@example.org", now=clock())
    for day, results in enumerate(
        (
            ["all_clear"],
            ["seen"],
            ["not_seen_well"],
            ["not_seen_well", "all_clear"],
            ["all_clear", "seen"],
            [],
            ["all_clear"],
        )
    ):
        for result in results:
            keep(db, mine, clock, DAYS[day], result)
    keep(db, other, clock, DAYS[5], "all_clear")
    assert clear_check_days(db, mine, DAYS[0], DAYS[6]) == {DAYS[0], DAYS[3], DAYS[6]}
    assert clear_check_days(db, mine, DAYS[1], DAYS[5]) == {DAYS[3]}
    assert clear_check_days(db, mine, DAYS[6] + timedelta(days=1), DAYS[6] + timedelta(days=7)) == set()
