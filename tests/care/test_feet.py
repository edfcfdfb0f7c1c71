"""The daily foot check: every point, sign and number of brief §7, and how often a professional looks."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.care.content import feet, load_table, text
from server.care.decisions import EVALUATORS
from server.care.feet import Measured, Reading, exam_months, foot_exam, warm_spots, warm_two_days

TABLE, TRIAGE = load_table("foot_check"), load_table("triage")
SIGNS = [known.name for known in TABLE.inputs if known.after is None and known.question]
MORE = [known.name for known in (*TABLE.inputs, *TRIAGE.inputs) if known.after is not None]
CALM: dict[str, Any] = {
    "result": "all_clear",
    **dict.fromkeys(SIGNS, "no"),
    **dict.fromkeys(MORE, "no"),
    "warm_today": "no",
    "warm_two_days": "no",
    "areas_marked": "yes",
}
URGENCY = ["emergency", "same_day", "within_days", None]

# brief §2.2, §2.4, §7: each sign alone, every one more question answered with no: its level, and the block it makes
ALONE = {
    "open_sore": ("same_day", "open_sore"),
    "burn": ("same_day", "open_sore"),
    "red_hot_swollen": ("same_day", "red_hot_swollen"),
    "warmer": ("same_day", "red_hot_swollen"),
    "pus_or_smell": ("same_day", "pus_or_smell"),
    "cold_or_discoloured": ("emergency", "cold_or_discoloured"),
    "colour_change": ("same_day", None),
    "injury_or_new_shape": ("same_day", "injury_or_new_shape"),
    "skin_problem": ("within_days", "skin_problem"),
    "cracks": ("within_days", None),
    "hard_skin": (None, None),
    "dry_skin": (None, None),
    "ingrown_nail": ("within_days", None),
    "shoe_rubbing": ("within_days", None),
    "sock_stain": ("same_day", "open_sore"),
    "new_pain": ("within_days", None),
    "new_tingling": ("within_days", None),
    "new_numbness": ("within_days", None),
    "unsure": ("same_day", "open_sore"),
}
# The sign, its one more question answered with yes: the level, and the block.
TOGETHER = [
    ("hard_skin", "dark_spot", "same_day", "skin_problem"),
    ("skin_problem", "dark_spot", "same_day", "skin_problem"),
    ("cracks", "crack_bleeds", "same_day", "open_sore"),
    ("new_pain", "pain_at_rest", "same_day", "rest_pain"),
    ("open_sore", "confused_with_sore", "emergency", "open_sore"),
    ("sock_stain", "confused_with_sore", "emergency", "open_sore"),
    ("unsure", "confused_with_sore", "emergency", "open_sore"),
    ("burn", "ill_with_burn", "emergency", "open_sore"),
    ("red_hot_swollen", "spreading_and_ill", "emergency", "red_hot_swollen"),
    ("warmer", "spreading_and_ill", "emergency", "red_hot_swollen"),
    ("pus_or_smell", "ill_with_pus", "emergency", "pus_or_smell"),
    ("colour_change", "pale_or_black", "emergency", "cold_or_discoloured"),
]


def check(**answers: Any) -> dict[str, Any]:
    return dict(EVALUATORS["foot_check"](CALM | answers))


def warnings(outcome: dict[str, Any]) -> list[str]:
    return [block["warning"] for block in outcome["blocks"]]


def test_there_is_a_row_here_for_every_sign() -> None:
    assert set(ALONE) == set(SIGNS)


@pytest.mark.parametrize("sign", ALONE)
@pytest.mark.parametrize("answer", ["yes", "not_sure"])
def test_each_sign_alone(sign: str, answer: str) -> None:
    level, block = ALONE[sign]
    outcome = check(result="seen", **{sign: answer})
    assert (outcome["clear"], outcome["level"], outcome["signs"]) == (False, level, [sign])
    assert warnings(outcome) == ([block] if block else [])


@pytest.mark.parametrize(("sign", "question", "level", "block"), TOGETHER)
@pytest.mark.parametrize("answer", ["yes", "not_sure", None])
def test_each_one_more_question(sign: str, question: str, level: str, block: str, answer: str | None) -> None:
    outcome = check(result="seen", **{sign: "yes", question: answer})
    assert outcome["level"] == level
    assert block in warnings(outcome)


@pytest.mark.parametrize("question", MORE)
def test_a_question_that_no_sign_calls_for_changes_nothing(question: str) -> None:
    assert check(**{question: "yes"}) == check()


@pytest.mark.parametrize(
    "warning",
    ["open_sore", "red_hot_swollen", "pus_or_smell", "cold_or_discoloured", "injury_or_new_shape", "rest_pain"],
)
def test_what_is_seen_blocks_as_it_does_before_a_massage(warning: str) -> None:
    outcome = check(
        result="seen", **({"new_pain": "yes", "pain_at_rest": "yes"} if warning == "rest_pain" else {warning: "yes"})
    )
    (block,) = outcome["blocks"]
    assert (block["warning"], block["ends"]) == (warning, "clinic_ok")


def test_a_rash_whose_place_is_known_is_left_out_until_a_check_is_clear() -> None:
    (block,) = check(result="seen", skin_problem="yes")["blocks"]
    assert block == {"warning": "skin_problem", "level": "within_days", "ends": "check_clear"}
    (dark,) = check(result="seen", hard_skin="yes", dark_spot="yes")["blocks"]
    assert dark == {"warning": "skin_problem", "level": "same_day", "ends": "clinic_ok"}


# brief §7 buttons
@pytest.mark.parametrize(
    ("result", "clear", "advice"),
    [("all_clear", True, []), ("seen", False, []), ("not_seen_well", False, ["not_seen_well"]), (None, False, [])],
)
def test_each_button(result: str | None, clear: bool, advice: list[str]) -> None:
    outcome = check(result=result)
    assert (outcome["clear"], outcome["level"], outcome["advice"], outcome["blocks"]) == (clear, None, advice, [])


def test_warm_on_one_day_is_measured_again_and_on_two_is_the_clinic_today() -> None:
    once = check(result="seen", warm_today="yes")
    assert (once["clear"], once["level"], once["blocks"], once["advice"]) == (False, None, [], ["warm_today"])
    twice = check(result="seen", warm_today="yes", warm_two_days="yes")
    assert (twice["level"], warnings(twice)) == ("same_day", ["red_hot_swollen"])
    assert "rest_foot" in twice["advice"]


@given(
    st.dictionaries(st.sampled_from([*SIGNS, *MORE]), st.sampled_from(["yes", "no", "not_sure"])),
    st.sampled_from([*SIGNS, *MORE, "warm_today", "warm_two_days"]),
    st.sampled_from(["yes", "not_sure", None, "nonsense", 5]),
)
def test_no_stricter_answer_has_a_looser_outcome(told: dict[str, str], changed: str, stricter: Any) -> None:
    calm, strict = check(**{**told, changed: "no"}), check(**{**told, changed: stricter})
    assert URGENCY.index(strict["level"]) <= URGENCY.index(calm["level"])
    assert set(warnings(calm)) <= set(warnings(strict))
    assert calm["clear"] or not strict["clear"]


def test_nothing_said_is_an_emergency() -> None:
    outcome = EVALUATORS["foot_check"]({})
    assert (outcome["clear"], outcome["level"]) == (False, "emergency")


def test_the_eleven_points_of_the_brief_have_their_words() -> None:
    named = ["top", "soles", "heels", "between", "nails", "colour", "swollen", "warm", "dry skin", "socks", "new pain"]
    words = [text()[str(key)].lower() for key in feet()["points"]]  # type: ignore[union-attr]
    assert len(words) == 11
    assert all(name in point for name, point in zip(named, words, strict=True))


@pytest.mark.parametrize("word", ["corns", "acid plasters", "blisters", "soak"])
def test_each_do_not_of_the_brief(word: str) -> None:
    assert any(word in text()[str(key)] for key in feet()["do_not"])  # type: ignore[union-attr]


def test_every_sign_question_and_advice_has_its_words() -> None:
    catalogue = text()
    assert {f"foot.sign.{sign}.title" for sign in (*SIGNS, "warm_two_days")} <= set(catalogue)
    assert {f"followup.{name}.question" for name in MORE} <= set(catalogue)
    for row in TABLE.rows:
        assert all(f"foot.advice.{word}" in catalogue for word in row.outcome.get("advice", []))  # type: ignore[union-attr]
    offered = {sign for signs in feet()["signs"].values() for sign in signs}  # type: ignore[union-attr]
    assert offered == set(SIGNS)
    assert {f"foot.spot.{spot}" for spot in feet()["spots"]} <= set(catalogue)  # type: ignore[union-attr]
    assert len(feet()["spots"]) == 6  # type: ignore[arg-type]


# brief §7 point 8: one foot warmer by >2.2 °C / 4 °F at the same spot on 2 days running
TODAY, YESTERDAY = date(2026, 11, 22), date(2026, 11, 21)


def measured(
    unit: str | None, left: float | None, right: float | None, *, on: date = TODAY, spot: str = "heel"
) -> Measured:
    return Measured(on, unit, [Reading(spot, left, right)])


@pytest.mark.parametrize(
    ("unit", "left", "right", "foot"),
    [
        ("C", 34.1, 31.9, None),  # 2.2
        ("C", 34.2, 31.9, "left"),  # 2.3
        ("C", 31.9, 34.2, "right"),
        ("F", 90.0, 86.0, None),  # 4
        ("F", 90.1, 86.0, "left"),
        ("F", 86.0, 90.1, "right"),
        ("F", 88.5, 86.0, None),  # 2.5 would be warm in °C: the cut-offs are never mixed
        (None, 88.5, 86.0, "left"),  # an unknown unit has the lower cut-off
        ("C", 34.2, None, None),
        ("C", None, 34.2, None),
    ],
)
def test_how_much_warmer(unit: str | None, left: float | None, right: float | None, foot: str | None) -> None:
    assert [warm.foot for warm in warm_spots(measured(unit, left, right))] == ([foot] if foot else [])


@pytest.mark.parametrize("unit", ["C", "F"])
@given(tenths=st.integers(200, 1000), more=st.integers(0, 200))
def test_the_cut_off_is_that_of_the_unit_for_every_number(unit: str, tenths: int, more: int) -> None:
    warm = warm_spots(measured(unit, (tenths + more) / 10, tenths / 10))
    assert bool(warm) == (more > (22 if unit == "C" else 40))


WARM = measured("C", 34.2, 31.9, on=YESTERDAY)


@pytest.mark.parametrize(
    ("today", "before", "found"),
    [
        (measured("C", 34.2, 31.9), [WARM], 1),
        (measured("F", 93.6, 89.4), [WARM], 1),  # another unit today: each day by its own cut-off
        (measured("C", 34.1, 31.9), [WARM], 0),  # only 2.2 today
        (measured("C", 34.2, 31.9), [measured("C", 34.1, 31.9, on=YESTERDAY)], 0),
        (measured("C", 34.2, 31.9, spot="arch"), [WARM], 0),  # another spot
        (measured("C", 31.9, 34.2), [WARM], 0),  # the other foot
        (measured("C", 34.2, 31.9), [measured("C", 34.2, 31.9, on=date(2026, 11, 20))], 0),  # a day not measured
        (measured("C", 34.2, 31.9), [measured("C", 34.2, 31.9)], 0),  # twice on one day
        (measured("C", 34.2, 31.9), [measured("C", None, None, on=YESTERDAY), WARM], 1),
        (measured("C", 34.2, 31.9), [], 0),
    ],
)
def test_on_two_days_running(today: Measured, before: list[Measured], found: int) -> None:
    assert len(warm_two_days(today, before)) == found


# brief §7 [F1]: ulcer or shape (one question of the profile), numb, poor circulation: months between exams
@pytest.mark.parametrize(
    ("shape_or_ulcer", "numb", "circulation", "months"),
    [
        ("no", "no", "no", (12, 12)),
        ("no", "yes", "no", (6, 12)),
        ("no", "no", "yes", (6, 12)),
        ("no", "yes", "yes", (3, 6)),
        ("yes", "no", "no", (1, 3)),
        ("yes", "yes", "yes", (1, 3)),
        ("no", "not_sure", "no", (6, 12)),
        (None, "no", "no", (1, 3)),
    ],
)
def test_how_often_a_professional_looks(
    shape_or_ulcer: str | None, numb: str, circulation: str, months: tuple[int, int]
) -> None:
    profile = {"past_ulcer_or_shape": shape_or_ulcer, "numb_feet": numb, "poor_circulation": circulation}
    assert exam_months(profile) == months


@pytest.mark.parametrize(("one", "other"), [("numb_feet", "poor_circulation"), ("poor_circulation", "numb_feet")])
def test_one_of_them_and_a_changed_shape_is_three_to_six_months(one: str, other: str) -> None:
    outcome = load_table("foot_exam").evaluate({"past_ulcer": "no", "shape_change": "yes", one: "yes", other: "no"})
    assert outcome == {"from": 3, "to": 6}


@pytest.mark.parametrize(
    ("today", "overdue"), [(date(2026, 11, 22), False), (date(2026, 11, 23), True), (date(2026, 5, 1), False)]
)
def test_an_exam_is_overdue_after_its_last_month(today: date, overdue: bool) -> None:
    profile = {"past_ulcer_or_shape": "no", "numb_feet": "yes", "poor_circulation": "no"}
    found = foot_exam(date(2025, 11, 22), profile, today=today)
    assert (found.due_from, found.due_by, found.overdue) == (date(2026, 5, 22), date(2026, 11, 22), overdue)
