"""Answer sheets for a decision table: those of every row, and random ones with gaps and nonsense."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime

from server.care.rules import Condition, Input, Table

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
