"""Days that a phone sends in pieces: all pieces together say what the day is, in whatever order they come."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from integrations.intervals import StepInterval, merge_steps
from server.dependencies import Dependencies
from server.jobs import prune
from server.models import Patient, StepDay, StepPiece
from server.services import step_counts, step_truth
from server.services.owner import Owner
from server.services.step_pieces import save_pieces
from tests.factories import make_patient

ON = date(2026, 11, 21)
WATCH, PHONE = "com.fitbit.FitbitMobile", "com.google.android.apps.fitness"
SOURCE = "phone/6d7a2c1e/hc_webhook_raw"


def piece(minute: int, length: int, steps: int, origin: str = WATCH, on: date = ON) -> StepInterval:
    """`minute` of that day in Berlin."""
    start = datetime(on.year, on.month, on.day, tzinfo=UTC) + timedelta(minutes=minute - 60)
    return StepInterval(on, origin, start, start + timedelta(minutes=length), steps)


def send(db: Session, owner: Owner, now: datetime, *pieces: StepInterval, **more: Any) -> tuple[int, int]:
    given = {"seen_from": now - timedelta(hours=48), "observed_at": now, "now": now} | more
    return save_pieces(db, owner, SOURCE, "HC Webhook, raw", pieces, **given)


def day(db: Session, owner: Owner, on: date = ON) -> tuple[int, bool] | None:
    mine = (StepDay.patient_id == owner.id, StepDay.on == on)
    row = db.execute(select(StepDay.steps, StepDay.is_partial).where(*mine)).first()
    return row and tuple(row)


def seq(db: Session, owner: Owner) -> int:
    return db.execute(select(Patient.change_seq).where(Patient.id == owner.id)).scalar_one()


def test_c1_c2b_pieces_of_two_apps_are_laid_beside_each_other(db: Session, owner: Owner, now: datetime) -> None:
    watch = [piece(480 + n, 1, 100) for n in range(10)]
    assert send(db, owner, now, *watch, piece(480, 10, 950, PHONE)) == (1, 0)
    assert day(db, owner) == (1000, False)
    assert send(db, owner, now, piece(600, 10, 700, PHONE)) == (1, 0)  # later on, without the watch
    assert day(db, owner) == (1700, False)


def test_c2c_the_app_is_known_by_its_package_and_nothing_else(db: Session, owner: Owner, now: datetime) -> None:
    send(db, owner, now, piece(480, 10, 100), piece(480, 10, 100), piece(490, 5, 40))
    assert day(db, owner) == (140, False)


def test_sending_twice_changes_nothing(db: Session, owner: Owner, now: datetime) -> None:
    send(db, owner, now, piece(480, 10, 100))
    before = seq(db, owner)
    assert send(db, owner, now, piece(480, 10, 100)) == (0, 1)
    assert send(db, owner, now, piece(480, 10, 90)) == (0, 1)
    assert seq(db, owner) == before
    assert len(step_truth.history(db, owner, ON)) == 1


def test_a_piece_that_grew_counts_as_the_larger(db: Session, owner: Owner, now: datetime) -> None:
    send(db, owner, now, piece(480, 10, 100))
    assert send(db, owner, now, piece(480, 10, 130), piece(480, 10, 120)) == (1, 0)
    assert day(db, owner) == (130, False)


def test_a_finer_app_that_comes_later_may_correct_the_day_downwards(db: Session, owner: Owner, now: datetime) -> None:
    send(db, owner, now, piece(480, 10, 950, PHONE), piece(490, 10, 60, "a.third"))
    assert day(db, owner) == (1010, False)
    send(db, owner, now, piece(485, 1, 20), piece(493, 1, 30))
    assert day(db, owner) == (950, False)  # what the phone counted alone is the least that was walked
    assert [row.why for row in step_truth.history(db, owner, ON)] == ["corrected", "first"]


def test_a_day_settles_when_the_phone_has_looked_again_after_its_end(db: Session, owner: Owner) -> None:
    evening, morning = datetime(2026, 11, 21, 20, tzinfo=UTC), datetime(2026, 11, 22, 6, tzinfo=UTC)
    send(db, owner, evening, piece(480, 10, 100))
    assert day(db, owner) == (100, True)
    send(db, owner, morning, piece(400, 5, 20, on=ON + timedelta(days=1)))  # not a word about the day before
    assert day(db, owner) == (100, False)


def test_d9_a_day_whose_morning_the_phone_no_longer_sees_is_partial(db: Session, owner: Owner) -> None:
    late = datetime(2026, 11, 23, 8, tzinfo=UTC)
    send(db, owner, late, piece(720, 10, 100), piece(720, 10, 90, on=ON + timedelta(days=1)))
    assert day(db, owner) == (100, True)
    assert day(db, owner, ON + timedelta(days=1)) == (90, False)


def test_a_day_that_is_whole_stays_so(db: Session, owner: Owner, now: datetime) -> None:
    send(db, owner, now, piece(480, 10, 100))
    send(db, owner, now + timedelta(days=2), piece(1200, 10, 30))
    assert day(db, owner) == (130, False)


def test_d3_a_piece_stays_with_its_day_when_the_zone_changes(db: Session, owner: Owner, now: datetime) -> None:
    late = piece(1430, 5, 100)
    send(db, owner, now, late)
    moved = Owner(owner.id, "Asia/Tokyo")
    again = StepInterval(ON + timedelta(days=1), late.origin, late.started_at, late.ended_at, 120)
    send(db, moved, now, again)
    assert (day(db, owner), day(db, owner, ON + timedelta(days=1))) == ((120, False), None)


def test_d4_steps_over_midnight_belong_to_the_day_they_began_on(db: Session, owner: Owner, now: datetime) -> None:
    send(db, owner, now, piece(1435, 10, 100), piece(5, 5, 40, on=ON + timedelta(days=1)))
    assert (day(db, owner), day(db, owner, ON + timedelta(days=1))) == ((100, False), (40, True))


def test_a_day_whose_pieces_are_gone_is_only_added_to(db: Session, owner: Owner, now: datetime) -> None:
    send(db, owner, now, piece(480, 10, 900), piece(500, 10, 300))
    later = now + timedelta(days=12)
    assert send(db, owner, later, piece(480, 10, 950)) == (0, 1)
    assert day(db, owner) == (1200, False)
    assert send(db, owner, later, piece(480, 10, 1300)) == (1, 0)
    assert day(db, owner) == (1300, False)


def test_pieces_of_another_patient_and_of_another_phone_are_not_touched(
    db: Session, owner: Owner, now: datetime
) -> None:
    stranger = make_patient(db, "stranger@example.org", now=now)
    send(db, owner, now, piece(480, 10, 100))
    send(db, stranger, now, piece(480, 10, 300))
    save_pieces(
        db, owner, "phone/other", "", [piece(480, 10, 70)], seen_from=now - timedelta(days=2), observed_at=now, now=now
    )
    send(db, owner, now, piece(500, 10, 5))
    assert (day(db, owner), day(db, stranger)) == ((105, False), (300, False))


def test_more_than_anybody_walks_is_cut(db: Session, owner: Owner, now: datetime) -> None:
    send(db, owner, now, piece(480, 10, 150_000), piece(500, 10, 150_000))
    assert day(db, owner) == (200_000, False)


def test_pieces_are_kept_while_their_day_may_change(deps: Dependencies, now: datetime) -> None:
    with deps.database.write() as db:
        owner = make_patient(db, "pieces@example.org", now=now)
        for days_ago in (1, 10, 11, 13, 14):
            on = now.date() - timedelta(days=days_ago)
            send(db, owner, now - timedelta(days=days_ago - 1), piece(480, 10, 100, on=on), piece(490, 10, 5, on=on))
    prune(deps)
    with deps.database.read() as db:
        assert db.execute(select(func.count(StepPiece.on))).scalar_one() == 6
        assert day(db, owner, now.date() - timedelta(days=14)) == (105, False)


PIECES = st.lists(
    st.builds(
        piece,
        st.integers(0, 1439),
        st.integers(0, 40),
        st.integers(0, 900),
        st.sampled_from([WATCH, PHONE, "a.third"]),
    ),
    max_size=14,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # what an example writes is rolled back
@given(pieces=PIECES, dice=st.randoms(use_true_random=False))
def test_whatever_arrives_in_whatever_order_and_how_often_the_day_is_the_same(
    pieces: list[StepInterval], dice: random.Random, database: Any
) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    origins: dict[str, list[tuple[int, int, int]]] = {}
    for one in pieces:
        span = (round(one.started_at.timestamp() * 1000), round(one.ended_at.timestamp() * 1000), one.steps)
        origins.setdefault(one.origin, []).append(span)
    expected = (merge_steps(origins.values()), False) if pieces else None
    with database.read() as db:  # rolled back: nothing is committed
        for n in range(2):
            owner = make_patient(db, f"{n}@example.org", now=now)
            order = dice.sample(pieces, len(pieces)) + dice.sample(pieces, len(pieces) // 2)
            while order:
                size = dice.randint(1, len(order))
                send(db, owner, now, *order[:size])
                del order[:size]
            assert day(db, owner) == expected


@pytest.mark.parametrize("order", [["com.fitbit.FitbitMobile"], [SOURCE]])
def test_a_day_in_pieces_is_one_source_among_others(order: list[str], db: Session, owner: Owner, now: datetime) -> None:
    send(db, owner, now, piece(480, 10, 100))
    whole = [step_counts.StepsOfDay(ON, 4000, False, now)]
    step_counts.save_device_counts(db, owner, "phone/6d7a2c1e/hc_webhook", "HC Webhook", whole, now=now)
    step_truth.save_order(db, owner, order, now=now)
    assert day(db, owner) == ((100, False) if order == [SOURCE] else (4000, False))
