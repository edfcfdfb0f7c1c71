"""Pure time: the local day of a moment, and the moment of a local time across clock changes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


def is_zone(name: str) -> bool:
    """Whether `name` is an IANA time zone. ZoneInfo alone raises five kinds of error for the others."""
    return name in _zone_names()


def local_date(moment: datetime, zone: str) -> date:
    """The calendar day that `moment` falls on in `zone`."""
    return moment.astimezone(ZoneInfo(zone)).date()


def local_time(moment: datetime, zone: str) -> time:
    """What the clock on the wall of `zone` shows at `moment`, to the minute."""
    return moment.astimezone(ZoneInfo(zone)).time().replace(second=0, microsecond=0)


def moment_of(on: date, at: time, zone: str) -> datetime:
    """When the clock on the wall of `zone` shows `at` on day `on`, in UTC.

    A time that a clock change skips is read with the offset before the gap (RFC 5545 §3.3.5: 02:30 becomes 03:30);
    one that comes twice means the first. Both are what `fold=0` does.
    """
    return datetime.combine(on, at, ZoneInfo(zone)).astimezone(UTC)


def start_of_day(on: date, zone: str) -> datetime:
    """The first moment of day `on` in `zone`, in UTC."""
    return moment_of(on, time(), zone)


def days(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included."""
    while first <= last:
        yield first
        first += timedelta(days=1)
