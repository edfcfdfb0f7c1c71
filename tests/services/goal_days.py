"""Days of a patient with a step goal: steps, notes, checks, warnings, and the worker's look."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from server.models import FootCheck
from server.services import accounts, records, step_counts, step_goals
from server.services.owner import Owner
from server.services.records import CLEARANCE, SHOE_CHECK, SYMPTOM_ENTRY, RecordTable, daily_id
from server.services.step_counts import StepsOfDay
from tests.care.answers import NO_FLAG
from tests.services.plan_days import block

ZONE = "Europe/Berlin"
DAY = timedelta(days=1)
MONDAY = date(2026, 11, 23)
NOTES, CLEARANCES, SHOES = (RecordTable(kind, ["id"]) for kind in (SYMPTOM_ENTRY, CLEARANCE, SHOE_CHECK))


def at(on: date, hour: int = 9, zone: str = ZONE) -> datetime:
    return datetime.combine(on, time(hour), ZoneInfo(zone)).astimezone(UTC)


def days_from(first: date, count: int) -> list[date]:
    return [first + n * DAY for n in range(count)]


def push(db: Session, owner: Owner, steps: int, days: Iterable[date], now: datetime, *, partial: bool = False) -> None:
    counts = [StepsOfDay(on, steps, partial, now) for on in days]
    step_counts.save_device_counts(db, owner, "phone", "Phone", counts, now=now)


def goal(db: Session, owner: Owner) -> Any:
    return step_goals.get_goal(db, owner)


def told(db: Session, owner: Owner) -> list[tuple[str, int | None, str]]:
    return [(one["from_on"][5:], one["steps"], one["why"]) for one in goal(db, owner).history]


def look(db: Session, owner: Owner, now: datetime) -> None:
    """As the worker does: only when it is due."""
    if owner.id in {one.id for one in step_goals.due_for_look(db, limit=10, now=now)}:
        step_goals.refresh_again(db, owner, now=now)


def note(db: Session, owner: Owner, on: date, pain: int, now: datetime) -> None:
    values = {"on": on, "recorded_at": now, "pain": pain, "tingling": None, "numbness": None, "note": None}
    records.save_record(db, owner, NOTES, daily_id(owner.id, "symptom_entry", on), values, if_match=None, now=now)


def foot_check(db: Session, owner: Owner, on: date) -> None:
    """An all-clear check of a day."""
    written: dict[str, Any] = {column.name: None for column in FootCheck.__table__.columns}
    written |= {"id": uuid4(), "patient_id": owner.id, "on": on, "result": "all_clear", "seq": 10_000 + on.toordinal()}
    written |= {name: at(on) for name in ("created_at", "updated_at", "recorded_at")}
    for column in FootCheck.__table__.columns:
        if written[column.name] is None and not column.nullable:
            written[column.name] = False if column.type.python_type is bool else []
    db.add(FootCheck(**written))
    db.flush()


def shoe_check(db: Session, owner: Owner, on: date, **answers: str) -> None:
    """A look at a pair of shoes; `answers` are what was said."""
    decision = {"rules_version": "2026-11-22", "inputs": answers, "outcome": {}}
    values = {"on": on, "recorded_at": at(on), "verdict": "wear", "decision": decision, "note": None}
    records.save_record(db, owner, SHOES, uuid4(), values, if_match=None, now=at(on))


def good_week(db: Session, owner: Owner, monday: date, steps: int, *, pain: int = 3) -> None:
    """Everything that a goal needs to rise, kept on the Sunday evening."""
    now = at(monday + 6 * DAY, 22)
    for on in days_from(monday, 7):
        foot_check(db, owner, on)
        note(db, owner, on, pain, now)
    push(db, owner, steps, days_from(monday, 7), now)


def answer(db: Session, owner: Owner, now: datetime, **answers: str) -> None:
    profile = {"answers": NO_FLAG | answers, "answered_at": now.isoformat(), "decision": None}
    accounts.change_me(db, owner, {"profile": profile}, if_match=None, now=now)


def begun(db: Session, owner: Owner, steps: int = 3_000) -> None:
    """A goal since Monday the 9th, a week of notes before it, no flag in the profile."""
    start = MONDAY - 14 * DAY
    answer(db, owner, at(start - 8 * DAY))
    for on in days_from(start - 7 * DAY, 7):
        note(db, owner, on, 3, at(on))
    push(db, owner, steps, days_from(start - 7 * DAY, 7), at(start, 0))


def want(db: Session, owner: Owner, now: datetime, **changes: Any) -> None:
    values = {"active": True, "cap_choice": None, "told": 0, "walks_from_on": None, **changes}
    step_goals.save_goal(db, owner, values, if_match=None, now=now)


def flag(db: Session, owner: Owner, now: datetime, block_id: UUID | None = None, **changes: Any) -> UUID:
    return block(db, owner, now, block_id, **{"on": now.astimezone(ZoneInfo(ZONE)).date(), "areas": [], **changes})


def clinic_ok(db: Session, owner: Owner, block_id: UUID, began: datetime, now: datetime) -> None:
    ended = {"ended_at": now, "end_reason": "clinic_ok", "clinician_name": "Dr Okafor"}
    flag(db, owner, now, block_id, started_at=began, on=began.date(), **ended, clinician_on=now.date())
