"""Writes .cache/vectors.json: every row and 5 000 random inputs with Python's answers, for the phone's evaluator.

Run in the root: .venv/bin/python -m tests.care.make_vectors
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path

from server.care.content import TABLES, load_table, rules_version
from server.care.decisions import EVALUATORS
from server.care.weeks import Note, baseline, change_inputs, this_week
from tests.care.block_vectors import again_vectors, block_vectors, clearance_vectors, month_vectors
from tests.care.feet_vectors import exam_vectors, triage_answers, warm_vectors
from tests.care.glucose_vectors import glucose_vectors, target_vectors
from tests.care.plan_vectors import own_vectors, plan_vectors, programme_vectors, script_vectors
from tests.care.random_inputs import NONSENSE, RANDOM_INPUTS, STARTED, random_inputs, row_inputs
from tests.care.reminder_vectors import reminder_vectors
from tests.messages import all_messages

TARGET = Path(__file__).parents[2] / ".cache" / "vectors.json"


def week_vectors(rng: random.Random) -> Iterator[dict[str, object]]:
    """Diaries with gaps, pain that goes up or down, and what the last week says beside the first."""
    for _ in range(RANDOM_INPUTS // 2):
        span, often = rng.choice((5, 14, 20, 40)), rng.choice((0.3, 0.7, 1))
        begins, ends, spread = rng.randrange(11), rng.randrange(11), rng.choice((0, 1, 3))
        notes = []
        for at in range(span):
            pain = begins + (ends - begins) * at // span + rng.randint(-spread, spread)
            numbness = rng.choice((None, rng.randrange(11), 10 * at // span))
            if rng.random() < often:
                notes.append(Note(STARTED.date() + timedelta(days=at), max(0, min(10, pain)), numbness))
        first_massage = rng.choice((None, STARTED.date() + timedelta(days=rng.randrange(-3, span))))
        today = STARTED.date() + timedelta(days=span - rng.randrange(4))
        rng.shuffle(notes)
        week, base = this_week(notes, today), baseline(notes, first_massage)
        inputs = None if week is None else change_inputs(week, base)
        yield {
            "notes": [asdict(note) for note in notes],
            "first_massage": first_massage,
            "today": today,
            "base": base and base.first,
            "inputs": inputs,
            "change": inputs and EVALUATORS["symptoms"](inputs)["change"],
        }


def make_vectors(seed: int = 2026) -> dict[str, object]:
    """The whole file as one dictionary; the same every time."""
    rng = random.Random(seed)
    answers = []
    for name in TABLES:
        table = load_table(name)
        sheets = [*row_inputs(table), *(random_inputs(table, rng) for _ in range(RANDOM_INPUTS // len(TABLES)))]
        answers += [{"table": name, "inputs": sheet, "outcome": table.evaluate(sheet)} for sheet in sheets]
    vectors: dict[str, object] = {"rules_version": rules_version(), "tables": answers}
    for kind, name in (
        ("profile", "profile_gate"),
        ("session", "session_gate"),
        ("stop", "session_stop"),
        ("triage", "triage"),
        ("book", "book_triggers"),
        ("symptoms", "symptom_change"),
        ("comfort", "heat_gate"),
        ("foot_check", "foot_check"),
        ("shoe_check", "shoe_check"),
    ):
        table = load_table(name)
        sheets = [*row_inputs(table), *(random_inputs(table, rng) for _ in range(RANDOM_INPUTS))]
        if kind == "foot_check":
            sheets = [sheet | triage_answers(rng) for sheet in sheets]
        if kind == "profile":
            sheets = [
                sheet | rng.choice(({}, {"cleared": "yes"}, {"cleared": rng.choice(NONSENSE)})) for sheet in sheets
            ]
        vectors[kind] = [{"inputs": sheet, "outcome": EVALUATORS[kind](sheet)} for sheet in sheets]
    vectors["glucose"] = list(glucose_vectors(rng))
    vectors["targets"] = list(target_vectors(rng))
    vectors["blocks"] = list(block_vectors(rng))
    vectors["clearances"] = list(clearance_vectors(rng))
    vectors["again"] = list(again_vectors(rng))
    vectors["months"] = list(month_vectors(rng))
    vectors["own"] = list(own_vectors(rng))
    vectors["scripts"] = script_vectors()
    vectors["programmes"] = list(programme_vectors(rng))
    vectors["warm"] = list(warm_vectors(rng))
    vectors["exams"] = list(exam_vectors(rng))
    vectors["plans"] = list(plan_vectors(rng))
    vectors["weeks"] = list(week_vectors(rng))
    vectors["messages"] = [message for _, _, message in all_messages()]
    vectors["reminders"] = list(reminder_vectors(rng, RANDOM_INPUTS // 5))
    return vectors


def as_text(value: object) -> str:
    """Instants and days as the records have them."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} does not belong in a vector")


def main() -> None:
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(make_vectors(), default=as_text), encoding="utf-8")
    print(f"{TARGET.relative_to(TARGET.parents[1])}: {TARGET.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
