"""What is not right is refused in plain words, with its code, and nothing is stored."""

import itertools
from typing import Any
from uuid import uuid4

import pytest

from server.database import Database
from tests.factories import (
    Browser,
    block,
    clearance,
    comfort_log,
    foot_check,
    glucose_reading,
    plan,
    reminder,
    session_log,
    shoe_check,
    sign_up_body,
    step_goal,
    subscription,
    symptom_entry,
    triage_event,
)
from tests.tables import contents

LOG, BLOCK, REMINDER = "/session-logs/{id}", "/blocks/{id}", "/reminders/{id}"
CLEARANCE = "/clearances/{id}"
EVENT = "/triage-events/{id}"
READING = "/glucose-readings/{id}"
BATH = "/comfort-logs/{id}"
FEET, SHOES = "/foot-checks/{id}", "/shoe-checks/{id}"
ENTRY, STEPS, ANSWER = "/symptom-entries/{entry}", "/step-counts/2026-11-22", "/occurrences/{occurrence}"
PLAN = "/me/plan"
GOAL = "/me/step-goal"
SUBSCRIBE, TOKENS, RECEIPTS = "/push/subscriptions", "/me/access-tokens", "/push/receipts"
NAIVE, AHEAD = "2026-11-22T08:00:00", "2026-11-22T09:30:00Z"
NO_DECISION = {"rules_version": "1", "inputs": {}, "outcome": {}}
HUGE = 2**70
TARGETS = {"unit": "mg/dL", "before_low": 80, "before_high": 130, "after_below": 180}


def keys(p256dh: str | None = None, auth: str | None = None) -> dict[str, Any]:
    good = subscription()["keys"]
    return {"keys": {"p256dh": p256dh or good["p256dh"], "auth": auth or good["auth"]}}


def without(body: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in names}


def steps(**changes: Any) -> dict[str, Any]:
    return {"steps": 10, "recorded_at": "2026-11-22T09:00:00Z", **changes}


def heel(left: Any = None, right: Any = None) -> dict[str, Any]:
    return {"spot": "heel", "left": left, "right": right}


def answer(**changes: Any) -> dict[str, Any]:
    return {"state": "done", "at": "2026-11-22T09:00:00Z", **changes}


# method, path, body, code, the member that is named
CASES: list[tuple[str, str, Any, str, str | None]] = [
    *(
        ("PUT", LOG, session_log(**{member: value}), "invalid_fields", named or member)
        for member, value, named in (
            ("on", None, None),
            ("on", "22.11.2026", None),
            ("on", "2026-02-30", None),
            ("on", "2026-W47-7", None),
            ("on", "1999-12-31", None),
            ("on", 20261122, None),
            ("script_id", "S9000", None),
            ("script_id", "", None),
            ("script_id", "x" * 17, None),
            ("state", "paused", None),
            ("state", True, None),
            ("started_at", NAIVE, None),
            ("started_at", "2026-11-22", None),
            ("started_at", "0001-01-01T00:00:00+14:00", None),
            ("started_at", 1700000000, None),
            ("ended_at", "2026-11-22T07:00:00Z", None),
            ("seconds_done", -1, None),
            ("seconds_done", 2.5, None),
            ("seconds_done", "480", None),
            ("seconds_done", True, None),
            ("seconds_done", HUGE, None),
            ("seconds_done", -HUGE, None),
            ("pain_before", 11, None),
            ("helper", 1, None),
            ("helper", "yes", None),
            ("skin_same", "true", None),
            ("stop_reason", "bored", None),
            ("note", "x" * 2001, None),
            ("note", "", None),
            ("note", 5, None),
            ("note", "a\0b", None),
            ("decision", [], None),
            ("decision", {}, "decision.inputs"),
            ("decision", {**NO_DECISION, "inputs": {"a\0": 1}}, "decision.inputs"),
            ("decision", {**NO_DECISION, "colour": "red"}, "decision.colour"),
            ("occurrence_id", "5", None),
            ("script_id", "OWN", "own"),
            ("own", {"techniques": ["stroking"], "minutes": 8}, "own"),
            ("areas_skipped", "left.heel", None),
            ("areas_skipped", [""], "areas_skipped.0"),
            ("areas_skipped", ["left.heel"] * 49, None),
            ("profile_decision", {}, "profile_decision.inputs"),
            ("comfort", None, None),
            ("comfort", [5], "comfort.0"),
            ("comfort", [{"second": 60}], "comfort.0.score"),
            ("comfort", [{"second": 60, "score": 11}], "comfort.0.score"),
            ("comfort", [{"second": -1, "score": 5}], "comfort.0.second"),
            ("comfort", [{"second": 60, "score": 5}] * 61, "comfort"),
            ("redness", "a little", None),
            ("redness_at", NAIVE, None),
            ("speed", 0.25, None),
            ("speed", 2.5, None),
            ("speed", "1", None),
            ("speed", True, None),
            ("colour", "red", None),
            ("patient_id", str(uuid4()), None),
            ("seq", 1, None),
        )
    ),
    *(("PUT", LOG, without(session_log(), name), "invalid_fields", name) for name in ("on", "state", "started_at")),
    ("PUT", LOG, session_log(started_at=AHEAD, ended_at=AHEAD), "time_in_future", "started_at"),
    ("PUT", "/session-logs/not-a-uuid", session_log(), "not_found", None),
    ("PUT", BLOCK, block(level="soon"), "invalid_fields", "level"),
    ("PUT", BLOCK, block(ended_at=NAIVE), "invalid_fields", "ended_at"),
    ("PUT", BLOCK, block(ended_at=AHEAD), "time_in_future", "ended_at"),
    ("PUT", BLOCK, block(clinician_on="soon"), "invalid_fields", "clinician_on"),
    ("PUT", BLOCK, block(areas=[5]), "invalid_fields", "areas.0"),
    ("PUT", BLOCK, without(block(), "warning"), "invalid_fields", "warning"),
    *(
        ("PUT", LOG, session_log(script_id="OWN", own=own), "invalid_fields", named)
        for own, named in (
            ({"techniques": [], "minutes": 8}, "own.techniques"),
            ({"techniques": ["stroking"], "minutes": 31}, "own.minutes"),
            ({"techniques": ["stroking"], "minutes": 3}, "own.minutes"),
            ({"techniques": ["stroking"]}, "own.minutes"),
        )
    ),
    *(
        ("PUT", CLEARANCE, clearance(**{member: value}), "invalid_fields", named)
        for member, value, named in (
            ("reasons", [], "reasons"),
            ("reasons", "blood_clot", "reasons"),
            ("reasons", [None], "reasons.0"),
            ("clinician_name", "", "clinician_name"),
            ("clinician_name", None, "clinician_name"),
            ("clinician_on", "in May", "clinician_on"),
            ("recorded_at", NAIVE, "recorded_at"),
            ("ended_at", NAIVE, "ended_at"),
        )
    ),
    ("PUT", CLEARANCE, clearance(recorded_at=AHEAD), "time_in_future", "recorded_at"),
    *(
        ("PUT", EVENT, triage_event(**{member: value}), "invalid_fields", named or member)
        for member, value, named in (
            ("on", "today", None),
            ("recorded_at", NAIVE, None),
            ("signs", None, None),
            ("signs", "open_sore", None),
            ("signs", [""], "signs.0"),
            ("signs", ["x" * 33], "signs.0"),
            ("signs", ["x"] * 51, None),
            ("worried", "yes", None),
            ("level", "soon", None),
            ("action", "ran", None),
            ("follow_up", "maybe", None),
            ("follow_up_at", NAIVE, None),
            ("decision", {}, "decision.inputs"),
        )
    ),
    ("PUT", EVENT, triage_event(recorded_at=AHEAD), "time_in_future", "recorded_at"),
    ("PUT", EVENT, triage_event(follow_up_at=AHEAD), "time_in_future", "follow_up_at"),
    *(
        ("PUT", READING, glucose_reading(**{member: value}), "invalid_fields", named or member)
        for member, value, named in (
            ("value", "", None),
            ("value", "abc", None),
            ("value", "-5", None),
            ("value", "1e3", None),
            ("value", "5.", None),
            ("value", "5,678", None),
            ("value", "１１０", None),
            ("value", "2001", None),
            ("value", "110\n", None),
            ("value", 110, None),
            ("value", None, None),
            ("unit", "mmol/l", None),
            ("unit", None, None),
            ("special", "HI", "value"),
            ("special", "ERR", None),
            ("context", "lunch", None),
            ("context", None, None),
            ("ketones", {}, "ketones.blood"),
            ("ketones", {"blood": "0,6", "strip": "small"}, "ketones.blood"),
            ("ketones", {"blood": "21"}, "ketones.blood"),
            ("ketones", {"strip": "blue"}, "ketones.strip"),
            ("signs", None, None),
            ("signs", [5], "signs.0"),
            ("signs", ["x"] * 21, None),
            ("confirmed", "yes", None),
            ("note", "", None),
            ("recorded_at", NAIVE, None),
            ("decision", {}, "decision.inputs"),
            ("colour", "red", None),
        )
    ),
    *(("PUT", READING, without(glucose_reading(), name), "invalid_fields", name) for name in ("value", "unit", "on")),
    ("PUT", READING, glucose_reading(recorded_at=AHEAD), "time_in_future", "recorded_at"),
    *(
        ("PUT", BATH, comfort_log(**{member: value}), "invalid_fields", named or member)
        for member, value, named in (
            ("warm_temperature", "warm", None),
            ("warm_temperature", "34.55", None),
            ("warm_temperature", 34, None),
            ("cool_temperature", "-4", None),
            ("cool_temperature", None, None),
            ("temperature_unit", "K", None),
            ("seconds_done", 601, None),
            ("state", "running", None),
            ("stop_reason", "bored", None),
            ("skin", "red", None),
            ("ended_at", "2026-11-22T07:59:00Z", None),
            ("decision", {}, "decision.inputs"),
        )
    ),
    ("PUT", BATH, comfort_log(ended_at=AHEAD), "time_in_future", "ended_at"),
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
    ("PUT", FEET, foot_check(recorded_at=AHEAD), "time_in_future", "recorded_at"),
    *(
        ("PUT", SHOES, shoe_check(**{member: value}), "invalid_fields", named or member)
        for member, value, named in (
            ("on", None, None),
            ("recorded_at", NAIVE, None),
            ("verdict", "fine", None),
            ("decision", None, None),
            ("decision", {"inputs": {}}, "decision.outcome"),
            ("note", "x" * 2001, None),
        )
    ),
    ("PUT", SHOES, shoe_check(recorded_at=AHEAD), "time_in_future", "recorded_at"),
    ("PUT", ENTRY, symptom_entry(pain=None), "invalid_fields", "pain"),
    ("PUT", ENTRY, symptom_entry(recorded_at=AHEAD), "time_in_future", "recorded_at"),
    ("PUT", ENTRY, symptom_entry(on="2026-11-21"), "wrong_id", None),
    ("PUT", "/symptom-entries/{id}", symptom_entry(), "wrong_id", None),
    ("PUT", STEPS, steps(steps=-1), "invalid_fields", "steps"),
    ("PUT", STEPS, steps(steps=200_001), "invalid_fields", "steps"),
    ("PUT", STEPS, steps(steps=HUGE), "invalid_fields", "steps"),
    ("PUT", STEPS, steps(recorded_at=NAIVE), "invalid_fields", "recorded_at"),
    ("PUT", STEPS, steps(recorded_at=AHEAD), "time_in_future", "recorded_at"),
    ("PUT", STEPS, steps(source="fitbit"), "invalid_fields", "source"),
    ("PUT", "/step-counts/2026-02-30", steps(), "not_found", None),
    ("PUT", "/step-counts/1066-10-14", steps(), "not_found", None),
    *(
        ("PUT", REMINDER, reminder(**{member: value}), "invalid_fields", named)
        for member, value, named in (
            ("kind", "tea", "kind"),
            ("kind", "redness", "kind"),
            ("weekdays", [], "weekdays"),
            ("weekdays", [0], "weekdays.0"),
            ("weekdays", [1, 8], "weekdays.1"),
            ("weekdays", [1, 1], "weekdays"),
            ("weekdays", 1, "weekdays"),
            ("weekdays", [HUGE], "weekdays.0"),
            ("times", [], "times"),
            ("times", ["7pm"], "times.0"),
            ("times", ["24:00"], "times.0"),
            ("times", ["9:00"], "times.0"),
            ("times", ["١٩:00"], "times.0"),
            ("times", ["19:00"] * 2, "times"),
            ("times", [f"{hour:02}:00" for hour in range(9)], "times"),
            ("active", "no", "active"),
            ("starts_on", None, "starts_on"),
            ("ends_on", "2026-11-21", "ends_on"),
        )
    ),
    *(
        ("PUT", PLAN, plan(**{member: value}), "invalid_fields", named or member)
        for member, value, named in (
            ("programme_id", "marathon", None),
            ("programme_id", None, None),
            ("weekdays", [1, 3], None),
            ("weekdays", [1, 3, 5, 7], None),
            ("weekdays", [1, 2, 4], None),
            ("weekdays", [1, 3, 7], None),  # Sunday and Monday are neighbours
            ("weekdays", [1, 1, 3], None),
            ("weekdays", [0, 3, 5], "weekdays.0"),
            ("weekdays", [], None),
            ("weekdays", 3, None),
            ("time", "7pm", None),
            ("time", "24:00", None),
            ("time", ["19:00"], None),
            ("starts_on", None, None),
            ("starts_on", "22.11.2026", None),
            ("starts_on", "1999-12-31", None),
            ("remind", 1, None),
            ("remind", None, None),
            ("pause", {"from_on": "2026-11-22", "until_on": "2026-11-21", "reason": "ill"}, "pause.until_on"),
            ("pause", {"from_on": "2026-11-22", "until_on": None, "reason": "bored"}, "pause.reason"),
            ("pause", {"until_on": None, "reason": "ill"}, "pause.from_on"),
            ("pause", "ill", None),
            ("reviews", [{"week": 3, "on": "2026-11-22", "answer": "helps"}], "reviews.0.week"),
            ("reviews", [{"week": 2, "on": "2026-11-22", "answer": "a lot"}], "reviews.0.answer"),
            ("reviews", [{"week": "2", "on": "2026-11-22", "answer": "helps"}], "reviews.0.week"),
            ("reviews", [{"week": True, "on": "2026-11-22", "answer": "helps"}], "reviews.0.week"),
            ("ended_on", "2026-11-21", None),
            ("colour", "red", None),
        )
    ),
    ("PUT", PLAN, plan(programme_id="daily_short", weekdays=[1, 2, 3]), "invalid_fields", "weekdays"),
    ("PUT", PLAN, plan(programme_id="light"), "invalid_fields", "weekdays"),
    *(
        ("PUT", GOAL, step_goal(**{member: value}), "invalid_fields", member)
        for member, value in (
            ("active", "yes"),
            ("active", None),
            ("active", 1),
            ("cap_choice", 6_999),
            ("cap_choice", 10_001),
            ("cap_choice", "8000"),
            ("cap_choice", 8_000.5),
            ("cap_choice", True),
            ("told", -1),
            ("told", None),
            ("told", HUGE),
            ("walks_from_on", "22.11.2026"),
            ("walks_from_on", "2026-11-24"),
            ("walks_from_on", 5),
            ("goal", 20_000),
        )
    ),
    ("POST", "/reminders/preview", reminder(times=["noon"]), "invalid_fields", "times.0"),
    ("PUT", ANSWER, answer(state="open"), "invalid_fields", "state"),
    ("PUT", ANSWER, answer(at=NAIVE), "invalid_fields", "at"),
    ("PUT", ANSWER, answer(at=AHEAD), "time_in_future", "at"),
    ("PUT", ANSWER, answer(state="snoozed"), "invalid_fields", "until"),
    ("PUT", ANSWER, answer(state="snoozed", until="2026-11-22T08:00:00Z"), "invalid_fields", "until"),
    ("PUT", ANSWER, answer(state="snoozed", until="2026-11-24T08:00:00Z"), "invalid_fields", "until"),
    ("PATCH", "/me", {"time_zone": "Mars/Olympus"}, "invalid_fields", "time_zone"),
    ("PATCH", "/me", {"time_zone": "../../etc/passwd"}, "invalid_fields", "time_zone"),
    ("PATCH", "/me", {"time_zone": ["UTC"]}, "invalid_fields", "time_zone"),
    ("PATCH", "/me", {"language": "tlh"}, "invalid_fields", "language"),
    ("PATCH", "/me", {"glucose_unit": "furlong"}, "invalid_fields", "glucose_unit"),
    ("PATCH", "/me", {"glucose_on": None}, "invalid_fields", "glucose_on"),
    *(
        ("PATCH", "/me", {"glucose_targets": {**TARGETS, name: value}}, "invalid_fields", f"glucose_targets.{name}")
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
    (
        "PATCH",
        "/me",
        {"glucose_targets": {**TARGETS, "before_low": 100, "before_high": 95}},
        "invalid_fields",
        "glucose_targets.before_high",
    ),
    ("PATCH", "/me", {"glucose_targets": {"unit": "mg/dL"}}, "invalid_fields", "glucose_targets.after_below"),
    ("PATCH", "/me", {"show_reminder_kind": None}, "invalid_fields", "show_reminder_kind"),
    ("PATCH", "/me", {"email": "new@example.org"}, "invalid_fields", "email"),
    ("PATCH", "/me", {"foot_exam": None}, "invalid_fields", "foot_exam"),
    ("PATCH", "/me", {"foot_exam": {"on": "2026-11-01"}}, "invalid_fields", "foot_exam.answered_on"),
    ("PATCH", "/me", {"foot_exam": {"on": "May", "answered_on": "2026-11-22"}}, "invalid_fields", "foot_exam.on"),
    (
        "PATCH",
        "/me",
        {"foot_exam": {"on": "2026-11-23", "answered_on": "2026-11-22"}},
        "invalid_fields",
        "foot_exam.on",
    ),
    ("PATCH", "/me", {"profile": {"answers": {}}}, "invalid_fields", "profile.answered_at"),
    ("PATCH", "/me", {"profile": {"answers": [], "answered_at": AHEAD}}, "invalid_fields", "profile.answers"),
    ("PATCH", "/me", {"profile": {"answers": {}, "answered_at": AHEAD}}, "time_in_future", "answered_at"),
    ("DELETE", "/me", {"password": "not this one"}, "wrong_password", None),
    ("DELETE", "/me", {}, "invalid_fields", "password"),
    ("POST", TOKENS, {"label": "", "scope": "read"}, "invalid_fields", "label"),
    ("POST", TOKENS, {"label": "x", "scope": "admin"}, "invalid_fields", "scope"),
    ("PUT", SUBSCRIBE, subscription("http://127.0.0.1/push/1"), "push_endpoint_refused", "endpoint"),
    ("PUT", SUBSCRIBE, subscription("https://evil.example/push/1"), "push_endpoint_refused", "endpoint"),
    ("PUT", SUBSCRIBE, subscription("https://169.254.169.254/latest"), "push_endpoint_refused", "endpoint"),
    ("PUT", SUBSCRIBE, subscription("not a url/"), "push_endpoint_refused", "endpoint"),
    ("PUT", SUBSCRIBE, subscription("https://x/" + "y" * 2048), "invalid_fields", "endpoint"),
    ("PUT", SUBSCRIBE, subscription(**keys(p256dh="BA" + "A" * 85)), "push_keys_refused", "keys.p256dh"),
    ("PUT", SUBSCRIBE, subscription(**keys(p256dh="short")), "push_keys_refused", "keys.p256dh"),
    ("PUT", SUBSCRIBE, subscription(**keys(p256dh="!" * 87)), "push_keys_refused", "keys.p256dh"),
    ("PUT", SUBSCRIBE, subscription(**keys(auth="AAAA")), "push_keys_refused", "keys.auth"),
    ("PUT", SUBSCRIBE, subscription(keys={}), "invalid_fields", "keys.auth"),
    ("PUT", SUBSCRIBE, subscription(expirationTime=None), "invalid_fields", "expirationTime"),
    ("POST", "/push/test", {"subscription_id": str(uuid4())}, "not_found", None),
    ("POST", RECEIPTS, {"token": "x", "event": "eaten", "at": "2026-11-22T09:00:00Z"}, "invalid_fields", "event"),
    ("POST", RECEIPTS, {"token": "x", "event": "shown", "at": "2026-11-22T09:00:00Z"}, "not_signed_in", None),
    *(
        ("POST", "/auth/sign-up", sign_up_body("new@example.org", **{member: value}), code, named)
        for member, value, code, named in (
            ("email", "nobody", "invalid_fields", "email"),
            ("email", "x" * 250 + "@example.org", "invalid_fields", "email"),
            ("email", "patient@example.org", "email_taken", None),
            ("email", " PATIENT@example.org ", "email_taken", None),
            ("password", "too short", "invalid_fields", "password"),
            ("password", "x" * 201, "invalid_fields", "password"),
            ("time_zone", "Nowhere", "invalid_fields", "time_zone"),
            ("accepted", {}, "invalid_fields", "accepted.adult"),
        )
    ),
    ("POST", "/auth/reset-password", {"token": "x", "password": "a long pass phrase"}, "link_expired", None),
    *(
        ("GET", f"{path}?{query}", None, "invalid_fields", named)
        for path, (query, named) in itertools.product(
            (
                "/session-logs",
                "/step-counts",
                "/blocks",
                "/symptom-entries",
                "/triage-events",
                "/foot-checks",
                "/shoe-checks",
                "/glucose-readings",
            ),
            (
                ("limit=0", "limit"),
                ("limit=201", "limit"),
                ("limit=1e9", "limit"),
                (f"limit={HUGE}", "limit"),
                ("after=", "after"),
                ("after=%00", "after"),
                ("after=yesterday", "after"),
                ("from=yesterday", "from"),
                ("to=2026-13-01", "to"),
                ("colour=red", "colour"),
            ),
        )
    ),
    ("GET", "/session-logs?after=2026-11-22_5", None, "invalid_fields", "after"),
    ("GET", "/changes?since=-1", None, "invalid_fields", "since"),
    ("GET", "/changes?since=1e3", None, "invalid_fields", "since"),
    ("GET", "/changes?since=" + "9" * 19, None, "invalid_fields", "since"),
    ("GET", "/changes?since=%D9%A1", None, "invalid_fields", "since"),
    ("GET", "/occurrences?from=2026-01-01&to=2026-12-31", None, "invalid_fields", "to"),
    ("GET", "/occurrences?from=2026-11-22&to=2026-11-21", None, "invalid_fields", "to"),
    ("GET", "/today?on=tomorrow", None, "invalid_fields", "on"),
]
STATUS = {"not_found": 404, "not_signed_in": 401, "wrong_password": 403, "email_taken": 409}


@pytest.fixture
def ids(patient: Browser) -> dict[str, str]:
    patient.put_reminder()
    occurrence = patient.get("/occurrences").get_json()["items"][0]["id"]
    return {"id": str(uuid4()), "entry": patient.entry_id("2026-11-22"), "occurrence": occurrence}


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "POST", "DELETE"])
def test_is_refused_by_its_code_and_nothing_is_stored(
    method: str, patient: Browser, ids: dict[str, str], database: Database, subtests: pytest.Subtests
) -> None:
    before = contents(database)
    for case_method, path, body, code, named in CASES:
        if case_method != method:
            continue
        with subtests.test(f"{path} {named} {body}"[:200]):
            reply = patient.call(method, path.format(**ids), body)
            problem = reply.get_json()
            assert (reply.status_code, problem.get("code")) == (STATUS.get(code, 422), code), reply.text
            assert reply.mimetype == "application/problem+json"
            assert reply.headers["Footwell-Api"] == "1"
            assert problem["status"] == reply.status_code
            assert problem["detail"].endswith(".")
            assert named is None or named in problem["errors"], problem
    assert contents(database) == before


def test_a_phone_with_a_wrong_clock_is_corrected_by_what_it_says_it_showed(patient: Browser) -> None:
    body = session_log(started_at="2026-11-22T13:00:00Z", ended_at="2026-11-22T13:08:20Z")
    path = f"/session-logs/{uuid4()}"
    assert patient.put(path, body).get_json()["code"] == "time_in_future"
    kept = patient.put(path, body, headers={"Footwell-Sent-At": "2026-11-22T13:15:00Z"}).get_json()
    assert (kept["started_at"], kept["ended_at"]) == ("2026-11-22T09:00:00Z", "2026-11-22T09:08:20Z")
    assert kept["on"] == "2026-11-22"


def test_a_clock_within_two_minutes_is_left_alone(patient: Browser) -> None:
    path = f"/session-logs/{uuid4()}"
    kept = patient.put(path, session_log(), headers={"Footwell-Sent-At": "2026-11-22T09:16:59Z"}).get_json()
    assert kept["started_at"] == session_log()["started_at"]


def test_a_clock_that_says_nothing_readable_corrects_nothing(patient: Browser) -> None:
    for said in ("now", "2026-11-22T13:15:00", "9" * 400, "2026-11-22T99:00:00Z"):
        kept = patient.put(f"/session-logs/{uuid4()}", session_log(), headers={"Footwell-Sent-At": said}).get_json()
        assert kept["started_at"] == session_log()["started_at"]


def test_the_skew_of_a_snooze_moves_both_its_moments(patient: Browser, ids: dict[str, str]) -> None:
    body = answer(state="snoozed", at="2026-11-22T13:00:00Z", until="2026-11-22T13:10:00Z")
    headers = {"Footwell-Sent-At": "2026-11-22T13:15:00Z"}
    kept = patient.put(f"/occurrences/{ids['occurrence']}", body, headers=headers).get_json()
    assert (kept["answered_at"], kept["until"]) == ("2026-11-22T09:00:00Z", "2026-11-22T09:10:00Z")
