"""Sugar readings that come by themselves: kept as sent, once, and never brought back after the patient deleted them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from integrations.provider import Reading
from integrations.sugar import AHEAD_ALLOWED
from server.localtime import local_date
from server.models import GlucoseReading, Tombstone
from server.services.owner import Owner, next_seq
from server.services.records import GLUCOSE_READING


def save_readings(db: Session, owner: Owner, source: str, readings: Sequence[Reading], *, now: datetime) -> int:
    """Keep what is new of `readings`; returns how many were.

    The value and its unit stay as the provider sent them. What to do about a reading is decided on the phone, from the
    value, as for one that was typed. Of what a sensor measures every five minutes only the newest is kept: a diary of
    288 readings a day is none. At one moment the meter's word counts.
    """
    next_seq(db, owner.id, 0)  # the patient before anything of theirs: two may bring the same at once
    usable = [reading for reading in readings if reading.at <= now + AHEAD_ALLOWED]
    sensor = sorted((reading for reading in usable if not reading.from_meter), key=lambda reading: reading.at)
    kept = [*sensor[-1:], *(reading for reading in usable if reading.from_meter)]
    by_id = {_id_of(owner, source, reading.at): reading for reading in kept}
    new = sorted(by_id.keys() - _known(db, owner, list(by_id)), key=lambda made: by_id[made].at)
    if not new:
        return 0
    first_seq = next_seq(db, owner.id, len(new))
    rows: list[dict[str, Any]] = []
    for seq, reading_id in enumerate(new, first_seq):
        reading = by_id[reading_id]
        rows.append(
            {
                "id": reading_id,
                "patient_id": owner.id,
                "on": local_date(reading.at, owner.time_zone),
                "recorded_at": reading.at,
                "value": reading.value,
                "unit": reading.unit,
                "special": None,
                "context": reading.context,
                "ketones": None,
                "signs": [],
                "confirmed": True,  # a meter's own number, not a typed one
                "note": None,
                "decision": None,
                "source": source,
                "rules_differ": False,
                "seq": seq,
                "created_at": now,
                "updated_at": now,
            }
        )
    db.execute(insert(GlucoseReading), rows)
    return len(rows)


def _id_of(owner: Owner, source: str, at: datetime) -> UUID:
    return uuid5(owner.id, f"{source}/{int(at.timestamp() * 1000)}")


def _known(db: Session, owner: Owner, ids: Sequence[UUID]) -> set[UUID]:
    """Those that are here, and those that the patient deleted."""
    here = select(GlucoseReading.id).where(GlucoseReading.patient_id == owner.id, GlucoseReading.id.in_(ids))
    gone = select(Tombstone.record_id).where(
        Tombstone.patient_id == owner.id,
        Tombstone.kind == GLUCOSE_READING.name,
        Tombstone.record_id.in_([str(reading_id) for reading_id in ids]),
    )
    return {*db.execute(here).scalars(), *(UUID(record_id) for record_id in db.execute(gone).scalars())}
