"""How a block ends, brief §2.2."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from server.care.blocks import AREAS, Block, areas_to_skip, block_end, earliest_end, is_red_flag, still_blocks
from server.care.content import load_table

STARTED = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
ON = date(2026, 11, 22)
CLINIC = (
    "open_sore",
    "red_hot_swollen",
    "pus_or_smell",
    "fever_or_very_ill",
    "cold_or_discoloured",
    "one_calf_swollen",
    "injury_or_new_shape",
    "rest_pain",
)
REASONS = ("clinic_ok", "check_clear", "reading_ok", "felt_well", "time_passed", "looks_normal")


def block(warning: str, level: str | None = "same_day") -> Block:
    return Block(warning=warning, level=level, on=ON, started_at=STARTED)


def ended(one: Block, reason: str, minutes: int = 5) -> Block:
    after = STARTED + timedelta(minutes=minutes)
    return replace(one, ended_at=after, end_reason=reason, clinician_name="Dr Okafor", clinician_on=ON)


def later(minutes: int) -> datetime:
    return STARTED + timedelta(minutes=minutes)


# warning, level, the only reasons that end it
ENDS = [
    *[(warning, "same_day", {"clinic_ok"}) for warning in CLINIC],
    *[(warning, "emergency", {"clinic_ok"}) for warning in CLINIC],
    ("skin_problem", "same_day", {"clinic_ok"}),
    ("skin_problem", None, {"clinic_ok"}),
    ("skin_problem", "within_days", {"check_clear"}),
    ("low_sugar", None, {"reading_ok", "felt_well"}),
    ("redness", None, {"looks_normal"}),
    ("redness", "same_day", {"clinic_ok"}),
    ("unheard_of", None, {"clinic_ok"}),
]


@pytest.mark.parametrize(("warning", "level", "reasons"), ENDS)
@pytest.mark.parametrize("reason", REASONS)
def test_only_its_own_reason_ends_a_block(warning: str, level: str | None, reasons: set[str], reason: str) -> None:
    one = block(warning, level)
    assert still_blocks(one, later(100_000))
    assert still_blocks(ended(one, reason, minutes=600), later(700)) == (reason not in reasons)


@pytest.mark.parametrize("warning", ["drunk_or_sleepy", "might_faint"])
def test_four_hours_pass_by_themselves(warning: str) -> None:
    one = block(warning, None)
    assert still_blocks(one, later(239))
    assert still_blocks(ended(one, "time_passed"), later(239))
    assert still_blocks(ended(one, "clinic_ok"), later(239))
    assert not still_blocks(one, later(240))
    assert still_blocks(one, later(-600))


def test_feeling_well_counts_after_fifteen_minutes() -> None:
    one = block("low_sugar", None)
    assert earliest_end(one, "felt_well") == later(15)
    assert still_blocks(ended(one, "felt_well", minutes=14), later(60))
    assert not still_blocks(ended(one, "felt_well", minutes=15), later(60))
    assert not still_blocks(ended(one, "reading_ok", minutes=1), later(60))
    assert still_blocks(ended(one, "reading_ok", minutes=-1), later(60))


def test_an_end_ahead_of_now_is_no_end_yet() -> None:
    one = ended(block("open_sore"), "clinic_ok", minutes=60)
    assert still_blocks(one, later(59))
    assert not still_blocks(one, later(60))


@pytest.mark.parametrize(
    ("name", "day", "lifted"),
    [
        ("Dr Okafor", ON, True),
        ("Dr Okafor", ON + timedelta(days=1), True),
        ("Dr Okafor", ON + timedelta(days=2), False),
        ("Dr Okafor", ON - timedelta(days=1), False),
        ("Dr Okafor", None, False),
        ("  ", ON, False),
        (None, ON, False),
    ],
)
def test_the_clinic_needs_a_name_and_a_day(name: str | None, day: date | None, lifted: bool) -> None:
    one = replace(ended(block("open_sore"), "clinic_ok"), clinician_name=name, clinician_on=day)
    assert still_blocks(one, later(60)) is not lifted


def test_a_skin_problem_whose_areas_are_marked_skips_them_until_a_clear_check() -> None:
    rash = replace(block("skin_problem", "within_days"), areas=("right.top", "left.heel"))
    assert not still_blocks(rash, later(5))
    assert areas_to_skip([rash, rash], later(5)) == ["left.heel", "right.top"]
    assert areas_to_skip([ended(rash, "clinic_ok")], later(60)) == ["left.heel", "right.top"]
    assert areas_to_skip([ended(rash, "check_clear")], later(60)) == []


@pytest.mark.parametrize("areas", [(), ("heel",), ("left.heel", "left.elbow"), ("",)])
def test_areas_that_cannot_be_left_out_block(areas: tuple[str, ...]) -> None:
    rash = replace(block("skin_problem", "within_days"), areas=areas)
    assert still_blocks(rash, later(5))
    assert areas_to_skip([rash], later(5)) == []


@pytest.mark.parametrize(
    ("warning", "level", "_reasons"), [row for row in ENDS if row[:2] != ("skin_problem", "within_days")]
)
def test_areas_lift_no_other_block(warning: str, level: str | None, _reasons: set[str]) -> None:
    assert still_blocks(replace(block(warning, level), areas=AREAS), later(5))


@pytest.mark.parametrize(("warning", "level", "reasons"), ENDS)
def test_a_red_flag_is_what_only_the_clinic_ends(warning: str, level: str | None, reasons: set[str]) -> None:
    assert is_red_flag(warning, level) == ("clinic_ok" in reasons)


def test_how_it_ends_is_what_the_gate_said() -> None:
    gate = load_table("session_gate")
    for row in gate.rows:
        for warning in row.outcome["warnings"]:
            assert block_end(warning, row.outcome.get("level")).ends == row.outcome["ends"]
