"""Whether a due moment is sent: done already, paused, quiet hours, too late; and a second time, never a third."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from server.localtime import local_time
from server.models import FootCheck, GlucoseReading, Occurrence, Patient, PushDelivery, SessionLog, SymptomEntry
from server.services.occurrences import answer_occurrence
from server.services.owner import Owner
from server.services.push import save_receipt
from server.services.quiet_hours import is_paused, quiet_until
from server.services.reminders import save_reminder
from server.services.sending import claim_deliveries, finish_deliveries, is_over
from server.services.waking import NUDGE_AFTER, wake_due
from tests.services.test_changes import log_values
from tests.services.test_sending import accepted, subscribe

MINUTE = timedelta(minutes=1)
TODAY = date(2026, 11, 22)  # a Sunday; 10:20 in Berlin is 09:20 UTC
DUE = datetime(2026, 11, 22, 9, 20, tzinfo=UTC)


@pytest.fixture
def phone(db: Session, owner: Owner, now: datetime) -> UUID:
    return subscribe(db, owner, "phone", now)


def remind(db: Session, owner: Owner, now: datetime, **changes: Any) -> UUID:
    rule = {"kind": "foot_check", "weekdays": [1, 2, 3, 4, 5, 6, 7], "times": ["10:20"], "active": True}
    values = {**rule, "starts_on": date(2026, 11, 1), "ends_on": None, "meal_contexts": {}, **changes}
    reminder_id = uuid4()
    save_reminder(db, owner, reminder_id, values, if_match=None, now=now)
    first = select(Occurrence.id).where(Occurrence.reminder_id == reminder_id).order_by(Occurrence.due_at).limit(1)
    return db.execute(first).scalar_one()


def choose(db: Session, **settings: Any) -> None:
    db.execute(update(Patient).values(**settings))


def state(db: Session, occurrence_id: UUID) -> Any:
    return db.execute(select(*Occurrence.__table__.c).where(Occurrence.id == occurrence_id)).one()


def messages(db: Session) -> int:
    return len(db.execute(select(PushDelivery.id)).all())


def wake(db: Session, now: datetime) -> int:
    """Wake what is due and send it; how many messages went out."""
    wake_due(db, limit=10, now=now)
    rows = [row for row in claim_deliveries(db, limit=10, now=now) if not is_over(row, now)]
    finish_deliveries(db, [(row, accepted(row)) for row in rows], now=now)
    return len(rows)


def record(owner: Owner, on: date, now: datetime, **members: Any) -> dict[str, Any]:
    made = {"id": uuid4(), "patient_id": owner.id, "on": on, "seq": uuid4().int % 2**40 + 1000}
    return {**made, "created_at": now, "updated_at": now, "recorded_at": now, "rules_differ": False, **members}


def write_foot_check(db: Session, owner: Owner, on: date, now: datetime, result: str = "all_clear") -> None:
    found = {"result": result, "findings": [], "temperatures": []}
    db.execute(insert(FootCheck).values(record(owner, on, now, **found)))


def write_reading(db: Session, owner: Owner, at: datetime, **members: Any) -> None:
    reading = {"value": "146", "unit": "mg/dL", "context": "fasting", "signs": [], "confirmed": True}
    reading |= {"decision": {"outcome": {"recheck": None}}}
    db.execute(insert(GlucoseReading).values(record(owner, TODAY, at, **{**reading, **members})))


def test_a_look_at_the_feet_of_the_same_day_makes_its_reminder_needless(
    db: Session, owner: Owner, now: datetime, phone: UUID
) -> None:
    occurrence_id = remind(db, owner, now)
    write_foot_check(db, owner, TODAY - timedelta(days=1), now)
    write_foot_check(db, owner, TODAY, now)
    write_foot_check(db, owner, TODAY + timedelta(days=1), now, "not_seen_well")
    assert wake(db, DUE) == 0
    assert (state(db, occurrence_id).state, state(db, occurrence_id).not_sent) == ("done", "done")
    assert wake(db, DUE + timedelta(days=1)) == 1  # tomorrow's is another


def test_a_diary_entry_of_the_same_day_too(db: Session, owner: Owner, now: datetime, phone: UUID) -> None:
    remind(db, owner, now, kind="symptom_entry")
    made = record(owner, TODAY, now)
    members = {name: value for name, value in made.items() if name in SymptomEntry.__table__.c}
    db.execute(insert(SymptomEntry).values({**members, "pain": 2}))
    assert wake(db, DUE) == 0


def test_a_massage_of_the_same_day_too(db: Session, owner: Owner, now: datetime, phone: UUID) -> None:
    remind(db, owner, now, kind="massage")
    made = record(owner, TODAY, now) | log_values()
    db.execute(insert(SessionLog).values({name: made[name] for name in made if name in SessionLog.__table__.c}))
    assert wake(db, DUE) == 0


@pytest.mark.parametrize(
    ("minutes_before", "members", "wanted", "sent"),
    [
        (30, {}, None, 0),
        (30, {}, "fasting", 0),
        (30, {"context": "after_meal"}, "fasting", 1),
        (91, {}, None, 1),  # that was another one
        (30, {"source": "nightscout"}, None, 1),  # a sensor reads all the time; this asks for a finger
        (30, {"decision": None}, None, 1),
        (30, {"decision": {"outcome": {"recheck": 15}}}, None, 1),
    ],
)
def test_sugar_is_done_when_it_was_typed_shortly_before_for_the_same_meal(
    db: Session,
    owner: Owner,
    now: datetime,
    phone: UUID,
    minutes_before: int,
    members: dict[str, Any],
    wanted: str | None,
    sent: int,
) -> None:
    remind(db, owner, now, kind="glucose", meal_contexts={"10:20": wanted} if wanted else {})
    write_reading(db, owner, DUE - minutes_before * MINUTE, **members)
    assert wake(db, DUE) == sent


def test_three_times_a_week_is_enough_when_it_was_done_three_times(
    db: Session, owner: Owner, now: datetime, phone: UUID
) -> None:
    start = date(2026, 11, 1)  # a Sunday, so Sunday, Tuesday and Thursday
    remind(db, owner, now, repeat="times_a_week", every=3, weekdays=[], starts_on=start)
    for day in (16, 17):
        write_foot_check(db, owner, date(2026, 11, day), now)
    write_foot_check(db, owner, date(2026, 11, 17), now)
    assert wake(db, DUE) == 1  # two days were kept
    for day in (23, 24, 25):
        write_foot_check(db, owner, date(2026, 11, day), now)
    assert wake(db, DUE + timedelta(days=4)) == 0


@pytest.mark.parametrize(
    ("hours", "waits_until"),
    [
        ({"from": "22:00", "until": "07:00"}, None),
        ({"from": "10:00", "until": "10:45"}, DUE + 25 * MINUTE),
        ({"from": "10:21", "until": "10:20"}, None),
    ],
)
def test_in_quiet_hours_a_message_waits_for_their_end(
    db: Session, owner: Owner, now: datetime, phone: UUID, hours: dict[str, str], waits_until: datetime | None
) -> None:
    choose(db, quiet_hours=hours, second_nudge=False)
    occurrence_id = remind(db, owner, now)
    assert wake(db, DUE) == (0 if waits_until else 1)
    assert state(db, occurrence_id).wake_at == waits_until
    if waits_until:
        assert (wake(db, waits_until - MINUTE), wake(db, waits_until)) == (0, 1)
        assert claimed_until(db) == DUE + 60 * MINUTE  # of use as long as it would have been


def claimed_until(db: Session) -> datetime:
    return db.execute(select(PushDelivery.expires_at)).scalar_one()


def test_what_is_of_no_use_after_the_quiet_hours_is_not_sent(
    db: Session, owner: Owner, now: datetime, phone: UUID
) -> None:
    choose(db, quiet_hours={"from": "10:00", "until": "11:20"})
    occurrence_id = remind(db, owner, now)
    assert wake(db, DUE) == 0
    assert (state(db, occurrence_id).not_sent, state(db, occurrence_id).wake_at) == ("quiet_hours", None)


def test_what_was_put_off_until_then_comes_then(db: Session, owner: Owner, now: datetime, phone: UUID) -> None:
    occurrence_id = remind(db, owner, now)
    wake(db, DUE)
    choose(db, quiet_hours={"from": "10:30", "until": "18:00"}, second_nudge=True)
    answer = {"state": "snoozed", "until": DUE + 30 * MINUTE, "at": DUE + MINUTE}
    answer_occurrence(db, owner, occurrence_id, **answer, now=DUE + MINUTE)
    assert (wake(db, DUE + 29 * MINUTE), wake(db, DUE + 30 * MINUTE)) == (0, 1)
    assert state(db, occurrence_id).wake_at is None  # and no second one after it


@pytest.mark.parametrize(
    ("pause", "sent"),
    [
        ({"reason": "ill", "from_on": "2026-11-20", "until_on": None}, 0),
        ({"reason": "away", "from_on": "2026-11-22", "until_on": "2026-11-22"}, 0),
        ({"reason": "away", "from_on": "2026-11-20", "until_on": "2026-11-21"}, 1),
        ({"reason": "other", "from_on": "2026-11-23", "until_on": None}, 1),
    ],
)
def test_a_pause_keeps_everything_quiet_to_its_end(
    db: Session, owner: Owner, now: datetime, phone: UUID, pause: dict[str, Any], sent: int
) -> None:
    choose(db, reminders_paused=pause)
    occurrence_id = remind(db, owner, now)
    assert wake(db, DUE) == sent
    assert state(db, occurrence_id).not_sent == (None if sent else "paused")


def test_a_second_message_comes_once_and_never_a_third(db: Session, owner: Owner, now: datetime, phone: UUID) -> None:
    choose(db, second_nudge=True)
    occurrence_id = remind(db, owner, now)
    assert wake(db, DUE) == 1
    assert (wake(db, DUE + NUDGE_AFTER - MINUTE), wake(db, DUE + NUDGE_AFTER)) == (0, 1)
    assert [wake(db, DUE + hours * timedelta(hours=1)) for hours in range(1, 12)] == [0] * 11
    assert (state(db, occurrence_id).state, state(db, occurrence_id).wake_at) == ("open", None)
    assert messages(db) == 2


def test_nobody_is_told_twice_who_did_not_ask_for_it(db: Session, owner: Owner, now: datetime, phone: UUID) -> None:
    remind(db, owner, now)
    assert (wake(db, DUE), wake(db, DUE + NUDGE_AFTER)) == (1, 0)


@pytest.mark.parametrize("what", ["done", "skipped", "put off", "recorded", "tapped", "quiet hours", "paused"])
def test_no_second_message_when_somebody_is_at_it(
    db: Session, owner: Owner, now: datetime, phone: UUID, what: str
) -> None:
    choose(db, second_nudge=True)
    occurrence_id = remind(db, owner, now)
    assert wake(db, DUE) == 1
    at = DUE + MINUTE
    if what in ("done", "skipped"):
        answer_occurrence(db, owner, occurrence_id, state=what, until=None, at=at, now=at)
    elif what == "put off":
        until = DUE + 45 * MINUTE
        answer_occurrence(db, owner, occurrence_id, state="snoozed", until=until, at=at, now=at)
    elif what == "recorded":
        write_foot_check(db, owner, TODAY, at)
    elif what == "tapped":
        sent = db.execute(select(*PushDelivery.__table__.c)).one()
        save_receipt(db, sent, "tapped", at=at, now=at)
    elif what == "quiet hours":
        choose(db, quiet_hours={"from": "10:30", "until": "18:00"})
    else:
        choose(db, reminders_paused={"reason": "ill", "from_on": "2026-11-22", "until_on": None})
    assert wake(db, DUE + NUDGE_AFTER) == 0
    assert wake(db, DUE + 45 * MINUTE) == (1 if what == "put off" else 0)
    assert state(db, occurrence_id).not_sent is None  # the first one did arrive


def test_a_message_that_waits_is_over_when_the_second_one_is_due(
    db: Session, owner: Owner, now: datetime, phone: UUID
) -> None:
    choose(db, second_nudge=True)
    remind(db, owner, now)
    wake_due(db, limit=10, now=DUE)
    wake_due(db, limit=10, now=DUE + NUDGE_AFTER)
    rows = claim_deliveries(db, limit=10, now=DUE + NUDGE_AFTER)
    assert sorted((row.woken_at, is_over(row, DUE + NUDGE_AFTER)) for row in rows) == [
        (DUE, True),
        (DUE + NUDGE_AFTER, False),
    ]


CLOCK_TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@example(first=time(22), end=time(2, 30), minutes=(297 * 24 + 1) * 60 + 10)  # 02:10 on October 25, for the second time
@given(first=CLOCK_TIMES, end=CLOCK_TIMES, minutes=st.integers(0, 366 * 24 * 60))
def test_quiet_hours_hold_exactly_the_minutes_between(first: time, end: time, minutes: int) -> None:
    zone = "Europe/Berlin"
    now = datetime(2026, 1, 1, tzinfo=UTC) + minutes * MINUTE
    hours = {"from": f"{first:%H:%M}", "until": f"{end:%H:%M}"}
    if first == end:
        return  # not a possible choice
    held, at = set(), first
    while at != end:
        held.add(at)
        at = (datetime.combine(date.min, at) + MINUTE).time()
    until = quiet_until(hours, zone, now)
    assert (until is not None) == (local_time(now, zone) in held)
    assert until is None or now < until <= now + timedelta(hours=25)


def test_a_pause_without_an_end_lasts() -> None:
    pause = {"from_on": "2026-11-22", "until_on": None}
    assert [is_paused(pause, date(2026, 11, day)) for day in (21, 22)] == [False, True]
    assert is_paused(pause, date(2036, 1, 1))
    assert not is_paused(None, date(2036, 1, 1))
