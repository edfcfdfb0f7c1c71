"""What a sugar reading is called: every row and cut-off of brief §9, in both units, with targets."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.care.content import glucose_limits
from server.care.decisions import is_low_reading
from server.care.glucose import target_position, target_problem
from tests.care.sugar import MG, MMOL, read, unhurried

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
