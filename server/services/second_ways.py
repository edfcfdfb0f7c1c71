"""A second way for a reminder: an e-mail or an ntfy message, always or when no phone reported that it arrived.

A row is made with the deliveries, in the transaction that wakes a moment, and is claimed under a lease, sent with no
transaction open and finished by its holder. So an e-mail repeats only when the process dies between sending and noting.
"""

import random
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session

from integrations.notices import NoticeResult
from server.localtime import local_date
from server.models import AnyRow, Occurrence, Patient, PushDelivery, PushSubscription, Reminder, SecondDelivery
from server.services.bulk import is_among
from server.services.counters import count
from server.services.done_before import done_before
from server.services.owner import Owner, lock_patients, next_seq
from server.services.plans import patients_at_rest
from server.services.quiet_hours import is_paused, quiet_until
from server.services.reminders import USEFUL_FOR

WAYS = ("email", "ntfy")
CHOICES = ("never", "when_missed", "always")
MISSED_AFTER = timedelta(minutes=10)
USEFUL_LONGER = timedelta(minutes=15)
ABOUT_A_BROWSER = timedelta(hours=24)
LEASE = timedelta(minutes=3)
FIRST_RETRY, LONGEST_RETRY = 20.0, 300.0
NOTHING_SENT = ("no_phone", "failed")

_CLAIMED = (
    *SecondDelivery.__table__.c,
    Patient.email,
    Patient.email_reminders,
    Patient.ntfy_reminders,
    Patient.ntfy_topic,
    Patient.language,
    Patient.time_zone,
    Patient.show_reminder_kind,
    Patient.quiet_hours,
    Patient.reminders_paused,
    PushSubscription.label,
    PushSubscription.quiet,
)


@dataclass(frozen=True)
class Woken:
    """An occurrence that was woken just now for this moment; `is_sent`: a message to a phone is on its way."""

    row: AnyRow
    moment: datetime
    is_sent: bool


def add_for(db: Session, woken: Sequence[Woken], *, now: datetime) -> None:
    """Rows for what was woken, by each way that the patient chose; the caller holds the patients."""
    wants = select(Patient.id, Patient.email_reminders, Patient.ntfy_reminders).where(
        is_among(db, Patient.id, {one.row.patient_id for one in woken}),
        or_(Patient.email_reminders != "never", Patient.ntfy_reminders != "never"),
    )
    choices = {row.id: {"email": row.email_reminders, "ntfy": row.ntfy_reminders} for row in db.execute(wants)}
    known = select(SecondDelivery.occurrence_id, SecondDelivery.way)
    known = known.where(is_among(db, SecondDelivery.occurrence_id, [one.row.id for one in woken]))
    there = {(row.occurrence_id, row.way) for row in db.execute(known)} if choices else set()
    rows = []
    for one in woken:
        row, expires_at = one.row, one.moment + USEFUL_FOR[one.row.kind] + USEFUL_LONGER
        for way, choice in choices.get(row.patient_id, {}).items():
            if choice == "never" or (row.id, way) in there:
                continue
            next_try_at = now + MISSED_AFTER if choice == "when_missed" and one.is_sent else now
            rows.append(_row(row.patient_id, way, expires_at, next_try_at, now) | {"occurrence_id": row.id})
    if rows:
        db.execute(insert(SecondDelivery), rows)


def add_about_browser(db: Session, patient_id: UUID, subscription_id: UUID, *, now: datetime) -> None:
    """An e-mail that nothing arrives on a browser any more."""
    row = _row(patient_id, "email", now + ABOUT_A_BROWSER, now, now)
    db.execute(insert(SecondDelivery).values(row | {"subscription_id": subscription_id}))


def _row(patient_id: UUID, way: str, expires_at: datetime, next_try_at: datetime, now: datetime) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "patient_id": patient_id,
        "way": way,
        "expires_at": expires_at,
        "state": "waiting",
        "attempts": 0,
        "next_try_at": next_try_at,
        "created_at": now,
    }


def claim(db: Session, *, limit: int, now: datetime) -> tuple[int, list[AnyRow]]:
    """Take up to `limit` rows that are due; returns how many, and those of them that are to be sent now."""
    ready = (
        select(SecondDelivery.id)
        .where(SecondDelivery.next_try_at <= now)
        .order_by(SecondDelivery.next_try_at, SecondDelivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = update(SecondDelivery).where(SecondDelivery.id.in_(ready))
    taken = taken.values(next_try_at=now + LEASE, attempts=SecondDelivery.attempts + 1)
    ids = db.execute(taken.returning(SecondDelivery.id)).scalars().all()
    if not ids:
        return 0, []
    query = select(*_CLAIMED).join(Patient, Patient.id == SecondDelivery.patient_id)
    query = query.outerjoin(PushSubscription, PushSubscription.id == SecondDelivery.subscription_id)
    rows = db.execute(query.where(SecondDelivery.id.in_(ids)).order_by(SecondDelivery.created_at)).all()
    facts = _Facts(db, [row.occurrence_id for row in rows if row.occurrence_id], now)
    due = []
    for row in rows:
        verdict = facts.judge(row)
        if verdict == "send":
            due.append(row)
            continue
        values = {"state": verdict, "next_try_at": None} if isinstance(verdict, str) else {"next_try_at": verdict}
        db.execute(update(SecondDelivery).where(SecondDelivery.id == row.id).values(values))
    return len(rows), due


class _Facts:
    """What is known of the occurrences of a batch."""

    def __init__(self, db: Session, ids: Sequence[UUID], now: datetime) -> None:
        self._now = now
        query = select(*Occurrence.__table__.c, Reminder.repeat, Reminder.every)
        query = query.outerjoin(Reminder, Reminder.id == Occurrence.reminder_id).where(Occurrence.id.in_(ids))
        found = db.execute(query).all()
        self.occurrences = {row.id: row for row in found}
        self._done = done_before(db, found)
        self._at_rest = patients_at_rest(db, {row.patient_id for row in found if row.kind == "massage"}, now=now)
        self._deliveries: defaultdict[UUID, list[AnyRow]] = defaultdict(list)
        sent = select(*PushDelivery.__table__.c, PushSubscription.last_received_at.label("browser_reported_at"))
        sent = sent.join(PushSubscription, PushSubscription.id == PushDelivery.subscription_id)
        for row in db.execute(sent.where(PushDelivery.occurrence_id.in_(ids))):
            self._deliveries[row.occurrence_id].append(row)

    def judge(self, row: AnyRow) -> str | datetime:
        """`send`, how it ends without that, or until when to wait."""
        choice = getattr(row, f"{row.way}_reminders")
        if row.expires_at <= self._now:
            return "expired"
        if choice == "never":
            return "over"
        if row.occurrence_id is None:
            return "send" if row.quiet else "over"
        moment = self.occurrences[row.occurrence_id]
        if self._has_reason_not_to(row, moment):
            return "over"
        if choice == "always":
            return "send"
        deliveries = self._deliveries[row.occurrence_id]
        if any(has_arrived(one, one.browser_reported_at) for one in deliveries):
            return "over"
        waits = [(one.sent_at or row.created_at) for one in deliveries if one.state in ("waiting", "sent")]
        until = max(waits) + MISSED_AFTER if waits else self._now
        return until if until > self._now else "send"

    def _has_reason_not_to(self, row: AnyRow, moment: AnyRow) -> bool:
        """As for the first message (`services/waking.py`), asked again: time has passed."""
        return (
            moment.state != "open"
            or moment.id in self._done
            or not (moment.not_sent is None or moment.not_sent in NOTHING_SENT)
            or (moment.kind == "massage" and row.patient_id in self._at_rest)
            or is_paused(row.reminders_paused, local_date(self._now, row.time_zone))
            or quiet_until(row.quiet_hours, row.time_zone, self._now) is not None
        )


def has_arrived(delivery: AnyRow, browser_reported_at: datetime | None) -> bool:
    """Reported; or sent to a browser that never reports, of which no more can be known."""
    reported = delivery.received_at or delivery.shown_at or delivery.tapped_at or delivery.dismissed_at
    return bool(reported) or (delivery.state == "sent" and browser_reported_at is None)


def moments_of(db: Session, rows: Iterable[AnyRow]) -> Mapping[UUID, AnyRow]:
    """The occurrences that claimed rows are about."""
    ids = [row.occurrence_id for row in rows if row.occurrence_id]
    found = db.execute(select(*Occurrence.__table__.c).where(Occurrence.id.in_(ids))).all() if ids else []
    return {row.id: row for row in found}


def finish(db: Session, sent: Iterable[tuple[AnyRow, NoticeResult]], *, now: datetime) -> list[tuple[AnyRow, str]]:
    """Write down what became of claimed rows; returns each with its new state."""
    sent = list(sent)
    lock_patients(db, {row.patient_id for row, _ in sent})
    states = []
    for row, result in sent:
        state, next_try_at = _outcome(row, result, now)
        values: dict[str, Any] = {"state": state, "next_try_at": next_try_at}
        if state == "sent":
            values["sent_at"] = now
        mine = update(SecondDelivery).where(SecondDelivery.id == row.id, SecondDelivery.attempts == row.attempts)
        if db.execute(mine.values(values).returning(SecondDelivery.id)).first() is not None:
            states.append((row, state))
    count(db, "second_messages", Counter((row.way, state) for row, state in states))
    return states


def _outcome(row: AnyRow, result: NoticeResult, now: datetime) -> tuple[str, datetime | None]:
    if result.outcome != "retry":
        return result.outcome, None
    wait = result.retry_after
    if wait is None:
        wait = random.uniform(0, min(LONGEST_RETRY, FIRST_RETRY * 2 ** min(row.attempts, 10)))
    next_try_at = now + timedelta(seconds=max(wait, FIRST_RETRY))
    return ("waiting", next_try_at) if next_try_at < row.expires_at else ("expired", None)


def stop_mail(db: Session, patient_id: UUID, *, now: datetime) -> None:
    """No more e-mails, by the word of whoever gets them; harmless when the account is gone."""
    if lock_patients(db, [patient_id]):
        values = {"email_reminders": "never", "seq": next_seq(db, patient_id), "updated_at": now}
        db.execute(update(Patient).where(Patient.id == patient_id).values(values))


def new_topic() -> str:
    """Nobody can guess it, and ntfy takes it."""
    return f"footwell-{secrets.token_urlsafe(24)}"


def renew_topic(db: Session, owner: Owner, *, now: datetime) -> None:
    """Another topic: who knows the old one hears nothing more."""
    values = {"ntfy_topic": new_topic(), "seq": next_seq(db, owner.id), "updated_at": now}
    db.execute(update(Patient).where(Patient.id == owner.id).values(values))
