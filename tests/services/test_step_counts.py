"""Which count of a day counts: the hand entry first, else the largest; never a sum, never downward by a push."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from server.errors import NotFound
from server.services import step_counts
from server.services.owner import Owner
from server.services.step_counts import StepsOfDay

ON = date(2026, 11, 22)


def push(
    db: Session, owner: Owner, now: datetime, steps: int, source: str = "phone/a", partial: bool = True, on: date = ON
) -> tuple[int, int]:
    return step_counts.save_device_counts(db, owner, source, "A phone", [StepsOfDay(on, steps, partial, now)], now=now)


def by_hand(db: Session, owner: Owner, now: datetime, steps: int) -> bool:
    return step_counts.save_manual_count(db, owner, ON, steps=steps, recorded_at=now, if_match=None, now=now)


def day(db: Session, owner: Owner) -> tuple[int, str, bool]:
    row, _ = step_counts.get_step_day(db, owner, ON)
    return row.steps, row.source, row.is_partial


def test_the_larger_of_two_sources_counts_and_they_are_not_added(db: Session, owner: Owner, now: datetime) -> None:
    push(db, owner, now, 3000)
    push(db, owner, now, 5000, "phone/b")
    push(db, owner, now, 4000)
    assert day(db, owner) == (5000, "phone/b", True)


def test_a_smaller_number_of_the_same_source_changes_nothing(db: Session, owner: Owner, now: datetime) -> None:
    assert push(db, owner, now, 5000) == (1, 0)
    assert push(db, owner, now, 4999) == (0, 1)
    assert push(db, owner, now, 5000) == (0, 1)
    assert day(db, owner) == (5000, "phone/a", True)


@pytest.mark.parametrize("last", [4999, 5000, 5001])
def test_a_day_that_is_over_becomes_whole_and_stays_so(db: Session, owner: Owner, now: datetime, last: int) -> None:
    push(db, owner, now, 5000)
    later = now + timedelta(days=1)
    assert push(db, owner, later, last, partial=False) == (1, 0)
    assert day(db, owner) == (max(last, 5000), "phone/a", False)
    push(db, owner, later, 6000, partial=True)  # an old batch that was late on its way
    assert day(db, owner) == (6000, "phone/a", False)


def test_a_hand_entry_counts_even_if_smaller_until_it_is_removed(db: Session, owner: Owner, now: datetime) -> None:
    push(db, owner, now, 5000)
    assert by_hand(db, owner, now, 100) is False
    push(db, owner, now, 6000)
    assert day(db, owner) == (100, "manual", True)
    step_counts.delete_manual_count(db, owner, ON, if_match=None, now=now)
    assert day(db, owner) == (6000, "phone/a", True)
    with pytest.raises(NotFound):
        step_counts.delete_manual_count(db, owner, ON, if_match=None, now=now)


def test_a_hand_entry_may_be_lowered(db: Session, owner: Owner, now: datetime) -> None:
    by_hand(db, owner, now, 500)
    by_hand(db, owner, now, 300)
    assert day(db, owner) == (300, "manual", True)


def test_a_day_whose_only_entry_goes_is_unknown_again(db: Session, owner: Owner, now: datetime) -> None:
    assert by_hand(db, owner, now, 0) is True
    step_counts.delete_manual_count(db, owner, ON, if_match=None, now=now)
    with pytest.raises(NotFound):
        step_counts.get_step_day(db, owner, ON)


def test_a_batch_with_a_day_twice_counts_the_larger(db: Session, owner: Owner, now: datetime) -> None:
    counts = [StepsOfDay(ON, steps, True, now) for steps in (10, 30, 20)]
    counts += [StepsOfDay(ON - timedelta(days=1), 7, False, now)]
    assert step_counts.save_device_counts(db, owner, "phone/a", "", counts, now=now) == (2, 0)
    assert day(db, owner) == (30, "phone/a", True)
    assert step_counts.save_device_counts(db, owner, "phone/a", "", [], now=now) == (0, 0)


def test_a_page_of_days_has_the_counts_of_each(db: Session, owner: Owner, now: datetime) -> None:
    for n in range(4):
        push(db, owner, now, 10 + n, on=ON - timedelta(days=n))
    push(db, owner, now, 5, "phone/b", on=ON - timedelta(days=1))
    found: list[Any] = step_counts.list_step_days(db, owner, first=ON - timedelta(days=2), last=None, after=ON, limit=5)
    assert [(row.on.day, [count.steps for count in counts]) for row, counts in found] == [(21, [11, 5]), (20, [12])]
