"""The records of Apple Health's export.xml: steps by day and source, and what a meter read in the last 30 days."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from integrations.intervals import Interval, merge_steps
from integrations.provider import Reading
from integrations.sugar import MOST_FINGER_PRICKS, READINGS_FOR, as_written, unit_of

STEPS = "HKQuantityTypeIdentifierStepCount"
GLUCOSE = "HKQuantityTypeIdentifierBloodGlucose"

# Ten years of a record a minute are 5.3 million; a day of each of some devices is a cell.
MOST_RECORDS = 10_000_000
MOST_CELLS = 100_000
MOST_SOURCES = 500
MOST_A_DAY = 100_000
LONGEST_NAME = 100
MOST_STEPS = 200_000
LONGEST = 26 * 3600
MEALS = {"1": "before_meal", "2": "after_meal"}  # HKBloodGlucoseMealTime

# An interval in 64 bits: 18 for its start in seconds, 17 for its length, 28 for thousandths of steps.
_DAY = 24 * 3600
_EARLIEST_START = -15 * 3600  # offsets from UTC are less than 15 hours
_OFFSET = re.compile(r" ([+-])([0-9]{2}):?([0-9]{2})")
_TWELVE_HOURS = re.compile(r"(.{10}) ([0-9]{1,2})(:[0-9]{2}:[0-9]{2})\s*([AaPp])\.?[Mm]\.?( .*)")


class TooMuch(Exception):
    """More records, days or sources than a person can have."""


class Records:
    """Takes the attributes of one Record after another. One that cannot be read is counted in `skipped`."""

    def __init__(self) -> None:
        self.skipped = 0
        self._count = 0
        self._cells = 0
        self._steps: dict[int, dict[str, array[int]]] = {}
        self._names: dict[str, str] = {}
        self._window: tuple[datetime, datetime] | None = None
        self._readings: dict[tuple[str, datetime], Reading] = {}
        self._pricks: Counter[tuple[str, int]] = Counter()
        self._sensors: set[str] = set()

    def export_date(self, text: str) -> None:
        """When the phone made the export: readings count back from here."""
        try:
            at = _instant(text)
        except ValueError:
            self.skipped += 1
        else:
            self._window = self._window or (at - READINGS_FOR, at + timedelta(days=1))

    def add_steps(self, attributes: Mapping[str, str]) -> None:
        """One interval of one device, on the day on which it began where the phone was."""
        try:
            on, start = _moment(attributes["startDate"])
            end_on, end = _moment(attributes["endDate"])
            steps = float(attributes["value"])
            length = end - start + (end_on - on) * _DAY
            if not (0 <= steps <= MOST_STEPS and 0 <= length <= LONGEST):
                raise ValueError
            source = attributes["sourceName"][:LONGEST_NAME]
        except (KeyError, ValueError):
            self.skipped += 1
            return
        self._count += 1
        if self._count > MOST_RECORDS:
            raise TooMuch
        cells = self._steps.get(on)
        if cells is None:
            cells = self._steps[on] = {}
        cell = cells.get(source)
        if cell is None:
            self._cells += 1
            if self._cells > MOST_CELLS:
                raise TooMuch
            cell = cells[self._known(source)] = array("Q")
        cell.append((start - _EARLIEST_START) << 45 | length << 28 | int(steps * 1000 + 0.5))

    def add_glucose(self, attributes: Mapping[str, str], meal: str | None) -> None:
        """One reading, unless it is old or its source reads so often that it is a sensor."""
        try:
            at, (on, _) = _instant(attributes["startDate"]), _moment(attributes["startDate"])
            unit = unit_of(attributes["unit"])
            value = unit and as_written(float(attributes["value"]), unit)
            source = attributes["sourceName"][:LONGEST_NAME]
            if unit is None or value is None:
                raise ValueError
        except (KeyError, ValueError):
            self.skipped += 1
            return
        key = (self._known(source), at)
        if self._window is None or not self._window[0] <= at <= self._window[1]:
            return
        if source in self._sensors or key in self._readings:
            return
        self._pricks[source, on] += 1
        if self._pricks[source, on] > MOST_FINGER_PRICKS:
            self._sensors.add(source)
            self._readings = {key: reading for key, reading in self._readings.items() if key[0] != source}
            return
        self._readings[key] = Reading(at, value, unit, MEALS.get(meal or "", "other"))

    def days(self) -> dict[date, int]:
        """The steps of each day, of all devices merged. Lets go of what it was made from."""
        found = {}
        for on in sorted(self._steps):
            cells = self._steps.pop(on)
            if sum(map(len, cells.values())) > MOST_A_DAY:
                raise TooMuch
            found[date.fromordinal(on)] = (merge_steps(_intervals(cell) for cell in cells.values()) + 500) // 1000
        return found

    def sources(self) -> dict[str, int]:
        """Each device or app that counted steps, and on how many days."""
        return dict(Counter(source for cells in self._steps.values() for source in cells))

    def readings(self) -> list[Reading]:
        """What meters read, the newest first."""
        return sorted(self._readings.values(), key=lambda reading: reading.at, reverse=True)

    def _known(self, source: str) -> str:
        """The source's name, kept once; only the name says who it is (`device` differs in every record)."""
        if source not in self._names and len(self._names) >= MOST_SOURCES:
            raise TooMuch
        return self._names.setdefault(source, source)


def _intervals(cell: array[int]) -> Iterator[Interval]:
    for packed in cell:
        start = packed >> 45
        yield start, start + (packed >> 28 & 0x1FFFF), packed & 0xFFFFFFF


def _moment(text: str) -> tuple[int, int]:
    """`2026-11-22 06:30:00 +0100`: the day as written, and the second of the moment from that day's midnight in UTC."""
    try:
        on, offset = _day(text[:10], text[19:])
        hour, minute, second = int(text[11:13]), int(text[14:16]), int(text[17:19])
    except ValueError:
        return _moment(_as_24_hours(text))
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        raise ValueError("not on the clock")
    return on, hour * 3600 + minute * 60 + second - offset


def _instant(text: str) -> datetime:
    on, seconds = _moment(text)
    return datetime.combine(date.fromordinal(on), datetime.min.time(), UTC) + timedelta(seconds=seconds)


def _as_24_hours(text: str) -> str:
    """A phone set to 12 hours may write `2026-11-22 6:30:00 PM +0100`; raises ValueError for anything else."""
    match = _TWELVE_HOURS.fullmatch(text)
    if match is None:
        raise ValueError("no date")
    day, hour, rest, half, offset = match.groups()
    return f"{day} {int(hour) % 12 + (12 if half in 'Pp' else 0):02}{rest}{offset}"


@lru_cache(maxsize=4096)
def _day(day: str, offset: str) -> tuple[int, int]:
    on = date.fromisoformat(day)
    match = _OFFSET.fullmatch(offset)
    if match is None or not 2000 <= on.year < 2100:
        raise ValueError("no day that can be meant")
    size = int(match[2]) * 3600 + int(match[3]) * 60
    if size >= -_EARLIEST_START:
        raise ValueError("no such offset")
    return on.toordinal(), -size if match[1] == "-" else size
