"""What a phone's body is made of: strict numbers, tolerant dates, day counts, errors a client can mend."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple

from integrations.intervals import StepInterval
from integrations.provider import Reading

MAX_STEPS = 200_000
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
FURTHEST_AHEAD = timedelta(hours=26)

# A quoted number: no sign, no exponent, at most two digits behind a point or comma. "1.830" is 1830 or 1.83: refused.
_NUMBER = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,2})?")
_AMBIGUOUS = re.compile(r"[0-9]{1,9}[.,][0-9]{3}")

# "2026-11-21 00:00:00 +0100", "2026-11-22", RFC 3339, and "2024-09-21 7:57:00\u202fam +1000": a phone set to 12 hours
# writes a narrow no-break space (github.com/irvinlim/apple-health-ingester/issues/24).
_DATE = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:(?:T|\s+)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,9})?)?"
    r"(?:\s*([^\W\d_.]\.?[^\W\d_.]\.?))??"
    r"(?:\s*(Z|z|[+-][0-9]{2}:?[0-9]{2}))?)?"
)


class IngestError(Exception):
    """A body that its sender can mend; `code` is stable and the text says what to do."""

    code = "unknown_shape"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class UnknownShape(IngestError):
    """None of the bodies we read."""

    def __init__(self, accepted: list[str]) -> None:
        super().__init__("We cannot read this body. Send one of these: " + "; ".join(accepted) + ".")
        self.accepted = accepted


class UnsupportedMode(IngestError):
    """The app is known, but it is set to send something that cannot be counted rightly."""

    code = "unsupported_mode"

    def __init__(self, setting: str) -> None:
        super().__init__(f"Change this setting in the app on your phone, then send again: “{setting}”.")
        self.setting = setting


class AmbiguousNumber(IngestError):
    """The only number of the body can be read in two ways."""

    code = "ambiguous_number"

    def __init__(self, text: str) -> None:
        whole, behind = re.split("[.,]", text)
        super().__init__(
            f"“{text}” could mean {whole}{behind} or {whole}.{behind}. Send the steps as a number without a separator."
        )


class BadRecord(Exception):
    """One record that is left out; the rest of the body counts. The text is the reason the client reads."""


@dataclass(frozen=True)
class Rejected:
    """A record that was left out: its place in the list of its kind, and why."""

    index: int
    reason: str


@dataclass(frozen=True)
class DayCount:
    """Steps of one civil day. A stored greater value stays (D7); `is_partial` days may still grow."""

    on: date
    steps: int
    is_partial: bool
    observed_at: datetime
    origin: str = ""


@dataclass(frozen=True)
class Pieces:
    """Pieces of days, to be laid beside those that came before: the phone looked from `seen_from` to `observed_at`."""

    intervals: tuple[StepInterval, ...]
    seen_from: datetime
    observed_at: datetime


class Parsed(NamedTuple):
    """What a parser found: whole counts of days, or pieces of them; sugar readings; and what was left out."""

    days: tuple[DayCount, ...] = ()
    ignored: int = 0
    rejected: tuple[Rejected, ...] = ()
    pieces: Pieces | None = None
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True)
class Ingest:
    """A body, read: which app sent it, the days and sugar readings it tells of, and what was left out."""

    client: str
    label: str
    days: tuple[DayCount, ...] = ()
    ignored: int = 0
    rejected: tuple[Rejected, ...] = ()
    pieces: Pieces | None = None
    readings: tuple[Reading, ...] = ()
    is_test: bool = False

    @property
    def app(self) -> str:
        """The app alone, whichever way it counts steps."""
        return self.client.removesuffix("_raw")


Body = Mapping[str, object]


@dataclass(frozen=True)
class LocalMoment:
    """A date as the phone wrote it; `zone` is the phone's own offset where it gave one."""

    on: date
    key: str
    zone: tzinfo | None


def parse_count(value: object) -> float:
    """A step count from JSON or from a text field of a Shortcut; raises BadRecord."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise BadRecord("steps must be a number")
    if isinstance(value, str):
        text = value.strip()
        if not _NUMBER.fullmatch(text):
            if is_ambiguous(text):
                raise BadRecord("steps have an unclear separator: send 1830, not 1.830")
            raise BadRecord("steps must be a number")
        count = float(text.replace(",", "."))
    elif not 0 <= value <= MAX_STEPS:  # also NaN, infinity, and integers too long for a float
        raise BadRecord(f"steps must be between 0 and {MAX_STEPS}")
    else:
        count = float(value)
    if count > MAX_STEPS:
        raise BadRecord(f"steps must be between 0 and {MAX_STEPS}")
    return count


def is_ambiguous(value: object) -> bool:
    """True for "1.830", which a reader of one country takes for 1830 and of another for 1.83."""
    return isinstance(value, str) and _AMBIGUOUS.fullmatch(value.strip()) is not None


def round_steps(total: float) -> int:
    """Whole steps, halves upward; checked again because many samples may add up to too much."""
    steps = math.floor(total + 0.5)
    if steps > MAX_STEPS:
        raise BadRecord(f"steps must be between 0 and {MAX_STEPS}")
    return steps


def parse_local(value: object, zone: tzinfo) -> LocalMoment:
    """The civil day a phone means: the first ten characters, unless it wrote UTC with a Z; raises BadRecord."""
    on, clock, half, offset = _as_written(value)
    if clock is None:
        return LocalMoment(on, str(on), None)
    key = f"{on} {clock} {half} {offset or ''}"
    if offset in ("Z", "z"):
        at = parse_instant(value)
        return LocalMoment(at.astimezone(zone).date(), key, None)
    return LocalMoment(on, key, _fixed_zone(offset) if offset else None)


def parse_written(value: object) -> datetime:
    """The moment that a phone wrote with twelve hours or twenty-four, at its own offset; raises BadRecord."""
    on, clock, half, offset = _as_written(value)
    if clock is None or offset is None:
        raise BadRecord("time must say its offset, like 2026-11-22 09:15:00 +0100")
    if not EARLIEST <= on < LATEST:
        raise BadRecord("time is not within reach")
    if half:
        if half not in ("am", "pm") or not 1 <= clock.hour <= 12:
            raise BadRecord("time of day is not on the clock")
        clock = clock.replace(hour=clock.hour % 12 + (12 if half == "pm" else 0))
    return datetime.combine(on, clock, UTC if offset in ("Z", "z") else _fixed_zone(offset))


def _as_written(value: object) -> tuple[date, time | None, str, str | None]:
    """Day, time of day, half of the day and offset; raises BadRecord."""
    match = _DATE.fullmatch(value.strip()) if isinstance(value, str) and len(value) <= 64 else None
    if match is None:
        raise BadRecord("date must look like 2026-11-22")
    day, hour, minute, second, half, offset = match.groups()
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise BadRecord("date is not in the calendar") from None
    try:
        clock = None if hour is None else time(int(hour), int(minute), int(second or 0))
    except ValueError:
        raise BadRecord("time of day is not on the clock") from None
    return on, clock, (half or "").lower().replace(".", ""), offset


@lru_cache(maxsize=128)
def _fixed_zone(offset: str) -> tzinfo:
    hours, minutes = int(offset[1:3]), int(offset[-2:])
    if hours > 14 or minutes > 59:
        raise BadRecord("time zone offset does not exist")
    size = timedelta(hours=hours, minutes=minutes)
    return timezone(-size if offset[0] == "-" else size)


def parse_instant(value: object) -> datetime:
    """An RFC 3339 instant in UTC; raises BadRecord."""
    if not isinstance(value, str) or len(value) > 64:
        raise BadRecord("time must look like 2026-11-22T09:15:00Z")
    try:
        at = datetime.fromisoformat(value.strip())
        if at.tzinfo is None:
            raise BadRecord("time must say its offset, like 2026-11-22T09:15:00Z")
        if not 1000 < at.year < 9000:  # calendar arithmetic near the ends of the calendar overflows
            raise BadRecord("time is not within reach")
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadRecord("time must look like 2026-11-22T09:15:00Z") from None


def check_day(on: date, zone: tzinfo, now: datetime) -> None:
    """A day within reach of now (D5: clocks run wrong and some apps project ahead); raises BadRecord."""
    if on < EARLIEST:
        raise BadRecord("date is before 2000")
    try:
        begins = datetime(on.year, on.month, on.day, tzinfo=zone).astimezone(UTC)
    except OverflowError:
        raise BadRecord("date is in the future") from None
    if begins > now + FURTHEST_AHEAD:
        raise BadRecord("date is in the future")


def is_over(on: date, observed_at: datetime, *zones: tzinfo | None) -> bool:
    """True when the day had ended at the observation, in every zone that could be meant."""
    return all(on < observed_at.astimezone(zone).date() for zone in zones if zone is not None)
