"""What Python makes of sugar readings and of targets of one's own, for the phone's twin of it."""

import random
from collections.abc import Iterator
from typing import Any, cast

from server.care.content import glucose_limits, load_table
from server.care.decisions import EVALUATORS
from server.care.glucose import target_problem
from tests.care.random_inputs import RANDOM_INPUTS, random_inputs


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
