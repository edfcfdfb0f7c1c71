"""The changes of a step goal, as its row keeps them: the oldest first, each with its number, day and reason."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

MOST_KEPT = 120  # over two years of weeks
BEGINNINGS = ("start", "returned", "resumed")

Entry = Mapping[str, Any]


def tell(
    history: Sequence[Entry], on: date, *, steps: int | None, was: int | None, why: str, after: int | None = None
) -> list[dict[str, Any]]:
    """The history with one change more; its number comes after the newest, or after `after`."""
    newest = after if after is not None else history[-1]["n"] if history else 0
    entry = {"n": newest + 1, "from_on": on.isoformat(), "steps": steps, "was": was, "why": why}
    return [*(dict(one) for one in history), entry][-MOST_KEPT:]


def goal_on(history: Sequence[Entry], on: date) -> int | None:
    """The goal of a day: the last that was set on it or before."""
    until = [one for one in history if one["from_on"] <= on.isoformat()]
    return until[-1]["steps"] if until else None


def begun_on(history: Sequence[Entry], *, default: date) -> date:
    """Since which day there is a goal without a break; `default` when that is longer ago than the history."""
    begun = [one["from_on"] for one in history if one["why"] in BEGINNINGS]
    return date.fromisoformat(begun[-1]) if begun else default
