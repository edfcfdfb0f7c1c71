"""A browser that used to report and no longer does: found, told of once, and well again with its next word."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from integrations.push import PushResult
from server.models import Patient, PushDelivery, PushSubscription, SecondDelivery
from server.services import push, quiet_browsers, second_ways
from server.services.owner import Owner
from server.services.sending import create_test_deliveries, finish_deliveries

DAY = timedelta(days=1)


@pytest.fixture
def phone(db: Session, owner: Owner, now: datetime) -> UUID:
    """One that reported something at the beginning."""
    row, _ = push.save_subscription(
        db, owner, endpoint="https://push.example/1", p256dh="x", auth="y", label="Phone", replaces=None, now=now
    )
    report(db, send(db, owner, now), now)
    found: UUID = row.id
    return found


def send(db: Session, owner: Owner, at: datetime, outcome: Any = "accepted") -> Any:
    """A message that the push service took; its delivery."""
    (row,) = create_test_deliveries(db, owner, None, now=at)
    finish_deliveries(db, [(row, PushResult(row.id.hex, outcome))], now=at)
    return db.execute(select(*PushDelivery.__table__.c).where(PushDelivery.id == row.id)).one()


def report(db: Session, delivery: Any, at: datetime) -> None:
    push.save_receipt(db, delivery, "received", at=at, now=at)


def look(db: Session, at: datetime) -> bool:
    for patient_id, browser_id in quiet_browsers.find_silent(db, now=at):
        quiet_browsers.mark_quiet(db, patient_id, browser_id, now=at)
    return bool(db.execute(select(PushSubscription.quiet)).scalar_one())


def test_a_week_with_messages_on_two_days_and_no_word(db: Session, owner: Owner, now: datetime, phone: UUID) -> None:
    send(db, owner, now + 5 * DAY)
    send(db, owner, now + 6 * DAY)
    assert not look(db, now + 7 * DAY - timedelta(seconds=1))
    assert look(db, now + 7 * DAY)


def test_one_day_of_messages_is_not_enough_nor_are_older_ones_or_failures(
    db: Session, owner: Owner, now: datetime, phone: UUID
) -> None:
    evening = now.replace(hour=22, minute=30)  # 23:30 in Berlin
    send(db, owner, now + timedelta(hours=1))
    send(db, owner, now + 6 * DAY)
    send(db, owner, now + 5 * DAY, "rejected")
    assert not look(db, now + 8 * DAY)
    send(db, owner, evening + 6 * DAY + timedelta(minutes=29))
    assert not look(db, now + 8 * DAY)
    send(db, owner, evening + 6 * DAY + timedelta(minutes=30))
    assert look(db, now + 8 * DAY)


def test_one_that_never_reported_is_left_out(db: Session, owner: Owner, now: datetime, phone: UUID) -> None:
    db.execute(update(PushSubscription).values(last_received_at=None, last_shown_at=None))
    for day in range(8):
        send(db, owner, now + day * DAY)
    assert not look(db, now + 9 * DAY)


def test_one_e_mail_tells_of_it_until_something_arrives_again(
    db: Session, owner: Owner, now: datetime, phone: UUID
) -> None:
    db.execute(update(Patient).values(email_reminders="when_missed"))
    for day in (5, 6):
        delivery = send(db, owner, now + day * DAY)
    at = now + 7 * DAY
    assert look(db, at)
    assert look(db, at + DAY)
    rows = db.execute(select(SecondDelivery.way, SecondDelivery.subscription_id)).all()
    assert [tuple(row) for row in rows] == [("email", phone)]
    _, due = second_ways.claim(db, limit=20, now=at)
    assert [row.label for row in due] == ["Phone"]
    report(db, delivery, at)
    assert not look(db, at + timedelta(hours=1))
    for day in (12, 13):
        send(db, owner, now + day * DAY)
    assert look(db, now + 15 * DAY)
    assert len(db.execute(select(SecondDelivery.id)).all()) == 2


@pytest.mark.parametrize("back", [False, True])
def test_who_gets_no_e_mails_or_has_it_back_gets_none(
    back: bool, db: Session, owner: Owner, now: datetime, phone: UUID
) -> None:
    db.execute(update(Patient).values(email_reminders="always" if back else "never"))
    for day in (5, 6):
        delivery = send(db, owner, now + day * DAY)
    assert look(db, now + 7 * DAY)
    if back:
        report(db, delivery, now + 7 * DAY)
    assert second_ways.claim(db, limit=20, now=now + 7 * DAY) == (int(back), [])


def test_a_receipt_that_comes_late_sets_nothing_back(db: Session, owner: Owner, now: datetime, phone: UUID) -> None:
    early, late = send(db, owner, now + DAY), send(db, owner, now + 2 * DAY)
    report(db, late, now + 2 * DAY)
    report(db, early, now + DAY)
    assert db.execute(select(PushSubscription.last_received_at)).scalar_one() == now + 2 * DAY
