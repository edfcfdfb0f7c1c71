"""Sugar readings: every row and cut-off of brief §9, in both units, written from the brief and not from the tables."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.care.content import glucose_limits, load_table, text
from server.care.decisions import EVALUATORS, is_low_reading
from server.care.glucose import SIGNS, target_position, target_problem
from tests.care.answers import NO_FLAG

RISKS = ("low_sugar_medicine", "type_1", "sglt2_inhibitor", "pregnant")
CALM: dict[str, Any] = {
    "special": "none",
    "region": "US",
    "context": "other",
    "targets": None,
    **{name: NO_FLAG[name] for name in RISKS},
    **dict.fromkeys(SIGNS, "no"),
    "ketone_test": "none",
    "rounds": 0,
    "high_for_an_hour": "no",
    "hi_again": "no",
}
MG, MMOL = "mg/dL", "mmol/L"
LEVELS = [None, "within_days", "same_day", "emergency"]
ACID = ("vomiting", "fruity_breath", "fast_breathing", "belly_pain", "confusion")
SLEEPY = ("confusion", "drowsy", "fit", "cannot_swallow")
unhurried = settings(deadline=None)


def sheet(value: float | str, unit: str = MG, **changes: Any) -> dict[str, Any]:
    """A number, or LO or HI; calm in everything that is not said."""
    shown = {"special": value} if isinstance(value, str) else {"value": value}
    return {**CALM, "unit": unit, **shown, **changes}


def read(value: float | str, unit: str = MG, **changes: Any) -> dict[str, Any]:
    return dict(EVALUATORS["glucose"](sheet(value, unit, **changes)))


def walk(value: float | str, unit: str = MG, **changes: Any) -> dict[str, Any]:
    return dict(EVALUATORS["pre_exercise"](sheet(value, unit, **changes)))


# brief §9, first column: both ends of each row, in both units
BY_NUMBER = [
    ("LO", MG, "very_low"),
    ("LO", MMOL, "very_low"),
    (20, MG, "very_low"),
    (53, MG, "very_low"),
    (1.1, MMOL, "very_low"),
    (2.9, MMOL, "very_low"),
    (54, MG, "low"),
    (69, MG, "low"),
    (3.0, MMOL, "low"),
    (3.8, MMOL, "low"),
    (70, MG, "logged"),
    (239, MG, "logged"),
    (3.9, MMOL, "logged"),
    (13.2, MMOL, "logged"),
    (240, MG, "high"),
    (299, MG, "high"),
    (13.3, MMOL, "high"),
    (16.6, MMOL, "high"),
    (300, MG, "very_high"),
    (599, MG, "very_high"),
    (16.7, MMOL, "very_high"),
    (33.2, MMOL, "very_high"),
    (600, MG, "extremely_high"),
    (33.3, MMOL, "extremely_high"),
    ("HI", MG, "extremely_high"),
    ("HI", MMOL, "extremely_high"),
    # imported, outside of what a meter shows: as LO and as HI
    (12, MG, "very_low"),
    (0.6, MMOL, "very_low"),
    (650, MG, "extremely_high"),
    (36.1, MMOL, "extremely_high"),
]


@pytest.mark.parametrize(("value", "unit", "label"), BY_NUMBER)
def test_each_label_by_its_number(value: Any, unit: str, label: str) -> None:
    assert read(value, unit)["label"] == label


# brief §9: fasting and before a meal 70-79, 80-130; 1-2 h after the start of a meal <180; above it to 239
BY_TARGET = [
    ("fasting", 70, MG, "under_target"),
    ("fasting", 79, MG, "under_target"),
    ("before_meal", 3.9, MMOL, "under_target"),
    ("before_meal", 4.3, MMOL, "under_target"),
    ("fasting", 80, MG, "in_target"),
    ("before_meal", 130, MG, "in_target"),
    ("fasting", 4.4, MMOL, "in_target"),
    ("before_meal", 7.2, MMOL, "in_target"),
    ("fasting", 131, MG, "above_target"),
    ("before_meal", 239, MG, "above_target"),
    ("fasting", 7.3, MMOL, "above_target"),
    ("before_meal", 13.2, MMOL, "above_target"),
    ("after_meal", 70, MG, "in_target"),
    ("after_meal", 179, MG, "in_target"),
    ("after_meal", 3.9, MMOL, "in_target"),
    ("after_meal", 9.9, MMOL, "in_target"),
    ("after_meal", 180, MG, "above_target"),
    ("after_meal", 10.0, MMOL, "above_target"),
    ("after_meal", 13.2, MMOL, "above_target"),
    ("fasting", 240, MG, "high"),
    ("after_meal", 13.3, MMOL, "high"),
    ("fasting", 69, MG, "low"),
    *((context, value, unit, "logged") for context in ("bedtime", "exercise", "unwell", "other")
      for value, unit in ((70, MG), (239, MG), (3.9, MMOL), (13.2, MMOL))),
]  # fmt: skip


@pytest.mark.parametrize(("context", "value", "unit", "label"), BY_TARGET)
def test_each_label_by_its_target(context: str, value: float, unit: str, label: str) -> None:
    assert read(value, unit, context=context)["label"] == label


@pytest.mark.parametrize("pregnant", ["yes", "not_sure", None])
def test_in_pregnancy_there_is_no_usual_target_but_the_gates_hold(pregnant: str | None) -> None:
    labels = [read(value, context="fasting", pregnant=pregnant)["label"] for value in (69, 70, 131, 239, 240)]
    assert labels == ["low", "logged", "logged", "logged", "high"]
    own = {"unit": MG, "before_low": 70, "before_high": 95, "after_below": 140}
    assert read(96, context="fasting", pregnant=pregnant, targets=own)["label"] == "above_target"


def test_a_target_of_ones_own_counts_in_its_unit_only() -> None:
    own = {"unit": MMOL, "before_low": 5.0, "before_high": 8.0, "after_below": 9.0}
    for context, value, label in (
        ("fasting", 4.9, "under_target"),
        ("fasting", 5.0, "in_target"),
        ("before_meal", 8.0, "in_target"),
        ("before_meal", 8.1, "above_target"),
        ("after_meal", 8.9, "in_target"),
        ("after_meal", 9.0, "above_target"),
        ("fasting", 3.8, "low"),
        ("fasting", 13.3, "high"),
    ):
        assert read(value, MMOL, context=context, targets=own)["label"] == label
    assert read(200, context="fasting", targets=own)["label"] == "logged"
    assert read(200, context="fasting", targets={"unit": MG})["label"] == "logged"


@pytest.mark.parametrize("region", ["GB", "IE"])
def test_britain_and_ireland_treat_below_four(region: str) -> None:
    assert [read(value, MMOL, region=region)["label"] for value in (3.8, 3.9, 4.0)] == ["low", "low", "logged"]
    assert [read(value, region=region)["label"] for value in (71, 72)] == ["low", "logged"]


def test_a_paired_target_is_the_same_though_the_figures_do_not_convert() -> None:
    """4.4 mmol/L converts to 79 mg/dL, which is under the target; yet 4.4 and 80 are the same target."""
    assert round(4.4 * 18.0156) == 79
    assert read(4.4, MMOL, context="fasting")["label"] == read(80, context="fasting")["label"] == "in_target"
    assert read(79, context="fasting")["label"] == "under_target"
    assert glucose_limits()["display_factor"] == 18.0156


@unhurried
@given(st.sampled_from([MG, MMOL]), st.floats(0, 650), st.sampled_from(["US", "GB", "IE", "EU", "OTHER"]))
def test_low_is_low_for_the_diary_and_for_the_massage(unit: str, value: float, region: str) -> None:
    label = read(value, unit, region=region)["label"]
    assert is_low_reading(value, unit, region) == (label in ("low", "very_low"))


@pytest.mark.parametrize("sign", SLEEPY)
@pytest.mark.parametrize("value", ["LO", 53, 60])
def test_low_and_not_awake_is_an_emergency_with_nothing_by_mouth(sign: str, value: Any) -> None:
    outcome = read(value, **{sign: "yes"})
    assert outcome["level"] == "emergency"
    assert {"nothing_by_mouth", "glucagon"} <= set(outcome["steps"])
    assert "fast_carbs" not in outcome["steps"]


def test_very_low_and_awake_has_sugar_now_and_calls_today() -> None:
    for value, unit in (("LO", MG), (53, MG), (2.9, MMOL)):
        outcome = read(value, unit)
        assert (outcome["level"], outcome["recheck"], outcome["watch"]) == ("same_day", 15, ["low"])
        assert outcome["steps"][:3] == ["fast_carbs", "tell_someone", "wait_15"]
        assert "call_team" in outcome["steps"]


def test_low_has_sugar_waits_repeats_and_then_eats() -> None:
    outcome = read(60)
    assert outcome["steps"] == ["fast_carbs", "wait_15", "repeat_until", "then_eat"]
    assert (outcome["level"], outcome["recheck"]) == (None, 15)


def test_not_up_after_three_rounds_is_urgent() -> None:
    assert [read(60, rounds=rounds)["level"] for rounds in (0, 2, 3, 4)] == [None, None, "same_day", "same_day"]
    assert [read(50, rounds=rounds)["level"] for rounds in (2, 3)] == ["same_day", "emergency"]
    assert "not_up" in read(60, rounds=3)["steps"]


def test_a_little_under_the_target_is_neutral_and_watched_on_medicine() -> None:
    assert read(75, context="fasting") | {"label": ""} == {
        "label": "",
        "ketones": "none",
        "level": None,
        "ask_ketones": False,
        "recheck": None,
        "steps": ["under_target"],
        "watch": [],
    }
    for risk in ("low_sugar_medicine", "type_1"):
        for answer in ("yes", "not_sure", None):
            outcome = read(75, context="fasting", **{risk: answer})
            assert (outcome["steps"], outcome["recheck"], outcome["level"]) == (
                ["under_target", "watch_recheck"],
                15,
                None,
            )


def test_in_and_above_the_target_are_calm() -> None:
    for context, value, steps in (
        ("fasting", 100, ["in_target"]),
        ("fasting", 150, ["above_target"]),
        ("other", 150, ["logged"]),
    ):
        outcome = read(value, context=context)
        assert (outcome["steps"], outcome["level"], outcome["recheck"], outcome["watch"]) == (steps, None, None, [])


@pytest.mark.parametrize(("value", "unit"), [(240, MG), (299, MG), (13.3, MMOL), (16.6, MMOL)])
def test_high_drinks_water_and_checks_ketones_where_it_matters(value: float, unit: str) -> None:
    calm = read(value, unit)
    assert (calm["steps"], calm["ask_ketones"], calm["level"]) == (["drink_water", "high_plan"], False, None)
    for name, answer in [*((risk, "yes") for risk in RISKS), *((risk, "not_sure") for risk in RISKS)]:
        outcome = read(value, unit, **{name: answer})
        assert (outcome["ask_ketones"], outcome["recheck"]) == (True, 240)
        assert "check_ketones" in outcome["steps"]
    assert read(value, unit, feels_ill="yes")["ask_ketones"] is True


def test_very_high_is_checked_again_and_still_so_after_an_hour_is_today() -> None:
    for value, unit in ((300, MG), (16.7, MMOL)):
        outcome = read(value, unit)
        assert (outcome["level"], outcome["recheck"], outcome["steps"][0]) == (None, 60, "wash_recheck")
        for sign in ({"high_for_an_hour": "yes"}, {"feels_ill": "yes"}):
            later = read(value, unit, **sign)
            assert later["level"] == "same_day"
            assert "urgent_care" in later["steps"]
    assert read(299, high_for_an_hour="yes")["level"] is None


def test_hi_is_repeated_once_and_then_an_emergency() -> None:
    for value, unit in (("HI", MG), (600, MG), (33.3, MMOL)):
        outcome = read(value, unit)
        assert (outcome["level"], outcome["steps"][:2]) == ("same_day", ["wash_recheck", "still_hi"])
        for sign in ("hi_again", "confusion", "very_thirsty", "drowsy"):
            assert read(value, unit, **{sign: "yes"})["level"] == "emergency"
    assert read(599, hi_again="yes")["level"] is None


@pytest.mark.parametrize("sign", ACID)
@pytest.mark.parametrize("value", ["LO", 60, 75, 110, 200, 250, 320, "HI"])
def test_any_value_with_a_sign_of_ketoacidosis_is_an_emergency(sign: str, value: Any) -> None:
    assert read(value, **{sign: "yes"})["level"] == "emergency"
    assert "acid" in read(value, **{sign: "yes"})["steps"]


# brief §9, last row, and before walking: blood >=1.5
KETONES = [
    (0.0, "ok", None),
    (0.6, "ok", None),
    (0.7, "some", "within_days"),
    (1.5, "some", "within_days"),
    (1.6, "high", "same_day"),
    (2.9, "high", "same_day"),
    (3.0, "very_high", "emergency"),
    (8.0, "very_high", "emergency"),
]
STRIPS = [
    ("negative", "ok", None),
    ("trace", "ok", None),
    ("small", "some", "within_days"),
    ("moderate", "high", "same_day"),
    ("large", "very_high", "emergency"),
]


@pytest.mark.parametrize(("blood", "ketones", "level"), KETONES)
@pytest.mark.parametrize("value", [110, 250])
def test_each_row_of_blood_ketones(value: float, blood: float, ketones: str, level: str | None) -> None:
    outcome = read(value, ketone_test="blood", ketones_blood=blood)
    assert (outcome["ketones"], outcome["level"]) == (ketones, level)
    assert f"ketones_{ketones}" in outcome["steps"]


@pytest.mark.parametrize(("strip", "ketones", "level"), STRIPS)
def test_each_word_of_a_strip(strip: str, ketones: str, level: str | None) -> None:
    outcome = read(250, ketone_test="strip", ketones_strip=strip)
    assert (outcome["ketones"], outcome["level"]) == (ketones, level)


def test_who_feels_ill_on_an_sglt2_inhibitor_checks_ketones_at_any_sugar() -> None:
    outcome = read(110, sglt2_inhibitor="yes", feels_ill="yes")
    assert outcome["ask_ketones"] is True
    assert "ketones_sglt2" in outcome["steps"]
    assert read(110, feels_ill="yes")["ask_ketones"] is False


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
    assert [walk(value, feels_ill="yes")["verdict"] for value in (249, 250)] == ["go", "no"]
    assert [walk(value, MMOL, feels_ill="yes")["verdict"] for value in (3.8, 13.8, 13.9)] == ["treat", "go", "no"]
    assert walk("HI")["verdict"] == "no"


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


@given(st.dictionaries(st.sampled_from(["context", "value", "unit", "targets", "pregnant"]), st.none() | st.text()))
def test_a_position_of_nonsense_is_none(inputs: dict[str, Any]) -> None:
    assert target_position(inputs) == "none"


@pytest.mark.parametrize("unit", [MG, MMOL])
def test_the_usual_target_may_be_set_as_ones_own(unit: str) -> None:
    limits: Any = glucose_limits()
    assert target_problem({"unit": unit, **limits["target"][unit]}) is None


def test_a_target_is_within_the_gates() -> None:
    """Below 70 (3.9) is low and 240 (13.3) is high whatever is set."""
    limits: Any = glucose_limits()["target_limits"]
    assert [limits[unit]["before_low"]["from"] for unit in (MG, MMOL)] == [70, 3.9]
    assert [limits[unit]["after_below"]["to"] for unit in (MG, MMOL)] == [240, 13.3]
    crossed = {"unit": MG, "before_low": 110, "before_high": 100, "after_below": 180}
    assert target_problem(crossed) == "before_high"


def test_what_may_be_typed_and_what_is_asked_about() -> None:
    """Brief §9 'Accept'."""
    limits: Any = glucose_limits()
    assert limits["accept"] == {MG: {"from": 20, "to": 600}, MMOL: {"from": 1.1, "to": 33.3}}
    assert limits["unit_doubt"] == {MG: {"at_most": 35}, MMOL: {"above": 33.3}}
    assert limits["confirm_from"] == {MG: 400, MMOL: 22.2}
    assert limits["minutes"]["low_counts"] == 4 * 60


def test_every_word_of_the_tables_has_its_sentence() -> None:
    words, action = text(), load_table("glucose_action")
    for row in action.rows:
        assert all(f"glucose.step.{step}" in words for step in row.outcome.get("steps", []))
        assert all(f"glucose.watch.{sign}" in words for sign in row.outcome.get("watch", []))
    for row in load_table("glucose_pre_exercise").rows:
        assert f"glucose.walk.{row.outcome['verdict']}" in words
        assert all(f"glucose.walk.step.{step}" in words for step in row.outcome["steps"])
    for row in load_table("glucose_label").rows:
        assert f"glucose.label.{row.outcome['label']}" in words
    assert all(f"glucose.sign.{sign}" in words for sign in SIGNS)
