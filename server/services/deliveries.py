"""Messages to browsers as rows: whom they go to, and how one begins."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.models import PushSubscription
from server.services.bulk import is_among
from server.services.owner import next_seqs


def active_browsers(db: Session, patient_ids: set[UUID]) -> defaultdict[UUID, list[UUID]]:
    """The browsers of each patient that messages go to."""
    query = select(PushSubscription.patient_id, PushSubscription.id).where(
        is_among(db, PushSubscription.patient_id, patient_ids), PushSubscription.state == "active"
    )
    browsers: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for patient_id, subscription_id in db.execute(query.order_by(PushSubscription.id)):
        browsers[patient_id].append(subscription_id)
    return browsers


def seqs_of(db: Session, patient_ids: Sequence[UUID]) -> dict[UUID, Iterator[int]]:
    """An iterator of change numbers for each of these patients, whom the caller holds, as often as they are named."""
    alike: defaultdict[int, list[UUID]] = defaultdict(list)
    for patient_id, count in Counter(patient_ids).items():
        alike[count].append(patient_id)
    return {
        patient_id: iter(range(first, first + count))
        for count, ids in alike.items()
        for patient_id, first in next_seqs(db, ids, count).items()
    }


def new_delivery(
    patient_id: UUID,
    browser: UUID,
    occurrence_id: UUID | None,
    *,
    woken_at: datetime,
    expires_at: datetime,
    now: datetime,
) -> dict[str, Any]:
    """One message to one browser, ready to be sent."""
    return {
        "id": uuid4(),
        "patient_id": patient_id,
        "subscription_id": browser,
        "occurrence_id": occurrence_id,
        "woken_at": woken_at,
        "expires_at": expires_at,
        "state": "waiting",
        "attempts": 0,
        "next_try_at": now,
        "created_at": now,
    }
