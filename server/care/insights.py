"""What a patient's records add up to: only where there is enough of them, and in words that claim no cause.

Pure: no clock, no database. What is missing is left out and never counted as zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import cast

from server.care.content import insight_rules, text
from server.care.decisions import evaluate_symptoms
from server.care.rules import Json
from server.care.weeks import WEEK, Note, baseline, change_inputs, this_week, week_of

DAY = timedelta(days=1)
MASSAGES_A_WEEK = 2  # the article's "two to three times a week"; brief §5 programmes have 2, 3 or 7

Values = Mapping[str, float]


@dataclass(frozen=True)
class Massage:
    """One session of a day; a stopped one counts."""

    on: date
    pain_before: int | None = None
    pain_after: int | None = None


@dataclass(frozen=True)
class Reading:
    """Whether a sugar reading of a day was in the target of its time of day (brief §9)."""

    on: date
    in_target: bool


@dataclass(frozen=True)
class Facts:
    """What is looked at. `steps`: of days that are over and whole; `readings`: those that have a target. `planned` is
    None without a plan that runs."""

    today: date
    notes: Sequence[Note] = ()
    massages: Sequence[Massage] = ()
    first_massage: date | None = None
    steps: Mapping[date, int] = field(default_factory=dict)
    readings: Sequence[Reading] = ()
    planned: int | None = None
    done: int = 0


@dataclass(frozen=True)
class Row:
    """What is asked of the records before an insight is said, and its sentences."""

    id: str
    look_back: int
    least: int
    of: str
    say: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """`n` of what was counted, the smallest group of those compared; without values nothing is said yet."""

    n: int
    values: Values = field(default_factory=dict)
    change: str = ""
    level: str | None = None


@dataclass(frozen=True)
class Insight:
    """Something to say, with how much it rests on. `say`: keys of its sentences."""

    key: str
    n: int
    of: str
    level: str | None
    values: Values
    say: tuple[str, ...]


@dataclass(frozen=True)
class Waiting:
    """Too little of it yet."""

    key: str
    n: int
    least: int
    of: str


@cache
def rows() -> tuple[Row, ...]:
    """The table, in the order of what is said first."""
    return tuple(
        Row(
            id=str(row["id"]),
            look_back=cast("int", row["look_back"]),
            least=cast("int", row["least"]),
            of=str(row["of"]),
            say=tuple(str(key) for key in cast("list[Json]", row["say"])),
        )
        for row in cast("list[Mapping[str, Json]]", insight_rules()["rows"])
    )


def insights(facts: Facts) -> tuple[list[Insight], list[Waiting]]:
    """What can be said, and what waits for more records; of what has none there is no mention."""
    said: list[Insight] = []
    waiting: list[Waiting] = []
    for row in rows():
        found = LOOKS[row.id](facts, row)
        if found is None or found.n == 0:
            continue
        if found.n < row.least:
            waiting.append(Waiting(row.id, found.n, row.least, row.of))
        elif found.values:
            say = tuple(key.format(change=found.change) for key in row.say)
            said.append(Insight(row.id, found.n, row.of, found.level, found.values, say))
    return said, waiting


def words(insight: Insight, language: str) -> str:
    """Its sentences with their numbers."""
    catalogue = text(language)
    numbers = {name: f"{value:,}".removesuffix(".0") for name, value in insight.values.items()}
    return " ".join(catalogue[key].format(n=f"{insight.n:,}", **numbers) for key in insight.say)


def _numbness_up(facts: Facts, _row: Row) -> Found | None:
    week, base = this_week(facts.notes, facts.today), baseline(facts.notes, facts.first_massage)
    if week is None or base is None or week.numbness is None or base.numbness is None:
        return None
    outcome = evaluate_symptoms(change_inputs(week, base))
    if "pain_down_numbness_up" not in cast("list[str]", outcome["reasons"]):
        return None
    values = {"pain_before": base.pain.value, "pain": week.pain.value}
    values |= {"numbness_before": base.numbness.value, "numbness": week.numbness.value}
    return Found(week.numbness.days, _rounded(values), level=cast("str", outcome["level"]))


def _weekly_pain(facts: Facts, row: Row) -> Found | None:
    first = facts.today - (row.look_back - 1) * DAY
    noted = sum(first <= note.on <= facts.today for note in facts.notes)
    week, base = this_week(facts.notes, facts.today), baseline(facts.notes, facts.first_massage)
    if week is None or base is None:
        return Found(noted)
    outcome = evaluate_symptoms(change_inputs(week, base))
    if outcome["change"] == "not_compared":
        return None
    values = _rounded({"pain": week.pain.value, "before": base.pain.value})
    return Found(noted, values, change=str(outcome["change"]), level=cast("str | None", outcome["level"]))


def _sessions(facts: Facts, _row: Row) -> Found | None:
    return None if facts.planned is None else Found(facts.planned, {"done": facts.done, "planned": facts.planned})


def _glucose(facts: Facts, row: Row) -> Found:
    days: dict[date, bool] = {}
    for reading in facts.readings:
        if _recent(reading.on, facts, row):
            days[reading.on] = days.get(reading.on, True) and reading.in_target
    return Found(len(days), {"inside": sum(days.values())})


def _around(facts: Facts, row: Row) -> Found:
    both = [
        (massage.pain_before, massage.pain_after)
        for massage in facts.massages
        if _recent(massage.on, facts, row) and massage.pain_before is not None and massage.pain_after is not None
    ]
    if not both:
        return Found(0)
    means = {"before": _mean(before for before, _ in both), "after": _mean(after for _, after in both)}
    return Found(len(both), _rounded(means))


def _by_massages(facts: Facts, row: Row) -> Found | None:
    """Weeks back from today, whole ones since the first massage, in two groups."""
    if facts.first_massage is None:
        return None
    with_massages: list[float] = []
    without: list[float] = []
    last = facts.today
    since = max(facts.first_massage, facts.today - (row.look_back - 1) * DAY)
    while (first := last - (WEEK - 1) * DAY) >= since:
        week = week_of(facts.notes, first)
        days = {massage.on for massage in facts.massages if first <= massage.on <= last}
        if week is not None:
            (with_massages if len(days) >= MASSAGES_A_WEEK else without).append(week.pain.value)
        last = first - DAY
    return _compared(with_massages, without, "weeks", 1)


def _on_massage_days(facts: Facts, row: Row) -> Found | None:
    if facts.first_massage is None:
        return None
    days = {massage.on for massage in facts.massages}
    walked = {
        on: steps for on, steps in _walked(facts).items() if _recent(on, facts, row) and on >= facts.first_massage
    }
    with_massage = [steps for on, steps in walked.items() if on in days]
    return _compared(with_massage, [steps for on, steps in walked.items() if on not in days], "days", None)


def _four_weeks(facts: Facts, row: Row) -> Found:
    ago = {on: (facts.today - on).days for on in facts.steps}
    walked = _walked(facts)
    now = [steps for on, steps in walked.items() if 0 < ago[on] <= row.look_back]
    before = [steps for on, steps in walked.items() if row.look_back < ago[on] <= 2 * row.look_back]
    if not now or not before:
        return Found(0)
    return Found(min(len(now), len(before)), {"now": round(_mean(now)), "before": round(_mean(before))})


LOOKS: Mapping[str, Callable[[Facts, Row], Found | None]] = {
    "pain_down_numbness_up": _numbness_up,
    "weekly_pain": _weekly_pain,
    "sessions_against_plan": _sessions,
    "glucose_in_target": _glucose,
    "pain_around_massage": _around,
    "pain_by_massages": _by_massages,
    "steps_on_massage_days": _on_massage_days,
    "steps_four_weeks": _four_weeks,
}


def _walked(facts: Facts) -> Mapping[date, int]:
    """The days whose number can be a whole day's walking (brief §10)."""
    valid = cast("Mapping[str, int]", insight_rules()["valid_steps"])
    return {on: steps for on, steps in facts.steps.items() if valid["from"] <= steps <= valid["to"]}


def _compared(one: Sequence[float], other: Sequence[float], of: str, digits: int | None) -> Found:
    """Two groups side by side, as much as the smaller one is worth."""
    if not one or not other:
        return Found(0)
    means: Values = {"with": round(_mean(one), digits), "without": round(_mean(other), digits)}
    return Found(min(len(one), len(other)), {**means, f"{of}_with": len(one), f"{of}_without": len(other)})


def _recent(on: date, facts: Facts, row: Row) -> bool:
    return facts.today - (row.look_back - 1) * DAY <= on <= facts.today


def _mean(values: Iterable[float]) -> float:
    numbers = sorted(values)
    return sum(numbers) / len(numbers)


def _rounded(values: Values) -> Values:
    return {name: round(value, 1) for name, value in values.items()}
