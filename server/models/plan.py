"""A patient's plan: the programme they chose, their days and time, pauses and reviews."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from server.models.base import Base, Changing, owner


class Plan(Changing, Base):
    """One a patient. What is worked out from it and the logs stands beside it, until `replan_at` at the latest.

    `past_pauses` are those that another pause has taken the place of: their days were never planned.
    """

    __tablename__ = "plans"

    patient_id: Mapped[UUID] = owner(key=True)
    programme_id: Mapped[str] = mapped_column(String(16))
    weekdays: Mapped[list[int]] = mapped_column(JSON)
    time: Mapped[str] = mapped_column(String(5))
    starts_on: Mapped[date]
    remind: Mapped[bool]
    pause: Mapped[dict[str, Any] | None]
    past_pauses: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    reviews: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    ended_on: Mapped[date | None]
    days: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    done_28: Mapped[int]
    planned_28: Mapped[int]
    review_due: Mapped[int | None]
    replan_at: Mapped[datetime | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
