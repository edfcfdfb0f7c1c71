"""Members of requests and replies: moments, days, numbers, zones; and schemas that refuse what they do not know."""

import re
from datetime import UTC, date, datetime
from typing import Any

import orjson
from marshmallow import RAISE, Schema, ValidationError, fields, pre_load, validate

from server.api.fast import to_json
from server.localtime import is_zone

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


class UtcMoment(fields.AwareDateTime):
    """An instant. Naive times are refused: they mean another moment in every zone. Written as UTC with a Z."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or "T" not in value.upper():
            raise self.make_error("invalid", input=value, obj_type="datetime")
        try:
            moment: datetime = super()._deserialize(value, attr, data, **kwargs).astimezone(UTC)
        except OverflowError:
            raise self.make_error("invalid", input=value, obj_type="datetime") from None
        if not FIRST_DAY <= moment.date() <= LAST_DAY:
            raise ValidationError("Must be between the years 2000 and 2100.")
        return moment

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(orjson.loads(to_json(value)))


class Day(fields.Date):
    """A local date, between 2000 and 2100."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
            raise self.make_error("invalid", input=value, obj_type="date")
        day: date = super()._deserialize(value, attr, data, **kwargs)
        if not FIRST_DAY <= day <= LAST_DAY:
            raise ValidationError("Must be between the years 2000 and 2100.")
        return day


class LocalTime(fields.String):
    """A time on the wall, to the minute: 19:00."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value, re.ASCII):
            raise ValidationError("Send a time like 19:00.")
        return value


class WholeNumber(fields.Integer):
    """146 and 146.0 are the same number in JSON; 2.5, "146" and true are not whole numbers."""

    def __init__(self, low: int, high: int, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(low, high), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
            raise self.make_error("invalid", input=value)
        return super()._deserialize(int(value), attr, data, **kwargs)


class YesNo(fields.Boolean):
    """true or false, nothing that looks like it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Zone(fields.String):
    """An IANA time zone."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        name = super()._deserialize(value, attr, data, **kwargs)
        if not is_zone(name):
            raise ValidationError("Is not a time zone that we know; send one like Europe/Berlin.")
        return name


def text_field(longest: int, **kwargs: Any) -> fields.String:
    """Text of 1 to `longest` characters."""
    return fields.String(validate=validate.Length(1, longest), **kwargs)


def unique(values: list[Any]) -> None:
    """A validator of lists."""
    if len(set(values)) != len(values):
        raise ValidationError("Must not repeat.")


class StrictSchema(Schema):
    """Unknown members are refused."""

    class Meta:
        unknown = RAISE


class RecordSchema(StrictSchema):
    """What a GET returns may be sent back by a PUT: members that only the server writes are passed over."""

    @pre_load
    def _drop_read_only(self, data: Any, **_kwargs: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {name: value for name, value in data.items() if name in self.load_fields or name not in self.dump_fields}
