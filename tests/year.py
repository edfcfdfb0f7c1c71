"""Patients with a year behind them, as the tables keep it: what growth is measured on.

Patient 0 does everything there is to do, and is the one who asks. What is due at `NOW` is as much for few patients as
for many, so that whatever costs more with more patients does so for no good reason.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.orm import Session

from server.database import Database
from server.models import Occurrence, Patient, Reminder, SignIn
from server.services.owner import Owner
from server.services.plans import reminder_id
from server.tokens import hash_secret
from tests.factories import make_patient
from tests.filling import Said, analyze, dialect, fill

NOW = datetime(2026, 11, 22, 9, 15, tzinfo=UTC)
TODAY = NOW.date()
YEAR = 364
DAY = timedelta(days=1)
SECRET = "of the browser of patient 0"
LAST_SEQ = 100_000  # of every patient; what happens on a day has its number from 100 times the day on
FEW = 5  # of what is due at `NOW` besides messages


@dataclass(frozen=True)
class Kind:
    """Rows of one table: `each` a patient, spread over the `days` before `NOW`, for one patient in `share`.

    `own` is SQL over the patient `{p}`, the number `{k}` of the row from the oldest on, its day `{on}`, its moment
    `{at}` and its number in the feed `{seq}`; `alike` are values that all have. A model that has `on` or `seq` gets
    them by itself.
    """

    model: Any
    each: int
    share: int = 1
    alike: Mapping[str, Any] | None = None
    own: Mapping[str, str] | None = None
    name: str = ""
    days: int = YEAR
    ahead: int = 0  # the last so many lie in the days to come
    only: int | None = None  # so many patients instead of a share of them


@dataclass(frozen=True)
class Size:
    """How many patients, how many messages are due, and how many days there are."""

    patients: int
    due: int
    days: int = YEAR


def write_year(database: Database, size: Size, kinds: Callable[[Said, Size], Iterable[Kind]]) -> Iterator[str]:
    """Fills an empty database; says each table when it is done."""
    with database.write() as db:
        sql = dialect(database, db)
        _patients(db, sql, size.patients)
    yield Patient.__tablename__
    for number, kind in enumerate(kinds(sql, size)):
        with database.write() as db:
            dialect(database, db)
            _fill(db, sql, kind, size, number)
        yield kind.model.__tablename__
    with database.write() as db:
        row = {"created_at": NOW, "seen_at": NOW, "expires_at": NOW + 400 * DAY}
        db.execute(insert(SignIn).values(**row, patient_id=patient_id(db), token_hash=hash_secret(SECRET)))
        _follow_plans(db)
    analyze(database)


def patient_id(db: Session) -> UUID:
    """Of patient 0."""
    found: UUID = db.execute(select(Patient.id).where(Patient.email == "0@example.org")).scalar_one()
    return found


def _follow_plans(db: Session) -> None:
    """Those whose plan is due get the reminder that follows it by the id that it has: no database works that out."""
    emails = [f"{number}@example.org" for number in range(FEW)]
    for whose in db.execute(select(Patient.id).where(Patient.email.in_(emails))).scalars().all():
        mine = (Reminder.patient_id == whose, Reminder.kind == "massage")
        old = db.execute(select(*Reminder.__table__.c).where(*mine)).one()
        its = reminder_id(Owner(whose, ""))
        db.execute(insert(Reminder).values({**old._asdict(), "id": its, "seq": 99_000, "follows_plan": True}))
        db.execute(update(Occurrence).where(Occurrence.reminder_id == old.id).values(reminder_id=its))
        db.execute(delete(Reminder).where(Reminder.id == old.id))


def _patients(db: Session, sql: Said, count: int) -> None:
    first = make_patient(db, "first@example.org", now=NOW - YEAR * DAY)
    row = db.execute(select(*Patient.__table__.c).where(Patient.id == first.id)).mappings().one()
    own = {"id": sql.uuid("'patient' || (n - 1)"), "email": "(n - 1) || '@example.org'", "change_seq": f"{LAST_SEQ}"}
    own |= {"email_reminders": "CASE WHEN (n - 1) % 10 = 0 THEN 'always' ELSE 'never' END"}
    fill(db, Patient, row, own, count)
    db.execute(update(Patient).where(Patient.id == first.id).values(email="nobody@example.org"))


def _fill(db: Session, sql: Said, kind: Kind, size: Size, number: int) -> None:
    table: Table = kind.model.__table__
    days = min(kind.days, size.days)
    before = max(1, kind.each * days // kind.days)  # of a shorter history as much less
    each = before + kind.ahead
    whole = -(-size.patients // kind.share)
    patients = whole if kind.only is None else min(kind.only, whole)
    p, k = f"((n - 1) % {patients} * {kind.share})", f"((n - 1) / {patients})"
    day = f"({k} * {days} / {before})"
    names = {
        "p": p,
        "k": k,
        "on": sql.day(TODAY - days * DAY, day),
        "at": sql.later(NOW - days * DAY, f"{k} * {days * 86400 // before} + {p} % 3600 + 7200"),
        "seq": f"({YEAR - days} + {day}) * 100 + {number}",
        "patient": sql.uuid(f"'patient' || {p}"),
        "id": sql.uuid(f"'{kind.name or table.name}' || {p} || ' ' || {k}"),
        "hash": sql.bytes(f"'{kind.name or table.name}' || {p} || ' ' || {k}"),
        "before": f"{before}",
    }
    usual = {"patient_id": "{patient}", "seq": "{seq}", "on": "{on}", "updated_at": "{at}", "created_at": "{at}"}
    own = {name: of for name, of in usual.items() if name in table.c}
    if "id" in table.c and table.c.id.type.python_type is UUID:
        own["id"] = "{id}"
    own |= kind.own or {}
    fill(db, kind.model, kind.alike or {}, {name: of.format(**names) for name, of in own.items()}, patients * each)
