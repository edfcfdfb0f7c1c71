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


def sugar(db: Session, owner: Owner, on: date, value: str | None, **changes: Any) -> None:
    row: dict[str, Any] = {"id": uuid4(), "patient_id": owner.id, "seq": next(SEQ), "updated_at": NOW}
    row |= {"created_at": NOW, "on": on, "recorded_at": NOW, "value": value, "unit": "mmol/L", "special": None}
    row |= {"context": "fasting", "signs": [], "confirmed": False, "rules_differ": False, "decision": None, **changes}
    db.execute(insert(GlucoseReading).values(row))


def in_target(db: Session, owner: Owner) -> tuple[int, float]:
    _, said, _ = list_insights(db, owner, now=NOW)
    (found,) = [one for one in said if one.key == "glucose_in_target"]
    return found.n, found.values["inside"]


def not_pregnant(db: Session, owner: Owner, **values: Any) -> None:
    profile = {"answers": {"pregnant": "no"}, "answered_at": "2026-11-01T08:00:00Z", "decision": None}
    db.execute(update(Patient).where(Patient.id == owner.id).values(profile=profile, **values))


def test_readings_are_compared_with_the_target_by_their_number_decided_or_not(db: Session, owner: Owner) -> None:
    not_pregnant(db, owner)
    for at in range(6):
        sugar(db, owner, ago(at), "5,6")
    sugar(db, owner, ago(6), "3,1")
    sugar(db, owner, ago(7), None, special="HI")
    sugar(db, owner, ago(8), "2.5", context="after_meal")  # below 10.0, and low
    old = {"rules_version": "2026-11-22", "inputs": {}, "outcome": {"label": "in_target"}}
    sugar(db, owner, ago(9), "9.0", decision=old)
    assert in_target(db, owner) == (10, 6)


def test_a_time_of_day_without_a_target_is_not_counted(db: Session, owner: Owner) -> None:
    not_pregnant(db, owner)
    for at in range(8):
        sugar(db, owner, ago(at), "5.6")
        sugar(db, owner, ago(at), "12", context="bedtime")
    sugar(db, owner, ago(9), "5.6", context="other")
    sugar(db, owner, ago(10), None, special="LO", context="bedtime")
    assert in_target(db, owner) == (8, 8)


def test_the_target_of_ones_own_counts_in_its_own_unit(db: Session, owner: Owner) -> None:
    not_pregnant(
        db, owner, glucose_targets={"unit": "mmol/L", "before_low": 5.0, "before_high": 6.0, "after_below": 9.0}
    )
    for at in range(8):
        sugar(db, owner, ago(at), "5.6" if at else "6.5")
        sugar(db, owner, ago(at), "200", unit="mg/dL")
    assert in_target(db, owner) == (8, 7)


def test_in_pregnancy_or_where_it_is_not_known_the_usual_target_does_not_count(db: Session, owner: Owner) -> None:
    for at in range(8):
        sugar(db, owner, ago(at), "5.6")
    assert keys(db, owner) == ([], [])


def test_a_hidden_sugar_diary_is_not_added_up(db: Session, owner: Owner) -> None:
    for at in range(8):
        sugar(db, owner, ago(at), "5.6")
    not_pregnant(db, owner, glucose_on=False)
    assert keys(db, owner) == ([], [])
