"""Records that patients make: save, list, get, delete; the same for every kind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID, uuid5

from sqlalchemy import Date, Table, Uuid, bindparam, delete, exists, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.care.decisions import same_decision
from server.errors import Invalid, NotFound, Stale
from server.models import (
    AnyRow,
    Block,
    Clearance,
    ComfortLog,
    FootCheck,
    GlucoseReading,
    PatientRecord,
    SessionLog,
    ShoeCheck,
    SymptomEntry,
    Tombstone,
    TriageEvent,
)
from server.services import plans, step_goals
from server.services.clearance_notices import plan_notice
from server.services.owner import Owner, Written, bury, next_seq, unbury
from server.services.redness import plan_redness

KEPT = {"id", "patient_id", "created_at", "source"}  # what a record was made with stays, whoever changes it

graves = cast(Table, Tombstone.__table__)


@dataclass(frozen=True)
class RecordKind:
    """What the services must know of a kind of record; `decides`: members that hold a decision, each with its kind."""

    name: str
    model: type[PatientRecord]
    once_a_day: bool = False
    decides: Mapping[str, str] = field(default_factory=dict)
    # Called after a record of this kind was written or deleted: (db, owner, Written, now=…).
    then: Sequence[Callable[..., None]] = ()


def replan(db: Session, owner: Owner, _written: Written, *, now: datetime) -> None:
    """After what the plan counts was written."""
    plans.refresh(db, owner, now=now)


def replan_days(db: Session, owner: Owner, written: Written, *, now: datetime) -> None:
    """After a log. The plan counts days that have one: nothing else in a log matters to it."""
    if written.moved:
        plans.refresh(db, owner, now=now)


SESSION_LOG = RecordKind(
    "session_log",
    SessionLog,
    decides={"decision": "session", "profile_decision": "profile"},
    then=(plan_redness, replan_days),
)
SYMPTOM_ENTRY = RecordKind("symptom_entry", SymptomEntry, once_a_day=True)
BLOCK = RecordKind("block", Block, decides={"decision": "session"}, then=(replan, step_goals.follow))
CLEARANCE = RecordKind("clearance", Clearance, then=(step_goals.follow, plan_notice))
GLUCOSE_READING = RecordKind("glucose_reading", GlucoseReading, decides={"decision": "glucose"})
COMFORT_LOG = RecordKind("comfort_log", ComfortLog, decides={"decision": "comfort"})
TRIAGE_EVENT = RecordKind("triage_event", TriageEvent, decides={"decision": "triage"})
FOOT_CHECK = RecordKind("foot_check", FootCheck, decides={"decision": "foot_check"})
SHOE_CHECK = RecordKind("shoe_check", ShoeCheck, decides={"decision": "shoe_check"})


@dataclass(frozen=True)
class Saved:
    """A row as its columns were asked for, and whether it is new."""

    row: AnyRow
    created: bool


class RecordTable:
    """The statements of one kind of record, built once: building one costs more than running it.

    `members` are the columns that come back, in this order, and `seq` after them.
    """

    def __init__(self, kind: RecordKind, members: Sequence[str]) -> None:
        self.kind = kind
        table: Table = cast(Any, kind.model).__table__
        columns = [table.c[name] for name in members] + [table.c.seq]
        mine = table.c.patient_id == bindparam("owner")
        this = table.c.id == bindparam("record")
        at = tuple_(table.c.on, table.c.id)
        grave = (graves.c.patient_id == bindparam("owner"), graves.c.kind == kind.name)
        self.stored = select(
            select(table.c.patient_id).where(this).scalar_subquery().label("patient_id"),
            select(table.c.seq).where(this).scalar_subquery().label("seq"),
            select(table.c.on).where(this).scalar_subquery().label("on"),
            exists().where(*grave, graves.c.record_id == bindparam("grave")).label("was_deleted"),
        )
        self.one = select(*columns).where(this, mine)
        self.page = select(*columns).where(mine).order_by(table.c.on.desc(), table.c.id.desc())
        self.page = self.page.limit(bindparam("most"))
        self.ranged = self.page.where(table.c.on.between(bindparam("first"), bindparam("last")))
        self.after = self.ranged.where(
            at < tuple_(bindparam("after_on", type_=Date), bindparam("after_id", type_=Uuid))
        )
        self.insert = insert(table).returning(*columns)
        written = set(table.c.keys()) - KEPT
        self.update = update(table).where(this).values({name: bindparam(name) for name in written}).returning(*columns)
        self.delete = delete(table).where(this, mine).returning(table.c.id)


def daily_id(patient_id: UUID, kind: str, on: date) -> UUID:
    """The id of a record kept once a day: the same on every phone of the patient."""
    return uuid5(patient_id, f"{kind}/{on.isoformat()}")


def save_record(
    db: Session,
    owner: Owner,
    table: RecordTable,
    record_id: UUID,
    values: Mapping[str, Any],
    *,
    if_match: int | None,
    now: datetime,
) -> Saved:
    """Create or replace a record as a whole; doing it twice changes nothing more.

    Raises NotFound for another patient's id, Stale when `if_match` is not the version that is stored, Invalid when a
    record kept once a day has another id than its day gives.
    """
    kind = table.kind
    if kind.once_a_day and record_id != daily_id(owner.id, kind.name, values["on"]):
        raise Invalid("The id of a record kept once a day follows from its day.", code="wrong_id")
    written = {**values, "updated_at": now}
    if kind.decides:  # before the number: with it begins the writer's turn
        written["rules_differ"] = any(
            values.get(member) is not None and not same_decision(rules, values[member])
            for member, rules in kind.decides.items()
        )
    written["seq"] = next_seq(db, owner.id)
    stored = db.execute(table.stored, {"record": record_id, "owner": owner.id, "grave": str(record_id)}).one()
    if stored.patient_id not in (None, owner.id):
        raise NotFound
    if if_match is not None and stored.seq != if_match:
        raise Stale("This record changed meanwhile. Fetch it again, then save.")
    created = stored.patient_id is None
    if created:
        written |= {"id": record_id, "patient_id": owner.id, "created_at": now}
        try:
            row = db.execute(table.insert, written).one()
        except IntegrityError:  # another patient made the same id just now; nobody holds a lock over both
            raise NotFound from None
        if stored.was_deleted:
            unbury(db, owner.id, kind.name, [str(record_id)])
    else:
        row = db.execute(table.update, {**written, "record": record_id}).one()
    done = Written(record_id, values, is_new=created, moved=stored.on != values["on"])
    for follow in kind.then:
        follow(db, owner, done, now=now)
    return Saved(row, created=created)


def get_record(db: Session, owner: Owner, table: RecordTable, record_id: UUID) -> AnyRow:
    """One record of this patient. Raises NotFound."""
    row = db.execute(table.one, {"record": record_id, "owner": owner.id}).first()
    if row is None:
        raise NotFound
    return row


def list_records(
    db: Session,
    owner: Owner,
    table: RecordTable,
    *,
    first: date | None,
    last: date | None,
    after: tuple[date, UUID] | None,
    limit: int,
) -> Sequence[AnyRow]:
    """Newest day first, from `last` back to `first`, at most `limit`; `after` is where the page before ended."""
    given: dict[str, Any] = {"owner": owner.id, "most": limit}
    if first is None and last is None and after is None:
        return db.execute(table.page, given).all()
    given |= {"first": first or date.min, "last": last or date.max}
    if after is None:
        return db.execute(table.ranged, given).all()
    # SQLite begins to look there, so a deep page costs what the first does.
    given["last"] = min(given["last"], after[0])
    return db.execute(table.after, {**given, "after_on": after[0], "after_id": after[1]}).all()


def delete_record(
    db: Session, owner: Owner, table: RecordTable, record_id: UUID, *, if_match: int | None, now: datetime
) -> None:
    """Delete for good; other phones hear of it by a tombstone. Raises NotFound, Stale."""
    seq = next_seq(db, owner.id)
    stored = db.execute(table.one, {"record": record_id, "owner": owner.id}).first()
    if stored is None:
        raise NotFound
    if if_match is not None and stored.seq != if_match:
        raise Stale("This record changed meanwhile. Fetch it again, then delete.")
    db.execute(table.delete, {"record": record_id, "owner": owner.id})
    bury(db, owner.id, table.kind.name, [str(record_id)], seq=seq, now=now)
    for follow in table.kind.then:
        follow(db, owner, Written(record_id), now=now)
