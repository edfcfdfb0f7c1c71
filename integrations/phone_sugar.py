"""Sugar readings that phones push: each by itself, those of a sensor marked, and what cannot be one named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from integrations.phone_values import BadRecord, Body, Parsed, Rejected, parse_instant, parse_written
from integrations.provider import Reading
from integrations.sugar import AHEAD_ALLOWED, READINGS_FOR, as_written, is_sensor, unit_of

_MEALS = {"Before Meal": "before_meal", "After Meal": "after_meal"}


@dataclass(frozen=True)
class SugarRecord:
    """One record as it came; `origin` names the app or the meter behind it."""

    at: datetime
    value: object
    unit: object
    origin: object
    context: str = "other"


class SugarTally:
    """Takes lists of records, each with its way to read one."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._count = self._ignored = 0
        self._rejected: list[Rejected] = []
        self._by_origin: defaultdict[str, list[Reading]] = defaultdict(list)

    def add_all(self, records: object, read: Callable[[Body], SugarRecord]) -> None:
        for record in records if isinstance(records, list) else ():
            try:
                if not isinstance(record, Mapping):
                    raise BadRecord("record must be an object")
                self._add(read(record))
            except BadRecord as error:
                self._rejected.append(Rejected(self._count, f"sugar: {error}"))
            self._count += 1

    def _add(self, found: SugarRecord) -> None:
        unit = unit_of(found.unit)
        if unit is None:
            raise BadRecord("unit must be mg/dL or mmol/L")
        value = as_written(found.value, unit)
        if value is None:
            raise BadRecord("value must be a number that a meter can show")
        if found.at > self._now + AHEAD_ALLOWED:
            raise BadRecord("time is in the future")
        if found.at < self._now - READINGS_FOR:
            self._ignored += 1
            return
        origin = found.origin if isinstance(found.origin, str) else ""
        self._by_origin[origin].append(Reading(found.at, value, unit, found.context))

    def beside(self, steps: Parsed) -> Parsed:
        """The steps of the same body, with the readings."""
        readings: list[Reading] = []
        for mine in self._by_origin.values():
            from_meter = not is_sensor([reading.at for reading in mine])
            readings += (replace(reading, from_meter=from_meter) for reading in mine)
        return steps._replace(
            ignored=steps.ignored + self._ignored,
            rejected=(*steps.rejected, *self._rejected),
            readings=tuple(sorted(readings, key=lambda reading: reading.at)),
        )


def read_health_auto_export(record: Body, units: object) -> SugarRecord:
    """The unit stands beside the list. A time of midnight is the average of a day, which nobody measured."""
    at = parse_written(record.get("date"))
    if at.time() == time(0):
        raise BadRecord("the average of a day is no reading: turn “Aggregate Data” off")
    meal = record.get("mealTime")
    context = _MEALS.get(meal, "other") if isinstance(meal, str) else "other"
    return SugarRecord(at.astimezone(UTC), record.get("qty"), units, record.get("source"), context)


def read_hc_webhook(record: Body) -> SugarRecord:
    metadata = record.get("metadata")
    origin = metadata.get("data_origin") if isinstance(metadata, Mapping) else None
    return SugarRecord(parse_instant(record.get("time")), record.get("mmol_per_liter"), "mmol/L", origin)
