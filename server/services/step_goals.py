"""The patient's step goal: kept, begun, decided anew each week, and off while a warning rests the feet."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from server.errors import Invalid, NotFound, Stale
from server.localtime import local_date, start_of_day
from server.models import AnyRow, Patient, StepGoal
from server.services import step_goal_work as work
from server.services.owner import Owner, Written, lock_patients, next_seq
from server.services.step_goal_facts import DAY, standing
from server.services.step_goal_history import tell

BASELINE_FROM = timedelta(days=28)  # of an older history, only what a person does now
_goals = cast(Table, StepGoal.__table__)
_ONE = select(*_goals.c).where(_goals.c.patient_id == bindparam("owner"))


def save_goal(db: Session, owner: Owner, values: Mapping[str, Any], *, if_match: int | None, now: datetime) -> bool:
    """Keep what the patient wants of the goal, and work it out. True when it is new. Raises Stale, Invalid."""
    seq = next_seq(db, owner.id)
    stored = find_goal(db, owner)
    if if_match is not None and (stored is None or stored.seq != if_match):
        raise Stale("Your step goal changed meanwhile. Fetch it again, then save.")
    today = local_date(now, _zone(db, owner))
    walks = values["walks_from_on"]
    if walks is not None and walks > today + DAY:
        raise Invalid("Walks cannot begin in the future.", errors={"walks_from_on": ["Must not be in the future."]})
    created = stored is None
    if stored is None:
        _create(db, owner, seq=seq, today=today, now=now)
        stored = get_goal(db, owner)
    history = stored.history
    if stored.active and not values["active"] and stored.phase == "on":
        history = tell(history, today, steps=None, was=stored.steps, why="off")
    if values["active"] and not stored.active and stored.phase == "on":
        history = tell(history, today, steps=stored.steps, was=None, why="resumed")
    newest = history[-1]["n"] if history else 0
    wanted = {name: values[name] for name in ("active", "cap_choice", "walks_from_on")}
    wanted |= {"told": max(stored.told, min(values["told"], newest)), "history": history}
    db.execute(update(StepGoal).where(_mine(owner)).values({**wanted, "seq": seq, "updated_at": now}))
    refresh(db, owner, now=now)
    return created


def get_goal(db: Session, owner: Owner) -> AnyRow:
    """The patient's goal. Raises NotFound while there are neither steps nor a wish."""
    row = find_goal(db, owner)
    if row is None:
        raise NotFound("There is no step goal yet.")
    return row


def find_goal(db: Session, owner: Owner) -> AnyRow | None:
    """The patient's goal, or none."""
    return db.execute(_ONE, {"owner": owner.id}).first()


def steps_changed(db: Session, owner: Owner, days: Collection[date], *, now: datetime) -> None:
    """Steps came or went: the first ones begin a goal; later ones may change the week's word. Under the lock."""
    if not days:
        return
    row = find_goal(db, owner)
    if row is None:
        _create(db, owner, seq=next_seq(db, owner.id), today=local_date(now, _zone(db, owner)), now=now)
    elif row.phase == "on" and row.week_on is not None and min(days) >= row.week_on:
        return  # of the week that runs: its turn comes
    refresh(db, owner, now=now)


def refresh(db: Session, owner: Owner, *, now: datetime) -> None:
    """Work the goal out from what is known now; twice is harmless. The caller holds the patient's lock."""
    row = find_goal(db, owner)
    if row is None:
        return
    known = standing(db, owner, now=now)
    values = work.work_out(db, owner, row, known, now=now)
    if any(getattr(row, name) != value for name, value in values.items()):
        values |= {"seq": next_seq(db, owner.id), "updated_at": now}
    values["look_at"] = start_of_day(work.look_on(values, known), known.zone) if row.active else None
    db.execute(update(StepGoal).where(_mine(owner)).values(values))


def refresh_again(db: Session, owner: Owner, *, now: datetime) -> None:
    """As `refresh`, for the worker: the account may be gone since the goal was found."""
    if lock_patients(db, [owner.id]):
        refresh(db, owner, now=now)


def due_for_look(db: Session, *, limit: int, now: datetime) -> Sequence[Owner]:
    """Patients whose goal is to be looked at."""
    query = (
        select(StepGoal.patient_id, Patient.time_zone)
        .join(Patient, Patient.id == StepGoal.patient_id)
        .where(StepGoal.look_at <= now)
        .order_by(StepGoal.look_at)
        .limit(limit)
    )
    return [Owner(row.patient_id, row.time_zone) for row in db.execute(query)]


def follow(db: Session, owner: Owner, _written: Written, *, now: datetime) -> None:
    """After a record that the goal depends on at once."""
    refresh(db, owner, now=now)


def _mine(owner: Owner) -> Any:
    return StepGoal.patient_id == owner.id


def _zone(db: Session, owner: Owner) -> str:
    zone: str = db.execute(select(Patient.time_zone).where(Patient.id == owner.id)).scalar_one()
    return zone


def _create(db: Session, owner: Owner, *, seq: int, today: date, now: datetime) -> None:
    row: dict[str, Any] = {column.name: None for column in _goals.c}
    row |= {"patient_id": owner.id, "seq": seq, "created_at": now, "updated_at": now}
    row |= {"active": True, "phase": "waiting", "told": 0, "days_known": 0, "walk_minutes": [], "history": []}
    db.execute(insert(StepGoal).values({**row, "baseline_from_on": today - BASELINE_FROM}))
