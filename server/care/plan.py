"""The session days of a plan: which day is one, what a missed day does, and what it adds up to.

Pure: no clock, no database; pwa/src/care/plan.ts is its twin. A day counts as done when it has a session log, also
one that was stopped early: whoever began has looked after their feet, and nobody is asked to make up for the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from server.care.blocks import block_end

DAY = timedelta(days=1)
LOOK_BACK = 28  # brief §5: a programme is four weeks
REVIEW_WEEKS = (2, 4)


@dataclass(frozen=True)
class Span:
    """The days from `first` to `last`, both included; without `last`, until further notice."""

    first: date
    last: date | None = None

    def holds(self, on: date) -> bool:
        return self.first <= on and (self.last is None or on <= self.last)


@dataclass(frozen=True)
class Plan:
    """What decides the session days. `ended_on` is the first day that has none any more."""

    weekdays: Collection[int]
    rest_day_between: bool
    starts_on: date
    ended_on: date | None = None
    pauses: Sequence[Span] = ()

    def runs(self, on: date) -> bool:
        """Begun, not ended, not paused."""
        ended = self.ended_on is not None and on >= self.ended_on
        return on >= self.starts_on and not ended and not any(pause.holds(on) for pause in self.pauses)

    def planned(self, on: date) -> bool:
        """Whether the patient chose this day, before any day moves."""
        return on.isoweekday() in self.weekdays and self.runs(on)


@dataclass(frozen=True)
class SessionDay:
    """A day on which a session is due; `moved_from` is the planned day that passed without one."""

    on: date
    moved_from: date | None = None


def session_days(plan: Plan, done: Collection[date], *, first: date, last: date) -> list[SessionDay]:
    """The session days from `first` to `last`, as if each of them gets done.

    A planned day that passes undone moves to the next day, within its week: every week starts clean, so there is
    never a debt. One session a day, and none on the day after a session where the programme wants a rest day: later
    days give way rather than pile up.
    """
    had = set(done)
    found = []
    for on in _days(first, last):
        monday = on - (on.isoweekday() - 1) * DAY
        planned = [day for day in _days(monday, on) if plan.planned(day)]
        before = [day for day in had if max(monday, plan.starts_on) <= day < on]
        tired = on in had or (plan.rest_day_between and on - DAY in had)
        if plan.runs(on) and len(planned) > len(before) and not tired:
            found.append(SessionDay(on, None if plan.planned(on) else _moved_from(planned, before)))
            had.add(on)
    return found


def _moved_from(planned: Sequence[date], before: Collection[date]) -> date:
    """The last planned day that no session of this week stands for: each its own, the others the earliest left."""
    undone = [day for day in planned if day not in before]
    elsewhere = sum(day not in planned for day in before)
    return undone[elsewhere:][-1]


def planned_and_done(plan: Plan, done: Collection[date], rests: Sequence[Span], *, today: date) -> tuple[int, int]:
    """How many sessions were planned and how many there were, in the 28 days up to today.

    Today counts as planned only once it is done: it is not over. Days under a warning (`rests`) were not planned.
    """
    window = list(_days(max(today - (LOOK_BACK - 1) * DAY, plan.starts_on), today))
    planned = [
        day
        for day in window
        if plan.planned(day) and (day < today or day in done) and not any(rest.holds(day) for rest in rests)
    ]
    return len(planned), sum(day in done for day in window)


def review_due(plan: Plan, reviewed: Collection[int], *, today: date) -> int | None:
    """The week whose review is to be asked now: 2 or 4, the later one when both are open. Paused days do not count."""
    if not plan.runs(today):
        return None
    weeks = sum(plan.runs(day) for day in _days(plan.starts_on, today - DAY)) // 7
    latest = max((week for week in REVIEW_WEEKS if week <= weeks), default=None)
    return None if latest is None or any(week >= latest for week in reviewed) else latest


def rests_feet(warning: str, level: str | None) -> bool:
    """Whether a warning is a red flag: then massage rests, and its reminders, until the warning ends (brief §2.2)."""
    return block_end(warning, level).ends == "clinic_ok" or level in ("same_day", "emergency")


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY
