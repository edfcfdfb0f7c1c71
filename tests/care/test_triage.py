"""Triage: every row of the ladder (brief §2.4, §11), its blocks (§2.2), and when to book or call (§14)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.care.content import load_table, text
from server.care.decisions import EVALUATORS

TRIAGE, BOOK = load_table("triage"), load_table("book_triggers")
SIGNS = [known.name for known in TRIAGE.inputs if known.after is None and known.name != "worried"]
FOLLOW_UPS = {known.name: known.after for known in TRIAGE.inputs if known.after is not None}
CALM = {known.name: "no" for known in TRIAGE.inputs}
URGENCY = ["emergency", "same_day", "within_days", None]

# brief §2.4, §11, §2.2: each sign alone, every one more question answered with no
ALONE = {
    "sudden_weakness": ("emergency", None),
    "sugar_emergency": ("emergency", None),
    "cold_or_discoloured": ("emergency", "cold_or_discoloured"),
    "open_sore": ("same_day", "open_sore"),
    "red_hot_swollen": ("same_day", "red_hot_swollen"),
    "pus_or_smell": ("same_day", "pus_or_smell"),
    "fever_or_very_ill": ("same_day", "fever_or_very_ill"),
    "one_calf_swollen": ("same_day", "one_calf_swollen"),
    "injury_or_new_shape": ("same_day", "injury_or_new_shape"),
    "rest_pain": ("same_day", "rest_pain"),
    "burn": ("same_day", "open_sore"),
    "colour_change": ("same_day", None),
    "skin_problem": ("within_days", "skin_problem"),
    "new_weakness": ("within_days", None),
    "one_sided_numbness": ("within_days", None),
    "worse_numbness": ("within_days", None),
    "strong_pain": ("within_days", None),
    "cracks": ("within_days", None),
    "ingrown_nail": ("within_days", None),
    "shoe_rubbing": ("within_days", None),
    "foot_exam_overdue": ("within_days", None),
}
# The sign, its one more question answered with yes, and the level that follows.
TOGETHER = {
    "ill_with_pus": "emergency",
    "confused_or_wound": "emergency",
    "breathless": "emergency",
    "dark_spot": "same_day",
    "confused_with_sore": "emergency",
    "spreading_and_ill": "emergency",
    "ill_with_burn": "emergency",
    "pale_or_black": "emergency",
    "crack_bleeds": "same_day",
}


def triage(**answers: Any) -> dict[str, Any]:
    return dict(EVALUATORS["triage"](CALM | answers))


def warnings(outcome: dict[str, Any]) -> list[str]:
    return [block["warning"] for block in outcome["blocks"]]


def test_there_is_a_row_here_for_every_sign_and_every_one_more_question() -> None:
    assert set(ALONE) == set(SIGNS)
    assert set(TOGETHER) == set(FOLLOW_UPS)


@pytest.mark.parametrize("sign", ALONE)
@pytest.mark.parametrize("answer", ["yes", "not_sure"])
def test_each_sign_alone(sign: str, answer: str) -> None:
    level, block = ALONE[sign]
    outcome = triage(**{sign: answer})
    assert (outcome["level"], outcome["signs"]) == (level, [sign])
    assert warnings(outcome) == ([block] if block else [])


@pytest.mark.parametrize("question", TOGETHER)
@pytest.mark.parametrize("answer", ["yes", "not_sure"])
def test_each_one_more_question(question: str, answer: str) -> None:
    outcome = triage(**{FOLLOW_UPS[question]: "yes", question: answer})
    assert outcome["level"] == TOGETHER[question]
    assert outcome["blocks"]


def test_a_bleeding_crack_and_a_burn_are_sores() -> None:
    assert warnings(triage(cracks="yes", crack_bleeds="yes")) == ["open_sore"]
    assert warnings(triage(burn="yes")) == ["open_sore"]


def test_nothing_told_is_nothing_and_nothing_said_is_everything() -> None:
    outcome = triage()
    assert (outcome["level"], outcome["call"], outcome["signs"], outcome["blocks"]) == (None, False, [], [])
    assert EVALUATORS["triage"]({})["level"] == "emergency"


def test_who_is_worried_is_offered_a_call_and_nothing_else_changes() -> None:
    outcome = triage(worried="yes")
    assert (outcome["call"], outcome["level"], outcome["blocks"]) == (True, None, [])


@given(
    st.dictionaries(st.sampled_from([*SIGNS, *FOLLOW_UPS]), st.sampled_from(["yes", "no", "not_sure"])),
    st.sampled_from([*SIGNS, *FOLLOW_UPS]),
    st.sampled_from(["yes", "not_sure", None, "nonsense", 5]),
)
def test_no_stricter_answer_has_a_looser_outcome(told: dict[str, str], changed: str, stricter: Any) -> None:
    calm = triage(**{**told, changed: "no"})
    strict = triage(**{**told, changed: stricter})
    assert URGENCY.index(strict["level"]) <= URGENCY.index(calm["level"])
    assert set(warnings(calm)) <= set(warnings(strict))
    assert set(calm["signs"]) <= set(strict["signs"])


# brief §14: what alone leads to which button
CALM_VISIT = {
    "triage_level": "none",
    "glucose_level": "none",
    "heat_injury": "no",
    "worried": "no",
    "ask_clinic": "no",
    "weekly_pain": 0,
    "weekly_pain_change": 0,
    "pain_down_numbness_up": "no",
    "no_better_at_week_4": "no",
    "foot_exam_overdue": "no",
    "lows_a_week": 0,
    "days_above_target": 0,
}
TRIGGERS = [
    ("triage_level", "emergency", "emergency", "emergency"),
    ("glucose_level", "emergency", "emergency", "glucose_emergency"),
    ("triage_level", "same_day", "call", "same_day"),
    ("glucose_level", "same_day", "call", "glucose_same_day"),
    ("heat_injury", "yes", "call", "heat_injury"),
    ("worried", "yes", "call", "worried"),
    ("triage_level", "within_days", "book", "within_days"),
    ("glucose_level", "within_days", "book", "glucose_within_days"),
    ("ask_clinic", "yes", "book", "ask_clinic"),
    ("weekly_pain", 7, "book", "strong_pain"),
    ("weekly_pain_change", 2, "book", "pain_up"),
    ("pain_down_numbness_up", "yes", "book", "pain_down_numbness_up"),
    ("no_better_at_week_4", "yes", "book", "no_better_at_week_4"),
    ("foot_exam_overdue", "yes", "book", "foot_exam_overdue"),
    ("foot_exam_overdue", "not_sure", "book", "foot_exam_overdue"),
    ("lows_a_week", 2, "book", "lows_a_week"),
    ("days_above_target", 3, "book", "days_above_target"),
]
JUST_BELOW = [("weekly_pain", 6.9), ("weekly_pain_change", 1.9), ("lows_a_week", 1), ("days_above_target", 2)]


@pytest.mark.parametrize(("name", "value", "button", "reason"), TRIGGERS)
def test_each_trigger_of_a_visit(name: str, value: Any, button: str, reason: str) -> None:
    outcome = EVALUATORS["book"](CALM_VISIT | {name: value})
    assert (outcome["button"], outcome["reasons"]) == (button, [reason])
    assert f"book.why.{reason}" in text()


def test_every_row_of_the_triggers_is_among_them() -> None:
    assert {reason for _, _, _, reason in TRIGGERS} == {row.id for row in BOOK.rows}


@pytest.mark.parametrize(("name", "value"), JUST_BELOW)
def test_just_below_a_trigger_there_is_none(name: str, value: float) -> None:
    assert EVALUATORS["book"](CALM_VISIT | {name: value})["button"] == "none"


@given(st.lists(st.sampled_from(TRIGGERS), max_size=5), st.sampled_from(TRIGGERS))
def test_one_more_trigger_never_makes_the_button_calmer(those: list[tuple[Any, ...]], one: tuple[Any, ...]) -> None:
    order = ["emergency", "call", "book", "none"]
    given_inputs = CALM_VISIT | {name: value for name, value, _, _ in those if name != one[0]}
    calm, strict = EVALUATORS["book"](given_inputs), EVALUATORS["book"](given_inputs | {one[0]: one[1]})
    assert order.index(str(strict["button"])) <= order.index(str(calm["button"]))


def test_every_sign_and_question_has_its_words() -> None:
    for known in TRIAGE.inputs:
        assert (
            f"followup.{known.name}.question" in text()
            if known.after
            else known.name == "worried"
            or (f"triage.{known.name}.title" in text() or f"warning.{known.name}.title" in text())
        )
