"""What a patient chose for all reminders together: quiet hours, and a pause."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from server.api.fields import Day, LocalTime, StrictSchema

PAUSE_REASONS = ("ill", "away", "other")


class QuietHoursSchema(StrictSchema):
    """Local times between which no message comes; they may run over midnight."""

    from_ = LocalTime(required=True, data_key="from", attribute="from")
    until = LocalTime(required=True)

    @validates_schema
    def _leaves_some_hours(self, data: dict[str, Any], **_kwargs: object) -> None:
        if data["from"] == data["until"]:
            raise ValidationError("Must not be the whole day: pause reminders instead.", "until")


class RemindersPausedSchema(StrictSchema):
    """No reminder comes from day to day, both included; without an end, until the patient ends it."""

    reason = fields.String(required=True, validate=validate.OneOf(PAUSE_REASONS))
    from_on = Day(required=True)
    until_on = Day(required=True, allow_none=True)

    @validates_schema
    def _is_a_span(self, data: dict[str, Any], **_kwargs: object) -> None:
        if data["until_on"] is not None and data["until_on"] < data["from_on"]:
            raise ValidationError("Must not be before from_on.", "until_on")

    @post_load
    def _storable(self, data: dict[str, Any], **_kwargs: object) -> dict[str, Any]:
        days = ("from_on", "until_on")
        return {**data, **{name: data[name] and data[name].isoformat() for name in days}}
