"""What phones push to POST /ingest: one parser a shape, pure. A body is recognised by its shape, never by a header."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, tzinfo
from functools import partial
from zoneinfo import ZoneInfo

from integrations.phone_health_connect import LISTS, is_raw, parse_daily, parse_raw
from integrations.phone_sugar import SugarTally, read_health_auto_export
from integrations.phone_values import (
    AmbiguousNumber,
    BadRecord,
    Body,
    DayCount,
    Ingest,
    IngestError,
    LocalMoment,
    Parsed,
    Rejected,
    UnknownShape,
    UnsupportedMode,
    check_day,
    is_ambiguous,
    is_over,
    parse_count,
    parse_local,
    round_steps,
)

__all__ = [
    "AmbiguousNumber",
    "DayCount",
    "Ingest",
    "IngestError",
    "Rejected",
    "UnknownShape",
    "UnsupportedMode",
    "parse_ingest",
]

ACCEPTED = [
    "Health Auto Export (data.metrics)",
    "HC Webhook with “Steps resolution: Daily” (steps and timestamp)",
    '{"days": [{"date": "2026-11-22", "steps": 1830}], "timezone": "Europe/Berlin"}',
    '{"date": "2026-11-22", "steps": 1830}',
]
_STEP_SAMPLES = "HKQuantityTypeIdentifierStepCount"


def parse_ingest(body: object, *, zone: ZoneInfo, now: datetime) -> Ingest:
    """Read a pushed body; `zone` is the patient's, `now` an aware instant. Raises IngestError and nothing else."""
    if not isinstance(body, Mapping):
        raise UnknownShape(ACCEPTED)
    now = now.astimezone(UTC)
    client, label, parser = _recognise(body)
    if body.get("test") is True:  # the "Send test" button: invented values in the real shape (C8)
        return Ingest(client, label, is_test=True)
    try:
        found = parser(body, zone, now)
    except BadRecord:  # the body itself, such as a timestamp that is none
        raise UnknownShape(ACCEPTED) from None
    return Ingest(client, label, *found)


def _recognise(body: Body) -> tuple[str, str, Callable[[Body, ZoneInfo, datetime], Parsed]]:
    data = body.get("data")
    if isinstance(data, Mapping) and isinstance(data.get("metrics"), list):
        return "health_auto_export", "Health Auto Export", _parse_health_auto_export
    if "timestamp" in body and any(isinstance(body.get(name), list) for name in LISTS):
        # Two sources: what Health Connect merged itself, and what is merged here, piece by piece.
        if is_raw(body):
            return "hc_webhook_raw", "HC Webhook, raw", parse_raw
        return "hc_webhook", "HC Webhook", parse_daily
    if isinstance(body.get("days"), list):
        return "shortcut", "Shortcut", _parse_days
    if isinstance(body.get("samples"), Mapping):
        return "shortcut", "Shortcut", _parse_samples
    dated = "date" in body or "localTimeIso" in body
    if dated and ("steps" in body or isinstance(body.get("metrics"), Mapping)):
        return "shortcut", "Shortcut", _parse_single
    if body.get("test") is True:
        return "test", "Test", _parse_days
    raise UnknownShape(ACCEPTED)


class _Tally:
    """Samples added up per source and day; of several sources a day keeps the largest, never their sum (C1)."""

    def __init__(self, zone: tzinfo, now: datetime) -> None:
        self.zone = zone
        self.now = now
        self.ignored = 0
        self.rejected: list[Rejected] = []
        self._samples: dict[tuple[date, str], dict[str, float]] = {}
        self._first: dict[date, tuple[int, tzinfo | None]] = {}

    def add(self, index: int, moment: LocalMoment, source: str, count: float) -> None:
        if moment.on not in self._first:  # thousands of samples share a few days
            check_day(moment.on, self.zone, self.now)
            self._first[moment.on] = (index, moment.zone)
        # The same sample twice in one body (overlapping exports) counts once.
        samples = self._samples.setdefault((moment.on, source), {})
        samples[moment.key] = max(count, samples.get(moment.key, 0.0))

    def reject(self, index: int, error: BadRecord) -> None:
        self.rejected.append(Rejected(index, str(error)))

    def result(self) -> Parsed:
        best: dict[date, tuple[float, str]] = {}
        for (on, source), samples in self._samples.items():
            best[on] = max(best.get(on, (-1.0, "")), (math.fsum(samples.values()), source))
        days = []
        for on, (total, source) in sorted(best.items()):
            index, own_zone = self._first[on]
            try:
                steps = round_steps(total)
            except BadRecord as error:
                self.reject(index, error)
                continue
            days.append(DayCount(on, steps, not is_over(on, self.now, self.zone, own_zone), self.now, source))
        return Parsed(tuple(days), self.ignored, tuple(self.rejected))


def _text(value: object, longest: int = 80) -> str:
    """A source name to show: printable, short; anything else is no name."""
    words = " ".join(value.split()) if isinstance(value, str) else ""
    if not words.isprintable():
        words = "".join(c for c in words if c.isprintable())
    return words[:longest].strip()


def _parse_health_auto_export(body: Body, zone: ZoneInfo, now: datetime) -> Parsed:
    """Health Auto Export on an iPhone: help.healthyapps.dev, "API Export - JSON Format"."""
    tally = _Tally(zone, now)
    data = body["data"]
    metrics = data["metrics"] if isinstance(data, Mapping) else []
    sugar = SugarTally(now)
    index = 0
    for metric in metrics:
        records = metric.get("data") if isinstance(metric, Mapping) else None
        if not isinstance(records, list):
            continue
        if metric.get("name") == "blood_glucose":
            sugar.add_all(records, partial(read_health_auto_export, units=metric.get("units")))
            continue
        if metric.get("name") != "step_count":
            tally.ignored += len(records)
            continue
        for record in records:
            try:
                if not isinstance(record, Mapping):
                    raise BadRecord("record must be an object")
                moment = parse_local(record.get("date"), zone)
                tally.add(index, moment, _text(record.get("source")), parse_count(record.get("qty")))
            except BadRecord as error:
                tally.reject(index, error)
            index += 1
    return sugar.beside(tally.result())


def _parse_days(body: Body, zone: ZoneInfo, now: datetime) -> Parsed:
    """Our own body: days with their totals. A day named twice keeps the greater total, totals are never added."""
    tally = _Tally(_own_zone(body.get("timezone"), zone), now)
    days = body.get("days")
    for index, day in enumerate(days if isinstance(days, list) else []):
        try:
            if not isinstance(day, Mapping):
                raise BadRecord("record must be an object")
            _add_total(tally, index, day.get("date"), day.get("steps"))
        except BadRecord as error:
            tally.reject(index, error)
    return tally.result()


def _parse_single(body: Body, zone: ZoneInfo, now: datetime) -> Parsed:
    """The Shortcuts people build: {date, steps}, {steps, localTimeIso}, {date, metrics: {steps}}."""
    metrics = body.get("metrics")
    steps = body["steps"] if "steps" in body else metrics.get("steps") if isinstance(metrics, Mapping) else None
    if is_ambiguous(steps):
        raise AmbiguousNumber(str(steps).strip())
    tally = _Tally(_own_zone(body.get("timezone"), zone), now)
    try:
        _add_total(tally, 0, body.get("date", body.get("localTimeIso")), steps)
    except BadRecord as error:
        tally.reject(0, error)
    return tally.result()


def _add_total(tally: _Tally, index: int, day: object, steps: object) -> None:
    moment = parse_local(day, tally.zone)
    tally.add(index, LocalMoment(moment.on, "", moment.zone), "", parse_count(steps))


def _parse_samples(body: Body, zone: ZoneInfo, now: datetime) -> Parsed:
    """A Shortcut that sends Health samples one by one, several devices side by side."""
    tally = _Tally(_own_zone(body.get("timezone"), zone), now)
    samples = body["samples"]
    for kind, records in samples.items() if isinstance(samples, Mapping) else ():
        if not isinstance(records, list):
            continue
        if kind != _STEP_SAMPLES:
            tally.ignored += len(records)
            continue
        for index, record in enumerate(records):
            try:
                if not isinstance(record, Mapping):
                    raise BadRecord("record must be an object")
                moment = parse_local(record.get("start", body.get("date")), tally.zone)
                tally.add(index, moment, _text(record.get("source")), parse_count(record.get("value")))
            except BadRecord as error:
                tally.reject(index, error)
    return tally.result()


def _own_zone(name: object, zone: ZoneInfo) -> ZoneInfo:
    """The zone the phone names; one we do not know is ignored, the patient's own is used (D11)."""
    try:
        return ZoneInfo(name) if isinstance(name, str) and name else zone
    except (KeyError, ValueError, OSError):  # not found, a bad key, a folder
        return zone
