"""What belongs to a day: the diary, the steps and their goal, the plan, reminders and their moments."""

from typing import Any

from tests.api.bad.cases import HUGE, NAIVE, Case, ahead, bad
from tests.factories import plan, reminder, step_goal, symptom_entry

ENTRY, STEPS, ANSWER = "/symptom-entries/{entry}", "/step-counts/2026-11-22", "/occurrences/{occurrence}"
REMINDER, PLAN, GOAL = "/reminders/{id}", "/me/plan", "/me/step-goal"


def steps(**changes: Any) -> dict[str, Any]:
    return {"steps": 10, "recorded_at": "2026-11-22T09:00:00Z", **changes}


def answer(**changes: Any) -> dict[str, Any]:
    return {"state": "done", "at": "2026-11-22T09:00:00Z", **changes}


ENTRIES: list[Case] = [
    *bad(ENTRY, symptom_entry, ("pain", None)),
    *ahead(ENTRY, symptom_entry, "recorded_at"),
    ("PUT", ENTRY, symptom_entry(on="2026-11-21"), "wrong_id", None),
    ("PUT", "/symptom-entries/{id}", symptom_entry(), "wrong_id", None),
]
STEP_COUNTS: list[Case] = [
    *bad(
        STEPS,
        steps,
        ("steps", -1),
        ("steps", 200_001),
        ("steps", HUGE),
        ("recorded_at", NAIVE),
        ("source", "fitbit"),
    ),
    *ahead(STEPS, steps, "recorded_at"),
    ("PUT", "/step-counts/2026-02-30", steps(), "not_found", None),
    ("PUT", "/step-counts/1066-10-14", steps(), "not_found", None),
]
GOALS = bad(
    GOAL,
    step_goal,
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
PLANS: list[Case] = [
    *bad(
        PLAN,
        plan,
        ("programme_id", "marathon"),
        ("programme_id", None),
        ("weekdays", [1, 3]),
        ("weekdays", [1, 3, 5, 7]),
        ("weekdays", [1, 2, 4]),
        ("weekdays", [1, 3, 7]),  # Sunday and Monday are neighbours
        ("weekdays", [1, 1, 3]),
        ("weekdays", [0, 3, 5], "weekdays.0"),
        ("weekdays", []),
        ("weekdays", 3),
        ("time", "7pm"),
        ("time", "24:00"),
        ("time", ["19:00"]),
        ("starts_on", None),
        ("starts_on", "22.11.2026"),
        ("starts_on", "1999-12-31"),
        ("remind", 1),
        ("remind", None),
        ("pause", {"from_on": "2026-11-22", "until_on": "2026-11-21", "reason": "ill"}, "pause.until_on"),
        ("pause", {"from_on": "2026-11-22", "until_on": None, "reason": "bored"}, "pause.reason"),
        ("pause", {"until_on": None, "reason": "ill"}, "pause.from_on"),
        ("pause", "ill"),
        ("reviews", [{"week": 3, "on": "2026-11-22", "answer": "helps"}], "reviews.0.week"),
        ("reviews", [{"week": 2, "on": "2026-11-22", "answer": "a lot"}], "reviews.0.answer"),
        ("reviews", [{"week": "2", "on": "2026-11-22", "answer": "helps"}], "reviews.0.week"),
        ("reviews", [{"week": True, "on": "2026-11-22", "answer": "helps"}], "reviews.0.week"),
        ("ended_on", "2026-11-21"),
        ("colour", "red"),
    ),
    ("PUT", PLAN, plan(programme_id="daily_short", weekdays=[1, 2, 3]), "invalid_fields", "weekdays"),
    ("PUT", PLAN, plan(programme_id="light"), "invalid_fields", "weekdays"),
]
REMINDERS: list[Case] = [
    *bad(
        REMINDER,
        reminder,
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
        ("ends_on", "2026-11-22", "ends_on"),  # no Monday, Wednesday or Friday until then
        ("repeat", "monthly", "repeat"),
        ("repeat", "every_n_days", "every"),
        ("repeat", "times_a_week", "every"),
        ("every", 0, "every"),
        ("every", 91, "every"),
        ("every", 2.5, "every"),
        ("kind", "own", "text"),
        ("text", "x" * 81, "text"),
        ("meal_contexts", {"19:00": "bedtime"}, "meal_contexts"),
    ),
    ("PUT", REMINDER, reminder(repeat="times_a_week", every=8), "invalid_fields", "every"),
    ("PUT", REMINDER, reminder(kind="own", text="  "), "invalid_fields", "text"),
    ("PUT", REMINDER, reminder(kind="glucose", meal_contexts={"08:00": "fasting"}), "invalid_fields", "meal_contexts"),
    (
        "PUT",
        REMINDER,
        reminder(kind="glucose", meal_contexts={"19:00": "brunch"}),
        "invalid_fields",
        "meal_contexts.19:00.value",
    ),
    ("POST", "/reminders/preview", reminder(times=["noon"]), "invalid_fields", "times.0"),
]
ANSWERS: list[Case] = [
    *bad(ANSWER, answer, ("state", "open"), ("at", NAIVE), ("state", "snoozed", "until")),
    *ahead(ANSWER, answer, "at"),
    ("PUT", ANSWER, answer(state="snoozed", until="2026-11-22T08:00:00Z"), "invalid_fields", "until"),
    ("PUT", ANSWER, answer(state="snoozed", until="2026-11-24T08:00:00Z"), "invalid_fields", "until"),
]
CASES = [*ENTRIES, *STEP_COUNTS, *GOALS, *PLANS, *REMINDERS, *ANSWERS]
