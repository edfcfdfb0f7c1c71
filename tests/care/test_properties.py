"""No stricter answer has a looser outcome, and what is missing or unknown is the strictest; for any answers at all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.care.content import load_table
from server.care.decisions import (
    EVALUATORS,
    decide,
    evaluate_profile,
    evaluate_session,
    evaluate_stop,
    own_techniques,
    same_decision,
)
from tests.care.answers import FOLLOW_UPS, NO_FLAG, NO_STOP, NO_WARNING

MODES = ["standard", "gentle", "still", "ask", "block"]
LEVELS = [None, "within_days", "same_day", "emergency"]
ENDS = [None, "four_hours", "reading_ok_or_15_min", "check_clear", "clinic_ok"]

CALM = {
    "profile": NO_FLAG | {"cleared": "yes"},
    "session": NO_WARNING | dict.fromkeys(FOLLOW_UPS.values(), "no") | {"areas_marked": "yes"},
}
# A busy machine is no failure.
unhurried = settings(deadline=None)
PRESSING = {"stroking", "kneading", "pressure_points", "rolling", "warm_oil"}


def strict_answer(kind: str, name: str) -> str:
    """The other end of the calm answer: 'no' where the calm one is 'yes', 'not yet' for the care team."""
    if name == "care_team_ok":
        return "not_yet"
    return "no" if CALM[kind][name] == "yes" else "yes"


def sheets(kind: str) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries(
        {name: st.sampled_from([calm, strict_answer(kind, name)]) for name, calm in CALM[kind].items()}
    )


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


def looser_profile(one: dict[str, Any], than: dict[str, Any]) -> list[str]:
    """The members in which `one` allows more than `than`."""
    found = [name for name in ("mode", "mode_once_cleared") if MODES.index(one[name]) < MODES.index(than[name])]
    found += ["pressure_cap"] if one["pressure_cap"] > than["pressure_cap"] else []
    found += [name for name in ("flags", "ask_about") if not set(one[name]) >= set(than[name])]
    found += ["own"] if one["own"] and not than["own"] else []
    # C8 is offered where less is possible (brief §2.1: a chair for those who cannot reach, or with numb hands).
    extra = set(one["scripts"]) - set(than["scripts"]) - {"C8"}
    extra |= set(one["scripts_with_helper"]) - set(than["scripts_with_helper"])
    return found + sorted(extra)


def looser_session(one: dict[str, Any], than: dict[str, Any]) -> list[str]:
    found = ["block"] if than["block"] and not one["block"] else []
    found += ["level"] if LEVELS.index(one["level"]) < LEVELS.index(than["level"]) else []
    found += ["ends"] if ENDS.index(one["ends"]) < ENDS.index(than["ends"]) else []
    found += [] if set(one["warnings"]) >= set(than["warnings"]) else ["warnings"]
    for block in than["blocks"]:
        own = next((other for other in one["blocks"] if other["warning"] == block["warning"]), None)
        ranks = [(LEVELS, "level"), (ENDS, "ends")]
        if own is None or any(order.index(own[name]) < order.index(block[name]) for order, name in ranks):
            found.append(block["warning"])
    return found


@unhurried
@given(sheets("profile"), st.sampled_from(list(CALM["profile"])))
def test_no_stricter_profile_answer_allows_more(sheet: dict[str, str], name: str) -> None:
    stricter = evaluate_profile(sheet | {name: strict_answer("profile", name)})
    assert looser_profile(stricter, evaluate_profile(sheet)) == []


@unhurried
@given(sheets("profile"), st.sampled_from(list(CALM["profile"])), st.booleans())
def test_no_stricter_profile_offers_another_way_to_press(sheet: dict[str, str], name: str, skipped: bool) -> None:
    """A stricter mode has gentler techniques of its own; nothing of a looser mode may come back with it."""
    loose = evaluate_profile(sheet)
    strict = evaluate_profile(sheet | {name: strict_answer("profile", name)})
    if strict["mode"] == loose["mode"]:
        extra = set(own_techniques(strict, areas_skipped=skipped)) - set(own_techniques(loose, areas_skipped=skipped))
        assert not extra
    else:
        assert not set(own_techniques(strict, areas_skipped=skipped)) & PRESSING
    assert set(own_techniques(loose, areas_skipped=True)) <= set(own_techniques(loose, areas_skipped=False))


@unhurried
@given(sheets("session"), st.sampled_from(list(CALM["session"])))
def test_no_stricter_check_allows_more(sheet: dict[str, str], name: str) -> None:
    stricter = evaluate_session(sheet | {name: strict_answer("session", name)})
    assert looser_session(stricter, evaluate_session(sheet)) == []


@unhurried
@given(data=st.data(), nonsense=anything)
def test_what_a_stop_leaves_unsaid_is_the_strictest(data: st.DataObject, nonsense: object) -> None:
    table = load_table("session_stop")
    sheet = data.draw(st.fixed_dictionaries({known.name: st.sampled_from(known.answers) for known in table.inputs}))
    known = data.draw(st.sampled_from(table.inputs))
    strict = evaluate_stop(sheet | {known.name: known.strictest})
    assert evaluate_stop({name: value for name, value in sheet.items() if name != known.name}) == strict
    if not (isinstance(nonsense, str) and nonsense in known.answers):
        assert evaluate_stop(sheet | {known.name: nonsense}) == strict


@pytest.mark.parametrize("kind", ["profile", "session"])
@unhurried
@given(data=st.data(), nonsense=anything)
def test_missing_and_unknown_are_the_strictest(kind: str, data: st.DataObject, nonsense: object) -> None:
    sheet = data.draw(sheets(kind))
    name = data.draw(st.sampled_from(list(sheet)))
    strict = EVALUATORS[kind](sheet | {name: strict_answer(kind, name)})
    gaps = {key: value for key, value in sheet.items() if key != name}
    assert EVALUATORS[kind](gaps) == strict
    if nonsense not in ("yes", "no", "not_yet"):
        assert EVALUATORS[kind](sheet | {name: nonsense}) == strict
    assert EVALUATORS[kind](sheet | {name: "not_sure"}) == strict


@unhurried
@given(st.dictionaries(st.text(max_size=8), anything, max_size=4), st.sampled_from(["profile", "session", "stop"]))
def test_names_that_no_table_knows_change_nothing(extra: dict[str, object], kind: str) -> None:
    calm = {"profile": NO_FLAG, "session": NO_WARNING, "stop": NO_STOP}[kind]
    known = {name: value for name, value in extra.items() if name not in calm}
    assert EVALUATORS[kind](known | calm) == EVALUATORS[kind](calm)


@pytest.mark.parametrize("kind", ["profile", "session", "stop"])
def test_what_was_decided_here_is_the_same_here(kind: str) -> None:
    decision = json.loads(json.dumps(decide(kind, {"open_sore": "yes", "reason": "pain"})))
    assert decision["rules_version"] == "2026-11-22"
    assert same_decision(kind, decision)
    assert same_decision(kind, decision | {"rules_version": "2020-01-01"})
    assert not same_decision(kind, decision | {"outcome": decision["outcome"] | {"more": 1}})
    assert not same_decision(kind, decision | {"inputs": None})


def test_true_written_as_one_is_not_the_same() -> None:
    decision = decide("session", {})
    assert not same_decision("session", {**decision, "outcome": {**decision["outcome"], "block": 1}})


@unhurried
@given(anything, anything, st.sampled_from(["profile", "session", "stop", "unheard_of"]))
def test_comparing_never_raises(inputs: object, outcome: object, kind: str) -> None:
    assert same_decision(kind, inputs) is False
    assert same_decision(kind, {"inputs": inputs, "outcome": outcome}) is False
    assert same_decision(kind, {"inputs": {"reason": inputs}, "outcome": {"signs": outcome}}) is False
