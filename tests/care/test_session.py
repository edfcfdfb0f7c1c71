"""Every row of brief §2.2-§2.4: G1-G10 and the two more, their urgency and follow-ups; the stop rule."""

from __future__ import annotations

import pytest

from server.care.content import load_table
from server.care.decisions import evaluate_session, evaluate_stop, is_low_reading
from tests.care.answers import FOLLOW_UPS, NO_STOP, NO_WARNING, yes_to

# brief §2.2: warning, level, level when the one more question is answered yes, how it ends
ROWS = [
    ("open_sore", "same_day", None, "clinic_ok"),
    ("red_hot_swollen", "same_day", None, "clinic_ok"),
    ("pus_or_smell", "same_day", "emergency", "clinic_ok"),
    ("fever_or_very_ill", "same_day", "emergency", "clinic_ok"),
    ("cold_or_discoloured", "emergency", None, "clinic_ok"),
    ("one_calf_swollen", "same_day", "emergency", "clinic_ok"),
    ("injury_or_new_shape", "same_day", None, "clinic_ok"),
    ("rest_pain", "same_day", None, "clinic_ok"),
    ("skin_problem", "within_days", "same_day", "check_clear"),
    ("low_sugar", None, None, "reading_ok_or_15_min"),
    ("drunk_or_sleepy", None, None, "four_hours"),
    ("might_faint", None, None, "four_hours"),
]


@pytest.mark.parametrize(("warning", "level", "more", "ends"), ROWS)
def test_each_warning(warning: str, level: str | None, more: str | None, ends: str) -> None:
    outcome = evaluate_session(yes_to(warning))
    assert outcome == {
        "block": True,
        "level": level,
        "ends": ends,
        "warnings": [warning],
        "blocks": [{"warning": warning, "level": level, "ends": ends}],
    }
    assert (warning in FOLLOW_UPS) == (more is not None)


@pytest.mark.parametrize(("warning", "more"), [(row[0], row[2]) for row in ROWS if row[2]])
@pytest.mark.parametrize("answer", ["yes", "not_sure", "nonsense", None])
def test_the_one_more_question_unless_it_is_no(warning: str, more: str, answer: str | None) -> None:
    outcome = evaluate_session(yes_to(warning) | {FOLLOW_UPS[warning]: answer})
    assert outcome["level"] == more
    assert outcome["ends"] == "clinic_ok"


@pytest.mark.parametrize("warning", list(NO_WARNING))
@pytest.mark.parametrize("answer", ["not_sure", "nonsense", None])
def test_not_sure_and_no_answer_are_yes(warning: str, answer: str | None) -> None:
    assert evaluate_session(yes_to(warning) | {warning: answer}) == evaluate_session(yes_to(warning))
    silent = yes_to(warning)
    del silent[warning]
    assert evaluate_session(silent) == evaluate_session(yes_to(warning))


def test_every_warning_is_in_these_rows() -> None:
    asked = {known.name for known in load_table("session_gate").inputs}
    assert asked == {row[0] for row in ROWS} | set(FOLLOW_UPS.values()) | {"areas_marked"}
    questions = {known.name: known.after for known in load_table("session_gate").inputs if known.after}
    assert questions == {question: warning for warning, question in FOLLOW_UPS.items()} | {
        "areas_marked": "skin_problem"
    }


# brief §2.2 G9: "Dark spot: BLOCK · U. Others: MOD skip area, no oil there · C"
def test_a_skin_problem_whose_areas_are_marked_is_skipped() -> None:
    marked = evaluate_session(yes_to("skin_problem") | {"areas_marked": "yes"})
    assert marked == {
        "block": False,
        "level": "within_days",
        "ends": "check_clear",
        "warnings": ["skin_problem"],
        "blocks": [{"warning": "skin_problem", "level": "within_days", "ends": "check_clear"}],
    }


@pytest.mark.parametrize("answer", ["no", "not_sure", "nonsense", None, True])
def test_a_skin_problem_without_its_areas_blocks(answer: object) -> None:
    assert evaluate_session(yes_to("skin_problem") | {"areas_marked": answer})["block"] is True


def test_marked_areas_lift_nothing_else() -> None:
    for other in [warning for warning in NO_WARNING if warning != "skin_problem"]:
        answers = yes_to("skin_problem") | yes_to(other) | {"skin_problem": "yes", "areas_marked": "yes"}
        assert evaluate_session(answers)["block"] is True
    for dark_spot in ("yes", "not_sure", None):
        outcome = evaluate_session(yes_to("skin_problem") | {"dark_spot": dark_spot, "areas_marked": "yes"})
        assert (outcome["block"], outcome["level"], outcome["ends"]) == (True, "same_day", "clinic_ok")


def test_none_of_these_lets_the_session_start() -> None:
    clear = {"block": False, "level": None, "ends": None, "warnings": [], "blocks": []}
    assert evaluate_session(NO_WARNING) == clear
    assert evaluate_session(NO_WARNING | dict.fromkeys(FOLLOW_UPS.values(), "yes")) == clear


# brief §2.2 G3 "with fever", G4 "or a foot wound"; §2.4 E "sore + fever", "fast-spreading redness + ill"
@pytest.mark.parametrize("other", ["open_sore", "pus_or_smell", "red_hot_swollen"])
def test_fever_with_a_foot_problem_is_an_emergency(other: str) -> None:
    outcome = evaluate_session(yes_to("fever_or_very_ill") | yes_to(other) | {"fever_or_very_ill": "yes"})
    assert outcome["level"] == "emergency"
    assert {block["level"] for block in outcome["blocks"]} == {"emergency"}


def test_each_warning_keeps_its_own_end() -> None:
    outcome = evaluate_session(NO_WARNING | {"low_sugar": "yes", "open_sore": "yes", "might_faint": "yes"})
    assert (outcome["level"], outcome["ends"]) == ("same_day", "clinic_ok")
    assert outcome["blocks"] == [
        {"warning": "open_sore", "level": "same_day", "ends": "clinic_ok"},
        {"warning": "low_sugar", "level": None, "ends": "reading_ok_or_15_min"},
        {"warning": "might_faint", "level": None, "ends": "four_hours"},
    ]


# brief §2.3
@pytest.mark.parametrize(
    ("answers", "signs", "over"),
    [
        ({}, [], False),
        ({"skin_same": "unasked"}, [], False),
        ({"reason": "enough"}, [], False),
        ({"reason": "interrupted"}, [], False),
        ({"reason": "other"}, [], False),
        ({"reason": "pain"}, [], True),
        ({"reason": "unwell"}, [], True),
        ({"reason": "bleeding"}, ["open_sore"], True),
        ({"reason": "skin"}, ["colour_change"], True),
        ({"reason": "skin", "skin_same": "no"}, ["colour_change"], True),
        ({"reason": "bleeding", "skin_same": "not_sure"}, ["open_sore", "colour_change"], True),
        ({"skin_same": "no"}, ["colour_change"], True),
        ({"reason": "of_a_newer_app"}, ["open_sore"], True),
        ({"skin_same": None}, ["colour_change"], True),
    ],
)
def test_what_comes_of_a_massage_that_was_stopped(answers: dict[str, object], signs: list[str], over: bool) -> None:
    assert evaluate_stop(NO_STOP | answers) == {"signs": signs, "over_for_today": over, "check_sugar": False}


@pytest.mark.parametrize(("medicine", "check"), [("no", False), ("yes", True), ("not_sure", True), (None, True)])
def test_who_feels_unwell_and_may_have_low_sugar_looks_at_it(medicine: str | None, check: bool) -> None:
    sheet = NO_STOP | {"low_sugar_medicine": medicine}
    assert evaluate_stop(sheet | {"reason": "unwell"})["check_sugar"] is check
    assert evaluate_stop(sheet | {"reason": "enough"})["check_sugar"] is False


def test_every_sign_of_a_stop_is_one_that_the_ladder_knows() -> None:
    known = {one.name for one in load_table("triage").inputs if one.after is None}
    told = {sign for row in load_table("session_stop").rows for sign in row.outcome.get("signs", [])}
    assert told == {"open_sore", "colour_change"}
    assert told <= known


# brief §2.2 G10 and the end of its block: <70 mg/dL, <3.9 mmol/L, UK and Ireland <4.0
@pytest.mark.parametrize(
    ("value", "unit", "region", "low"),
    [
        (69, "mg/dL", "US", True),
        (70, "mg/dL", "US", False),
        (3.8, "mmol/L", "EU", True),
        (3.9, "mmol/L", "EU", False),
        (3.9, "mmol/L", "OTHER", False),
        (3.9, "mmol/L", "GB", True),
        (4.0, "mmol/L", "GB", False),
        (3.9, "mmol/L", "IE", True),
        (4.0, "mmol/L", "IE", False),
        (71, "mg/dL", "IE", True),
        (72, "mg/dL", "IE", False),
        (-1, "mg/dL", "US", True),
        (float("inf"), "mg/dL", "US", True),
        (71, "mg/dL", "somewhere", True),
        (5.5, "nonsense", "US", True),
    ],
)
def test_a_low_reading(value: float, unit: str, region: str, low: bool) -> None:
    assert is_low_reading(value, unit, region) is low
