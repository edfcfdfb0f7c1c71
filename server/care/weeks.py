"""The weeks of the symptom diary: means, the week to compare with, and what a table decides on (brief §11).

Pure: no clock, no database; pwa/src/diary/weeks.ts is its twin. A day without a note is unknown, which is not zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from server.care.rules import Json

WEEK = 7
ENOUGH_DAYS = 4  # brief §11: a weekly mean needs four


@dataclass(frozen=True)
class Note:
    """What the diary says of one day."""

    on: date
    pain: int
    numbness: int | None = None


@dataclass(frozen=True)
class Mean:
    """A sum and how many days it is of. Kept apart, so that limits are compared without rounding."""

    total: int
    days: int

    @property
    def value(self) -> float:
        return self.total / self.days


@dataclass(frozen=True)
class Week:
    """Seven days from `first` with enough notes; numbness, which is optional, may have too few."""

    first: date
    pain: Mean
    numbness: Mean | None


def week_of(notes: Iterable[Note], first: date) -> Week | None:
    """The seven days from `first`; None where fewer than four have a note."""
    inside = [note for note in notes if first <= note.on < first + timedelta(days=WEEK)]
    pain = _mean([note.pain for note in inside])
    numbness = _mean([note.numbness for note in inside if note.numbness is not None])
    return None if pain is None else Week(first, pain, numbness)


def baseline(notes: Sequence[Note], first_massage: date | None) -> Week | None:
    """The week of the first massage; where that has too few notes, the first seven days that have four."""
    week = None if first_massage is None else week_of(notes, first_massage)
    if week is not None:
        return week
    days = sorted(note.on for note in notes)
    near = zip(days, days[ENOUGH_DAYS - 1 :], strict=False)
    first = next((day for day, fourth in near if fourth - day < timedelta(days=WEEK)), None)
    return None if first is None else week_of(notes, first)


def this_week(notes: Iterable[Note], today: date) -> Week | None:
    """The last seven days, today included."""
    return week_of(notes, today - timedelta(days=WEEK - 1))


def change_inputs(week: Week, base: Week | None) -> dict[str, Json]:
    """What `symptom_change` decides on: this week, beside the baseline from week 2 on."""
    inputs: dict[str, Json] = {"pain": week.pain.value, "compared": "no"}
    if base is None or week.first < base.first + timedelta(days=WEEK):
        return inputs | {"pain_fall": 0, "pain_fall_percent": 0, "numbness_rise": 0}
    before, after = base.pain.total * week.pain.days, week.pain.total * base.pain.days
    rise = 0.0
    if week.numbness is not None and base.numbness is not None:
        rise = _fall(week.numbness, base.numbness)
    return inputs | {
        "compared": "yes",
        "pain_fall": _fall(base.pain, week.pain),
        "pain_fall_percent": 0 if before == 0 else 100 * (before - after) / before,
        "numbness_rise": rise,
    }


def _mean(values: Sequence[int]) -> Mean | None:
    return None if len(values) < ENOUGH_DAYS else Mean(sum(values), len(values))


def _fall(one: Mean, other: Mean) -> float:
    """How much lower the other is."""
    return (one.total * other.days - other.total * one.days) / (one.days * other.days)
