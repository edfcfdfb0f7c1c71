"""The step goal (brief §10): baseline, target, cap, what a week does to it, rest and return. Pure.

Every goal is a whole hundred. What goes up rounds to the nearest, what limits rounds to the careful side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import cast

from server.care.content import load_table, step_numbers

CAP_ANSWERS = ("numb_feet", "past_ulcer_or_shape", "poor_circulation")
CLEARANCE = "step_cap"  # the reason of a clearance that lifts the cap


@dataclass(frozen=True)
class Cap:
    """The most that the goal may be; `may_choose`: the most that the patient may choose instead, now."""

    kind: str
    most: int
    may_choose: int | None
    walk_up: int


@dataclass(frozen=True)
class Week:
    """What a week was like, from Monday to Sunday. `pain_up` is None when there is no mean to compare."""

    met: int
    missed: int
    clear_checks: int
    pain_up: float | None
    redness: str
    red_flag: str


@dataclass(frozen=True)
class Step:
    """The goal after a week, and why. `returning_to` is the goal before a rest, until it is reached again."""

    steps: int
    why: str
    returning_to: int | None = None


def is_valid(steps: int) -> bool:
    """Whether a day of so many steps can be believed."""
    numbers = step_numbers()
    return numbers["valid_from"] <= steps <= numbers["valid_to"]


def baseline_of(first_days: Sequence[int]) -> int | None:
    """The median of the first seven valid days; None while there are fewer than four."""
    numbers = step_numbers()
    days = first_days[: numbers["baseline_days"]]
    return int(median(days)) if len(days) >= numbers["baseline_least"] else None


def target_of(last_days: Sequence[int]) -> int | None:
    """The 60th percentile of the last nine valid days, oldest first: of nine, the sixth from below."""
    numbers = step_numbers()
    days = sorted(last_days[-numbers["target_days"] :])
    if not days:
        return None
    rank = -(-len(days) * numbers["target_percent"] // 100)
    return _nearest(days[rank - 1])


def cap_of(baseline: int, answers: Mapping[str, object], *, lifted: bool, chosen: int | None, steps: int | None) -> Cap:
    """The cap of a person with these answers of the profile. A choice counts while the goal has come up to the cap."""
    sheet = {name: answers.get(name) for name in CAP_ANSWERS}
    found = load_table("step_cap").evaluate({**sheet, "lifted": "yes" if lifted else "no"})
    most = max(cast("int", found["usual"]), baseline)
    above = cast("int | None", found["above_baseline"])
    if above is not None:
        most = min(most, baseline + above)
    most = _down(most)
    highest = cast("int | None", found["may_choose"])
    may_choose = highest if highest is not None and steps is not None and steps >= most and highest > most else None
    if may_choose is not None and chosen is not None:
        most = max(most, min(_down(chosen), may_choose))
    return Cap(str(found["kind"]), most, may_choose, cast("int", found["walk_up"]))


def start_goal(baseline: int, cap: Cap) -> int:
    """The first goal."""
    return min(_nearest(baseline + step_numbers()["start_above"]), cap.most)


def after_week(
    steps: int, week: Week, *, baseline: int, target: int | None, cap: Cap, returning_to: int | None = None
) -> Step:
    """What a week does to the goal. A week with a red flag that stands is not asked about: the goal is off."""
    known = week.pain_up is not None
    found = load_table("step_goal").evaluate(
        {
            "red_flag": week.red_flag,
            "pain_known": "yes" if known else "no",
            "pain_up": week.pain_up if known else 0,
            "met": week.met,
            "missed": week.missed,
            "redness": week.redness,
            "clear_checks": week.clear_checks,
        }
    )
    why = str(found["why"])
    if found["move"] == "up":
        return _under(cap, _raised(steps, target, returning_to), steps)
    if found["move"] == "down":
        lower = min(steps, max(_down(_percent(steps, 100 - step_numbers()["down_percent"])), floor_of(baseline)))
        return _under(cap, Step(lower, why if lower < steps else "at_floor", returning_to), steps)
    return _under(cap, Step(steps, why, returning_to), steps)


def floor_of(baseline: int) -> int:
    """No week lowers the goal under this."""
    return -(-baseline * step_numbers()["floor_percent"] // 10_000) * 100


def after_rest(last: int, cap: Cap) -> Step:
    """The goal when the clinic has said OK: half of the last one, which it then returns to."""
    half = max(_down(_percent(last, step_numbers()["return_percent"])), 100)
    return Step(min(half, cap.most), "returned", last)


def rest_level(last: int | None, baseline: int | None) -> int | None:
    """Under how many steps a day is one of rest: half of the last goal, or of the baseline where there was none."""
    known = last if last is not None else baseline
    return None if known is None else _down(_percent(known, step_numbers()["rest_percent"]))


def walk_minutes(cap: Cap) -> list[int]:
    """Minutes of each walk, week by week, for who counts no steps; the last stays."""
    numbers = step_numbers()
    return [*range(numbers["walk_minutes"], numbers["walk_most"], cap.walk_up), numbers["walk_most"]]


def _raised(steps: int, target: int | None, returning_to: int | None) -> Step:
    numbers = step_numbers()
    if returning_to is not None:
        by = max(_down(_percent(returning_to, numbers["return_up_percent"])), 100)
        higher = min(steps + min(by, numbers["most_up"]), returning_to)
        return Step(max(higher, steps), "up_return", returning_to if higher < returning_to else None)
    by = min(max((target or 0) - steps, 0), numbers["most_up"])
    return Step(steps + by, "up" if by > 0 else "at_target")


def _under(cap: Cap, step: Step, before: int) -> Step:
    """The step as far as the cap lets it go. Who would rise and may not hears why."""
    if step.steps <= cap.most:
        return step
    if cap.most > before:
        return Step(cap.most, step.why, step.returning_to)
    why = "cap_lower" if cap.most < before else "at_cap_careful" if cap.kind == "careful" else "at_cap"
    return Step(cap.most, why, step.returning_to)


def _percent(number: int, percent: int) -> int:
    return number * percent // 100


def _nearest(steps: int) -> int:
    return (steps + 50) // 100 * 100


def _down(steps: int) -> int:
    return steps // 100 * 100
