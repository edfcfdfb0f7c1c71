"""What Python makes of techniques, programmes and plans, for the phone's twin of it."""

import random
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta

from server.care.content import load_table, scripts
from server.care.decisions import EVALUATORS, evaluate_profile, own_techniques
from server.care.plan import Plan, Span, planned_and_done, review_due, session_days
from server.care.programmes import choose_programmes, programmes, script_of
from tests.care.random_inputs import RANDOM_INPUTS, STARTED, random_inputs


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
