"""Every row of brief §2.1: the flags P0-P16, the modes, the scripts they may run, the caps, and what needs an OK."""

from __future__ import annotations

import pytest

from server.care.content import OWN, load_table
from server.care.decisions import evaluate_profile, may_start, own_techniques
from tests.care.answers import NO_FLAG

ALL_SCRIPTS = ["S8", "S10", "S20", "E30", "G12", "C8", "A6"]
FLAGGED_SCRIPTS = ["S8", "S10", "S20", "G12", "A6"]
HELPER_SCRIPTS = ["S20", "S8", "G12"]

# brief §2.1: question, the answers that raise the flag, mode, mode once cleared, cap, flags, "ask your clinic first"
ROWS = [
    ("care_team_ok", ["not_yet", "not_sure"], "standard", "standard", 3, {"ask_care_team"}, False),
    ("numb_feet", ["yes", "not_sure"], "standard", "standard", 3, {"seated", "watch_skin", "heat_refused"}, False),
    ("feels_temperature", ["no", "not_sure", "never_tested"], "standard", "standard", 3, {"heat_refused"}, False),
    ("touch_hurts", ["yes", "not_sure"], "still", "still", 2, {"no_stroking"}, False),
    (
        "numb_hands",
        ["yes", "not_sure"],
        "gentle",
        "gentle",
        2,
        {"eyes_or_helper_judge_pressure", "no_hand_heat_test"},
        False,
    ),
    ("past_ulcer_or_shape", ["yes", "not_sure"], "ask", "gentle", 2, {"heat_refused"}, True),
    ("poor_circulation", ["yes", "not_sure"], "ask", "gentle", 2, {"heat_refused"}, True),
    ("bleeds_easily", ["yes", "not_sure"], "ask", "gentle", 2, {"flat_palms", "no_ball", "no_points"}, True),
    ("recent_break_or_operation", ["yes", "not_sure"], "ask", "gentle", 2, set(), True),
    ("blood_clot", ["yes", "not_sure"], "ask", "gentle", 2, {"heat_refused"}, True),
    ("pregnant", ["yes", "not_sure"], "ask", "gentle", 2, {"no_ankle_points", "no_essential_oils"}, True),
    ("fragile_skin", ["yes", "not_sure"], "gentle", "gentle", 2, set(), False),
    ("swollen_legs_or_cancer", ["yes", "not_sure"], "ask", "gentle", 2, {"heat_refused"}, True),
    ("low_sugar_medicine", ["yes", "not_sure"], "standard", "standard", 3, {"low_sugar_rules"}, False),
    ("type_1", ["yes", "not_sure"], "standard", "standard", 3, {"type_1_rules"}, False),
    ("sglt2_inhibitor", ["yes", "not_sure"], "standard", "standard", 3, {"sglt2_rules"}, False),
    ("reaches_feet", ["no", "not_sure"], "standard", "standard", 3, {"helper_or_chair"}, False),
    ("heart_rhythm", ["yes", "not_sure"], "standard", "standard", 3, {"no_mint"}, False),
    ("g6pd_deficiency", ["yes", "not_sure"], "standard", "standard", 3, {"no_mint"}, False),
    ("asthma", ["yes", "not_sure"], "standard", "standard", 3, {"no_essential_oils"}, False),
    ("epilepsy", ["yes", "not_sure"], "standard", "standard", 3, {"no_essential_oils"}, False),
    ("skin_allergy", ["yes", "not_sure"], "standard", "standard", 3, {"no_essential_oils", "no_warm_oil"}, False),
    ("nut_allergy", ["yes", "not_sure"], "standard", "standard", 3, {"no_nut_oils"}, False),
    ("children_at_home", ["yes", "not_sure"], "standard", "standard", 3, {"no_mint"}, False),
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


@pytest.mark.parametrize(("name", "asks"), [(row[0], row[-1]) for row in ROWS])
def test_what_the_clinic_cleared_is_gentle(name: str, asks: bool) -> None:
    answers = NO_FLAG | {name: strict(name)}
    before, after = evaluate_profile(answers), evaluate_profile(answers | {"cleared": "yes"})
    if not asks:
        assert after == before
        return
    assert (before["mode"], before["scripts"], before["scripts_with_helper"], before["own"]) == ("ask", [], [], False)
    assert (after["mode"], after["pressure_cap"], after["ask_about"]) == ("gentle", 2, [name])
    assert (after["scripts"], after["scripts_with_helper"], after["own"]) == (["G12", "A6"], ["G12"], True)


@pytest.mark.parametrize("word", ["no", "YES", "not_sure", True, 1, None, ["yes"]])
def test_only_yes_is_an_ok_of_the_clinic(word: object) -> None:
    assert evaluate_profile(NO_FLAG | {"blood_clot": "yes", "cleared": word})["mode"] == "ask"


def test_a_clinics_ok_makes_nobody_looser_than_their_other_flags() -> None:
    cleared = {"blood_clot": "yes", "cleared": "yes"}
    assert evaluate_profile(NO_FLAG | cleared | {"touch_hurts": "yes"})["scripts"] == ["A6"]
    assert evaluate_profile(NO_FLAG | cleared | {"numb_hands": "yes"})["scripts"] == ["G12", "A6"]
    unreachable = evaluate_profile(NO_FLAG | cleared | {"reaches_feet": "no"})
    assert (unreachable["scripts"], unreachable["scripts_with_helper"]) == ([], ["G12"])


def strict(name: str) -> str:
    return next(answers[0] for row_name, answers, *_ in ROWS if row_name == name)


def test_who_may_start_what() -> None:
    assert may_start(evaluate_profile(NO_FLAG), "S8", helper=False)
    assert may_start(evaluate_profile(NO_FLAG), OWN, helper=False)
    assert not may_start(evaluate_profile(NO_FLAG), "S99", helper=True)
    for script_id in (*ALL_SCRIPTS, OWN):
        assert not may_start(evaluate_profile({}), script_id, helper=True)
        assert not may_start({}, script_id, helper=True)
    unreachable = evaluate_profile(NO_FLAG | {"reaches_feet": "no", "has_helper": "no"})
    assert not may_start(unreachable, "S8", helper=False)
    assert may_start(unreachable, "S8", helper=True)
    assert not may_start(unreachable, OWN, helper=True)
    for passing in ({"care_team_ok": "not_yet"}, {"numb_feet": "yes"}, {"asthma": "yes"}, {"sees_soles": "no"}):
        assert may_start(evaluate_profile(NO_FLAG | passing), "S8", helper=False)


FIVE = ["stroking", "kneading", "pressure_points", "rolling", "warm_oil"]
PALMS = ["palm_hold", "palm_strokes", "palm_circles", "toe_squeeze", "ankle_moves"]


# brief §2.1 mode table "My own", §4 "Skip if"
@pytest.mark.parametrize(
    ("answers", "areas_skipped", "techniques"),
    [
        ({}, False, FIVE),
        ({}, True, FIVE[:-1]),
        ({"numb_feet": "yes"}, False, FIVE),
        ({"skin_allergy": "yes"}, False, FIVE[:-1]),
        ({"numb_hands": "yes"}, False, PALMS),
        ({"fragile_skin": "yes"}, True, PALMS),
        ({"touch_hurts": "yes"}, False, ["still_hold", "ankle_moves"]),
        ({"reaches_feet": "no"}, False, []),
        ({"pregnant": "yes"}, False, []),
        ({"pregnant": "yes", "cleared": "yes"}, False, PALMS),
        ({"bleeds_easily": "yes", "cleared": "yes"}, False, PALMS),
        ({"bleeds_easily": "yes", "touch_hurts": "yes", "cleared": "yes"}, False, ["still_hold", "ankle_moves"]),
    ],
)
def test_the_techniques_of_a_session_of_ones_own(
    answers: dict[str, str], areas_skipped: bool, techniques: list[str]
) -> None:
    assert own_techniques(evaluate_profile(NO_FLAG | answers), areas_skipped=areas_skipped) == techniques


# brief §4: each "Skip if" by its flag alone, for a mode that would offer it
@pytest.mark.parametrize(
    ("flag", "left_out"),
    [
        ("no_stroking", {*FIVE}),
        ("flat_palms", {"kneading"}),
        ("no_points", {"pressure_points"}),
        ("no_ankle_points", {"pressure_points"}),
        ("no_warm_oil", {"warm_oil"}),
    ],
)
def test_each_skip_if(flag: str, left_out: set[str]) -> None:
    profile = {"mode": "standard", "flags": [flag], "own": True}
    assert set(own_techniques(profile, areas_skipped=False)) == set(FIVE) - left_out


@pytest.mark.parametrize("lacks", ["mode", "flags", "own"])
def test_an_unclear_outcome_offers_no_technique(lacks: str) -> None:
    profile = {key: value for key, value in evaluate_profile(NO_FLAG).items() if key != lacks}
    assert own_techniques(profile, areas_skipped=False) == []
