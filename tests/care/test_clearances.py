"""The clinic's OK, brief §2 ASK and §2.1: until when it counts, what ends it; and when the profile is asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.care.blocks import Block
from server.care.clearances import Clearance, add_months, asks_again, counts_for, counts_until, is_cleared
from server.care.content import load_table, periods

SAID_ON = date(2026, 5, 22)
RECORDED = datetime(2026, 5, 22, 18, 0, tzinfo=UTC)
REASONS = (
    "past_ulcer_or_shape",
    "poor_circulation",
    "bleeds_easily",
    "recent_break_or_operation",
    "blood_clot",
    "pregnant",
    "swollen_legs_or_cancer",
)
OK = Clearance(reasons=REASONS, clinician_name="Dr Okafor", clinician_on=SAID_ON, recorded_at=RECORDED)


def counts(clearance: Clearance, reason: str = "blood_clot", *blocks: Block, on: date = date(2026, 6, 1)) -> bool:
    now = datetime(on.year, on.month, on.day, 20, 0, tzinfo=UTC)
    return counts_for(clearance, reason, blocks, now=now, today=on)


def block(started: datetime, warning: str = "open_sore", level: str | None = "same_day") -> Block:
    return Block(warning=warning, level=level, on=started.date(), started_at=started)


def test_these_are_the_reasons_that_the_table_asks_about() -> None:
    rows = load_table("profile_gate").rows
    assert tuple(reason for row in rows for reason in row.outcome.get("ask_about", [])) == REASONS
    assert {row.id for row in rows if row.outcome.get("mode") == "ask"} == set(REASONS)


@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_counts_for_six_months_but_bleeding_for_good(reason: str) -> None:
    assert counts(OK, reason, on=SAID_ON)
    assert counts(OK, reason, on=date(2026, 11, 22))
    assert counts(OK, reason, on=date(2026, 11, 23)) == (reason == "bleeds_easily")
    assert counts_until(OK, reason) == (None if reason == "bleeds_easily" else date(2026, 11, 22))


@pytest.mark.parametrize(
    "changes",
    [
        {"reasons": ("pregnant",)},
        {"clinician_name": None},
        {"clinician_name": "  "},
        {"clinician_on": date(2026, 6, 2)},
        {"recorded_at": datetime(2026, 6, 3, tzinfo=UTC)},
        {"ended_at": RECORDED},
    ],
)
def test_what_is_not_whole_clears_nothing(changes: dict[str, object]) -> None:
    assert counts(OK)
    assert not counts(replace(OK, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("started", "ended"),
    [
        (RECORDED - timedelta(days=1), False),
        (RECORDED - timedelta(minutes=1), False),
        (RECORDED, True),
        (RECORDED + timedelta(days=3), True),
    ],
)
def test_a_red_flag_since_then_ends_it(started: datetime, ended: bool) -> None:
    for reason in REASONS:
        assert counts(OK, reason, block(started)) is not ended


def test_a_red_flag_after_the_clinics_word_ends_it_though_it_was_recorded_later() -> None:
    late = replace(OK, recorded_at=RECORDED + timedelta(days=5))
    assert not counts(late, "blood_clot", block(RECORDED + timedelta(days=2)))


@pytest.mark.parametrize(
    ("warning", "level"), [("low_sugar", None), ("might_faint", None), ("skin_problem", "within_days")]
)
def test_a_block_that_ends_without_the_clinic_leaves_it(warning: str, level: str | None) -> None:
    assert counts(OK, "blood_clot", block(RECORDED + timedelta(days=3), warning, level))


def test_every_reason_needs_an_ok_and_no_reason_is_no_ok() -> None:
    now, today = datetime(2026, 6, 1, 20, 0, tzinfo=UTC), date(2026, 6, 1)
    clot, baby = replace(OK, reasons=("blood_clot",)), replace(OK, reasons=("pregnant",))
    assert is_cleared(["blood_clot", "pregnant"], [clot, baby], [], now=now, today=today)
    assert not is_cleared(["blood_clot", "pregnant"], [clot], [], now=now, today=today)
    assert not is_cleared([], [clot], [], now=now, today=today)
    assert not is_cleared(["unheard_of"], [OK], [], now=now, today=today)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 1, 31), -6, date(2025, 7, 31)),
    ],
)
def test_months_are_those_of_the_calendar(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (datetime(2026, 5, 22, 18, 0, tzinfo=UTC), None),
        (datetime(2026, 8, 22, 23, 0, tzinfo=UTC), None),
        (datetime(2026, 8, 23, 0, 0, tzinfo=UTC), "months"),
        (datetime(2026, 5, 21, 17, 0, tzinfo=UTC), "months"),
    ],
)
def test_the_profile_is_asked_again_after_three_months(now: datetime, why: str | None) -> None:
    assert asks_again(RECORDED, [], now=now) == why


def test_the_profile_is_asked_again_after_a_red_flag_only() -> None:
    now = RECORDED + timedelta(days=1)
    assert asks_again(RECORDED, [block(RECORDED)], now=now) == "red_flag"
    assert asks_again(RECORDED, [block(RECORDED - timedelta(minutes=1))], now=now) is None
    assert asks_again(RECORDED, [block(now, "low_sugar", None)], now=now) is None


def test_the_periods_are_the_briefs() -> None:
    assert (periods().profile_months, periods().clearance_months, periods().once) == (3, 6, ("bleeds_easily",))


days = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@settings(deadline=None)
@given(said=days, today=days, later=st.integers(0, 400), flag=st.none() | days, reason=st.sampled_from(REASONS))
def test_time_and_red_flags_only_ever_take_an_ok_away(
    said: date, today: date, later: int, flag: date | None, reason: str
) -> None:
    recorded = datetime(said.year, said.month, said.day, 12, tzinfo=UTC)
    given_ok = replace(OK, clinician_on=said, recorded_at=recorded)
    blocks = [] if flag is None else [block(datetime(flag.year, flag.month, flag.day, 12, tzinfo=UTC))]
    if today >= said and not counts(given_ok, reason, on=today):
        assert not counts(given_ok, reason, on=today + timedelta(days=later))
    if counts(given_ok, reason, *blocks, on=today):
        assert counts(given_ok, reason, on=today)
