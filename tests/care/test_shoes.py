"""The shoe check: every point and number of brief §8."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.care.content import feet, load_table, text
from server.care.decisions import EVALUATORS

TABLE = load_table("shoe_check")
GOOD: dict[str, Any] = {
    "footwear": "shoe",
    "felt_inside": "yes",
    "rough_inside": "no",
    "torn_lining": "no",
    "worn_heel": "no",
    "toe_room": "right",
    "narrow_toes": "no",
    "high_heel": "no",
    "thin_sole": "no",
    "fastening": "yes",
    "socks": "good",
    "red_marks": "none",
    "new_shoes": "no",
    "hours_worn": None,
    "prescribed": "no",
    "looked_over": "under_3",
}
ORDER = ["replace", "do_not_wear", "wear"]
# brief §8, in its order: what is not as it says, the verdict, and the advice
ROWS = [
    ("felt_inside", "no", "do_not_wear", "feel_inside"),
    ("rough_inside", "yes", "do_not_wear", "rough_inside"),
    ("rough_inside", "not_sure", "do_not_wear", "rough_inside"),
    ("torn_lining", "yes", "replace", "torn_lining"),
    ("torn_lining", "not_sure", "replace", "torn_lining"),
    ("toe_room", "too_little", "do_not_wear", "too_little_room"),
    ("toe_room", "not_sure", "do_not_wear", "too_little_room"),
    ("toe_room", "too_much", "do_not_wear", "too_much_room"),
    ("narrow_toes", "yes", "do_not_wear", "narrow_toes"),
    ("high_heel", "yes", "do_not_wear", "high_heel"),
    ("thin_sole", "yes", "do_not_wear", "thin_sole"),
    ("fastening", "no", "do_not_wear", "no_fastening"),
    ("fastening", "not_sure", "do_not_wear", "no_fastening"),
    ("socks", "not_good", "do_not_wear", "socks"),
    ("socks", "not_sure", "do_not_wear", "socks"),
    ("footwear", "socks_or_barefoot", "do_not_wear", "never_barefoot"),
    ("footwear", "slipper", "do_not_wear", "no_slippers"),
    ("red_marks", "over_15", "do_not_wear", "red_over_15"),
    ("red_marks", "not_sure", "do_not_wear", "red_over_15"),
    ("red_marks", "gone_in_15", "wear", "look_again"),
    ("worn_heel", "yes", "replace", "worn_heel"),
    ("worn_heel", "not_sure", "replace", "worn_heel"),
    ("looked_over", "over_6", "wear", "inspect_due"),
    ("looked_over", "not_sure", "wear", "inspect_due"),
]


def shoes(**answers: Any) -> dict[str, Any]:
    return dict(EVALUATORS["shoe_check"](GOOD | answers))


def test_shoes_with_nothing_against_them_may_be_worn() -> None:
    assert shoes() == {"verdict": "wear", "level": None, "advice": []}


@pytest.mark.parametrize(("name", "answer", "verdict", "advice"), ROWS)
def test_each_point_of_the_brief(name: str, answer: str, verdict: str, advice: str) -> None:
    outcome = shoes(**{name: answer})
    assert (outcome["verdict"], outcome["advice"]) == (verdict, [advice])


def test_a_mark_that_stays_red_is_for_the_clinic() -> None:
    assert shoes(red_marks="over_15")["level"] == "within_days"
    assert shoes(red_marks="gone_in_15")["level"] is None


@pytest.mark.parametrize(
    ("day", "hours", "verdict", "advice"),
    [
        ("day_1", 0, "wear", ["new_day_1"]),
        ("day_1", 1.9, "wear", ["new_day_1"]),
        ("day_1", 2, "do_not_wear", ["new_day_1", "enough_today"]),
        ("day_1", None, "do_not_wear", ["new_day_1", "enough_today"]),
        ("day_2", 3.9, "wear", ["new_day_2"]),
        ("day_2", 4, "do_not_wear", ["new_day_2", "enough_today"]),
        ("day_2", "4", "do_not_wear", ["new_day_2", "enough_today"]),
        ("later", None, "wear", ["new_later"]),
        (None, None, "do_not_wear", ["new_day_1", "enough_today"]),
    ],
)
def test_new_shoes_hour_by_hour(day: str | None, hours: Any, verdict: str, advice: list[str]) -> None:
    outcome = shoes(new_shoes=day, hours_worn=hours)
    assert (outcome["verdict"], outcome["advice"]) == (verdict, advice)


@pytest.mark.parametrize(
    ("prescribed", "looked_over", "advice"),
    [
        ("yes", "under_3", []),
        ("yes", "from_3_to_6", ["prescribed_due"]),
        ("yes", "over_6", ["prescribed_due", "inspect_due"]),
        ("not_sure", "from_3_to_6", ["prescribed_due"]),
        ("no", "from_3_to_6", []),
    ],
)
def test_when_shoes_are_looked_over(prescribed: str, looked_over: str, advice: list[str]) -> None:
    assert shoes(prescribed=prescribed, looked_over=looked_over) == {"verdict": "wear", "level": None, "advice": advice}


def test_every_row_is_among_these() -> None:
    new = {"new_day_1", "new_day_2", "new_later", "enough_today", "prescribed_due"}
    assert {advice for _, _, _, advice in ROWS} | new == {
        word
        for row in TABLE.rows
        for word in row.outcome["advice"]  # type: ignore[union-attr]
    }


def test_nothing_said_is_not_to_be_worn_and_nothing_said_of_shoes_is_replaced() -> None:
    assert EVALUATORS["shoe_check"]({})["verdict"] == "do_not_wear"
    assert EVALUATORS["shoe_check"]({"footwear": "shoe"})["verdict"] == "replace"


@pytest.mark.parametrize(("footwear", "advice"), [("slipper", "no_slippers"), ("socks_or_barefoot", "never_barefoot")])
def test_without_shoes_nothing_is_said_of_them(footwear: str, advice: str) -> None:
    outcome = EVALUATORS["shoe_check"]({"footwear": footwear})
    assert outcome == {"verdict": "do_not_wear", "level": None, "advice": [advice]}


@given(
    st.fixed_dictionaries({one.name: st.sampled_from(one.answers) for one in TABLE.inputs if one.answers}),
    st.sampled_from([one for one in TABLE.inputs if one.answers]),
    st.sampled_from([None, "nonsense", 3, True]),
)
def test_what_is_missing_is_the_strictest(answers: dict[str, str], known: Any, nothing: Any) -> None:
    missing = EVALUATORS["shoe_check"](answers | {known.name: nothing})
    assert missing == EVALUATORS["shoe_check"](answers | {known.name: known.strictest})
    calm = EVALUATORS["shoe_check"](answers | {known.name: GOOD[known.name]})
    if known.name == "footwear":  # without shoes there is nothing to replace
        assert missing["verdict"] == "do_not_wear"
    else:
        assert ORDER.index(str(missing["verdict"])) <= ORDER.index(str(calm["verdict"]))


@pytest.mark.parametrize("word", ["late in the day", "usual socks", "barefoot", "thin slippers", "15 minutes"])
def test_the_tips_of_the_brief(word: str) -> None:
    assert any(word in text()[str(key)] for key in feet()["shoe_tips"])  # type: ignore[union-attr]


def test_every_question_answer_verdict_and_advice_has_its_words() -> None:
    catalogue = text()
    for known in TABLE.inputs:
        assert f"shoe.{known.name}.question" in catalogue
        for answer in known.answers:
            assert f"shoe.{known.name}.{answer}" in catalogue or f"answer.{answer}" in catalogue
    for row in TABLE.rows:
        assert all(f"shoe.advice.{word}" in catalogue for word in row.outcome["advice"])  # type: ignore[union-attr]
    assert {f"shoe.verdict.{verdict}" for verdict in ORDER} <= set(catalogue)
