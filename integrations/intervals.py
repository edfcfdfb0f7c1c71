"""Steps that several devices counted at the same time, merged so that no step counts twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

# Start, end and steps; the moments in any whole unit, the end not included.
Interval = tuple[int, int, int]
Span = tuple[int, int]


@dataclass(frozen=True)
class StepInterval:
    """Steps that one app of a phone counted from one moment to another; they belong to the day they began on."""

    on: date
    origin: str
    started_at: datetime
    ended_at: datetime
    steps: int


def merge_steps(sources: Iterable[Iterable[Interval]]) -> int:
    """The steps of a day that several sources saw, whose intervals overlap.

    The source with the finest intervals comes first. An interval of a later one counts where none that counts
    already overlaps it: a watch left at home must not hide what the phone counted, and a pocket must not double the
    watch. What one device counted by itself is the least that was walked, so the result is never below that.
    """
    merged, best = 0, 0
    taken: list[Span] = []
    for intervals in sorted((_tidy(source) for source in sources), key=_rank):
        free = _free(intervals, taken)
        merged += _total(free)
        best = max(best, _total(intervals))
        taken = _join(taken, free)
    return max(merged, best)


def _tidy(source: Iterable[Interval]) -> list[Interval]:
    """In order, those without steps left out, an interval that is there twice once; a moment is one unit long."""
    found: dict[Span, int] = {}
    for start, end, steps in source:
        if steps > 0:
            span = (start, max(end, start + 1))
            found[span] = max(steps, found.get(span, 0))
    return sorted((start, end, steps) for (start, end), steps in found.items())


def _rank(intervals: Sequence[Interval]) -> tuple[int, int, Sequence[Interval]]:
    """The usual length, then more steps; the last part makes equal ones independent of the order they came in."""
    lengths = sorted(end - start for start, end, _ in intervals)
    return lengths[len(lengths) // 2] if lengths else 0, -_total(intervals), intervals


def _total(intervals: Iterable[Interval]) -> int:
    return sum(steps for _, _, steps in intervals)


def _free(intervals: Sequence[Interval], taken: Sequence[Span]) -> list[Interval]:
    """The intervals that nothing of `taken` overlaps; both in order, `taken` without overlaps."""
    free = []
    at = 0
    for interval in intervals:
        while at < len(taken) and taken[at][1] <= interval[0]:
            at += 1
        if at == len(taken) or interval[1] <= taken[at][0]:
            free.append(interval)
    return free


def _join(taken: Sequence[Span], more: Sequence[Interval]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted([*taken, *((start, end) for start, end, _ in more)]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
