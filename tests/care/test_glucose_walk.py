"""Before a walk (brief §9); and no stricter answer has a looser outcome, for the diary and for a walk."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.care.decisions import EVALUATORS
from server.care.glucose import SIGNS
from tests.care.sugar import ACID, CALM, LEVELS, MG, MMOL, RISKS, read, unhurried, walk

# brief §9 before walking, for insulin, a sulfonylurea or a glinide
ON_MEDICINE = [
    ("LO", MG, "treat"),
    (69, MG, "treat"),
    (3.8, MMOL, "treat"),
    (70, MG, "eat_first"),
    (89, MG, "eat_first"),
    (3.9, MMOL, "eat_first"),
    (4.9, MMOL, "eat_first"),
    (90, MG, "go"),
    (249, MG, "go"),
    (5.0, MMOL, "go"),
    (13.8, MMOL, "go"),
    (250, MG, "ketones_first"),
    (349, MG, "ketones_first"),
    (13.9, MMOL, "ketones_first"),
    (19.3, MMOL, "ketones_first"),
    (350, MG, "no"),
    (19.4, MMOL, "no"),
    ("HI", MG, "no"),
]


@pytest.mark.parametrize(("value", "unit", "verdict"), ON_MEDICINE)
@pytest.mark.parametrize("answer", ["yes", "not_sure", None])
def test_before_a_walk_on_medicine(value: Any, unit: str, verdict: str, answer: str | None) -> None:
    outcome = walk(value, unit, low_sugar_medicine=answer)
    assert outcome["verdict"] == verdict
    if verdict == "go":
        assert outcome["steps"] == ["carry_sugar"]
    if value in (350, 19.4, "HI"):
        assert (outcome["level"], outcome["ask_ketones"]) == ("same_day", True)


@pytest.mark.parametrize(
    ("test", "verdict", "level"),
    [
        ({"ketone_test": "blood", "ketones_blood": 0.6}, "light", None),
        ({"ketone_test": "blood", "ketones_blood": 1.4}, "light", "within_days"),
        ({"ketone_test": "blood", "ketones_blood": 1.5}, "no", "same_day"),
        ({"ketone_test": "blood", "ketones_blood": 3.0}, "no", "emergency"),
        ({"ketone_test": "strip", "ketones_strip": "small"}, "light", "within_days"),
        ({"ketone_test": "strip", "ketones_strip": "moderate"}, "no", "same_day"),
        ({"ketone_test": "strip", "ketones_strip": "large"}, "no", "emergency"),
        ({"ketone_test": "strip", "ketones_strip": "negative", "feels_ill": "yes"}, "no", None),
    ],
)
def test_before_a_walk_with_ketones(test: dict[str, Any], verdict: str, level: str | None) -> None:
    outcome = walk(260, low_sugar_medicine="yes", **test)
    assert (outcome["verdict"], outcome["level"]) == (verdict, level)


def test_before_a_walk_without_such_medicine() -> None:
    assert [walk(value)["verdict"] for value in ("LO", 69, 70, 249, 250, 349)] == ["treat", "treat", *["go"] * 4]
    assert [walk(value, feels_ill="yes")["verdict"] for value in (69, 70, 250)] == ["treat", "no", "no"]
    assert [walk(value, MMOL, feels_ill="yes")["verdict"] for value in (3.8, 3.9, 13.9)] == ["treat", "no", "no"]
    assert walk("HI")["verdict"] == "no"


@pytest.mark.parametrize(("value", "unit"), [(75, MG), (110, MG), (249, MG), (4.2, MMOL), (13.8, MMOL)])
@pytest.mark.parametrize("answer", ["yes", "no"])
def test_who_feels_ill_does_not_start_at_any_reading(value: float, unit: str, answer: str) -> None:
    outcome = walk(value, unit, feels_ill="yes", low_sugar_medicine=answer)
    assert (outcome["verdict"], outcome["steps"]) == ("no", ["no_exercise", "unwell"])


def test_before_a_walk_type_1_is_medicine_and_britain_treats_below_four() -> None:
    assert walk(75, type_1="yes")["verdict"] == "eat_first"
    assert [walk(value, MMOL, region="GB")["verdict"] for value in (3.9, 4.0)] == ["treat", "go"]


@pytest.mark.parametrize("sign", ACID)
def test_nobody_walks_with_a_sign_of_ketoacidosis(sign: str) -> None:
    outcome = walk(110, **{sign: "yes"})
    assert (outcome["verdict"], outcome["level"]) == ("no", "emergency")


SWITCHES = [*SIGNS, *RISKS, "high_for_an_hour", "hi_again"]
readings = st.one_of(
    st.sampled_from(["LO", "HI"]).map(lambda shown: (shown, MG)),
    st.floats(0, 700).map(lambda value: (value, MG)),
    st.floats(0, 40).map(lambda value: (value, MMOL)),
)


@unhurried
@given(
    readings,
    st.dictionaries(st.sampled_from(SWITCHES), st.sampled_from(["yes", "no"])),
    st.sampled_from(SWITCHES),
    st.sampled_from(["yes", "not_sure", None, "nonsense", 5]),
    st.sampled_from(["fasting", "after_meal", "other"]),
)
def test_no_stricter_answer_has_a_looser_outcome(
    reading: tuple[Any, str], told: dict[str, str], name: str, stricter: Any, context: str
) -> None:
    value, unit = reading
    if name not in RISKS and stricter == "not_sure":
        stricter = None
    calm = read(value, unit, context=context, **{**told, name: "no"})
    strict = read(value, unit, context=context, **{**told, name: stricter})
    assert LEVELS.index(strict["level"]) >= LEVELS.index(calm["level"])
    assert strict["ask_ketones"] or not calm["ask_ketones"]
    order = ["go", "light", "eat_first", "ketones_first", "treat", "no"]
    before, after = (walk(value, unit, **{**told, name: answer})["verdict"] for answer in ("no", stricter))
    assert order.index(after) >= order.index(before)


@unhurried
@given(st.sampled_from([MG, MMOL]), st.floats(0, 700), st.floats(0, 700), st.sampled_from(["US", "GB"]))
def test_further_from_the_middle_is_never_calmer(unit: str, one: float, other: float, region: str) -> None:
    middle = 120 if unit == MG else 7
    near, far = sorted((one, other), key=lambda value: abs(value - middle))
    if (near - middle) * (far - middle) >= 0:
        levels = [LEVELS.index(read(value, unit, region=region)["level"]) for value in (near, far)]
        assert levels[0] <= levels[1]


@unhurried
@given(st.dictionaries(st.text(max_size=10) | st.sampled_from(list(CALM)), st.none() | st.text() | st.floats()))
def test_nonsense_is_the_strictest(inputs: dict[str, Any]) -> None:
    known = {name for name, value in inputs.items() if value in ("no", "none", "LO", "HI", "US")}
    if not known & set(CALM):
        assert EVALUATORS["glucose"](inputs)["level"] == "emergency"
        assert EVALUATORS["pre_exercise"](inputs)["verdict"] in ("treat", "no")
