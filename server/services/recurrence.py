"""When a reminder falls due: days by a rule, times on the wall, and the moments they are across clock changes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Literal

from server.localtime import days, local_date, moment_of

Repeat = Literal["weekdays", "every_n_days", "times_a_week"]
REPEATS = ("weekdays", "every_n_days", "times_a_week")


@dataclass(frozen=True)
class Rule:
    """Local `times` on the days that `repeat` gives, from `starts_on` to `ends_on`, both included.

    `weekdays`: those of the ISO `weekdays`. `every_n_days`: `starts_on`, and every `every` days from it.
    `times_a_week`: `every` days of seven, spread evenly, the first of them the weekday of `starts_on`.
    """

    weekdays: Sequence[int]
    times: Sequence[str]
    starts_on: date
    ends_on: date | None = None
    repeat: str = "weekdays"
    every: int | None = None

    def falls_on(self, on: date) -> bool:
        """Whether its days hold `on`, its start and end left aside."""
        if self.repeat == "weekdays":
            return on.isoweekday() in self.weekdays
        since, every = (on - self.starts_on).days, self.every or 1
        if self.repeat == "every_n_days":
            return since % every == 0
        return since % 7 in {index * 7 // every for index in range(every)}

    @property
    def longest_gap(self) -> int:
        """No more than so many days lie between two of its days."""
        return (self.every or 1) if self.repeat == "every_n_days" else 7


@dataclass(frozen=True)
class Moment:
    """One moment of a rule: the day and the time on the wall, and when that is."""

    on: date
    local_time: time
    due_at: datetime


def moments(rule: Rule, zone: str, first: date, last: date) -> Iterator[Moment]:
    """The rule's moments from day `first` to day `last`, both included, in order."""
    last = min(last, rule.ends_on) if rule.ends_on else last
    for on in days(max(first, rule.starts_on), last):
        if rule.falls_on(on):
            times = map(time.fromisoformat, sorted(rule.times))
            # Sorted again: a time that a clock change skips comes after the hour that follows the gap.
            yield from sorted((Moment(on, at, moment_of(on, at, zone)) for at in times), key=lambda m: m.due_at)


def next_moments(rule: Rule, zone: str, *, count: int, now: datetime) -> list[Moment]:
    """The next `count` moments after `now`; fewer when the rule ends before."""
    first = max(local_date(now, zone), rule.starts_on)
    last = first + timedelta(days=rule.longest_gap * (count + 1))
    return list(islice((m for m in moments(rule, zone, first, last) if m.due_at > now), count))


def never_comes(rule: Rule) -> bool:
    """Whether none of its days lies between its start and its end."""
    if rule.ends_on is None:
        return False
    last = min(rule.ends_on, rule.starts_on + timedelta(days=rule.longest_gap))
    return not any(rule.falls_on(on) for on in days(rule.starts_on, last))
