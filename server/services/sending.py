"""From a due moment to a sent message. The database row is the truth: every step is claimed, done and finished.

A due occurrence becomes one delivery per active browser in one transaction. A delivery is claimed under a lease, sent
with no transaction open, and finished only by whoever holds the claim. A crash leaves a row that the next worker takes
up; sending it twice replaces the same notification, since its tag is the occurrence's.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, insert, select, update
from sqlalchemy.orm import Session

from integrations.push import PushResult
from server.errors import NotFound
from server.models import AnyRow, Occurrence, Patient, PushDelivery, PushSubscription
from server.services.bulk import is_among, set_each
from server.services.deliveries import active_browsers, new_delivery, seqs_of
from server.services.owner import Owner, lock_patients, next_seq
from server.services.push import forget_subscription

LEASE = timedelta(seconds=60)
TEST_USEFUL_FOR = timedelta(minutes=10)
# A message is of use for half an hour or more, and a service that fails is let alone anyway: so none waits long for
# a service that is back.
FIRST_RETRY, LONGEST_RETRY = 5.0, 120.0

_CLAIMED = (
    PushDelivery.id,
    PushDelivery.patient_id,
    PushDelivery.subscription_id,
    PushDelivery.occurrence_id,
    PushDelivery.attempts,
    PushDelivery.expires_at,
    PushSubscription.endpoint,
    PushSubscription.p256dh,
    PushSubscription.auth,
    PushSubscription.label,
    Patient.language,
    Patient.show_reminder_kind,
    PushDelivery.woken_at,
    Occurrence.kind,
    Occurrence.session_log_id,
    Occurrence.state.label("answer"),
    Occurrence.due_at,
    Occurrence.until,
    Occurrence.woken_at.label("last_woken_at"),
)

_deliveries, _browsers, _occurrences = (
    cast(Table, model.__table__) for model in (PushDelivery, PushSubscription, Occurrence)
)


def claim_deliveries(db: Session, *, limit: int, now: datetime) -> Sequence[AnyRow]:
    """Take up to `limit` deliveries for this worker until the lease ends."""
    ready = (
        select(PushDelivery.id)
        .where(PushDelivery.next_try_at <= now)
        .order_by(PushDelivery.next_try_at, PushDelivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(PushDelivery)
        .where(PushDelivery.id.in_(ready))
        .values(next_try_at=now + LEASE, attempts=PushDelivery.attempts + 1)
    )
    ids = db.execute(taken.returning(PushDelivery.id)).scalars().all()
    return db.execute(_claimed(is_among(db, PushDelivery.id, ids))).all() if ids else ()


def create_test_deliveries(
    db: Session, owner: Owner, subscription_id: UUID | None, *, now: datetime
) -> Sequence[AnyRow]:
    """A test message for one browser, or for all of them, already claimed by whoever asks. Raises NotFound."""
    next_seq(db, owner.id)  # holds the patient: no browser can go between looking and writing
    browsers = active_browsers(db, {owner.id})[owner.id]
    if subscription_id is not None:
        browsers = [browser for browser in browsers if browser == subscription_id]
    if not browsers:
        raise NotFound("No browser is registered for notifications. Turn them on again.")
    rows = [
        new_delivery(owner.id, browser, None, woken_at=now, expires_at=now + TEST_USEFUL_FOR, now=now)
        | {"attempts": 1, "next_try_at": now + LEASE}
        for browser in browsers
    ]
    db.execute(insert(_deliveries), rows)
    return db.execute(_claimed(is_among(db, PushDelivery.id, [row["id"] for row in rows]))).all()


def is_over(row: AnyRow, now: datetime) -> bool:
    """Whether a claimed delivery must not be sent any more: too late, or answered on another phone meanwhile."""
    if row.occurrence_id is None:
        return bool(row.expires_at <= now)
    put_off = row.woken_at != (row.until or row.last_woken_at)
    return bool(row.answer in ("done", "skipped") or put_off or row.expires_at <= now)


def finish_deliveries(
    db: Session, sent: Iterable[tuple[AnyRow, PushResult | None]], *, now: datetime
) -> list[tuple[AnyRow, str]]:
    """Write down what became of claimed deliveries; returns each with its new state. None: it was over, so not sent.

    Only 404 and 410 forget a browser. A refusal of our signature keeps it: that may be our own fault.
    """
    sent = list(sent)
    lock_patients(db, {row.patient_id for row, _ in sent})
    seqs = seqs_of(db, [row.patient_id for row, _ in sent for _ in range(2)])
    claims = select(PushDelivery.id, PushDelivery.attempts)
    claims = claims.where(is_among(db, PushDelivery.id, [row.id for row, _ in sent]))
    mine = {tuple(row) for row in db.execute(claims.with_for_update())}
    states: list[tuple[AnyRow, str]] = []
    written = _Written()
    for row, result in sent:
        if (row.id, row.attempts) not in mine:
            continue  # the lease ended meanwhile and another worker has it
        state, next_try_at = _outcome(row, result, now)
        states.append((row, state))
        status, sent_at = result.status if result else None, now if state == "sent" else None
        written.deliveries.append(
            {"key": row.id, "state": state, "status": status, "next_try_at": next_try_at, "sent_at": sent_at}
        )
        changed: dict[str, Any] = {"seq": next(seqs[row.patient_id]), "updated_at": now}
        if state == "sent":
            written.reached.append({"key": row.subscription_id, "last_sent_at": now, **changed})
        elif state == "gone":
            written.gone[row.subscription_id] = (row.patient_id, changed["seq"])
        elif state == "needs_resubscribe":
            written.refusing.append({"key": row.subscription_id, "state": state, **changed})
        answered = state == "over" and now < row.expires_at
        if row.occurrence_id is None or next_try_at is not None or answered:
            continue
        changed = {"key": row.occurrence_id, "seq": next(seqs[row.patient_id]), "updated_at": now}
        if state == "sent":
            written.sent.append({"sent_at": now, "not_sent": None, **changed})
        else:
            why = {"gone": "no_phone", "over": "too_late"}.get(state, "failed")
            written.not_sent.append({"not_sent": why, **changed})
    written.write(db, now)
    return states


@dataclass
class _Written:
    """What a batch changes, a statement for each kind of change."""

    deliveries: list[dict[str, Any]] = field(default_factory=list)
    reached: list[dict[str, Any]] = field(default_factory=list)
    refusing: list[dict[str, Any]] = field(default_factory=list)
    gone: dict[UUID, tuple[UUID, int]] = field(default_factory=dict)
    sent: list[dict[str, Any]] = field(default_factory=list)
    not_sent: list[dict[str, Any]] = field(default_factory=list)

    def write(self, db: Session, now: datetime) -> None:
        """What another browser got wins over why this one got nothing."""
        set_each(db, _deliveries, self.deliveries)
        set_each(db, _browsers, self.reached)
        set_each(db, _browsers, self.refusing)
        set_each(db, _occurrences, self.sent)
        set_each(db, _occurrences, self.not_sent, _occurrences.c.sent_at.is_(None))
        for subscription_id, (patient_id, seq) in self.gone.items():
            forget_subscription(db, patient_id, subscription_id, seq=seq, now=now)


def _outcome(row: AnyRow, result: PushResult | None, now: datetime) -> tuple[str, datetime | None]:
    if result is None:
        return "over", None
    if result.outcome == "accepted":
        return "sent", None
    if result.outcome == "retry":
        wait = result.retry_after
        if wait is None:  # full jitter, so that a service that recovers is not met by everybody at once
            wait = FIRST_RETRY + random.uniform(0, min(LONGEST_RETRY, FIRST_RETRY * 2 ** min(row.attempts, 10)))
        next_try_at = now + timedelta(seconds=max(wait, FIRST_RETRY))
        return ("waiting", next_try_at) if next_try_at < row.expires_at else ("expired", None)
    if result.outcome in ("gone", "needs_resubscribe"):
        return result.outcome, None
    return "failed", None


def _claimed(which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(*_CLAIMED)
        .join(PushSubscription, PushSubscription.id == PushDelivery.subscription_id)
        .join(Patient, Patient.id == PushDelivery.patient_id)
        .outerjoin(Occurrence, Occurrence.id == PushDelivery.occurrence_id)
        .where(which)
    )
