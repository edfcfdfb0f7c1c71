"""From a due moment to a sent message: every outcome, crashes, leases, and two workers at once."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from integrations.push import PushResult
from server.models import Occurrence, Patient, PushDelivery, PushSubscription
from server.services import push, reminders
from server.services.occurrences import answer_occurrence
from server.services.owner import Owner
from server.services.sending import LEASE, claim_deliveries, finish_deliveries, is_over
from server.services.waking import wake_due
from tests.factories import make_patient

RULE = {"kind": "massage", "weekdays": [7], "times": ["10:20"], "active": True, "starts_on": date(2026, 11, 1)}
HOUR = timedelta(hours=1)


@pytest.fixture
def due(now: datetime) -> datetime:
    """10:20 in Berlin, five minutes from now."""
    return now + timedelta(minutes=5)


def remind(db: Session, owner: Owner, now: datetime) -> UUID:
    reminder_id = uuid4()
    reminders.save_reminder(db, owner, reminder_id, {**RULE, "ends_on": None}, if_match=None, now=now)
    first = select(Occurrence.id).where(Occurrence.reminder_id == reminder_id).order_by(Occurrence.due_at).limit(1)
    return db.execute(first).scalar_one()


def subscribe(db: Session, owner: Owner, name: str, now: datetime) -> UUID:
    endpoint = f"https://push.example/{owner.id}/{name}"
    row, _ = push.save_subscription(
        db, owner, endpoint=endpoint, p256dh="x", auth="y", label=name, replaces=None, now=now
    )
    found: UUID = row.id
    return found


def occurrence(db: Session, occurrence_id: UUID) -> Any:
    return db.execute(select(*Occurrence.__table__.c).where(Occurrence.id == occurrence_id)).one()


def deliveries(db: Session) -> list[Any]:
    return list(db.execute(select(*PushDelivery.__table__.c).order_by(PushDelivery.created_at)).all())


def browsers(db: Session) -> dict[str, str]:
    rows = db.execute(select(PushSubscription.label, PushSubscription.state)).all()
    return {row.label: row.state for row in rows}


def work(db: Session, now: datetime, result: Callable[[Any], PushResult | None]) -> list[str]:
    """Claim, send and finish once; the states that came of it."""
    rows = claim_deliveries(db, limit=100, now=now)
    return [state for _, state in finish_deliveries(db, [(row, result(row)) for row in rows], now=now)]


def answers(outcome: Any, **members: Any) -> Callable[[Any], PushResult | None]:
    return lambda row: PushResult(row.id.hex, outcome, **members)


accepted = answers("accepted", status=201)


def test_nothing_is_due_before_its_time(db: Session, owner: Owner, now: datetime, due: datetime) -> None:
    subscribe(db, owner, "phone", now)
    remind(db, owner, now)
    assert wake_due(db, limit=10, now=due - timedelta(seconds=1)) == 0
    assert wake_due(db, limit=10, now=due) == 1
    assert wake_due(db, limit=10, now=due) == 0


def test_a_due_moment_goes_to_each_browser_once(db: Session, owner: Owner, now: datetime, due: datetime) -> None:
    first = remind(db, owner, now)
    for name in ("phone", "tablet"):
        subscribe(db, owner, name, now)
    wake_due(db, limit=10, now=due)
    assert work(db, due, accepted) == ["sent", "sent"]
    assert work(db, due + HOUR, accepted) == []
    row = occurrence(db, first)
    assert (row.sent_at, row.not_sent, row.state, row.wake_at) == (due, None, "open", None)
    assert {d.status for d in deliveries(db)} == {201}


@pytest.mark.parametrize(
    ("result", "state", "browser", "not_sent"),
    [
        (answers("accepted", status=201), "sent", "active", None),
        (answers("gone", status=410), "gone", None, "no_phone"),
        (answers("gone", status=404), "gone", None, "no_phone"),
        (answers("needs_resubscribe", status=403), "needs_resubscribe", "needs_resubscribe", "failed"),
        (answers("rejected", status=400), "failed", "active", "failed"),
        (answers("too_large", status=413), "failed", "active", "failed"),
        (answers("config_fault"), "failed", "active", "failed"),
        (answers("retry", status=429, retry_after=7200.0), "expired", "active", "failed"),
        (answers("retry", status=503), "waiting", "active", None),
    ],
)
def test_each_outcome(
    result: Any, state: str, browser: str | None, not_sent: str | None,
    db: Session, owner: Owner, now: datetime, due: datetime,
) -> None:  # fmt: skip
    subscribe(db, owner, "phone", now)
    first = remind(db, owner, now)
    wake_due(db, limit=10, now=due)
    assert work(db, due, result) == [state]
    assert browsers(db).get("phone") == browser
    assert occurrence(db, first).not_sent == not_sent
    assert occurrence(db, first).sent_at == (due if state == "sent" else None)


def test_a_browser_that_is_gone_takes_nothing_else_along(
    db: Session, owner: Owner, now: datetime, due: datetime
) -> None:
    other = make_patient(db, "other@example.org", now=now)
    for who, name in ((owner, "gone"), (owner, "phone"), (other, "other")):
        subscribe(db, who, name, now)
    first, second = remind(db, owner, now), remind(db, other, now)
    wake_due(db, limit=10, now=due)
    states = work(db, due, lambda row: (answers("gone") if row.label == "gone" else accepted)(row))
    assert Counter(states) == {"sent": 2, "gone": 1}
    assert browsers(db).keys() == {"phone", "other"}
    assert [occurrence(db, row).not_sent for row in (first, second)] == [None, None]
    assert [occurrence(db, row).sent_at for row in (first, second)] == [due, due]


def test_a_retry_waits_as_long_as_the_service_says_and_keeps_its_delivery(
    db: Session, owner: Owner, now: datetime, due: datetime
) -> None:
    subscribe(db, owner, "phone", now)
    remind(db, owner, now)
    wake_due(db, limit=10, now=due)
    delivery_id = deliveries(db)[0].id
    assert work(db, due, answers("retry", status=429, retry_after=120.0)) == ["waiting"]
    assert work(db, due + timedelta(seconds=119), accepted) == []
    rows = claim_deliveries(db, limit=10, now=due + timedelta(seconds=120))
    assert [(row.id, row.attempts) for row in rows] == [(delivery_id, 2)]


@pytest.mark.parametrize("retry_after", [None, 0.0])
def test_a_service_in_trouble_is_not_met_at_once_again(
    retry_after: float | None, db: Session, owner: Owner, now: datetime, due: datetime
) -> None:
    subscribe(db, owner, "phone", now)
    remind(db, owner, now)
    wake_due(db, limit=10, now=due)
    work(db, due, answers("retry", status=503, retry_after=retry_after))
    assert timedelta(seconds=5) <= deliveries(db)[0].next_try_at - due <= timedelta(seconds=15)


def test_what_comes_too_late_to_be_of_use_is_marked_and_not_sent(
    db: Session, owner: Owner, now: datetime, due: datetime
) -> None:
    subscribe(db, owner, "phone", now)
    first = remind(db, owner, now)
    assert wake_due(db, limit=10, now=due + HOUR) == 1
    assert deliveries(db) == []
    assert (occurrence(db, first).not_sent, occurrence(db, first).sent_at) == ("too_late", None)


def test_a_delivery_that_waited_too_long_is_over(db: Session, owner: Owner, now: datetime, due: datetime) -> None:
    subscribe(db, owner, "phone", now)
    first = remind(db, owner, now)
    wake_due(db, limit=10, now=due)
    late = due + HOUR
    rows = claim_deliveries(db, limit=10, now=late)
    assert [is_over(row, late) for row in rows] == [True]
    assert [state for _, state in finish_deliveries(db, [(row, None) for row in rows], now=late)] == ["over"]
    assert occurrence(db, first).not_sent == "too_late"
    assert claim_deliveries(db, limit=10, now=late + LEASE) == ()


@pytest.mark.parametrize("state", ["done", "skipped", "snoozed"])
def test_what_was_answered_on_one_phone_does_not_come_on_another(
    state: str, db: Session, owner: Owner, now: datetime, due: datetime
) -> None:
    subscribe(db, owner, "phone", now)
    first = remind(db, owner, now)
    wake_due(db, limit=10, now=due)
    work(db, due, answers("retry", status=503))
    until = due + timedelta(minutes=10) if state == "snoozed" else None
    answer_occurrence(db, owner, first, state=state, until=until, at=due, now=due)
    later = due + timedelta(minutes=2)
    rows = claim_deliveries(db, limit=10, now=later)
    assert [is_over(row, later) for row in rows] == [True]
    finish_deliveries(db, [(row, None) for row in rows], now=later)
    assert occurrence(db, first).not_sent is None
    assert wake_due(db, limit=10, now=due + timedelta(minutes=10)) == (1 if until else 0)
    snoozed = claim_deliveries(db, limit=10, now=due + timedelta(minutes=10))
    assert [is_over(row, due + timedelta(minutes=10)) for row in snoozed] == ([False] if until else [])


def test_a_browser_that_is_gone_is_the_reason_of_all_its_moments_in_a_batch(
    db: Session, owner: Owner, now: datetime, due: datetime
) -> None:
    subscribe(db, owner, "phone", now)
    both = [remind(db, owner, now) for _ in range(2)]
    wake_due(db, limit=10, now=due)
    assert work(db, due, answers("gone")) == ["gone", "gone"]
    assert (browsers(db), [occurrence(db, each).not_sent for each in both]) == ({}, ["no_phone", "no_phone"])


def test_a_patient_without_a_browser_is_told_why_nothing_came(
    db: Session, owner: Owner, now: datetime, due: datetime
) -> None:
    first = remind(db, owner, now)
    wake_due(db, limit=10, now=due)
    assert occurrence(db, first).not_sent == "no_phone"


def test_a_browser_that_must_resubscribe_gets_nothing(db: Session, owner: Owner, now: datetime, due: datetime) -> None:
    subscribe(db, owner, "phone", now)
    db.execute(update(PushSubscription).values(state="needs_resubscribe"))
    first = remind(db, owner, now)
    wake_due(db, limit=10, now=due)
    assert (deliveries(db), occurrence(db, first).not_sent) == ([], "no_phone")


def test_after_a_crash_the_same_delivery_is_sent_again_when_the_lease_ends(
    db: Session, owner: Owner, now: datetime, due: datetime
) -> None:
    subscribe(db, owner, "phone", now)
    remind(db, owner, now)
    wake_due(db, limit=10, now=due)
    crashed = claim_deliveries(db, limit=10, now=due)
    assert claim_deliveries(db, limit=10, now=due + LEASE - timedelta(seconds=1)) == ()
    again = claim_deliveries(db, limit=10, now=due + LEASE)
    assert [row.id for row in again] == [row.id for row in crashed]
    # The first worker was only slow: its result does not count any more.
    assert finish_deliveries(db, [(row, answers("gone")(row)) for row in crashed], now=due + LEASE) == []
    assert browsers(db) == {"phone": "active"}
    assert [s for _, s in finish_deliveries(db, [(row, accepted(row)) for row in again], now=due + LEASE)] == ["sent"]


def test_however_often_a_service_failed_nobody_waits_long_once_it_is_back(
    db: Session, owner: Owner, now: datetime, due: datetime
) -> None:
    """Sugar is of use for half an hour."""
    subscribe(db, owner, "phone", now)
    remind(db, owner, now)
    wake_due(db, limit=10, now=due)
    at = due
    for _ in range(12):
        assert work(db, at, answers("retry", status=503)) == ["waiting"]
        (row,) = deliveries(db)
        assert row.next_try_at - at <= timedelta(minutes=2, seconds=5)
        at = row.next_try_at
    assert work(db, at, accepted) == ["sent"]


def test_an_account_that_went_while_its_message_was_sent_hinders_nobody(
    db: Session, owner: Owner, now: datetime, due: datetime
) -> None:
    other = make_patient(db, "other@example.org", now=now)
    subscribe(db, owner, "phone", now)
    subscribe(db, other, "other", now)
    remind(db, owner, now)
    second = remind(db, other, now)
    wake_due(db, limit=10, now=due)
    rows = claim_deliveries(db, limit=10, now=due)
    db.execute(delete(Patient).where(Patient.id == owner.id))
    finished = finish_deliveries(db, [(row, accepted(row)) for row in rows], now=due)
    assert [state for _, state in finished] == ["sent"]
    assert occurrence(db, second).sent_at == due


def test_batches_take_the_oldest_first_and_leave_the_rest(
    db: Session, owner: Owner, now: datetime, due: datetime
) -> None:
    subscribe(db, owner, "phone", now)
    for _ in range(5):
        remind(db, owner, now)
    assert [wake_due(db, limit=2, now=due) for _ in range(4)] == [2, 2, 1, 0]
    assert [len(claim_deliveries(db, limit=2, now=due)) for _ in range(4)] == [2, 2, 1, 0]
