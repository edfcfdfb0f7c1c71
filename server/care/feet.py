"""The feet between massages: skin temperature on two days (brief §7), and when a professional foot exam is due."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from server.care.clearances import add_months
from server.care.content import load_table


@dataclass(frozen=True)
class Reading:
    """The skin at one spot of both feet, in the unit that was typed; None where it was not measured."""

    spot: str
    left: float | None
    right: float | None


@dataclass(frozen=True)
class Measured:
    """The readings of one check on the local day `on`."""

    on: date
    unit: str | None
    readings: Sequence[Reading]


@dataclass(frozen=True)
class Warm:
    """One foot is warmer than the other at a spot."""

    spot: str
    foot: str


def warm_spots(measured: Measured) -> list[Warm]:
    """Where one foot is warmer than the other by more than the cut-off of this unit."""
    table = load_table("skin_temperature")
    found = []
    for reading in measured.readings:
        if reading.left is None or reading.right is None:
            continue
        # In tenths, as it was typed: 34.1 - 31.9 is more than 2.2 in binary.
        tenths = _tenths(reading.left) - _tenths(reading.right)
        if table.evaluate({"unit": measured.unit, "difference": abs(tenths) / 10})["warmer"] is True:
            found.append(Warm(reading.spot, "left" if tenths > 0 else "right"))
    return found


def warm_two_days(today: Measured, before: Sequence[Measured]) -> list[Warm]:
    """The spots of `today` at which the same foot was warmer in a check of the day before."""
    yesterday = [measured for measured in before if (today.on - measured.on).days == 1]
    known = {warm for measured in yesterday for warm in warm_spots(measured)}
    return [warm for warm in warm_spots(today) if warm in known]


def _tenths(value: float) -> int:
    return math.floor(value * 10 + 0.5)


def shoe_redness(answers: Mapping[str, object]) -> str:
    """What a shoe check says of redness over 15 minutes (brief §8, §10): `yes`, `no`, or `not_answered`."""
    marks = answers.get("red_marks")
    if marks is None and answers.get("footwear") in ("slipper", "socks_or_barefoot"):
        return "no"  # it is asked of shoes only
    known = {"none": "no", "gone_in_15": "no", "over_15": "yes"}
    return known.get(str(marks), "not_answered")


@dataclass(frozen=True)
class FootExam:
    """When the next professional foot exam falls due: from `due_from`, and it is late after `due_by`."""

    due_from: date
    due_by: date
    overdue: bool


def exam_months(profile: Mapping[str, object]) -> tuple[int, int]:
    """The fewest and the most months between two exams, by the answers of the profile."""
    answers = {
        "past_ulcer": profile.get("past_ulcer_or_shape"),
        "shape_change": profile.get("past_ulcer_or_shape"),
        "numb_feet": profile.get("numb_feet"),
        "poor_circulation": profile.get("poor_circulation"),
    }
    outcome = load_table("foot_exam").evaluate(answers)
    return cast("int", outcome["from"]), cast("int", outcome["to"])


def foot_exam(last_on: date, profile: Mapping[str, object], *, today: date) -> FootExam:
    """When the exam after the one of `last_on` is due."""
    fewest, most = exam_months(profile)
    due_by = add_months(last_on, most)
    return FootExam(add_months(last_on, fewest), due_by, overdue=today > due_by)
