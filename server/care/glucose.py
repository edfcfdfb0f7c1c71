"""What a sugar reading is called, what to do about it, and whether to walk with it (brief §9). Pure; no clock."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import cast

from server.care.content import glucose_limits, load_table
from server.care.rules import Json, Outcome

BEFORE, AFTER = ("fasting", "before_meal"), ("after_meal",)
SIGNS = (
    "vomiting",
    "fruity_breath",
    "fast_breathing",
    "belly_pain",
    "confusion",
    "drowsy",
    "fit",
    "cannot_swallow",
    "very_thirsty",
    "feels_ill",
)
URGENT = ("emergency", "same_day")


def evaluate_glucose(inputs: Mapping[str, object]) -> Outcome:
    """The label of a reading, how urgent it is, the sentences that say what to do, and when to check again."""
    label = _label(inputs)
    ketones = load_table("glucose_ketones").evaluate(inputs)["ketones"]
    action = load_table("glucose_action").evaluate({**inputs, "label": label, "ketones": ketones})
    return {"label": label, "ketones": ketones, **action}


def evaluate_pre_exercise(inputs: Mapping[str, object]) -> Outcome:
    """Whether to start a walk with this reading; what is urgent about the reading itself is joined with it."""
    action = load_table("glucose_action")
    level = evaluate_glucose(inputs)["level"]
    read = {known.name: known.read(inputs.get(known.name)) for known in action.inputs}
    medicine = any(read[name] != "no" for name in ("low_sugar_medicine", "type_1"))
    outcome = load_table("glucose_pre_exercise").evaluate(
        {
            **inputs,
            "medicine": "yes" if medicine else "no",
            "urgent": "yes" if level in URGENT else "no",
            "well": "yes" if all(read[sign] == "no" for sign in SIGNS) else "no",
            "exercise": load_table("glucose_ketones").evaluate(inputs)["exercise"],
        }
    )
    return {**outcome, "level": action.members["level"].join([outcome["level"], level])}


def _label(inputs: Mapping[str, object]) -> Json:
    return load_table("glucose_label").evaluate({**inputs, "position": target_position(inputs)})["label"]


def in_target(inputs: Mapping[str, object]) -> bool | None:
    """Whether a reading lies in the target of its context; None where there is no target."""
    if inputs.get("special") in ("LO", "HI"):
        context = inputs.get("context") in (*BEFORE, *AFTER)
        return False if context and _target(inputs, inputs.get("unit")) is not None else None
    return None if target_position(inputs) == "none" else _label(inputs) == "in_target"


def target_position(inputs: Mapping[str, object]) -> str:
    """Where a reading lies beside the target of its context: under, in, above, or none where there is no target.

    The patient's own target counts in the unit it was set in; beside a reading in the other unit there is none, for
    nothing is converted to compare. In pregnancy only a target of one's own counts.
    """
    context, value, unit = inputs.get("context"), inputs.get("value"), inputs.get("unit")
    if context not in (*BEFORE, *AFTER) or not _is_number(value):
        return "none"
    target = _target(inputs, unit)
    if target is None:
        return "none"
    reading = cast("float", value)
    if context in AFTER:
        return "in" if reading < target["after_below"] else "above"
    if reading < target["before_low"]:
        return "under"
    return "in" if reading <= target["before_high"] else "above"


def _target(inputs: Mapping[str, object], unit: object) -> Mapping[str, float] | None:
    own = inputs.get("targets")
    if isinstance(own, Mapping):
        known = all(_is_number(own.get(name)) for name in ("before_low", "before_high", "after_below"))
        return cast("Mapping[str, float]", own) if known and own.get("unit") == unit else None
    if own is not None or inputs.get("pregnant") != "no" or unit not in ("mg/dL", "mmol/L"):
        return None
    targets = cast("Mapping[str, Mapping[str, float]]", glucose_limits()["target"])
    return targets[unit]


def target_problem(targets: Mapping[str, Json]) -> str | None:
    """The member of a target of one's own that is out of bounds or in the wrong order; None when it may be kept."""
    limits = cast("Mapping[str, Mapping[str, Mapping[str, Mapping[str, float]]]]", glucose_limits())
    numbers = cast("Mapping[str, float]", targets)
    for name, allowed in limits["target_limits"][str(targets["unit"])].items():
        if not allowed["from"] <= numbers[name] <= allowed["to"]:
            return name
    return "before_high" if numbers["before_low"] >= numbers["before_high"] else None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
