"""What a patient records: sessions, symptoms, blocks, triage, sugar, checks, steps; and what deletions leave."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from server.models.base import Base, Changing, PatientRecord, owner

SCORES = ("pain", "numbness", "tingling")
MANUAL = "manual"  # the source of a step count that the patient typed


class SessionLog(PatientRecord, Base):
    """One massage, finished or stopped early."""

    __tablename__ = "session_logs"

    script_id: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    seconds_done: Mapped[int]
    stop_reason: Mapped[str | None] = mapped_column(String(16))
    helper: Mapped[bool]
    pain_before: Mapped[int | None]
    numbness_before: Mapped[int | None]
    tingling_before: Mapped[int | None]
    pain_after: Mapped[int | None]
    numbness_after: Mapped[int | None]
    tingling_after: Mapped[int | None]
    skin_same: Mapped[bool | None]
    note: Mapped[str | None] = mapped_column(Text)
    decision: Mapped[dict[str, Any] | None]
    occurrence_id: Mapped[UUID | None]
    own: Mapped[dict[str, Any] | None]
    areas_skipped: Mapped[list[str]] = mapped_column(JSON, server_default=text("'[]'"))
    profile_decision: Mapped[dict[str, Any] | None]
    comfort: Mapped[list[dict[str, int]]] = mapped_column(JSON, server_default=text("'[]'"))
    redness: Mapped[str | None] = mapped_column(String(16))
    redness_at: Mapped[datetime | None]
    speed: Mapped[float | None]
    rules_differ: Mapped[bool]

    @classmethod
    def changing_indexes(cls) -> tuple[Any, ...]:
        ranges = " AND ".join(f"{score}_{when} BETWEEN 0 AND 10" for score in SCORES for when in ("before", "after"))
        return (*super().changing_indexes(), CheckConstraint(ranges, name="scores"))


class SymptomEntry(PatientRecord, Base):
    """How the feet felt over the last 24 hours; at most one a day (content brief §11)."""

    __tablename__ = "symptom_entries"

    recorded_at: Mapped[datetime]
    pain: Mapped[int]
    tingling: Mapped[int | None]
    numbness: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(Text)

    @classmethod
    def changing_indexes(cls) -> tuple[Any, ...]:
        ranges = " AND ".join(f"{score} BETWEEN 0 AND 10" for score in SCORES)
        return (
            *super().changing_indexes(),
            UniqueConstraint("patient_id", "on"),
            CheckConstraint(ranges, name="scores"),
        )


class Block(PatientRecord, Base):
    """A warning that stops massage until it ends as content brief §2.2 says."""

    __tablename__ = "blocks"

    started_at: Mapped[datetime]
    warning: Mapped[str] = mapped_column(String(32))
    level: Mapped[str | None] = mapped_column(String(16))
    decision: Mapped[dict[str, Any] | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(String(16))
    clinician_name: Mapped[str | None] = mapped_column(String(120))
    clinician_on: Mapped[date | None]
    areas: Mapped[list[str]] = mapped_column(JSON, server_default=text("'[]'"))
    rules_differ: Mapped[bool]


class Clearance(PatientRecord, Base):
    """A clinic's OK to massage in spite of some answers of the profile, until it ends (content brief §2)."""

    __tablename__ = "clearances"

    recorded_at: Mapped[datetime]
    reasons: Mapped[list[str]] = mapped_column(JSON)
    clinician_name: Mapped[str] = mapped_column(String(120))
    clinician_on: Mapped[date]
    ended_at: Mapped[datetime | None]


class TriageEvent(PatientRecord, Base):
    """What a patient told when something was wrong, what the ladder said, and what came of it (content brief §2.4)."""

    __tablename__ = "triage_events"

    recorded_at: Mapped[datetime]
    signs: Mapped[list[str]] = mapped_column(JSON)
    worried: Mapped[bool]
    level: Mapped[str | None] = mapped_column(String(16))
    decision: Mapped[dict[str, Any] | None]
    action: Mapped[str | None] = mapped_column(String(16))
    follow_up: Mapped[str | None] = mapped_column(String(16))
    follow_up_at: Mapped[datetime | None]
    rules_differ: Mapped[bool]


class GlucoseReading(PatientRecord, Base):
    """One sugar reading: value and unit as typed, or LO or HI (content brief §9)."""

    __tablename__ = "glucose_readings"

    recorded_at: Mapped[datetime]
    value: Mapped[str | None] = mapped_column(String(8))
    unit: Mapped[str] = mapped_column(String(6))
    special: Mapped[str | None] = mapped_column(String(2))
    context: Mapped[str] = mapped_column(String(16))
    ketones: Mapped[dict[str, Any] | None]
    signs: Mapped[list[str]] = mapped_column(JSON)
    confirmed: Mapped[bool]
    note: Mapped[str | None] = mapped_column(Text)
    decision: Mapped[dict[str, Any] | None]
    source: Mapped[str | None] = mapped_column(String(64))
    rules_differ: Mapped[bool]

    @classmethod
    def changing_indexes(cls) -> tuple[Any, ...]:
        return (
            *super().changing_indexes(),
            CheckConstraint("unit IN ('mg/dL', 'mmol/L')", name="unit"),
            CheckConstraint("(value IS NULL) != (special IS NULL)", name="reading"),
        )


class ComfortLog(PatientRecord, Base):
    """One lukewarm foot bath: how warm the water was, how long it went, how the skin looked (content brief §3)."""

    __tablename__ = "comfort_logs"

    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    seconds_done: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    stop_reason: Mapped[str | None] = mapped_column(String(16))
    temperature_unit: Mapped[str] = mapped_column(String(1))
    warm_temperature: Mapped[str] = mapped_column(String(8))
    cool_temperature: Mapped[str] = mapped_column(String(8))
    skin: Mapped[str | None] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(Text)
    decision: Mapped[dict[str, Any] | None]
    rules_differ: Mapped[bool]


class FootCheck(PatientRecord, Base):
    """What a daily look at the feet found, and what the rules made of it (content brief §7)."""

    __tablename__ = "foot_checks"

    recorded_at: Mapped[datetime]
    result: Mapped[str] = mapped_column(String(16))
    findings: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    temperature_unit: Mapped[str | None] = mapped_column(String(1))
    temperatures: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    level: Mapped[str | None] = mapped_column(String(16))
    decision: Mapped[dict[str, Any] | None]
    note: Mapped[str | None] = mapped_column(Text)
    rules_differ: Mapped[bool]


class ShoeCheck(PatientRecord, Base):
    """A look at a pair of shoes before they are worn (content brief §8)."""

    __tablename__ = "shoe_checks"

    recorded_at: Mapped[datetime]
    verdict: Mapped[str] = mapped_column(String(16))
    decision: Mapped[dict[str, Any]]
    note: Mapped[str | None] = mapped_column(Text)
    rules_differ: Mapped[bool]


class DailyStepCount(Base):
    """Steps on one local day from one source. Two sources are never added up."""

    __tablename__ = "daily_step_counts"
    __table_args__ = (CheckConstraint("steps BETWEEN 0 AND 200000", name="steps"),)

    patient_id: Mapped[UUID] = owner(key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(64), primary_key=True)
    source_label: Mapped[str] = mapped_column(String(120))
    steps: Mapped[int]
    is_partial: Mapped[bool]
    observed_at: Mapped[datetime]


class StepPiece(Base):
    """Steps that one app of a phone counted in a part of a day. Kept while the rest of that day may still come."""

    __tablename__ = "step_pieces"
    __table_args__ = (Index(None, "on", "patient_id", "source"),)

    patient_id: Mapped[UUID] = owner(key=True)
    source: Mapped[str] = mapped_column(String(64), primary_key=True)
    origin: Mapped[str] = mapped_column(String(120), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(primary_key=True)
    on: Mapped[date]
    steps: Mapped[int]


class StepDay(Changing, Base):
    """What one day counts as, and by which source: chosen again whenever one of its counts changes."""

    __tablename__ = "step_days"

    patient_id: Mapped[UUID] = owner(key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    steps: Mapped[int]
    source: Mapped[str] = mapped_column(String(64))
    source_label: Mapped[str] = mapped_column(String(120))
    is_partial: Mapped[bool]
    observed_at: Mapped[datetime]


class StepChange(Base):
    """Why a day counts as what it does: what a source said before and after, and what made it say so."""

    __tablename__ = "step_changes"
    __table_args__ = (Index(None, "patient_id", "on", "id"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    patient_id: Mapped[UUID] = owner()
    on: Mapped[date]
    at: Mapped[datetime] = mapped_column(index=True)
    source: Mapped[str] = mapped_column(String(64))
    source_label: Mapped[str] = mapped_column(String(120))
    before: Mapped[int | None]
    after: Mapped[int | None]
    why: Mapped[str] = mapped_column(String(20))


class Tombstone(Base):
    """A deletion that phones may not have heard of; without content."""

    __tablename__ = "tombstones"
    __table_args__ = (Index(None, "patient_id", "seq", unique=True),)

    patient_id: Mapped[UUID] = owner(key=True)
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    record_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    deleted_at: Mapped[datetime] = mapped_column(index=True)
