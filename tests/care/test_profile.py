"""Every row of brief §2.1: the flags P0-P16, the modes, the scripts they may run, the caps, and the first release."""

from __future__ import annotations

import pytest

from server.care.content import load_table
from server.care.decisions import evaluate_profile, may_start
from tests.care.answers import NO_FLAG

ALL_SCRIPTS = ["S8", "S10", "S20", "E30", "G12", "C8", "A6"]
FLAGGED_SCRIPTS = ["S8", "S10", "S20", "G12", "A6"]
HELPER_SCRIPTS = ["S20", "S8", "G12"]

# brief §2.1: question, the answers that raise the flag, mode, mode once cleared, cap, flags, "ask your clinic first"
ROWS = [
    ("care_team_ok", ["not_yet", "not_sure"], "standard", "standard", 3, {"ask_care_team"}, False),
    ("numb_feet", ["yes", "not_sure"], "standard", "standard", 3, {"seated", "watch_skin", "heat_refused"}, True),
    ("feels_temperature", ["no", "not_sure", "never_tested"], "standard", "standard", 3, {"heat_refused"}, True),
    ("touch_hurts", ["yes", "not_sure"], "still", "still", 2, {"no_stroking"}, True),
    (
        "numb_hands",
        ["yes", "not_sure"],
        "gentle",
        "gentle",
        2,
        {"eyes_or_helper_judge_pressure", "no_hand_heat_test"},
        True,
    ),
    ("past_ulcer_or_shape", ["yes", "not_sure"], "ask", "gentle", 2, {"heat_refused"}, True),
    ("poor_circulation", ["yes", "not_sure"], "ask", "gentle", 2, {"heat_refused"}, True),
    ("bleeds_easily", ["yes", "not_sure"], "ask", "gentle", 2, {"flat_palms", "no_ball", "no_points"}, True),
    ("recent_break_or_operation", ["yes", "not_sure"], "ask", "gentle", 2, set(), True),
    ("blood_clot", ["yes", "not_sure"], "ask", "gentle", 2, {"heat_refused"}, True),
    ("pregnant", ["yes", "not_sure"], "ask", "gentle", 2, {"no_ankle_points", "no_essential_oils"}, True),
    ("fragile_skin", ["yes", "not_sure"], "gentle", "gentle", 2, set(), True),
    ("swollen_legs_or_cancer", ["yes", "not_sure"], "ask", "gentle", 2, {"heat_refused"}, True),
    ("low_sugar_medicine", ["yes", "not_sure"], "standard", "standard", 3, {"low_sugar_rules"}, False),
    ("type_1", ["yes", "not_sure"], "standard", "standard", 3, {"type_1_rules"}, False),
    ("sglt2_inhibitor", ["yes", "not_sure"], "standard", "standard", 3, {"sglt2_rules"}, False),
    ("reaches_feet", ["no", "not_sure"], "standard", "standard", 3, {"helper_or_chair"}, False),
    ("heart_rhythm", ["yes", "not_sure"], "standard", "standard", 3, {"no_mint"}, True),
    ("g6pd_deficiency", ["yes", "not_sure"], "standard", "standard", 3, {"no_mint"}, True),
    ("asthma", ["yes", "not_sure"], "standard", "standard", 3, {"no_essential_oils"}, True),
    ("epilepsy", ["yes", "not_sure"], "standard", "standard", 3, {"no_essential_oils"}, True),
    ("skin_allergy", ["yes", "not_sure"], "standard", "standard", 3, {"no_essential_oils"}, True),
    ("nut_allergy", ["yes", "not_sure"], "standard", "standard", 3, {"no_nut_oils"}, True),
    ("children_at_home", ["yes", "not_sure"], "standard", "standard", 3, {"no_mint"}, True),
    ("sees_soles", ["no", "not_sure"], "standard", "standard", 3, {"helper_or_camera"}, False),
]
CASES = [(name, answer, *rest) for name, answers, *rest in ROWS for answer in [*answers, "nonsense", None]]


@pytest.mark.parametrize(("name", "answer", "mode", "cleared", "cap", "flags", "asks"), CASES)
def test_each_profile_flag(
    name: str, answer: str | None, mode: str, cleared: str, cap: int, flags: set[str], asks: bool
) -> None:
    outcome = evaluate_profile(NO_FLAG | {name: answer})
    assert (outcome["mode"], outcome["mode_once_cleared"], outcome["pressure_cap"]) == (mode, cleared, cap)
    assert flags <= set(outcome["flags"])
    assert outcome["start"] == ("ask_clinic" if asks else "with_helper" if name == "reaches_feet" else "allowed")
    assert outcome["ask_about"] == ([name] if asks else [])


@pytest.mark.parametrize("name", list(NO_FLAG))
def test_a_missing_answer_counts_as_the_flag(name: str) -> None:
    gaps = {key: value for key, value in NO_FLAG.items() if key != name}
    flagged = next((answers[0] for key, answers, *_ in ROWS if key == name), "no")
    assert evaluate_profile(gaps) == evaluate_profile(NO_FLAG | {name: flagged})


def test_every_profile_question_is_in_these_rows() -> None:
    asked = {known.name for known in load_table("profile_gate").inputs}
    assert asked == set(NO_FLAG)
    assert asked - {name for name, *_ in ROWS} == {"has_helper"}


def test_nobody_else_gets_more_than_a_person_without_a_flag() -> None:
    outcome = evaluate_profile(NO_FLAG)
    assert outcome == {
        "mode": "standard",
        "mode_once_cleared": "standard",
        "pressure_cap": 5,
        "flags": [],
        "scripts": ALL_SCRIPTS,
        "scripts_with_helper": HELPER_SCRIPTS,
        "own": True,
        "start": "allowed",
        "ask_about": [],
    }


# brief §2.1, third table
@pytest.mark.parametrize(
    ("flags", "alone", "with_helper"),
    [
        ({}, ALL_SCRIPTS, HELPER_SCRIPTS),
        ({"numb_feet": "yes"}, FLAGGED_SCRIPTS, HELPER_SCRIPTS),
        ({"care_team_ok": "not_yet"}, FLAGGED_SCRIPTS, HELPER_SCRIPTS),
        ({"reaches_feet": "no"}, ["C8"], HELPER_SCRIPTS),
        ({"touch_hurts": "yes"}, ["A6"], []),
        ({"touch_hurts": "yes", "reaches_feet": "no"}, [], []),
        ({"numb_hands": "yes"}, ["G12", "A6", "C8"], ["G12"]),
        ({"numb_hands": "yes", "numb_feet": "yes"}, ["G12", "A6", "C8"], ["G12"]),
        ({"numb_hands": "yes", "reaches_feet": "no"}, ["C8"], ["G12"]),
        ({"fragile_skin": "yes"}, ["G12", "A6"], ["G12"]),
        ({"fragile_skin": "yes", "numb_hands": "yes"}, ["G12", "A6"], ["G12"]),
        ({"fragile_skin": "yes", "reaches_feet": "no"}, [], ["G12"]),
        ({"past_ulcer_or_shape": "yes"}, [], []),
        ({"past_ulcer_or_shape": "yes", "numb_hands": "yes"}, [], []),
    ],
)
def test_which_scripts_a_profile_may_run(flags: dict[str, str], alone: list[str], with_helper: list[str]) -> None:
    outcome = evaluate_profile(NO_FLAG | flags)
    assert (outcome["scripts"], outcome["scripts_with_helper"]) == (alone, with_helper)


def test_block_and_ask_run_nothing_once_cleared_is_gentle() -> None:
    table = load_table("allowed_scripts")
    calm = {"only_numb_hands": "no", "any_flag": "no", "reaches_feet": "yes"}
    assert table.evaluate(calm | {"mode": "block"})["scripts"] == []
    assert table.evaluate(calm | {"mode": "ask"})["scripts"] == []
    assert table.evaluate(calm | {"mode": "gentle", "any_flag": "yes"})["scripts"] == ["G12", "A6"]
    assert table.evaluate({})["scripts"] == []


@pytest.mark.parametrize(
    ("flags", "mode", "cleared"),
    [
        ({"touch_hurts": "yes", "numb_hands": "yes"}, "still", "still"),
        ({"touch_hurts": "yes", "blood_clot": "yes"}, "ask", "still"),
        ({"numb_hands": "yes", "blood_clot": "yes"}, "ask", "gentle"),
        ({"numb_feet": "yes", "fragile_skin": "yes"}, "gentle", "gentle"),
    ],
)
def test_the_strictest_mode_wins(flags: dict[str, str], mode: str, cleared: str) -> None:
    outcome = evaluate_profile(NO_FLAG | flags)
    assert (outcome["mode"], outcome["mode_once_cleared"]) == (mode, cleared)


def test_essential_and_mint_oils_follow_numbness_too() -> None:
    assert "no_mint" in evaluate_profile(NO_FLAG | {"numb_feet": "yes"})["flags"]
    assert "no_mint" in evaluate_profile(NO_FLAG | {"feels_temperature": "never_tested"})["flags"]


def test_who_may_start_the_first_release() -> None:
    assert may_start(evaluate_profile(NO_FLAG), "S8", helper=False)
    assert not may_start(evaluate_profile(NO_FLAG), "S20", helper=False)
    assert not may_start(evaluate_profile(NO_FLAG), "S10", helper=False)
    assert not may_start(evaluate_profile({}), "S8", helper=True)
    assert not may_start({}, "S8", helper=True)
    unreachable = evaluate_profile(NO_FLAG | {"reaches_feet": "no", "has_helper": "no"})
    assert not may_start(unreachable, "S8", helper=False)
    assert may_start(unreachable, "S8", helper=True)
    for passing in ({"care_team_ok": "not_yet"}, {"type_1": "yes"}, {"sees_soles": "no"}):
        assert may_start(evaluate_profile(NO_FLAG | passing), "S8", helper=False)
