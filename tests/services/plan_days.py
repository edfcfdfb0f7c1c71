"""A patient's plan: saved, logged, blocked, and read back as its days and the times at which it reminds."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.models import Block, Occurrence, SessionLog
from server.services import plans, records
from server.services.owner import Owner
from server.services.records import BLOCK, SESSION_LOG, RecordTable

LOGS, BLOCKS = RecordTable(SESSION_LOG, ["id"]), RecordTable(BLOCK, ["id"])


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


SUNDAY = at("2026-11-22T09:15")


def values(**changes: Any) -> dict[str, Any]:
    days = {"weekdays": [1, 3, 5], "time": "19:00", "starts_on": date(2026, 11, 22)}
    return {
        "programme_id": "standard",
        **days,
        "remind": True,
        "pause": None,
        "reviews": [],
        "ended_on": None,
        **changes,
    }


def save(db: Session, owner: Owner, now: datetime = SUNDAY, **changes: Any) -> None:
    plans.save_plan(db, owner, values(**changes), if_match=None, now=now)


def log(db: Session, owner: Owner, on: str, now: datetime, state: str = "finished", log_id: UUID | None = None) -> UUID:
    log_id = log_id or uuid4()
    scores = {f"{score}_{when}": None for score in ("pain", "numbness", "tingling") for when in ("before", "after")}
    written = {column.name: None for column in SessionLog.__table__.columns if column.default is None} | scores
    for name in ("id", "patient_id", "seq", "updated_at", "created_at", "rules_differ"):
        written.pop(name, None)
    written |= {"on": date.fromisoformat(on), "script_id": "S8", "state": state, "started_at": now, "ended_at": now}
    written |= {"seconds_done": 60, "helper": False}
    records.save_record(db, owner, LOGS, log_id, written, if_match=None, now=now)
    return log_id


def block(db: Session, owner: Owner, now: datetime, block_id: UUID | None = None, **changes: Any) -> UUID:
    block_id = block_id or uuid4()
    written: dict[str, Any] = {column.name: None for column in Block.__table__.columns if column.default is None}
    for name in ("id", "patient_id", "seq", "updated_at", "created_at", "rules_differ"):
        written.pop(name, None)
    written |= {"on": now.date(), "started_at": now, "warning": "open_sore", "level": "same_day", **changes}
    records.save_record(db, owner, BLOCKS, block_id, written, if_match=None, now=now)
    return block_id


def days(db: Session, owner: Owner) -> list[str]:
    """`23` or, when moved, `24<23`."""
    found = plans.get_plan(db, owner).days
    return [day["on"][-2:] + (f"<{day['moved_from'][-2:]}" if day["moved_from"] else "") for day in found]


def occurrences(db: Session) -> list[Any]:
    columns = Occurrence.__table__.c
    return list(db.execute(select(*columns).where(columns.kind != "redness").order_by(columns.due_at)).all())


def wakes(db: Session) -> list[str]:
    return [f"{row.wake_at:%m-%dT%H:%M}" for row in occurrences(db) if row.wake_at]
