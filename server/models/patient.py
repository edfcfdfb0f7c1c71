"""A patient, what they agreed to, and the ways to sign in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, LargeBinary, SmallInteger, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from server.models.base import Base, Changing, owner


class Patient(Base):
    """An account. `change_seq` is the row lock and the counter of everything that changes for this patient."""

    __tablename__ = "patients"
    __table_args__ = (CheckConstraint("glucose_unit IN ('mg/dL', 'mmol/L')", name="glucose_unit"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(35))
    time_zone: Mapped[str] = mapped_column(String(64))
    glucose_unit: Mapped[str] = mapped_column(String(6))
    region: Mapped[str] = mapped_column(String(8))
    show_reminder_kind: Mapped[bool | None]
    profile: Mapped[dict[str, Any] | None]
    glucose_on: Mapped[bool | None]
    glucose_targets: Mapped[dict[str, Any] | None]
    foot_exam: Mapped[dict[str, Any] | None]
    second_nudge: Mapped[bool] = mapped_column(server_default=false())
    quiet_hours: Mapped[dict[str, Any] | None]
    reminders_paused: Mapped[dict[str, Any] | None]
    home_kept_in: Mapped[str | None] = mapped_column(String(64))  # the phone's zone when home time was kept
    email_reminders: Mapped[str] = mapped_column(String(12), server_default="never")
    ntfy_reminders: Mapped[str] = mapped_column(String(12), server_default="never")
    ntfy_topic: Mapped[str | None] = mapped_column(String(64))  # who knows it can listen
    calendar_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True, unique=True)
    calendar_made_at: Mapped[datetime | None]
    step_sources: Mapped[list[str]] = mapped_column(JSON, server_default=text("'[]'"))
    change_seq: Mapped[int] = mapped_column(BigInteger)
    forgotten_seq: Mapped[int] = mapped_column(BigInteger)  # tombstones up to here are gone
    seq: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Consent(Base):
    """What a patient accepted: which text, which version of it, and when."""

    __tablename__ = "consents"

    patient_id: Mapped[UUID] = owner(key=True)
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    version: Mapped[str] = mapped_column(String(32), primary_key=True)
    accepted_at: Mapped[datetime]


class SignIn(Base):
    """One signed-in browser. The cookie holds the secret; here is only its SHA-256."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    patient_id: Mapped[UUID] = owner(index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SignInThrottle(Base):
    """Failed tries of one address on one account. Never the account alone: that would lock its owner out."""

    __tablename__ = "sign_in_throttles"

    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    failures: Mapped[int]
    retry_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)


class PasswordReset(Base):
    """A one-time link to set a new password."""

    __tablename__ = "password_resets"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    patient_id: Mapped[UUID] = owner(index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class AccessToken(Changing, Base):
    """A bearer token for a phone app or a script; only its SHA-256 is kept."""

    __tablename__ = "access_tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(String(80))
    scope: Mapped[str] = mapped_column(String(16))
    glucose: Mapped[bool] = mapped_column(server_default=false())  # sugar readings that come with it are kept
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class ServerFact(Base):
    """What the server must remember of itself: its VAPID public key, and when the worker was last alive."""

    __tablename__ = "server_facts"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))


class CounterShard(Base):
    """A part of one counter of `GET /metrics`: what it counts is the sum of its parts (`services/counters.py`).

    A number that is counted anew now and then is kept here too, whole.
    """

    __tablename__ = "counter_shards"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    labels: Mapped[str] = mapped_column(String(400), primary_key=True)
    shard: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)
