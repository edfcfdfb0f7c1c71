"""Which records insights are worked out from: one patient's, up to their own today, whole days of steps."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from server.models import GlucoseReading, Patient, SessionLog, StepDay, SymptomEntry
from server.services.insights import list_insights
from server.services.owner import Owner
from tests.factories import make_patient

TODAY = date(2026, 11, 22)
SEQ = itertools.count(1)
NOW = datetime(2026, 11, 22, 9, 15, tzinfo=UTC)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def note(db: Session, owner: Owner, on: date, pain: int, numbness: int | None = None) -> None:
    row = {"id": uuid4(), "patient_id": owner.id, "seq": next(SEQ), "updated_at": NOW, "created_at": NOW}
    db.execute(insert(SymptomEntry).values({**row, "on": on, "recorded_at": NOW, "pain": pain, "numbness": numbness}))


def massage(db: Session, owner: Owner, on: date, before: int | None, after: int | None) -> None:
    row: dict[str, Any] = {
        "id": uuid4(),
        "patient_id": owner.id,
        "seq": next(SEQ),
        "updated_at": NOW,
        "created_at": NOW,
    }
    row |= {"on": on, "script_id": "S8", "state": "finished", "started_at": NOW, "ended_at": NOW, "seconds_done": 480}
    row |= {"helper": False, "pain_before": before, "pain_after": after, "rules_differ": False}
    db.execute(insert(SessionLog).values(row))


def steps(db: Session, owner: Owner, on: date, count: int, *, is_partial: bool = False) -> None:
    row = {"patient_id": owner.id, "on": on, "steps": count, "source": "manual", "source_label": "", "seq": next(SEQ)}
    db.execute(insert(StepDay).values({**row, "is_partial": is_partial, "observed_at": NOW, "updated_at": NOW}))


def keys(db: Session, owner: Owner, now: datetime = NOW) -> tuple[list[str], list[tuple[str, int]]]:
    _, said, waiting = list_insights(db, owner, now=now)
    return [one.key for one in said], [(one.key, one.n) for one in waiting]


def test_only_the_patients_own_records_count(db: Session, owner: Owner) -> None:
    other = make_patient(db, "other@example.org", now=NOW)
    for at in range(6):
        massage(db, owner if at < 5 else other, ago(2 * at), 6, 4)
        note(db, owner if at < 3 else other, ago(at), 6)
    assert keys(db, owner) == ([], [("weekly_pain", 3), ("pain_around_massage", 5)])


def test_the_day_is_the_patients_own_and_what_lies_ahead_of_it_is_left_out(db: Session, owner: Owner) -> None:
    for at in range(-1, 3):
        note(db, owner, ago(at), 5)
    late = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)  # half past eleven in Berlin
    assert keys(db, owner, late)[1] == [("weekly_pain", 3)]
    on, _, waiting = list_insights(db, owner, now=datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    assert (on, waiting) == (date(2026, 11, 23), [])  # four notes, and no week before them


def test_the_first_massage_may_be_long_ago(db: Session, owner: Owner) -> None:
    massage(db, owner, ago(900), None, None)
    for at in range(4):
        note(db, owner, ago(900 - at), 8)
        note(db, owner, ago(at), 5)
    _, said, _ = list_insights(db, owner, now=NOW)
    assert [(one.key, one.values) for one in said] == [("weekly_pain", {"pain": 5, "before": 8})]


def test_steps_of_days_that_are_not_over_are_left_out(db: Session, owner: Owner) -> None:
    for at in range(57):
        steps(db, owner, ago(at), 5000 if at else 20_000, is_partial=at == 3)
    _, said, _ = list_insights(db, owner, now=NOW)
    assert [(one.key, one.n, one.values) for one in said] == [("steps_four_weeks", 27, {"now": 5000, "before": 5000})]


def sugar(
    db: Session, owner: Owner, on: date, value: str | None, label: str | None, special: str | None = None
) -> None:
    row: dict[str, Any] = {"id": uuid4(), "patient_id": owner.id, "seq": next(SEQ), "updated_at": NOW}
    row |= {"created_at": NOW, "on": on, "recorded_at": NOW, "value": value, "unit": "mmol/L", "special": special}
    decision = label and {"rules_version": "2026-11-22", "inputs": {}, "outcome": {"label": label}}
    row |= {"context": "fasting", "signs": [], "confirmed": False, "rules_differ": False, "decision": decision}
    db.execute(insert(GlucoseReading).values(row))


def test_a_reading_is_called_as_it_was_decided_or_else_by_its_number(db: Session, owner: Owner) -> None:
    for at in range(6):
        sugar(db, owner, ago(at), "5,6", "in_target")
    sugar(db, owner, ago(6), "3,1", None)  # low, whatever the target
    sugar(db, owner, ago(7), None, None, "HI")
    sugar(db, owner, ago(8), "6", None)  # without a decision it has no target to be in
    _, said, _ = list_insights(db, owner, now=NOW)
    assert [(one.key, one.n, one.values) for one in said] == [("glucose_in_target", 8, {"inside": 6})]


def test_a_hidden_sugar_diary_is_not_added_up(db: Session, owner: Owner) -> None:
    for at in range(8):
        sugar(db, owner, ago(at), "5.6", "in_target")
    db.execute(update(Patient).where(Patient.id == owner.id).values(glucose_on=False))
    assert keys(db, owner) == ([], [])
