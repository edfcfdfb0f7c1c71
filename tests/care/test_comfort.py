"""Heat and cold (brief §3): every row of the gate, the water in both units, and the eight minutes."""

import json
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.care.content import load_table, text
from server.care.decisions import EVALUATORS

GATE, WATER = load_table("heat_gate"), load_table("bath_water")
# Written by reading the brief: somebody whom no row refuses.
ADMITTED = {
    "way": "lukewarm_water",
    "warning": "no",
    "numb_feet": "no",
    "feels_temperature": "yes",
    "sensation_test": "yes",
    "past_ulcer_or_shape": "no",
    "poor_circulation": "no",
    "blood_clot": "no",
    "swollen_legs_or_cancer": "no",
    "cold_illness": "no",
    "cream_or_oil": "no",
    "drowsy_or_alcohol": "no",
    "adult": "yes",
    "thermometer": "yes",
    "clinic_ok": "yes",
}
# brief §3, row by row: the answers that are refused, the result, whether the ladder comes first
ROWS = [
    ("way", ["device"], "refuse", False),
    ("warning", ["yes", "not_sure"], "refuse", True),
    ("numb_feet", ["yes", "not_sure"], "refuse", False),
    ("feels_temperature", ["no", "not_sure", "never_tested"], "refuse", False),
    ("sensation_test", ["no", "not_sure"], "refuse", False),
    ("past_ulcer_or_shape", ["yes", "not_sure"], "refuse", False),
    ("poor_circulation", ["yes", "not_sure"], "refuse", False),
    ("blood_clot", ["yes", "not_sure"], "refuse", False),
    ("swollen_legs_or_cancer", ["yes", "not_sure"], "refuse", False),
    ("cold_illness", ["yes", "not_sure"], "refuse", False),
    ("cream_or_oil", ["yes", "not_sure"], "refuse", False),
    ("drowsy_or_alcohol", ["yes", "not_sure"], "refuse", False),
    ("adult", ["no"], "refuse", False),
    ("thermometer", ["no"], "no_timer", False),
    ("clinic_ok", ["no"], "ask_clinic", False),
]
STRICTNESS = ["refuse", "no_timer", "ask_clinic", "offer"]


def comfort(**answers: Any) -> dict[str, Any]:
    return dict(EVALUATORS["comfort"](ADMITTED | answers))


def test_who_meets_no_row_is_offered_lukewarm_comfort() -> None:
    assert comfort() == {"result": "offer", "why": "none", "ladder": False}


def test_there_is_a_row_here_for_every_question() -> None:
    assert {name for name, *_ in ROWS} == set(ADMITTED) == {known.name for known in GATE.inputs}


@pytest.mark.parametrize(
    ("name", "answer", "result", "ladder"),
    [(name, answer, result, ladder) for name, answers, result, ladder in ROWS for answer in answers],
)
def test_each_row_alone(name: str, answer: str, result: str, ladder: bool) -> None:
    found = comfort(**{name: answer})
    assert (found["result"], found["ladder"]) == (result, ladder)
    assert f"heat.why.{found['why']}" in text()


@pytest.mark.parametrize("name", ADMITTED)
@pytest.mark.parametrize("nonsense", [None, "", "maybe", 1, True, []])
def test_what_is_missing_or_nonsense_is_never_offered(name: str, nonsense: Any) -> None:
    assert comfort(**{name: nonsense})["result"] != "offer"
    assert EVALUATORS["comfort"]({key: value for key, value in ADMITTED.items() if key != name})["result"] != "offer"


def test_a_warning_has_the_ladder_whatever_is_wanted() -> None:
    assert comfort(way="device", warning="yes") == {"result": "refuse", "why": "warning", "ladder": True}


def test_a_device_is_refused_even_for_who_may_do_everything_else() -> None:
    assert comfort(way="device")["why"] == "device"


@given(st.fixed_dictionaries({known.name: st.sampled_from(known.answers) for known in GATE.inputs}), st.data())
def test_no_stricter_answer_has_a_looser_outcome(answers: dict[str, str], data: st.DataObject) -> None:
    known = data.draw(st.sampled_from(GATE.inputs))
    calm = EVALUATORS["comfort"](answers)
    strict = EVALUATORS["comfort"](answers | {known.name: known.strictest})
    assert STRICTNESS.index(str(strict["result"])) <= STRICTNESS.index(str(calm["result"]))


# brief §3: warm 32-35 °C (90-95 °F), stop above 37 °C (98.6 °F), cool not below 20 °C (68 °F)
@pytest.mark.parametrize(
    ("bowl", "unit", "temperature", "water"),
    [
        ("warm", "C", 32, "fits"),
        ("warm", "C", 35, "fits"),
        ("warm", "C", 31.9, "too_cool"),
        ("warm", "C", 35.1, "too_warm"),
        ("warm", "C", 37, "too_warm"),
        ("warm", "C", 37.1, "too_hot"),
        ("warm", "F", 90, "fits"),
        ("warm", "F", 95, "fits"),
        ("warm", "F", 89.9, "too_cool"),
        ("warm", "F", 95.1, "too_warm"),
        ("warm", "F", 98.6, "too_warm"),
        ("warm", "F", 98.7, "too_hot"),
        ("cool", "C", 20, "fits"),
        ("cool", "C", 31.9, "fits"),
        ("cool", "C", 19.9, "too_cool"),
        ("cool", "C", 32, "too_warm"),
        ("cool", "C", 37.1, "too_hot"),
        ("cool", "F", 68, "fits"),
        ("cool", "F", 89.9, "fits"),
        ("cool", "F", 67.9, "too_cool"),
        ("cool", "F", 90, "too_warm"),
        ("cool", "F", 98.7, "too_hot"),
        # a mistaken unit
        ("warm", "C", 92, "too_hot"),
        ("warm", "F", 34, "too_cool"),
        ("cool", "C", 75, "too_hot"),
        ("cool", "F", 24, "too_cool"),
    ],
)
def test_the_water_is_compared_in_its_own_unit(bowl: str, unit: str, temperature: float, water: str) -> None:
    assert WATER.evaluate({"bowl": bowl, "unit": unit, "temperature": temperature})["water"] == water


@given(
    st.sampled_from(["warm", "cool", "bath", None]),
    st.sampled_from(["C", "F", "K", None]),
    st.none() | st.text(max_size=3) | st.booleans() | st.floats(),
)
def test_only_water_within_the_briefs_limits_fits(bowl: Any, unit: Any, temperature: Any) -> None:
    found = WATER.evaluate({"bowl": bowl, "unit": unit, "temperature": temperature})["water"]
    limits = {("warm", "C"): (32, 35), ("warm", "F"): (90, 95), ("cool", "C"): (20, 32), ("cool", "F"): (68, 90)}
    if found == "fits":
        low, high = limits[bowl, unit]
        assert low <= temperature <= high


def test_the_bath_is_three_warm_one_cool_twice_with_a_look_at_minute_two() -> None:
    bath = json.loads(resources.files("server.care").joinpath("comfort.json").read_text())
    bowls: list[list[Any]] = []
    for step in bath["steps"]:
        if bowls and bowls[-1][0] == step["bowl"]:
            bowls[-1][1] += step["seconds"]
        else:
            bowls.append([step["bowl"], step["seconds"]])
    assert bowls == [["warm", 180], ["cool", 60], ["warm", 180], ["cool", 60]]
    assert sum(step["seconds"] for step in bath["steps"]) == bath["total_seconds"] == 480
    looks = [index for index, step in enumerate(bath["steps"]) if step["kind"] == "look"]
    assert [sum(step["seconds"] for step in bath["steps"][:index]) for index in looks] == [120]
    assert (bath["longest_minutes"], bath["most_a_day"], bath["most_a_week"]) == (10, 1, 3)
    assert all(step["line"] in text() for step in bath["steps"])


def test_every_question_and_the_refusal_have_their_words() -> None:
    for known in GATE.inputs:
        assert known.question is None or known.question in text()
    assert text()["heat.refusal"] == (
        "Heat and ice can injure feet that do not feel well. You may not notice a burn. "
        "We do not guide heat or cold for you. Ask your foot clinic if you want to try it."
    )
    never = " ".join(text()[f"heat.never.{n}"].lower() for n in range(1, 5))
    for device in (
        *("hot-water bottle", "heating pad", "electric blanket", "microwave pack", "heated massager"),
        *("foot spa", "heater", "fire", "ice", "frozen bottle", "gel pack"),
    ):
        assert device in never
