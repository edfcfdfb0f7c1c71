"""What Google's JSON is made of, read strictly: whole numbers come in quotes, and members that are zero not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from integrations.provider import UnexpectedResponse

_INT64 = re.compile(r"[0-9]{1,18}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})")


def parse_count(value: object) -> int:
    """A count that is not negative. Raises UnexpectedResponse for anything that could be read in two ways."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    if isinstance(value, str) and _INT64.fullmatch(value):
        return int(value)
    raise UnexpectedResponse("a count that is no whole number")


def parse_moment(value: object) -> datetime:
    """An RFC 3339 moment, as UTC. Raises UnexpectedResponse."""
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise UnexpectedResponse("a moment that is none")


def parse_civil_date(civil: Mapping[str, Any]) -> date:
    """The date of a civil time, {"date": {"year", "month", "day"}, "time"?}. Raises UnexpectedResponse."""
    parts = child(civil, "date")
    numbers: list[Any] = [parts.get(name) for name in ("year", "month", "day")]
    if all(isinstance(number, int) and not isinstance(number, bool) for number in numbers):
        try:
            return date(*numbers)
        except (ValueError, OverflowError):
            pass
    raise UnexpectedResponse("a civil date that is none")


def child(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object within an object; one that is absent is an empty one. Raises UnexpectedResponse."""
    found = value.get(name)
    if found is None:
        return {}
    if isinstance(found, Mapping):
        return found
    raise UnexpectedResponse(f"{name} is no object")


def objects(value: object) -> list[Mapping[str, Any]]:
    """A list of objects; a member that is absent is an empty one. Raises UnexpectedResponse."""
    if value is None:
        return []
    if isinstance(value, list) and all(isinstance(item, Mapping) for item in value):
        return value
    raise UnexpectedResponse("a list that is none")
