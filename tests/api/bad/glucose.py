"""Sugar readings, and the targets that a patient's own clinic gave."""

from tests.api.bad.cases import NAIVE, Case, ahead, bad, lacking
from tests.factories import glucose_reading

READING = "/glucose-readings/{id}"
TARGETS = {"unit": "mg/dL", "before_low": 80, "before_high": 130, "after_below": 180}

READINGS: list[Case] = [
    *bad(
        READING,
        glucose_reading,
        ("value", ""),
        ("value", "abc"),
        ("value", "-5"),
        ("value", "1e3"),
        ("value", "5."),
        ("value", "5,678"),
        ("value", "１１０"),
        ("value", "2001"),
        ("value", "110\n"),
        ("value", 110),
        ("value", None),
        ("unit", "mmol/l"),
        ("unit", None),
        ("special", "HI", "value"),
        ("special", "ERR"),
        ("context", "lunch"),
        ("context", None),
        ("ketones", {}, "ketones.blood"),
        ("ketones", {"blood": "0,6", "strip": "small"}, "ketones.blood"),
        ("ketones", {"blood": "21"}, "ketones.blood"),
        ("ketones", {"strip": "blue"}, "ketones.strip"),
        ("signs", None),
        ("signs", [5], "signs.0"),
        ("signs", ["x"] * 21),
        ("confirmed", "yes"),
        ("note", ""),
        ("recorded_at", NAIVE),
        ("decision", {}, "decision.inputs"),
        ("colour", "red"),
    ),
    *lacking(READING, glucose_reading, "value", "unit", "on"),
    *ahead(READING, glucose_reading, "recorded_at"),
]
OWN_TARGETS: list[Case] = [
    ("PATCH", "/me", {"glucose_targets": targets}, "invalid_fields", f"glucose_targets.{named}")
    for targets, named in (
        *(
            ({**TARGETS, name: value}, name)
            for name, value in (
                ("unit", "stone"),
                ("before_low", 69),
                ("before_low", 111),
                ("before_low", "80"),
                ("before_low", True),
                ("before_high", 201),
                ("before_high", 89),
                ("after_below", 241),
                ("colour", "red"),
            )
        ),
        ({**TARGETS, "before_low": 100, "before_high": 95}, "before_high"),
        ({"unit": "mg/dL"}, "after_below"),
    )
]
CASES = [*READINGS, *OWN_TARGETS]
