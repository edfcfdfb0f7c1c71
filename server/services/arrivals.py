"""What became of each message of the last days: the evidence for "why did it not come?"."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.localtime import start_of_day
from server.models import AnyRow, Occurrence, PushDelivery, PushSubscription, SecondDelivery
from server.services.owner import Owner
from server.services.second_ways import has_arrived

DAYS_BACK = 14
MOST = 500
PUSH_REASONS = {
    "waiting": "waiting",
    "expired": "push_service",
    "failed": "refused",
    "needs_resubscribe": "subscription",
    "over": "not_needed",
}
SECOND_REASONS = {
    "waiting": "waiting",
    "sent": "sent",
    "failed": "refused",
    "expired": "too_late",
    "over": "not_needed",
}


@dataclass(frozen=True)
class Arrival:
    """One message to one browser or by a second way, or (`way` is None) a moment for which there was none.

    `reason` is a plain word: arrived, sent (no more can be known), not_reported (this browser used to report), waiting,
    push_service, refused, subscription, not_needed, or why nothing was sent.
    """

    occurrence_id: UUID | None
    kind: str
    due_at: datetime
    way: str | None
    subscription_id: UUID | None
    label: str | None
    reason: str
    sent_at: datetime | None
    received_at: datetime | None
    shown_at: datetime | None
    tapped_at: datetime | None


def list_arrivals(db: Session, owner: Owner, *, first: date, last: date, now: datetime) -> list[Arrival]:
    """Those of the local days from `first` to `last`, newest first."""
    since = start_of_day(first, owner.time_zone)
    until = min(start_of_day(last + timedelta(days=1), owner.time_zone), now)
    found = list(_pushed(db, owner, since, until))
    pushed = {one.occurrence_id for one in found}
    due = select(*Occurrence.__table__.c).where(
        Occurrence.patient_id == owner.id,
        Occurrence.on.between(first, last),
        Occurrence.due_at <= until,
        Occurrence.not_sent.is_not(None),
    )
    nothing: dict[str, Any] = dict.fromkeys(("way", "subscription_id", "label", *_TIMES))
    found += [
        Arrival(row.id, row.kind, row.due_at, reason=row.not_sent, **nothing)
        for row in db.execute(due)
        if row.id not in pushed
    ]
    found += _second(db, owner, since, until)
    return sorted(found, key=lambda one: one.due_at, reverse=True)[:MOST]


_TIMES = ("sent_at", "received_at", "shown_at", "tapped_at")


def _pushed(db: Session, owner: Owner, since: datetime, until: datetime) -> Iterator[Arrival]:
    query = (
        select(
            *PushDelivery.__table__.c,
            PushSubscription.label,
            PushSubscription.last_received_at.label("browser_reported_at"),
            Occurrence.kind,
        )
        .join(PushSubscription, PushSubscription.id == PushDelivery.subscription_id)
        .outerjoin(Occurrence, Occurrence.id == PushDelivery.occurrence_id)
        .where(PushDelivery.patient_id == owner.id, PushDelivery.created_at.between(since, until))
        .order_by(PushDelivery.created_at.desc())
        .limit(MOST)
    )
    for row in db.execute(query):
        times = {name: getattr(row, name) for name in _TIMES}
        where = {"way": "push", "subscription_id": row.subscription_id, "label": row.label}
        yield Arrival(row.occurrence_id, row.kind or "test", row.woken_at, reason=_reason(row), **where, **times)


def _reason(row: AnyRow) -> str:
    if row.state != "sent":
        return PUSH_REASONS[row.state]
    if row.browser_reported_at is None:
        return "sent"
    return "arrived" if has_arrived(row, row.browser_reported_at) else "not_reported"


def _second(db: Session, owner: Owner, since: datetime, until: datetime) -> Iterator[Arrival]:
    query = (
        select(*SecondDelivery.__table__.c, Occurrence.kind, Occurrence.due_at)
        .join(Occurrence, Occurrence.id == SecondDelivery.occurrence_id)
        .where(SecondDelivery.patient_id == owner.id, SecondDelivery.created_at.between(since, until))
        .order_by(SecondDelivery.created_at.desc())
        .limit(MOST)
    )
    for row in db.execute(query):
        times = dict.fromkeys(_TIMES) | {"sent_at": row.sent_at}
        where = {"way": row.way, "subscription_id": None, "label": None}
        yield Arrival(row.occurrence_id, row.kind, row.due_at, reason=SECOND_REASONS[row.state], **where, **times)
