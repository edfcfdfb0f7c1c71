"""E-mail and ntfy beside push: when a moment counts as missed, once each, never without need, again after a failure."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from integrations.notices import NoticeResult
from integrations.push import PushResult
from server.models import Occurrence, Patient, PushDelivery, PushSubscription, SecondDelivery
from server.services import push, reminders, second_ways
from server.services.occurrences import answer_occurrence
from server.services.owner import Owner
from server.services.sending import claim_deliveries, finish_deliveries
from server.services.waking import wake_due
from tests.services.test_waking import write_foot_check

MINUTE = timedelta(minutes=1)


@pytest.fixture
def due(now: datetime) -> datetime:
    """10:20 in Berlin, five minutes from now."""
    return now + 5 * MINUTE


@pytest.fixture
def moment(db: Session, owner: Owner, now: datetime) -> UUID:
    """A foot check at 10:20."""
    rule: dict[str, Any] = {"kind": "foot_check", "weekdays": [7], "times": ["10:20"], "active": True}
    values = {**rule, "starts_on": date(2026, 11, 1), "ends_on": None}
    reminders.save_reminder(db, owner, uuid4(), values, if_match=None, now=now)
    return db.execute(select(Occurrence.id).order_by(Occurrence.due_at).limit(1)).scalar_one()


def choose(db: Session, owner: Owner, **choices: Any) -> None:
    db.execute(update(Patient).where(Patient.id == owner.id).values({"ntfy_topic": "t", **choices}))


def subscribe(db: Session, owner: Owner, name: str, now: datetime, *, reports: bool) -> None:
    row, _ = push.save_subscription(
        db, owner, endpoint=f"https://push.example/{name}", p256dh="x", auth="y", label=name, replaces=None, now=now
    )
    reported = {"last_received_at": now - timedelta(days=1) if reports else None}
    db.execute(update(PushSubscription).where(PushSubscription.id == row.id).values(reported))


def send_push(db: Session, now: datetime, outcome: Any = "accepted") -> None:
    wake_due(db, limit=10, now=now)
    rows = claim_deliveries(db, limit=10, now=now)
    finish_deliveries(db, [(row, PushResult(row.id.hex, outcome)) for row in rows], now=now)


def ways(db: Session, now: datetime, result: NoticeResult | None = None) -> list[str]:
    """Claim, send and finish once; which ways were tried."""
    _, rows = second_ways.claim(db, limit=20, now=now)
    second_ways.finish(db, [(row, result or NoticeResult("sent")) for row in rows], now=now)
    return sorted(row.way for row in rows)


def states(db: Session) -> list[str]:
    return list(db.execute(select(SecondDelivery.state).order_by(SecondDelivery.way)).scalars())


def test_always_goes_at_once_by_each_chosen_way_and_only_once(
    db: Session, owner: Owner, now: datetime, due: datetime, moment: UUID
) -> None:
    choose(db, owner, email_reminders="always", ntfy_reminders="always", second_nudge=True)
    subscribe(db, owner, "phone", now, reports=True)
    send_push(db, due)
    assert ways(db, due) == ["email", "ntfy"]
    send_push(db, due + 30 * MINUTE)  # the second message to the phone is no second e-mail
    assert len(db.execute(select(PushDelivery.id)).all()) == 2
    assert [ways(db, due + n * MINUTE) for n in (1, 30, 31)] == [[], [], []]
    assert states(db) == ["sent", "sent"]


def test_who_chose_none_gets_none(db: Session, owner: Owner, now: datetime, due: datetime, moment: UUID) -> None:
    subscribe(db, owner, "phone", now, reports=True)
    send_push(db, due)
    assert (ways(db, due), states(db)) == ([], [])


def test_missed_is_ten_minutes_after_sending_without_a_word_of_the_phone(
    db: Session, owner: Owner, now: datetime, due: datetime, moment: UUID
) -> None:
    choose(db, owner, email_reminders="when_missed")
    subscribe(db, owner, "phone", now, reports=True)
    wake_due(db, limit=10, now=due)
    (row,) = claim_deliveries(db, limit=10, now=due)
    sent_at = due + 4 * MINUTE  # the push service let us wait
    finish_deliveries(db, [(row, PushResult(row.id.hex, "accepted"))], now=sent_at)
    assert [ways(db, due + n * MINUTE) for n in (9, 10, 13)] == [[], [], []]
    assert ways(db, sent_at + 10 * MINUTE) == ["email"]


@pytest.mark.parametrize("column", ["received_at", "shown_at", "tapped_at", "dismissed_at"])
def test_one_word_of_one_phone_is_enough(
    column: str, db: Session, owner: Owner, now: datetime, due: datetime, moment: UUID
) -> None:
    choose(db, owner, email_reminders="when_missed")
    for name in ("phone", "tablet"):
        subscribe(db, owner, name, now, reports=True)
    send_push(db, due)
    first = select(PushDelivery.id).limit(1).scalar_subquery()
    db.execute(update(PushDelivery).where(PushDelivery.id == first).values({column: due}))
    assert ways(db, due + 10 * MINUTE) == []
    assert states(db) == ["over"]


def test_a_browser_that_never_reports_counts_as_reached(
    db: Session, owner: Owner, now: datetime, due: datetime, moment: UUID
) -> None:
    choose(db, owner, email_reminders="when_missed")
    subscribe(db, owner, "silent", now, reports=False)
    subscribe(db, owner, "phone", now, reports=True)
    send_push(db, due)
    assert ways(db, due + 10 * MINUTE) == []
    assert states(db) == ["over"]


def test_without_a_phone_it_goes_at_once(db: Session, owner: Owner, due: datetime, moment: UUID) -> None:
    choose(db, owner, email_reminders="when_missed")
    send_push(db, due)
    assert ways(db, due) == ["email"]


@pytest.mark.parametrize("outcome", ["gone", "needs_resubscribe", "rejected", "config_fault", "retry"])
@pytest.mark.parametrize("reports", [True, False])
def test_what_could_not_be_sent_is_missed(
    outcome: str, reports: bool, db: Session, owner: Owner, now: datetime, due: datetime, moment: UUID
) -> None:
    choose(db, owner, email_reminders="when_missed")
    subscribe(db, owner, "phone", now, reports=reports)
    send_push(db, due, outcome)
    assert ways(db, due + 9 * MINUTE) == []
    assert ways(db, due + 10 * MINUTE) == ["email"]


def answered(state: str) -> Callable[[Session, Owner, UUID, datetime], None]:
    def give(db: Session, owner: Owner, moment: UUID, at: datetime) -> None:
        until = at + 20 * MINUTE if state == "snoozed" else None
        answer_occurrence(db, owner, moment, state=state, until=until, at=at, now=at)

    return give


def checked_feet(db: Session, owner: Owner, moment: UUID, at: datetime) -> None:
    write_foot_check(db, owner, date(2026, 11, 22), at)


def set_on_patient(**values: Any) -> Callable[[Session, Owner, UUID, datetime], None]:
    return lambda db, owner, moment, at: choose(db, owner, **values)


REASONS = {
    "done": answered("done"),
    "skipped": answered("skipped"),
    "snoozed": answered("snoozed"),
    "done before it was due": checked_feet,
    "paused": set_on_patient(reminders_paused={"reason": "ill", "from_on": "2026-11-22", "until_on": None}),
    "quiet hours": set_on_patient(quiet_hours={"from": "10:25", "until": "11:00"}),
    "chosen otherwise": set_on_patient(email_reminders="never"),
}


@pytest.mark.parametrize("reason", REASONS.values(), ids=REASONS)
def test_nothing_goes_that_is_not_wanted_any_more(
    reason: Callable[[Session, Owner, UUID, datetime], None],
    db: Session, owner: Owner, now: datetime, due: datetime, moment: UUID,
) -> None:  # fmt: skip
    choose(db, owner, email_reminders="when_missed")
    subscribe(db, owner, "phone", now, reports=True)
    send_push(db, due)
    reason(db, owner, moment, due + MINUTE)
    assert ways(db, due + 10 * MINUTE) == []
    assert states(db) == ["over"]


@pytest.mark.parametrize("late", [False, True])
def test_a_moment_that_was_not_to_be_sent_has_no_second_way(
    late: bool, db: Session, owner: Owner, now: datetime, due: datetime, moment: UUID
) -> None:
    choose(db, owner, email_reminders="always")
    if not late:
        choose(db, owner, reminders_paused={"reason": "ill", "from_on": "2026-11-22", "until_on": None})
    send_push(db, due + (timedelta(hours=2) if late else timedelta()))
    assert states(db) == []


def test_it_is_tried_again_until_a_quarter_of_an_hour_after_its_use(
    db: Session, owner: Owner, due: datetime, moment: UUID
) -> None:
    choose(db, owner, email_reminders="always")
    send_push(db, due)
    at, tries = due, 0
    while states(db) == ["waiting"]:
        tries += len(ways(db, at, NoticeResult("retry")))
        at += MINUTE
    assert tries > 10
    assert due + 65 * MINUTE < at <= due + 77 * MINUTE
    assert states(db) == ["expired"]


def test_a_server_that_says_when_is_believed(db: Session, owner: Owner, due: datetime, moment: UUID) -> None:
    choose(db, owner, ntfy_reminders="always")
    send_push(db, due)
    assert ways(db, due, NoticeResult("retry", 600.0)) == ["ntfy"]
    assert ways(db, due + 9 * MINUTE) == []
    assert ways(db, due + 10 * MINUTE, NoticeResult("retry", 7200.0)) == ["ntfy"]
    assert states(db) == ["expired"]


def test_a_crash_loses_nothing_and_whose_lease_has_ended_notes_nothing(
    db: Session, owner: Owner, due: datetime, moment: UUID
) -> None:
    choose(db, owner, email_reminders="always")
    send_push(db, due)
    _, (lost,) = second_ways.claim(db, limit=20, now=due)
    assert second_ways.claim(db, limit=20, now=due + 2 * MINUTE) == (0, [])
    later = due + second_ways.LEASE
    assert ways(db, later) == ["email"]
    assert second_ways.finish(db, [(lost, NoticeResult("failed"))], now=later) == []
    assert states(db) == ["sent"]
