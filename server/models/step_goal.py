"""A patient's step goal: what they want of it, the goal as it stands, and how it came to be so."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from server.models.base import Base, Changing, owner


class StepGoal(Changing, Base):
    """One a patient. `phase` goes on while the goal is not `active`, so that a rest is never missed.

    `steps` is the goal, null before the first and during a rest; `last` the one before the rest, `returning_to` the
    one that it comes back to. `before` is what the week's decision began from: late facts are decided on from there.
    `history` has each change, the oldest first; `told` is the number of the newest that the patient has seen.
    """

    __tablename__ = "step_goals"

    patient_id: Mapped[UUID] = owner(key=True)
    active: Mapped[bool]
    cap_choice: Mapped[int | None]
    told: Mapped[int]
    walks_from_on: Mapped[date | None]
    phase: Mapped[str] = mapped_column(String(16))
    steps: Mapped[int | None]
    last: Mapped[int | None]
    returning_to: Mapped[int | None]
    baseline: Mapped[int | None]
    baseline_from_on: Mapped[date]
    days_known: Mapped[int]
    cap: Mapped[dict[str, Any] | None]
    walk_minutes: Mapped[list[int]] = mapped_column(JSON)
    rest: Mapped[dict[str, Any] | None]
    week_on: Mapped[date | None]
    before: Mapped[dict[str, Any] | None]
    history: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    look_at: Mapped[datetime | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
