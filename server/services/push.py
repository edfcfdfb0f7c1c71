"""Browsers that want pushes, the messages to them, and what comes back."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from sqlalchemy import delete, func, insert, literal, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from integrations.push import Audience
from server.errors import Conflict, Invalid, NotFound, NotSignedIn
from server.models import AnyRow, Occurrence, PushDelivery, PushSubscription
from server.services.counters import count
from server.services.owner import Owner, bury, lock_patients, next_seq

KIND = "push_subscription"
MOST_SUBSCRIPTIONS = 10
FAULTS = ("no_contact", "refused")
TOKEN_GOOD_FOR = timedelta(hours=48)
EARLIEST_RECEIPT = timedelta(days=1)  # before its message: a clock may be wrong, but not by any amount
RECEIPT_COLUMNS = {
    "received": "received_at",
    "shown": "shown_at",
    "tapped": "tapped_at",
    "dismissed": "dismissed_at",
}


def hash_endpoint(endpoint: str) -> bytes:
    """What an endpoint is found by; the endpoint itself stays out of indexes and logs."""
    return hashlib.sha256(endpoint.encode()).digest()


def save_subscription(
    db: Session, owner: Owner, *, endpoint: str, p256dh: str, auth: str, label: str, replaces: str | None, now: datetime
) -> tuple[AnyRow, bool]:
    """Keep a browser's subscription; repeating it refreshes `seen_at` and mends its state. True when it is new.

    A browser that changes hands brings the endpoint and both keys, so it may move to another patient; an endpoint
    without its keys may not. Raises Conflict for that, and for an eleventh browser.
    """
    hashed = hash_endpoint(endpoint)
    this = PushSubscription.endpoint_hash == hashed
    holder = db.execute(select(PushSubscription.patient_id).where(this)).scalar()
    lock_patients(db, {owner.id} if holder is None else {owner.id, holder})
    seq = next_seq(db, owner.id, 2)
    stored = db.execute(select(*PushSubscription.__table__.c).where(this)).first()
    if stored is not None and stored.patient_id not in (owner.id, holder):
        raise _taken()
    if stored is not None and stored.patient_id != owner.id:
        if (stored.p256dh, stored.auth) != (p256dh, auth):
            raise _taken()
        forget_subscription(db, stored.patient_id, stored.id, seq=next_seq(db, stored.patient_id), now=now)
        stored = None
    if replaces is not None and replaces != endpoint:
        old = select(PushSubscription.id).where(
            PushSubscription.endpoint_hash == hash_endpoint(replaces), PushSubscription.patient_id == owner.id
        )
        for old_id in db.execute(old).scalars().all():
            forget_subscription(db, owner.id, old_id, seq=seq + 1, now=now)
    values: dict[str, Any] = {
        "p256dh": p256dh,
        "auth": auth,
        "label": label,
        "state": "active",
        "seen_at": now,
        "seq": seq,
        "updated_at": now,
    }
    if stored is not None:
        statement = update(PushSubscription).where(PushSubscription.id == stored.id).values(values)
        return db.execute(statement.returning(*PushSubscription.__table__.c)).one(), False
    count = select(func.count()).where(PushSubscription.patient_id == owner.id)
    if db.execute(count).scalar_one() >= MOST_SUBSCRIPTIONS:
        raise Conflict(f"{MOST_SUBSCRIPTIONS} browsers get your reminders already. Remove one first.")
    values |= {
        "id": uuid4(),
        "patient_id": owner.id,
        "endpoint_hash": hashed,
        "endpoint": endpoint,
        "created_at": now,
    }
    try:
        row = db.execute(insert(PushSubscription).values(values).returning(*PushSubscription.__table__.c)).one()
    except IntegrityError:  # another patient registered it just now
        raise _taken() from None
    return row, True


def _taken() -> Conflict:
    return Conflict("This browser is registered for somebody else. Turn notifications off and on again.")


def list_subscriptions(db: Session, owner: Owner) -> Sequence[AnyRow]:
    """The patient's browsers, oldest first."""
    query = select(*PushSubscription.__table__.c).where(PushSubscription.patient_id == owner.id)
    return db.execute(query.order_by(PushSubscription.created_at, PushSubscription.id)).all()


def delete_subscription(db: Session, owner: Owner, subscription_id: UUID, *, now: datetime) -> None:
    """Forget one browser. Raises NotFound."""
    seq = next_seq(db, owner.id)
    mine = select(PushSubscription.id).where(
        PushSubscription.id == subscription_id, PushSubscription.patient_id == owner.id
    )
    if db.execute(mine).first() is None:
        raise NotFound
    forget_subscription(db, owner.id, subscription_id, seq=seq, now=now)


def message_delivery(db: Session, delivery_id: UUID | None, *, now: datetime) -> AnyRow:
    """The delivery that a message token speaks for. Raises NotSignedIn when the token is not ours or too old."""
    columns = (
        PushDelivery.id,
        PushDelivery.patient_id,
        PushDelivery.subscription_id,
        PushDelivery.occurrence_id,
        PushDelivery.created_at,
    )
    query = select(*columns).where(PushDelivery.id == delivery_id, PushDelivery.created_at > now - TOKEN_GOOD_FOR)
    row = db.execute(query).first() if delivery_id is not None else None
    if row is None:
        raise NotSignedIn("This message is too old to answer. Open the app.")
    return row


def save_receipt(db: Session, found: AnyRow, event: str, *, at: datetime, now: datetime) -> None:
    """What a browser says of a message: received, shown, tapped, dismissed. The first word of each kind counts.

    Whatever it says, the message has arrived there. Raises Invalid for what is said to have happened long before there
    was a message.
    """
    if at < found.created_at - EARLIEST_RECEIPT:
        detail = "This is older than the message. Check the clock of the phone."
        raise Invalid(detail, code="time_before_message", errors={"at": ["Must not be before the message."]})
    seq = next_seq(db, found.patient_id, 2)
    column = RECEIPT_COLUMNS[event]
    attribute = getattr(PushDelivery, column)
    noted = update(PushDelivery).where(PushDelivery.id == found.id, attribute.is_(None)).values({column: at})
    delivery = db.execute(noted.returning(PushDelivery.occurrence_id)).first()
    if delivery is None:
        return
    this = PushSubscription.id == found.subscription_id
    browser = db.execute(select(*PushSubscription.__table__.c).where(this)).one()
    last = ("last_received_at", "last_shown_at") if event == "shown" else ("last_received_at",)
    # Receipts that had to wait on the phone come late: they never set back what is known.
    newer = {name: at for name in last if (getattr(browser, name) or at) <= at}
    db.execute(update(PushSubscription).where(this).values({**newer, "quiet": False, "seq": seq, "updated_at": now}))
    if delivery.occurrence_id is not None:
        first = update(Occurrence).where(Occurrence.id == delivery.occurrence_id, Occurrence.arrived_at.is_(None))
        arrival = {"arrived_at": at, "arrived_on": browser.label, "seq": seq + 1, "updated_at": now}
        db.execute(first.values(arrival))
    count(db, "receipts", {(event,): 1})


def try_again(db: Session, hosts: Collection[str], *, now: datetime) -> None:
    """Browsers of these push services that were refused may be sent to: it was not the browsers' fault."""
    state = literal("needs_resubscribe", literal_execute=True)  # in the text, as the index over these rows has it
    refused = select(PushSubscription.id, PushSubscription.patient_id, PushSubscription.endpoint).where(
        PushSubscription.state == state
    )
    blamed = [row for row in db.execute(refused) if host_of(row.endpoint) in hosts]
    held = set(lock_patients(db, {row.patient_id for row in blamed}))
    for row in blamed:
        if row.patient_id in held:
            values = {"state": "active", "seq": next_seq(db, row.patient_id), "updated_at": now}
            db.execute(update(PushSubscription).where(PushSubscription.id == row.id).values(values))


def find_fault(subscriptions: Sequence[AnyRow], refusing: Collection[str], *, has_contact: bool) -> str | None:
    """Why the server cannot send to these browsers, whatever the patient does: one of FAULTS."""
    hosts = {host_of(row.endpoint) for row in subscriptions}
    if not has_contact and any(Audience("", host).is_apple for host in hosts):
        return "no_contact"
    return "refused" if hosts.intersection(refusing) else None


def host_of(endpoint: str) -> str:
    """The push service's name, which may be said where the endpoint may not."""
    return urlsplit(endpoint).hostname or ""


def forget_subscription(db: Session, patient_id: UUID, subscription_id: UUID, *, seq: int, now: datetime) -> None:
    """Delete a browser that is gone, with its messages."""
    db.execute(delete(PushSubscription).where(PushSubscription.id == subscription_id))
    bury(db, patient_id, KIND, [str(subscription_id)], seq=seq, now=now)
