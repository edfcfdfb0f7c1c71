"""Where steps come from by themselves: consent to a provider, consents in progress, one-off archives."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from server.models.base import Base, owner


def _due(column: str, *before: str) -> Index:
    """Only rows that will be looked at again: finding them costs the same however many are over."""
    left = text(f"{column} IS NOT NULL")
    return Index(None, *before, column, "patient_id", sqlite_where=left, postgresql_where=left)


class WearableConnection(Base):
    """One patient's consent to one provider. What opens the provider's door is in `sealed`, encrypted.

    `generation` grows with each new consent, refresh and disconnection: what was read with an older one is dropped.
    While a worker reads, `next_sync_at` is the end of its lease and `claims` tells whose result counts.
    """

    __tablename__ = "wearable_connections"
    __table_args__ = (
        UniqueConstraint("provider", "provider_user_id"),
        _due("next_sync_at", "provider"),  # one that is let alone must not stand in the way of the others
        Index(None, "provider", "state", "last_ok_at"),
    )

    patient_id: Mapped[UUID] = owner(key=True)
    provider: Mapped[str] = mapped_column(String(20), primary_key=True)
    provider_user_id: Mapped[str | None] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(40))
    link: Mapped[str | None] = mapped_column(Text)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    missing: Mapped[list[str]] = mapped_column(JSON)
    glucose: Mapped[bool]
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    token_expires_at: Mapped[datetime | None]
    consent_expires_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    generation: Mapped[int]
    claims: Mapped[int]
    device: Mapped[str | None] = mapped_column(String(120))
    device_synced_at: Mapped[datetime | None]
    device_read_at: Mapped[datetime | None]
    connected_at: Mapped[datetime]
    last_try_at: Mapped[datetime | None]
    last_ok_at: Mapped[datetime | None]
    next_sync_at: Mapped[datetime | None]
    failures: Mapped[int]
    failing_since: Mapped[datetime | None]
    read_from: Mapped[date | None]
    reread_from: Mapped[date | None]
    deleted_from: Mapped[date | None]
    deleted_to: Mapped[date | None]
    month_read_on: Mapped[date | None]
    glucose_until: Mapped[datetime | None]
    noticed_at: Mapped[datetime | None]


class AuthorizationRequest(Base):
    """A consent in progress: single use, ten minutes. `parked` holds what came back without the app's own sign-in."""

    __tablename__ = "authorization_requests"

    state_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    patient_id: Mapped[UUID] = owner(index=True)
    provider: Mapped[str] = mapped_column(String(20))
    glucose: Mapped[bool]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    parked: Mapped[bytes | None] = mapped_column(LargeBinary)
    used_at: Mapped[datetime | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ProviderState(Base):
    """A provider as a whole: how much was asked of it this minute, and whether it is let alone for a while."""

    __tablename__ = "provider_states"

    provider: Mapped[str] = mapped_column(String(20), primary_key=True)
    minute: Mapped[datetime]
    asked: Mapped[int]
    failures: Mapped[int]
    quiet_until: Mapped[datetime | None]


class ArchiveImport(Base):
    """An `export.zip` that a patient gave us, and how far it is read. The file goes when it is done."""

    __tablename__ = "archive_imports"
    __table_args__ = (_due("next_try_at"),)

    patient_id: Mapped[UUID] = owner(key=True)
    file: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(40))
    bytes_total: Mapped[int]
    bytes_done: Mapped[int]
    days: Mapped[int]
    uploaded_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None]
    attempts: Mapped[int]
