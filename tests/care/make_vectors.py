"""Writes .cache/vectors.json: every row and 5 000 random inputs with Python's answers, for the phone's evaluator.

Run in the root: .venv/bin/python -m tests.care.make_vectors
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from server.care.blocks import AREAS, Block, areas_to_skip, still_blocks
from server.care.clearances import Clearance, add_months, asks_again, is_cleared
from server.care.content import TABLES, glucose_limits, load_table, rules_version, scripts
from server.care.decisions import EVALUATORS, evaluate_profile, own_techniques
from server.care.feet import Measured, Reading, foot_exam, warm_spots, warm_two_days
from server.care.glucose import target_problem
from server.care.plan import Plan, Span, planned_and_done, review_due, session_days
from server.care.programmes import choose_programmes, programmes, script_of
from server.care.rules import Condition, Input, Table
from server.care.weeks import Note, baseline, change_inputs, this_week
from tests.care.reminder_vectors import reminder_vectors
from tests.messages import all_messages

TARGET = Path(__file__).parents[2] / ".cache" / "vectors.json"
RANDOM_INPUTS = 5_000
NONSENSE = ("", "YES", "maybe", 1, 0, -1, 3.5, 1e9, None, True, False, [], ["yes"], {"yes": 1})
STARTED = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)


def some_value(known: Input, rng: random.Random) -> object:
    """Mostly a real answer, at times nonsense."""
    if rng.random() < 0.1:
        return rng.choice(NONSENSE)
    if known.answers:
        return rng.choice(known.answers)
    return round(rng.uniform(known.lowest - 1, known.highest + 1), rng.choice((0, 1)))


def random_inputs(table: Table, rng: random.Random) -> dict[str, object]:
    """An answer sheet, with gaps; calm ones too, since random sheets would nearly all be strict."""
    strict_share = rng.choice((0.02, 0.1, 0.5, 1))
    sheet: dict[str, object] = {}
    for known in table.inputs:
        if rng.random() < 0.03 * strict_share:
            continue
        loose = [answer for answer in known.answers if answer not in ("not_sure", "never_tested", known.strictest)]
        if loose and rng.random() > strict_share:
            sheet[known.name] = loose[-1]
        else:
            sheet[known.name] = some_value(known, rng)
    return sheet


def values_for(condition: Condition) -> list[object]:
    """Every answer a condition names, or the number on its limit and those beside it."""
    return list(condition.answers) or [condition.limit, condition.limit - 0.1, condition.limit + 0.1]


def row_inputs(table: Table) -> Iterator[dict[str, object]]:
    """For every row, every answer it names, all else at its loosest and all else missing."""
    calm = {
        known.name: next((answer for answer in known.answers if answer != known.strictest), known.lowest)
        for known in table.inputs
    }
    calm |= {known.name: "no" for known in table.inputs if "no" in known.answers and known.strictest != "no"}
    for row in table.rows:
        for changed in row.when:
            for value in values_for(changed):
                sheet = {part.name: values_for(part)[0] for part in row.when} | {changed.name: value}
                yield calm | sheet
                yield sheet
    yield calm
    yield {}


def block_vectors(rng: random.Random) -> Iterator[dict[str, object]]:
    """Blocks with every warning, level and reason, ended at and around the moments that matter."""
    warnings = (*load_table("block_end").inputs[0].answers, "unheard_of")
    reasons = (None, "clinic_ok", "check_clear", "reading_ok", "felt_well", "time_passed", "looks_normal", "nonsense")
    for _ in range(RANDOM_INPUTS):
        minutes = rng.choice((None, -1, 0, 14, 15, 239, 240, 3000))
        ended = None if minutes is None else STARTED + timedelta(minutes=minutes)
        day = rng.choice((None, -1, 0, 1, 3))
        block = Block(
            warning=rng.choice(warnings),
            level=rng.choice((None, "emergency", "same_day", "within_days", "nonsense")),
            on=STARTED.date(),
            started_at=STARTED,
            ended_at=ended,
            end_reason=rng.choice(reasons),
            clinician_name=rng.choice((None, "", "  ", "Dr Okafor", "Dr Okafor")),
            clinician_on=None if day is None else STARTED.date() + timedelta(days=day),
            areas=rng.choice(((), ("left.heel",), (*rng.sample(AREAS, 3),), ("left.heel", "left.elbow"))),
        )
        now = STARTED + timedelta(minutes=rng.choice((-60, 0, 14, 15, 239, 240, 1500, 3000)))
        skips = areas_to_skip([block], now)
        yield {"block": asdict(block), "now": now, "blocks": still_blocks(block, now), "skips": skips}


def glucose_vectors(rng: random.Random) -> Iterator[dict[str, object]]:
    """Readings of all sizes, near the cut-offs too, for patients of all kinds, with targets and with nonsense."""
    tables = [load_table(name) for name in ("glucose_label", "glucose_ketones", "glucose_action")]
    edges = [part.limit for row in tables[0].rows for part in row.when if part.comparison]
    own = {"unit": "mg/dL", "before_low": 90, "before_high": 110.5, "after_below": 140}
    broken = own | {"after_below": None}
    for _ in range(RANDOM_INPUTS):
        sheet = {name: value for table in tables for name, value in random_inputs(table, rng).items()}
        sheet |= {"context": rng.choice(("fasting", "before_meal", "after_meal", "bedtime", "other", None, "nonsense"))}
        sheet["targets"] = rng.choice((None, None, own, own | {"unit": "mmol/L"}, {}, [], "x", broken))
        sheet["pregnant"] = rng.choice(("no", "no", "yes", "not_sure", None))
        if rng.random() < 0.7:
            near = rng.choice((*edges, 80, 130, 180, 4.4, 7.2, 10, 90, 110.5, 140, 5, 13.9, 19.4, 250, 350))
            sheet |= {"special": "none", "value": round(near + rng.choice((-1, -0.1, 0, 0, 0.1, 1)), 1)}
        yield {"inputs": sheet, "glucose": EVALUATORS["glucose"](sheet), "walk": EVALUATORS["pre_exercise"](sheet)}


def target_vectors(rng: random.Random) -> Iterator[dict[str, object]]:
    """Targets on and around their bounds."""
    bounds = cast("Any", glucose_limits()["target_limits"])
    for _ in range(RANDOM_INPUTS // 5):
        unit = rng.choice(("mg/dL", "mmol/L"))
        targets = {
            name: round(rng.choice((allowed["from"], allowed["to"])) + rng.choice((-0.1, 0, 0, 0.1, 5)), 1)
            for name, allowed in bounds[unit].items()
        }
        yield {"targets": {"unit": unit, **targets}, "problem": target_problem({"unit": unit, **targets})}


def some_blocks(rng: random.Random) -> list[Block]:
    """None, or one or two around the moments that clearances and answers are made at."""
    warnings = ("open_sore", "skin_problem", "low_sugar", "unheard_of")
    made = []
    for _ in range(rng.choice((0, 0, 1, 2))):
        started = STARTED + timedelta(days=rng.choice((-300, -200, -91, -1, 0, 1)), minutes=rng.choice((-1, 0, 1)))
        level = rng.choice((None, "same_day", "within_days"))
        made.append(Block(warning=rng.choice(warnings), level=level, on=started.date(), started_at=started))
    return made


def clearance_vectors(rng: random.Random) -> Iterator[dict[str, object]]:
    """What the clinic said, around the days on which it begins and ends to count."""
    known = ("bleeds_easily", "blood_clot", "pregnant")
    for _ in range(RANDOM_INPUTS):
        given = [
            Clearance(
                reasons=tuple(rng.sample(known, rng.choice((1, 2, 3)))),
                clinician_name=rng.choice(("Dr Okafor", "Dr Okafor", "Dr Okafor", "", " ", None)),
                clinician_on=STARTED.date() + timedelta(days=rng.choice((-400, -184, -181, -30, -1, 0, 1))),
                recorded_at=STARTED + timedelta(days=rng.choice((-181, -1, 0, 0, 0, 2)), minutes=rng.choice((-1, 0))),
                ended_at=rng.choice((None, None, None, STARTED)),
            )
            for _ in range(rng.choice((0, 1, 1, 2)))
        ]
        reasons = rng.sample(known, rng.choice((0, 1, 1, 2)))
        blocks, now = some_blocks(rng), STARTED + timedelta(days=rng.choice((0, 0, 150, 181)))
        cleared = is_cleared(reasons, given, blocks, now=now, today=now.date())
        facts = {"clearances": [asdict(one) for one in given], "blocks": [asdict(block) for block in blocks]}
        yield {"reasons": reasons, **facts, "now": now, "today": now.date(), "cleared": cleared}


def again_vectors(rng: random.Random) -> Iterator[dict[str, object]]:
    """Answers of every age, with and without a red flag since."""
    for _ in range(RANDOM_INPUTS // 5):
        answered = STARTED + timedelta(days=rng.choice((-200, -93, -92, -91, -5, 0, 1, 2)))
        blocks, now = some_blocks(rng), STARTED + timedelta(hours=rng.choice((-8, 0, 16, 17)))
        facts = {"answered_at": answered, "blocks": [asdict(block) for block in blocks], "now": now}
        yield {**facts, "why": asks_again(answered, blocks, now=now)}


def month_vectors(rng: random.Random) -> Iterator[dict[str, object]]:
    for _ in range(RANDOM_INPUTS // 10):
        day, months = date(2026, 1, 1) + timedelta(days=rng.randrange(1500)), rng.choice((-6, 3, 6, 14))
        yield {"day": day, "months": months, "then": add_months(day, months)}


def own_vectors(rng: random.Random) -> Iterator[dict[str, object]]:
    """The techniques for people of every kind, and for outcomes that say too little."""
    table = load_table("profile_gate")
    for _ in range(RANDOM_INPUTS // 5):
        outcome = evaluate_profile(random_inputs(table, rng) | {"cleared": rng.choice(("yes", "no"))})
        known = {name: value for name, value in outcome.items() if rng.random() > 0.02}
        skipped = rng.random() < 0.3
        yield {"profile": known, "areas_skipped": skipped, "techniques": own_techniques(known, areas_skipped=skipped)}


def script_vectors() -> list[dict[str, object]]:
    return [asdict(script) for script in scripts().values()]


def programme_vectors(rng: random.Random) -> Iterator[dict[str, object]]:
    """Profiles of all kinds, with and without severe pain, and what each programme would run."""
    table = load_table("profile_gate")
    for _ in range(RANDOM_INPUTS):
        profile = EVALUATORS["profile"](random_inputs(table, rng))
        severe = rng.choice(("yes", "no", "no", None, "nonsense"))
        chosen = choose_programmes(profile, severe_pain=severe)
        runs = {name: script_of(programme, profile) for name, programme in programmes().items()}
        yield {"profile": profile, "severe_pain": severe, "chosen": chosen, "scripts": runs}


def plan_vectors(rng: random.Random) -> Iterator[dict[str, object]]:
    """Plans that may be chosen, patients who did as they liked, and what that makes of the days."""
    for _ in range(RANDOM_INPUTS // 2):
        today = STARTED.date() + timedelta(days=rng.randrange(60))
        near = [today + timedelta(days=offset) for offset in range(-40, 30)]
        programme = rng.choice(list(programmes().values()))
        weekdays = list(rng.choice((programme.weekdays, (2, 4, 6), (3, 6), (1, 4), (5, 7))))
        spans = [Span(first, rng.choice((None, first + timedelta(days=rng.randrange(9))))) for first in near]
        facts = Plan(
            weekdays=weekdays,
            rest_day_between=programme.rest_day_between,
            starts_on=rng.choice(near),
            ended_on=rng.choice((None, None, rng.choice(near))),
            pauses=rng.sample(spans, rng.choice((0, 0, 1, 2))),
        )
        done = [on for on in near if on <= today and rng.random() < 0.4]
        rests = rng.sample(spans, rng.choice((0, 0, 1)))
        reviewed = rng.choice(([], [2], [4], [2, 4]))
        planned_28, done_28 = planned_and_done(facts, done, rests, today=today)
        yield {
            "plan": asdict(facts),
            "done": done,
            "rests": [asdict(rest) for rest in rests],
            "reviewed": reviewed,
            "today": today,
            "last": today + timedelta(days=20),
            "days": [asdict(day) for day in session_days(facts, done, first=today, last=today + timedelta(days=20))],
            "planned": planned_28,
            "done_28": done_28,
            "review_due": review_due(facts, reviewed, today=today),
        }


def triage_answers(rng: random.Random) -> dict[str, object]:
    """What a foot check hands on to triage: its one more questions, and whether the areas are known."""
    names = [known.name for known in load_table("triage").inputs if known.after is not None]
    asked = {name: rng.choice(("yes", "no", "no", "not_sure", *NONSENSE)) for name in names if rng.random() > 0.1}
    return {**asked, **rng.choice(({}, {"areas_marked": "yes"}, {"areas_marked": rng.choice(NONSENSE)}))}


def warm_vectors(rng: random.Random) -> Iterator[dict[str, object]]:
    """Two checks around the day before, with differences around the cut-offs of both units."""
    for _ in range(RANDOM_INPUTS):
        today, *before = (some_measured(rng, days) for days in (0, *rng.choice(((), (-1,), (-1, -1), (-2,), (0,)))))
        warm, running = warm_spots(today), warm_two_days(today, before)
        facts = {"today": asdict(today), "before": [asdict(one) for one in before]}
        yield {**facts, "warm": [asdict(one) for one in warm], "running": [asdict(one) for one in running]}


def some_measured(rng: random.Random, days: int) -> Measured:
    unit = rng.choice(("C", "C", "F", "F", None, "K"))
    readings = []
    for spot in rng.sample(("big_toe", "heel", "arch"), rng.choice((0, 1, 2, 3))):
        left = rng.randrange(200, 1000) / 10
        right = round(left + rng.choice((-1, 1)) * rng.choice((0, 2.1, 2.2, 2.3, 3.9, 4, 4.1, 9)), 1)
        readings.append(Reading(spot, rng.choice((left, left, left, None)), rng.choice((right, right, right, None))))
    return Measured(STARTED.date() + timedelta(days=days), unit, tuple(readings))


def exam_vectors(rng: random.Random) -> Iterator[dict[str, object]]:
    """Profiles of all kinds, and exams around the days on which the next one falls due."""
    table = load_table("profile_gate")
    for _ in range(RANDOM_INPUTS // 5):
        profile, today = random_inputs(table, rng), STARTED.date() + timedelta(days=rng.randrange(400))
        last_on = add_months(today, -rng.choice((0, 1, 3, 6, 12, 24))) + timedelta(days=rng.choice((-1, 0, 1)))
        found = foot_exam(last_on, profile, today=today)
        yield {"last_on": last_on, "profile": profile, "today": today, "exam": asdict(found)}


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
