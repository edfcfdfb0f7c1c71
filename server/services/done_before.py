"""What a reminder asks for may have been done already: then it is not sent."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from server.models import AnyRow, FootCheck, GlucoseReading, PatientRecord, SessionLog, ShoeCheck, SymptomEntry
from server.services.bulk import is_among

RECORDS: Mapping[str, type[PatientRecord]] = {
    "massage": SessionLog,
    "glucose": GlucoseReading,
    "foot_check": FootCheck,
    "shoe_check": ShoeCheck,
    "symptom_entry": SymptomEntry,
}
# A reading so short a time before its moment was the one that the reminder meant.
READING_BEFORE = timedelta(minutes=90)
WEEK = timedelta(days=7)


def done_before(db: Session, rows: Iterable[AnyRow]) -> set[UUID]:
    """Which of these moments (rows with `id, patient_id, kind, on, due_at, meal_context, repeat, every`) are done.

    A massage, a look at feet or shoes, or a diary entry of the same day; sugar typed by hand from 90 minutes before,
    for the same meal when the moment has one; for "n times a week", as many days as that since Monday.
    """
    by_kind: defaultdict[str, list[AnyRow]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row)
    done: set[UUID] = set()
    for kind, moments in by_kind.items():
        if kind not in RECORDS:
            continue
        records = _records(db, RECORDS[kind], moments)
        done |= {row.id for row in moments if _is_done(row, records[row.patient_id])}
    return done


def _records(db: Session, model: type[PatientRecord], moments: list[AnyRow]) -> defaultdict[UUID, list[AnyRow]]:
    columns: list[Any] = [model.patient_id, model.on]
    first = min(row.on for row in moments) - WEEK
    where: list[ColumnElement[bool]] = [
        is_among(db, model.patient_id, {row.patient_id for row in moments}),
        model.on >= first,
    ]
    if model is GlucoseReading:
        columns += [GlucoseReading.recorded_at, GlucoseReading.context, GlucoseReading.decision]
        where.append(GlucoseReading.source.is_(None))
    if model is FootCheck:
        where.append(FootCheck.result != "not_seen_well")  # those feet are still to be looked at
    found: defaultdict[UUID, list[AnyRow]] = defaultdict(list)
    for record in db.execute(select(*columns).where(*where)):
        found[record.patient_id].append(record)
    return found


def _is_done(row: AnyRow, records: list[AnyRow]) -> bool:
    monday = row.on - timedelta(days=row.on.isoweekday() - 1)
    if row.repeat == "times_a_week" and len({one.on for one in records if monday <= one.on <= row.on}) >= row.every:
        return True
    if row.kind != "glucose":
        return any(one.on == row.on for one in records)
    return any(
        one.recorded_at >= row.due_at - READING_BEFORE
        and row.meal_context in (None, one.context)
        and one.decision is not None
        and one.decision["outcome"].get("recheck") is None  # one that wants another leaves something to do
        for one in records
    )
