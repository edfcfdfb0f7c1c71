"""Glucose readings: what the meter showed, exactly as typed, and what the phone said about it."""

import re
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from server.api.base import Resource
from server.api.fields import Day, RecordSchema, StrictSchema, UtcMoment, YesNo, text_field
from server.api.records import add_record_views
from server.api.session_logs import DecisionSchema
from server.care.glucose import target_problem
from server.services.records import GLUCOSE_READING

UNITS = ("mg/dL", "mmol/L")
CONTEXTS = ("fasting", "before_meal", "after_meal", "bedtime", "exercise", "unwell", "other")
STRIPS = ("negative", "trace", "small", "moderate", "large")
MOST_SIGNS = 20
HIGHEST = 2000  # no meter shows it; an import beyond what meters show is kept all the same (content brief §9)
HIGHEST_KETONES = 20
NUMBER = re.compile(r"[0-9]{1,4}([.,][0-9]{1,2})?", re.ASCII)


def typed(highest: float) -> fields.String:
    """A number as the patient typed it, with a point or a comma; kept letter by letter."""

    def is_number(text: str) -> None:
        if not NUMBER.fullmatch(text) or float(text.replace(",", ".")) > highest:
            raise ValidationError(f'Send a number as it was typed, like "110" or "5,6", up to {highest:g}.')

    shape = {"pattern": f"^{NUMBER.pattern}$"}
    return fields.String(allow_none=True, load_default=None, validate=is_number, metadata=shape)


class KetonesSchema(RecordSchema):
    """A ketone test: of blood in mmol/L as typed, or what a strip shows."""

    blood = typed(HIGHEST_KETONES)
    strip = fields.String(allow_none=True, load_default=None, validate=validate.OneOf(STRIPS))

    @validates_schema(skip_on_field_errors=True)
    def _one_test(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if (data["blood"] is None) == (data["strip"] is None):
            raise ValidationError("Give one of `blood` and `strip`.", "blood")


class GlucoseReadingSchema(RecordSchema):
    """One sugar reading (content brief §9). Value and unit stay as typed and are never converted."""

    id = fields.UUID(dump_only=True)
    on = Day(required=True)
    recorded_at = UtcMoment(required=True)
    value = typed(HIGHEST)
    unit = fields.String(required=True, validate=validate.OneOf(UNITS))
    special = fields.String(
        allow_none=True,
        load_default=None,
        validate=validate.OneOf(("LO", "HI")),
        metadata={"description": "What the meter shows instead of a number."},
    )
    context = fields.String(required=True, validate=validate.OneOf(CONTEXTS))
    ketones = fields.Nested(KetonesSchema, allow_none=True, load_default=None)
    signs = fields.List(text_field(32), load_default=list, validate=validate.Length(max=MOST_SIGNS))
    confirmed = YesNo(
        load_default=False, metadata={"description": "A number that is rarely right was asked about and confirmed."}
    )
    note = text_field(2000, allow_none=True, load_default=None)
    decision = fields.Nested(DecisionSchema, allow_none=True, load_default=None)
    source = fields.String(
        dump_only=True,
        allow_none=True,
        metadata={"description": "Where it came from by itself; null for one that was typed."},
    )
    updated_at = UtcMoment(dump_only=True)
    rules_differ = fields.Boolean(dump_only=True)

    @validates_schema(skip_on_field_errors=True)
    def _one_reading(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if (data["value"] is None) == (data["special"] is None):
            raise ValidationError("Give one of `value` and `special`.", "value")


class Target(fields.Float):
    """A limit of the target; its bounds depend on the unit."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class GlucoseTargetsSchema(StrictSchema):
    """The patient's own target, in the unit it was typed in: before meals from low to high, after meals below."""

    unit = fields.String(required=True, validate=validate.OneOf(UNITS))
    before_low = Target(required=True)
    before_high = Target(required=True)
    after_below = Target(required=True)

    @validates_schema(skip_on_field_errors=True)
    def _within_bounds(self, data: dict[str, Any], **_kwargs: Any) -> None:
        problem = target_problem(data)
        if problem is not None:
            raise ValidationError("Is outside of what a target may be.", problem)


EXAMPLE: dict[str, Any] = {
    "id": "c0b1f3b2-7a6e-4f0e-9d55-2f6f1f0b7a90",
    "on": "2026-11-20",
    "recorded_at": "2026-11-20T07:05:00Z",
    "value": "5,6",
    "unit": "mmol/L",
    "special": None,
    "context": "fasting",
    "ketones": None,
    "signs": [],
    "confirmed": False,
    "note": None,
    "decision": None,
    "source": None,
    "updated_at": "2026-11-20T07:05:01Z",
    "rules_differ": False,
}

blueprint = Resource("glucose_readings", __name__, url_prefix="/api/v1/glucose-readings", description=__doc__)
dumper = add_record_views(blueprint, GlucoseReadingSchema, GLUCOSE_READING, EXAMPLE)
