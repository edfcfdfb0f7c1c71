"""What to do about a sugar reading: every row of brief §9, written from the brief and not from the tables."""

from typing import Any

import pytest

from server.care.content import load_table, text
from server.care.glucose import SIGNS
from tests.care.sugar import ACID, MG, MMOL, RISKS, SLEEPY, read, said


@pytest.mark.parametrize("sign", SLEEPY)
@pytest.mark.parametrize("value", ["LO", 53, 60])
def test_low_and_not_awake_is_an_emergency_with_nothing_by_mouth(sign: str, value: Any) -> None:
    outcome = read(value, **{sign: "yes"})
    assert outcome["level"] == "emergency"
    assert {"nothing_by_mouth", "glucagon"} <= set(outcome["steps"])
    assert "fast_carbs" not in outcome["steps"]


def test_very_low_and_awake_has_sugar_now_and_its_level_alone_says_when_to_call() -> None:
    for value, unit in (("LO", MG), (53, MG), (2.9, MMOL)):
        outcome = read(value, unit)
        assert (outcome["level"], outcome["recheck"], outcome["watch"]) == ("same_day", 15, ["low"])
        assert outcome["steps"][:3] == ["fast_carbs", "tell_someone", "wait_15"]
        assert outcome["plan"] == []


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
        "steps": [],
        "plan": ["under_target"],
        "watch": [],
    }
    for risk in ("low_sugar_medicine", "type_1"):
        for answer in ("yes", "not_sure", None):
            outcome = read(75, context="fasting", **{risk: answer})
            assert (said(outcome), outcome["recheck"], outcome["level"]) == (
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
        assert (said(outcome), outcome["level"], outcome["recheck"], outcome["watch"]) == (steps, None, None, [])


@pytest.mark.parametrize(("value", "unit"), [(240, MG), (299, MG), (13.3, MMOL), (16.6, MMOL)])
def test_high_drinks_water_and_checks_ketones_where_it_matters(value: float, unit: str) -> None:
    calm = read(value, unit)
    assert (said(calm), calm["ask_ketones"], calm["level"]) == (["drink_water", "high_plan"], False, None)
    for name, answer in [*((risk, "yes") for risk in RISKS), *((risk, "not_sure") for risk in RISKS)]:
        outcome = read(value, unit, **{name: answer})
        assert (outcome["ask_ketones"], outcome["recheck"]) == (True, 240)
        assert "check_ketones" in said(outcome)
    assert read(value, unit, feels_ill="yes")["ask_ketones"] is True


@pytest.mark.parametrize("value", [250, 320, "HI"])
def test_who_has_tested_ketones_is_told_when_to_test_again_and_not_to_test_now(value: float | str) -> None:
    for risk in (*RISKS, "feels_ill"):
        outcome = read(value, **{risk: "yes"}, ketone_test="blood", ketones_blood=0.4)
        assert outcome["ask_ketones"] is False
        assert "check_ketones" not in said(outcome)
        assert "ketones_again" in said(outcome)
    assert "ketones_again" not in said(read(value, ketone_test="blood", ketones_blood=0.4))


def test_very_high_is_checked_again_and_still_so_after_an_hour_is_today() -> None:
    for value, unit in ((300, MG), (16.7, MMOL)):
        outcome = read(value, unit)
        assert (outcome["level"], outcome["recheck"], said(outcome)[0]) == (None, 60, "wash_recheck")
        for sign in ({"high_for_an_hour": "yes"}, {"feels_ill": "yes"}):
            later = read(value, unit, **sign)
            assert later["level"] == "same_day"
            assert "urgent_care" in said(later)
    assert read(299, high_for_an_hour="yes")["level"] is None


def test_hi_is_repeated_once_and_then_an_emergency() -> None:
    for value, unit in (("HI", MG), (600, MG), (33.3, MMOL)):
        outcome = read(value, unit)
        assert (outcome["level"], said(outcome)[:2]) == ("same_day", ["wash_recheck", "still_hi"])
        for sign in ("hi_again", "confusion", "very_thirsty", "drowsy"):
            assert read(value, unit, **{sign: "yes"})["level"] == "emergency"
    assert read(599, hi_again="yes")["level"] is None


@pytest.mark.parametrize("sign", ACID)
@pytest.mark.parametrize("value", ["LO", 60, 75, 110, 200, 250, 320, "HI"])
def test_any_value_with_a_sign_of_ketoacidosis_is_an_emergency(sign: str, value: Any) -> None:
    assert read(value, **{sign: "yes"})["level"] == "emergency"
    assert "acid" in said(read(value, **{sign: "yes"}))


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
    assert f"ketones_{ketones}" in said(outcome)


@pytest.mark.parametrize(("strip", "ketones", "level"), STRIPS)
def test_each_word_of_a_strip(strip: str, ketones: str, level: str | None) -> None:
    outcome = read(250, ketone_test="strip", ketones_strip=strip)
    assert (outcome["ketones"], outcome["level"]) == (ketones, level)


def test_who_feels_ill_on_an_sglt2_inhibitor_checks_ketones_at_any_sugar() -> None:
    outcome = read(110, sglt2_inhibitor="yes", feels_ill="yes")
    assert outcome["ask_ketones"] is True
    assert "ketones_sglt2" in said(outcome)
    tested = read(110, sglt2_inhibitor="yes", feels_ill="yes", ketone_test="strip", ketones_strip="negative")
    assert (tested["ask_ketones"], "ketones_sglt2" in said(tested)) == (False, False)
    assert read(110, feels_ill="yes")["ask_ketones"] is False


def test_every_word_of_the_tables_has_its_sentence() -> None:
    words, action = text(), load_table("glucose_action")
    for row in action.rows:
        assert all(f"glucose.step.{step}" in words for name in ("steps", "plan") for step in row.outcome.get(name, []))
        assert all(f"glucose.watch.{sign}" in words for sign in row.outcome.get("watch", []))
    for row in load_table("glucose_pre_exercise").rows:
        assert f"glucose.walk.{row.outcome['verdict']}" in words
        assert all(f"glucose.walk.step.{step}" in words for step in row.outcome["steps"])
    for row in load_table("glucose_label").rows:
        assert f"glucose.label.{row.outcome['label']}" in words
    assert all(f"glucose.sign.{sign}" in words for sign in SIGNS)
