"""What Python makes of foot checks, their temperatures and the yearly exam, for the phone's twin of it."""

import random
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta

from server.care.clearances import add_months
from server.care.content import load_table
from server.care.feet import Measured, Reading, foot_exam, warm_spots, warm_two_days
from tests.care.random_inputs import NONSENSE, RANDOM_INPUTS, STARTED, random_inputs


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
