"""What the tables decide together: profile, check before a session, triage, visit, foot check, shoes, diary."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import cast

from server.care.content import OWN, load_table, rules_version, scripts
from server.care.glucose import evaluate_glucose, evaluate_pre_exercise
from server.care.rules import Json, Outcome


def evaluate_profile(inputs: Mapping[str, object]) -> Outcome:
    """Mode, cap, flags, what the clinic must be asked about, and the scripts that the mode may run (brief §2.1).

    `cleared` among the inputs says whether the clinic's OK stands for everything asked about; only "yes" counts.
    """
    gate = load_table("profile_gate")
    rows = gate.matching(inputs)
    outcome = gate.join(rows)
    if outcome["mode"] == "ask" and inputs.get("cleared") == "yes":
        outcome["mode"] = outcome["mode_once_cleared"]
    gentle = [row.id for row in rows if row.outcome.get("mode_once_cleared") == "gentle"]
    reach = next(known for known in gate.inputs if known.name == "reaches_feet").read(inputs.get("reaches_feet"))
    allowed = load_table("allowed_scripts").evaluate(
        {
            "mode": outcome["mode"],
            "only_numb_hands": "yes" if gentle == ["numb_hands"] else "no",
            "any_flag": "yes" if rows else "no",
            "reaches_feet": "yes" if reach == "yes" else "no",
        }
    )
    return {**outcome, **allowed}


def evaluate_session(inputs: Mapping[str, object]) -> Outcome:
    """Whether today's check blocks the session, how urgent it is, and one block for each warning (brief §2.2, §2.4)."""
    gate = load_table("session_gate")
    rows = gate.matching(inputs)
    outcome = gate.join(rows)
    blocks: list[Json] = []
    for warning in cast("list[str]", outcome["warnings"]):
        own = gate.join([row for row in rows if warning in cast("list[str]", row.outcome["warnings"])])
        blocks.append({"warning": warning, "level": own["level"], "ends": own["ends"]})
    return {**outcome, "blocks": blocks}


def evaluate_stop(inputs: Mapping[str, object]) -> Outcome:
    """What comes of a massage that was stopped, or after which the skin looks different (brief §2.3)."""
    return load_table("session_stop").evaluate(inputs)


def check_of(inputs: Mapping[str, object]) -> dict[str, object]:
    """The check before a session that these signs stand for; what was not told here is "no" there."""
    gate = load_table("session_gate")
    told = cast("list[str]", load_table("triage").evaluate(inputs)["as_check"])
    check: dict[str, object] = {}
    for known in gate.inputs:
        if known.after is not None:
            check[known.name] = inputs.get(known.name)
        elif known.name in told:
            check[known.name] = "not_sure" if inputs.get(known.name) == "not_sure" else "yes"
        else:
            check[known.name] = "no"
    return check


def evaluate_triage(inputs: Mapping[str, object]) -> Outcome:
    """How urgent these signs are, whether to offer a call anyway, and the blocks they make (brief §2.2, §2.4, §11)."""
    table = load_table("triage")
    outcome = table.evaluate(inputs)
    check = evaluate_session(check_of(inputs))
    level = table.members["level"].join([outcome["level"], check["level"]])
    return {"level": level, "call": outcome["call"], "signs": outcome["signs"], "blocks": check["blocks"]}


def triage_of(inputs: Mapping[str, object]) -> dict[str, object]:
    """What is told under "Something wrong with my foot" when this is seen at a foot check; the rest is "no" there."""
    told = cast("list[str]", load_table("foot_check").evaluate(inputs)["as_triage"])
    found: dict[str, object] = {"areas_marked": inputs.get("areas_marked")}
    for known in load_table("triage").inputs:
        if known.after is not None:
            found[known.name] = inputs.get(known.name)
        else:
            found[known.name] = "yes" if known.name in told else "no"
    return found


def evaluate_foot_check(inputs: Mapping[str, object]) -> Outcome:
    """Whether the check is clear, how urgent what was found is, the blocks it makes, and what to do (brief §7)."""
    table = load_table("foot_check")
    outcome = table.evaluate(inputs)
    triage = evaluate_triage(triage_of(inputs))
    level = table.members["level"].join([outcome["level"], triage["level"]])
    members = {name: outcome[name] for name in ("clear", "signs", "advice")}
    return {**members, "level": level, "blocks": triage["blocks"]}


def evaluate_shoes(inputs: Mapping[str, object]) -> Outcome:
    """Whether these shoes may be worn now, and what to do about them (brief §8)."""
    return load_table("shoe_check").evaluate(inputs)


def evaluate_book(inputs: Mapping[str, object]) -> Outcome:
    """Which button a clinic's help needs: emergency, call, book or none; and why (brief §14)."""
    return load_table("book_triggers").evaluate(inputs)


def evaluate_symptoms(inputs: Mapping[str, object]) -> Outcome:
    """What a week of the diary says: its band, its change since the baseline week, and whether to tell the clinic."""
    return load_table("symptom_change").evaluate(inputs)


def evaluate_comfort(inputs: Mapping[str, object]) -> Outcome:
    """Whether heat and cold are refused, and why; whether the ladder comes first (brief §3)."""
    return load_table("heat_gate").evaluate(inputs)


def is_low_reading(value: float, unit: str, region: str) -> bool:
    """Whether a sugar reading is low, in the unit it was typed in (brief §2.2 G10, §9)."""
    return load_table("low_reading").evaluate({"value": value, "unit": unit, "region": region})["low"] is True


def may_start(profile: Mapping[str, Json], script_id: str, *, helper: bool) -> bool:
    """Whether this profile outcome lets this script start, alone or with a helper. Anything unclear is no."""
    if script_id == OWN:
        return profile.get("own") is True
    if script_id not in scripts():
        return False
    names = [profile.get("scripts")] + ([profile.get("scripts_with_helper")] if helper else [])
    return any(isinstance(allowed, list) and script_id in allowed for allowed in names)


def own_techniques(profile: Mapping[str, Json], *, areas_skipped: bool) -> list[str]:
    """The techniques that this person may choose from today (brief §2.1, §4); of an unclear outcome none."""
    table = load_table("own_techniques")
    flags = profile.get("flags")
    raised = {known.name for known in table.inputs} if not isinstance(flags, list) else set(flags)
    sheet = {known.name: "yes" if known.name in raised else "no" for known in table.inputs}
    found = table.evaluate({**sheet, "mode": profile.get("mode"), "areas_skipped": "yes" if areas_skipped else "no"})
    offered, left_out = cast("list[str]", found["offered"]), cast("list[str]", found["left_out"])
    return [name for name in offered if name not in left_out] if profile.get("own") is True else []


EVALUATORS: Mapping[str, Callable[[Mapping[str, object]], Outcome]] = {
    "profile": evaluate_profile,
    "session": evaluate_session,
    "stop": evaluate_stop,
    "triage": evaluate_triage,
    "book": evaluate_book,
    "glucose": evaluate_glucose,
    "pre_exercise": evaluate_pre_exercise,
    "symptoms": evaluate_symptoms,
    "comfort": evaluate_comfort,
    "foot_check": evaluate_foot_check,
    "shoe_check": evaluate_shoes,
}


def decide(kind: str, inputs: Mapping[str, Json]) -> Outcome:
    """The decision as records keep it: {rules_version, inputs, outcome}."""
    return {"rules_version": rules_version(), "inputs": inputs, "outcome": EVALUATORS[kind](inputs)}


def same_decision(kind: str, decision: object) -> bool:
    """Whether today's rules give the outcome that was recorded. Never raises: what cannot be read is not the same."""
    evaluate = EVALUATORS.get(kind)
    if evaluate is None or not isinstance(decision, Mapping):
        return False
    inputs, outcome = decision.get("inputs"), decision.get("outcome")
    if not isinstance(inputs, Mapping) or not isinstance(outcome, Mapping):
        return False
    try:
        return _canonical(evaluate(inputs)) == _canonical(outcome)
    except (TypeError, ValueError, RecursionError):
        return False


def _canonical(value: object) -> str:
    # Compared as text because True == 1 in Python, and a record with 1 for true is not the same decision.
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
