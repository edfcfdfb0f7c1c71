"""What Python makes of blocks, of what the clinic said and of old answers, for the phone's twin of it."""

import random
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta

from server.care.blocks import AREAS, Block, areas_to_skip, still_blocks
from server.care.clearances import Clearance, add_months, asks_again, is_cleared
from server.care.content import load_table
from tests.care.random_inputs import RANDOM_INPUTS, STARTED


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
