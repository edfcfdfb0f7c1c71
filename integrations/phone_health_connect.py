"""HC Webhook on Android (github.com/mcnaveen/health-connect-webhook, docs/webhook.md): its daily and its raw mode."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from integrations.intervals import StepInterval
from integrations.phone_sugar import SugarTally, read_hc_webhook
from integrations.phone_values import (
    FURTHEST_AHEAD,
    BadRecord,
    Body,
    DayCount,
    Parsed,
    Pieces,
    Rejected,
    UnsupportedMode,
    check_day,
    is_over,
    parse_count,
    parse_instant,
    round_steps,
)

LISTS = ("steps", "blood_glucose", "distance", "heart_rate")
# N-minute buckets arrive in fragments and have added several apps up already: nothing here can put that right.
SETTING = "Steps resolution: Daily"
_WINDOW = timedelta(hours=48)
_FULL_DAY = (timedelta(hours=22, minutes=30), timedelta(hours=26))
_JUST_NOW = timedelta(minutes=5)
_LONGEST_ORIGIN = 120


def parse_daily(body: Body, zone: ZoneInfo, now: datetime) -> Parsed:
    """The days of a body; raises BadRecord when the body's own timestamp is none."""
    sent_at = parse_instant(body["timestamp"])
    records = body.get("steps")
    days: dict[date, DayCount] = {}
    rejected = []
    for index, record in enumerate(records if isinstance(records, list) else []):
        try:
            day = _parse_day(record, sent_at, zone, now)
        except BadRecord as error:
            rejected.append(Rejected(index, str(error)))
            continue
        known = days.get(day.on)
        if known is None or (day.steps, not day.is_partial) > (known.steps, not known.is_partial):
            days[day.on] = day
    return _with_the_rest(body, Parsed(tuple(days[on] for on in sorted(days)), 0, tuple(rejected)), now)


def is_raw(body: Body) -> bool:
    """Only raw records say which app wrote them."""
    records = body.get("steps")
    return isinstance(records, list) and any(
        isinstance(record, Mapping) and record.get("metadata") is not None for record in records
    )


def parse_raw(body: Body, zone: ZoneInfo, now: datetime) -> Parsed:
    """The pieces of a body: what is new since the last one, app by app. Raises BadRecord as `parse_daily` does."""
    sent_at = parse_instant(body["timestamp"])
    records = body.get("steps")
    found: list[StepInterval] = []
    rejected = []
    for index, record in enumerate(records if isinstance(records, list) else []):
        try:
            found.append(_parse_piece(record, zone, now))
        except BadRecord as error:
            rejected.append(Rejected(index, str(error)))
    pieces = Pieces(tuple(found), sent_at - _WINDOW, min(sent_at, now))
    return _with_the_rest(body, Parsed((), 0, tuple(rejected), pieces), now)


def _parse_piece(record: object, zone: ZoneInfo, now: datetime) -> StepInterval:
    if not isinstance(record, Mapping):
        raise BadRecord("record must be an object")
    metadata = record.get("metadata")
    origin = metadata.get("data_origin") if isinstance(metadata, Mapping) else None
    if not isinstance(origin, str) or not 0 < len(origin) <= _LONGEST_ORIGIN:
        raise BadRecord("metadata must name its data_origin")
    start, end = parse_instant(record.get("start_time")), parse_instant(record.get("end_time"))
    if not timedelta(0) <= end - start <= _FULL_DAY[1]:
        raise BadRecord("end_time must follow start_time within a day")
    if end > now + FURTHEST_AHEAD:
        raise BadRecord("date is in the future")
    on = start.astimezone(zone).date()
    check_day(on, zone, now)
    return StepInterval(on, origin, start, end, round_steps(parse_count(record.get("count"))))


def _with_the_rest(body: Body, steps: Parsed, now: datetime) -> Parsed:
    sugar = SugarTally(now)
    sugar.add_all(body.get("blood_glucose"), read_hc_webhook)
    others = sum(len(value) for name in LISTS[2:] if isinstance(value := body.get(name), list))
    return sugar.beside(steps._replace(ignored=others))


def _parse_day(record: object, sent_at: datetime, zone: ZoneInfo, now: datetime) -> DayCount:
    if not isinstance(record, Mapping):
        raise BadRecord("record must be an object")
    start, end = parse_instant(record.get("start_time")), parse_instant(record.get("end_time"))
    length = end - start
    is_whole = _FULL_DAY[0] <= length <= _FULL_DAY[1]
    is_today = timedelta(0) <= sent_at - end <= _JUST_NOW and timedelta(0) <= length <= _FULL_DAY[1]
    on_quarter = start.minute % 15 == 0 and start.second == 0 and start.microsecond == 0
    if not on_quarter or not (is_whole or is_today):
        raise UnsupportedMode(SETTING)
    steps = round_steps(parse_count(record.get("count")))
    on = local_date_of_start(start, zone)
    check_day(on, zone, now)
    observed_at = min(sent_at, now)
    # The app looks back 48 h and clips the oldest day while its start still says midnight (D9).
    is_clipped = start < sent_at - _WINDOW
    return DayCount(on, steps, is_clipped or not is_over(on, observed_at, zone), observed_at)


def local_date_of_start(start: datetime, zone: ZoneInfo) -> date:
    """The civil day that began at this instant, from the instant alone, so that travel does not move days.

    Midnight falls between 10:00 and 12:00 UTC only in the Pacific and the far east; there the patient's zone decides.
    """
    hour = start.hour * 3600 + start.minute * 60 + start.second
    if hour < 10 * 3600:
        return start.date()
    if hour > 12 * 3600:
        return start.date() + timedelta(days=1)
    return (start + timedelta(hours=12)).astimezone(zone).date()
