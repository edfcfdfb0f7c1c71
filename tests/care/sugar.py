"""Sugar readings for the tests: calm in everything that is not said, written by reading the brief, not the tables."""

from typing import Any

from hypothesis import settings

from server.care.decisions import EVALUATORS
from server.care.glucose import SIGNS
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


def said(outcome: dict[str, Any]) -> list[str]:
    """The sentences that a patient reads: in an emergency only what matters then."""
    return [*outcome["steps"], *([] if outcome["level"] == "emergency" else outcome["plan"])]


def walk(value: float | str, unit: str = MG, **changes: Any) -> dict[str, Any]:
    return dict(EVALUATORS["pre_exercise"](sheet(value, unit, **changes)))
