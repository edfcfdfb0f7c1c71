"""Foot checks, shoe checks and the last foot exam: what is kept, and what differs from today's rules."""

from typing import Any

import pytest

from server.care.decisions import decide
from tests.factories import Browser

HEEL = {"area": "left.heel", "sign": "open_sore"}


def decision(kind: str = "foot_check", **inputs: Any) -> dict[str, Any]:
    return dict(decide(kind, inputs))


def test_a_check_with_everything_comes_back_as_it_was(patient: Browser) -> None:
    told = {
        "result": "seen",
        "findings": [HEEL, {"area": "right.whole", "sign": "new_numbness"}],
        "temperature_unit": "F",
        "temperatures": [{"spot": "heel", "left": 90.1, "right": 86}, {"spot": "arch", "left": None, "right": 86.5}],
        "level": "same_day",
        "decision": decision(result="seen", open_sore="yes"),
        "note": "By the window.",
    }
    kept = patient.put_foot_check(**told)
    assert {name: kept[name] for name in told} == told
    assert kept["rules_differ"] is False


def test_what_this_server_would_decide_otherwise_is_kept_and_marked(patient: Browser) -> None:
    loose = decision(result="seen", open_sore="yes") | {"outcome": {"clear": True}}
    assert patient.put_foot_check(result="seen", findings=[HEEL], decision=loose)["rules_differ"] is True
    assert patient.put_shoe_check(decision=decision("shoe_check", footwear="shoe"))["rules_differ"] is False
    assert patient.put_shoe_check(decision={**decision("shoe_check"), "outcome": {}})["rules_differ"] is True


def test_a_place_and_a_sign_of_a_later_app_are_kept(patient: Browser) -> None:
    finding = {"area": "left.knee", "sign": "glows"}
    assert patient.put_foot_check(result="seen", findings=[finding])["findings"] == [finding]


@pytest.mark.parametrize(
    ("unit", "degrees"), [("C", 10), ("C", 45), ("C", 31.9), ("F", 50), ("F", 113), ("F", 88.7), ("C", None)]
)
def test_every_temperature_that_skin_can_have(patient: Browser, unit: str, degrees: float | None) -> None:
    measured = [{"spot": "heel", "left": degrees, "right": None}]
    assert patient.put_foot_check(temperature_unit=unit, temperatures=measured)["temperatures"] == measured


def test_the_last_foot_exam_is_the_patients_own_setting(patient: Browser, stranger: Browser) -> None:
    exam = {"on": "2026-05-02", "answered_on": "2026-11-22"}
    assert patient.patch("/me", {"foot_exam": exam}).get_json()["foot_exam"] == exam
    never = {"on": None, "answered_on": "2026-11-22"}
    assert patient.patch("/me", {"foot_exam": never}).get_json()["foot_exam"] == never
    assert patient.patch("/me", {"region": "GB"}).get_json()["foot_exam"] == never
    assert stranger.get("/me").get_json()["foot_exam"] is None
