"""Session logs, the warnings before them, what a clinic allowed, and what was told as wrong."""

from uuid import uuid4

from tests.api.bad.cases import AHEAD, HUGE, NAIVE, NO_DECISION, Case, ahead, bad, lacking
from tests.factories import block, clearance, session_log, triage_event

LOG, BLOCK, CLEARANCE, EVENT = "/session-logs/{id}", "/blocks/{id}", "/clearances/{id}", "/triage-events/{id}"


def own(**changes: object) -> dict[str, object]:
    return session_log(script_id="OWN", **changes)


LOGS: list[Case] = [
    *bad(
        LOG,
        session_log,
        ("on", None),
        ("on", "22.11.2026"),
        ("on", "2026-02-30"),
        ("on", "2026-W47-7"),
        ("on", "1999-12-31"),
        ("on", 20261122),
        ("script_id", "S9000"),
        ("script_id", ""),
        ("script_id", "x" * 17),
        ("state", "paused"),
        ("state", True),
        ("started_at", NAIVE),
        ("started_at", "2026-11-22"),
        ("started_at", "0001-01-01T00:00:00+14:00"),
        ("started_at", 1700000000),
        ("ended_at", "2026-11-22T07:00:00Z"),
        ("seconds_done", -1),
        ("seconds_done", 2.5),
        ("seconds_done", "480"),
        ("seconds_done", True),
        ("seconds_done", HUGE),
        ("seconds_done", -HUGE),
        ("pain_before", 11),
        ("helper", 1),
        ("helper", "yes"),
        ("skin_same", "true"),
        ("stop_reason", "bored"),
        ("note", "x" * 2001),
        ("note", ""),
        ("note", 5),
        ("note", "a\0b"),
        ("decision", []),
        ("decision", {}, "decision.inputs"),
        ("decision", {**NO_DECISION, "inputs": {"a\0": 1}}, "decision.inputs"),
        ("decision", {**NO_DECISION, "colour": "red"}, "decision.colour"),
        ("occurrence_id", "5"),
        ("script_id", "OWN", "own"),
        ("own", {"techniques": ["stroking"], "minutes": 8}, "own"),
        ("areas_skipped", "left.heel"),
        ("areas_skipped", [""], "areas_skipped.0"),
        ("areas_skipped", ["left.heel"] * 49),
        ("profile_decision", {}, "profile_decision.inputs"),
        ("comfort", None),
        ("comfort", [5], "comfort.0"),
        ("comfort", [{"second": 60}], "comfort.0.score"),
        ("comfort", [{"second": 60, "score": 11}], "comfort.0.score"),
        ("comfort", [{"second": -1, "score": 5}], "comfort.0.second"),
        ("comfort", [{"second": 60, "score": 5}] * 61, "comfort"),
        ("redness", "a little"),
        ("redness_at", NAIVE),
        ("speed", 0.25),
        ("speed", 2.5),
        ("speed", "1"),
        ("speed", True),
        ("colour", "red"),
        ("patient_id", str(uuid4())),
        ("seq", 1),
    ),
    *bad(
        LOG,
        own,
        ("own", {"techniques": [], "minutes": 8}, "own.techniques"),
        ("own", {"techniques": ["stroking"], "minutes": 31}, "own.minutes"),
        ("own", {"techniques": ["stroking"], "minutes": 3}, "own.minutes"),
        ("own", {"techniques": ["stroking"]}, "own.minutes"),
    ),
    *lacking(LOG, session_log, "on", "state", "started_at"),
    ("PUT", LOG, session_log(started_at=AHEAD, ended_at=AHEAD), "time_in_future", "started_at"),
    ("PUT", "/session-logs/not-a-uuid", session_log(), "not_found", None),
]
BLOCKS: list[Case] = [
    *bad(
        BLOCK,
        block,
        ("level", "soon"),
        ("ended_at", NAIVE),
        ("clinician_on", "soon"),
        ("areas", [5], "areas.0"),
    ),
    *ahead(BLOCK, block, "ended_at"),
    *lacking(BLOCK, block, "warning"),
]
CLEARANCES: list[Case] = [
    *bad(
        CLEARANCE,
        clearance,
        ("reasons", [], "reasons"),
        ("reasons", "blood_clot", "reasons"),
        ("reasons", [None], "reasons.0"),
        ("clinician_name", "", "clinician_name"),
        ("clinician_name", None, "clinician_name"),
        ("clinician_on", "in May", "clinician_on"),
        ("recorded_at", NAIVE, "recorded_at"),
        ("ended_at", NAIVE, "ended_at"),
    ),
    *ahead(CLEARANCE, clearance, "recorded_at"),
]
EVENTS: list[Case] = [
    *bad(
        EVENT,
        triage_event,
        ("on", "today"),
        ("recorded_at", NAIVE),
        ("signs", None),
        ("signs", "open_sore"),
        ("signs", [""], "signs.0"),
        ("signs", ["x" * 33], "signs.0"),
        ("signs", ["x"] * 51),
        ("worried", "yes"),
        ("level", "soon"),
        ("action", "ran"),
        ("follow_up", "maybe"),
        ("follow_up_at", NAIVE),
        ("decision", {}, "decision.inputs"),
    ),
    *ahead(EVENT, triage_event, "recorded_at", "follow_up_at"),
]
CASES = [*LOGS, *BLOCKS, *CLEARANCES, *EVENTS]
