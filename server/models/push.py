"""Browsers that receive pushes, the messages to them, and those that go another way."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from server.models.base import Base, Changing, open_rows, owner


class PushSubscription(Changing, Base):
    """One browser of a patient. The endpoint is a secret: whoever knows it may send to it.

    `quiet`: it used to report what arrived, and for a week it has not (`services/quiet_browsers.py`).
    """

    __tablename__ = "push_subscriptions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    endpoint_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    endpoint: Mapped[str] = mapped_column(Text)
    p256dh: Mapped[str] = mapped_column(String(100))
    auth: Mapped[str] = mapped_column(String(30))
    label: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    last_sent_at: Mapped[datetime | None]
    last_received_at: Mapped[datetime | None]
    last_shown_at: Mapped[datetime | None]
    quiet: Mapped[bool] = mapped_column(default=False, server_default=false())

    @classmethod
    def changing_indexes(cls) -> tuple[Any, ...]:
        """Two that are nearly empty: browsers that have not answered for their last message, and refused ones."""
        silent = "last_received_at < last_sent_at"
        refused = text("state = 'needs_resubscribe'")
        return (
            *super().changing_indexes(),
            Index(
                None,
                "last_received_at",
                sqlite_where=text(f"quiet IS 0 AND {silent}"),
                postgresql_where=text(f"quiet IS false AND {silent}"),
            ),
            Index(None, "state", sqlite_where=refused, postgresql_where=refused),
        )


class PushDelivery(Base):
    """One message to one browser. `next_try_at` is when the worker sends it next: null once it is over.

    While a sender holds it, `next_try_at` is the end of its lease, and `attempts` tells whose result counts.
    """

    __tablename__ = "push_deliveries"
    __table_args__ = (UniqueConstraint("occurrence_id", "subscription_id", "woken_at"), open_rows("next_try_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = owner(index=True)
    subscription_id: Mapped[UUID] = mapped_column(ForeignKey("push_subscriptions.id", ondelete="CASCADE"), index=True)
    occurrence_id: Mapped[UUID | None] = mapped_column(ForeignKey("occurrences.id", ondelete="CASCADE"))
    woken_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(20))
    status: Mapped[int | None]
    attempts: Mapped[int]
    next_try_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    shown_at: Mapped[datetime | None]
    tapped_at: Mapped[datetime | None]
    dismissed_at: Mapped[datetime | None]


class SecondDelivery(Base):
    """One message by a second way (`email`, `ntfy`): about an occurrence, or about a browser that has gone quiet.

    `next_try_at` and `attempts` are as those of a PushDelivery.
    """

    __tablename__ = "second_deliveries"
    __table_args__ = (UniqueConstraint("occurrence_id", "way"), open_rows("next_try_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = owner(index=True)
    way: Mapped[str] = mapped_column(String(8))
    occurrence_id: Mapped[UUID | None] = mapped_column(ForeignKey("occurrences.id", ondelete="CASCADE"))
    subscription_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("push_subscriptions.id", ondelete="CASCADE"), index=True
    )
    expires_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12))
    attempts: Mapped[int]
    next_try_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
