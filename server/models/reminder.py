"""Reminders and their moments."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Time, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from server.models.base import Base, Changing, open_rows


class Reminder(Changing, Base):
    """Local times on the days of a rule (`services/recurrence.py`), each perhaps with what a sugar reading is about.

    `planned_until` is the last day that has its occurrences in the table. One that `follows_plan` falls due on the
    session days of the patient's plan instead, moved ones too. `text` is what a patient calls one of their own.
    """

    __tablename__ = "reminders"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    repeat: Mapped[str] = mapped_column(String(16), server_default="weekdays")
    every: Mapped[int | None]
    weekdays: Mapped[list[int]] = mapped_column(JSON)
    times: Mapped[list[str]] = mapped_column(JSON)
    meal_contexts: Mapped[dict[str, str]] = mapped_column(JSON, server_default=text("'{}'"))
    text: Mapped[str | None] = mapped_column(String(80))
    active: Mapped[bool]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    created_at: Mapped[datetime]
    planned_until: Mapped[date] = mapped_column(index=True)
    follows_plan: Mapped[bool] = mapped_column(default=False, server_default=false())


class Occurrence(Changing, Base):
    """One due moment: of a reminder, or 15 minutes after the session log `session_log_id`.

    `state` is what the patient answered. `wake_at` is when the worker must look at it next, null when there is nothing
    left to do; a partial index over it keeps the look-up flat however many rows there are. `woken_at` is the moment
    that it was last woken for: due, put off until, or the second message. `arrived_on` names the browser that first
    reported something of it.
    """

    __tablename__ = "occurrences"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    reminder_id: Mapped[UUID | None] = mapped_column(ForeignKey("reminders.id", ondelete="CASCADE"))
    session_log_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(String(16))
    on: Mapped[date]
    local_time: Mapped[time] = mapped_column(Time)
    meal_context: Mapped[str | None] = mapped_column(String(16))
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    until: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    not_sent: Mapped[str | None] = mapped_column(String(16))
    wake_at: Mapped[datetime | None]
    woken_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    arrived_on: Mapped[str | None] = mapped_column(String(80))

    @classmethod
    def changing_indexes(cls) -> tuple[Any, ...]:
        return (
            *super().changing_indexes(),
            UniqueConstraint("reminder_id", "on", "local_time"),
            Index(None, "patient_id", "on"),
            Index(None, "on"),  # the oldest go some day
            open_rows("wake_at"),
            CheckConstraint("state IN ('open', 'done', 'snoozed', 'skipped')", name="state"),
        )
