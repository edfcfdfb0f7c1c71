"""The hours in which a patient wants no message, and the days on which they want none at all."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from server.localtime import local_date, local_time, moment_of


def quiet_until(hours: Mapping[str, str] | None, zone: str, now: datetime) -> datetime | None:
    """The end of the quiet hours that hold `now`; None outside of them. They may run over midnight."""
    if hours is None:
        return None
    first, end = time.fromisoformat(hours["from"]), time.fromisoformat(hours["until"])
    at, on = local_time(now, zone), local_date(now, zone)
    if not (first <= at < end if first < end else at >= first or at < end):
        return None
    ends_at = moment_of(on if at < end else on + timedelta(days=1), end, zone)
    # In an hour that comes twice, the first such time may have passed while the clock shows an earlier one again.
    return ends_at if ends_at > now else ends_at + timedelta(hours=1)


def is_paused(pause: Mapping[str, Any] | None, on: date) -> bool:
    """Whether a pause holds the day `on`; one without an end lasts until the patient ends it."""
    if pause is None:
        return False
    until = pause["until_on"]
    return pause["from_on"] <= on.isoformat() and (until is None or on.isoformat() <= until)
