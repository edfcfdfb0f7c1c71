"""Foot checks, shoe checks and foot baths."""

from typing import Any

from tests.api.bad.cases import NAIVE, Case, ahead, bad
from tests.factories import comfort_log, foot_check, shoe_check

FEET, SHOES, BATH = "/foot-checks/{id}", "/shoe-checks/{id}", "/comfort-logs/{id}"


def heel(left: Any = None, right: Any = None) -> dict[str, Any]:
    return {"spot": "heel", "left": left, "right": right}


FOOT_CHECKS: list[Case] = [
    *(
        ("PUT", FEET, foot_check(**{"result": "seen", **changes}), "invalid_fields", named)
        for changes, named in (
            ({"on": "today"}, "on"),
            ({"recorded_at": NAIVE}, "recorded_at"),
            ({"result": "fine"}, "result"),
            ({"result": None}, "result"),
            ({"result": "all_clear", "findings": [{"area": "left.heel", "sign": "cracks"}]}, "findings"),
            ({"findings": [{"area": "left.heel"}]}, "findings.0.sign"),
            ({"findings": [{"area": "", "sign": "cracks"}]}, "findings.0.area"),
            ({"findings": [{"area": "left.heel", "sign": "x" * 33}]}, "findings.0.sign"),
            ({"findings": ["left.heel"]}, "findings.0"),
            ({"findings": [{"area": "left.heel", "sign": "cracks"}] * 201}, "findings"),
            ({"temperature_unit": "K", "temperatures": [heel(left=30)]}, "temperature_unit"),
            ({"temperature_unit": "C"}, "temperature_unit"),
            ({"temperatures": [heel(left=30)]}, "temperature_unit"),
            ({"temperature_unit": "C", "temperatures": [heel(left=9.9)]}, "temperatures.0.left"),
            ({"temperature_unit": "C", "temperatures": [heel(right=45.1)]}, "temperatures.0.right"),
            ({"temperature_unit": "F", "temperatures": [heel(left=49.9)]}, "temperatures.0.left"),
            ({"temperature_unit": "F", "temperatures": [heel(left=113.1)]}, "temperatures.0.left"),
            ({"temperature_unit": "C", "temperatures": [heel(left=30.25)]}, "temperatures.0.left"),
            ({"temperature_unit": "C", "temperatures": [heel(left="30")]}, "temperatures.0.left"),
            ({"temperature_unit": "C", "temperatures": [heel(left=True)]}, "temperatures.0.left"),
            ({"temperature_unit": "C", "temperatures": [heel(), heel()]}, "temperatures"),
            ({"level": "soon"}, "level"),
            ({"decision": {}}, "decision.inputs"),
            ({"note": ""}, "note"),
        )
    ),
    *ahead(FEET, foot_check, "recorded_at"),
]
SHOE_CHECKS: list[Case] = [
    *bad(
        SHOES,
        shoe_check,
        ("on", None),
        ("recorded_at", NAIVE),
        ("verdict", "fine"),
        ("decision", None),
        ("decision", {"inputs": {}}, "decision.outcome"),
        ("note", "x" * 2001),
    ),
    *ahead(SHOES, shoe_check, "recorded_at"),
]
BATHS: list[Case] = [
    *bad(
        BATH,
        comfort_log,
        ("warm_temperature", "warm"),
        ("warm_temperature", "34.55"),
        ("warm_temperature", 34),
        ("cool_temperature", "-4"),
        ("cool_temperature", None),
        ("temperature_unit", "K"),
        ("seconds_done", 601),
        ("state", "running"),
        ("stop_reason", "bored"),
        ("skin", "red"),
        ("ended_at", "2026-11-22T07:59:00Z"),
        ("decision", {}, "decision.inputs"),
    ),
    *ahead(BATH, comfort_log, "ended_at"),
]
CASES = [*FOOT_CHECKS, *SHOE_CHECKS, *BATHS]
