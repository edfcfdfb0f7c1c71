"""Daily foot checks: what was seen and where, the skin temperature, and what the phone made of it."""

from collections.abc import Mapping
from typing import Any, cast

from marshmallow import ValidationError, fields, validate, validates_schema

from server.api.base import Resource
from server.api.blocks import LEVELS
from server.api.fields import Day, RecordSchema, StrictSchema, UtcMoment, text_field
from server.api.records import add_record_views
from server.api.session_logs import DecisionSchema
from server.care.content import feet
from server.services.records import FOOT_CHECK

RESULTS = ("all_clear", "seen", "not_seen_well")
RANGES = cast("Mapping[str, Mapping[str, float]]", feet()["temperature"])
UNITS = ("C", "F")
MOST_FINDINGS = 200
MOST_SPOTS = 12


class Degrees(fields.Float):
    """A skin temperature as a thermometer shows it: one digit after the point at most."""

    def __init__(self) -> None:
        super().__init__(allow_none=True, load_default=None)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid", input=value)
        degrees: float = super()._deserialize(value, attr, data, **kwargs)
        if round(degrees, 1) != degrees:
            raise ValidationError("Must have one digit after the point at most.")
        return degrees


class FindingSchema(StrictSchema):
    """A sign and where it is: a part of a foot such as `left.heel`, or `left.whole`."""

    area = text_field(32, required=True)
    sign = text_field(32, required=True)


class TemperatureSchema(StrictSchema):
    """The skin at the same spot of both feet; null where it was not measured."""

    spot = text_field(32, required=True)
    left = Degrees()
    right = Degrees()


class FootCheckSchema(RecordSchema):
    """A look at both feet (content brief §7). Only a check with nothing at all found is `all_clear`."""

    id = fields.UUID(dump_only=True)
    on = Day(required=True)
    recorded_at = UtcMoment(required=True)
    result = fields.String(required=True, validate=validate.OneOf(RESULTS))
    findings = fields.List(fields.Nested(FindingSchema), load_default=list, validate=validate.Length(0, MOST_FINDINGS))
    temperature_unit = fields.String(
        allow_none=True,
        load_default=None,
        validate=validate.OneOf(UNITS),
        metadata={"description": "As typed; never converted."},
    )
    temperatures = fields.List(
        fields.Nested(TemperatureSchema), load_default=list, validate=validate.Length(0, MOST_SPOTS)
    )
    level = fields.String(allow_none=True, load_default=None, validate=validate.OneOf(LEVELS))
    decision = fields.Nested(DecisionSchema, allow_none=True, load_default=None)
    note = text_field(2000, allow_none=True, load_default=None)
    updated_at = UtcMoment(dump_only=True)
    rules_differ = fields.Boolean(dump_only=True)

    @validates_schema
    def _fits_together(self, data: dict[str, Any], **_kwargs: object) -> None:
        errors: dict[str, Any] = {}
        if data["result"] == "all_clear" and data["findings"]:
            errors["findings"] = ["Must be empty when all is clear."]
        unit, measured = data["temperature_unit"], data["temperatures"]
        if bool(measured) != (unit is not None):
            errors["temperature_unit"] = ["Is wanted with temperatures, and only then."]
        elif unit is not None:
            errors |= _beyond(measured, RANGES[unit])
        if errors:
            raise ValidationError(errors)


def _beyond(measured: list[dict[str, Any]], span: Mapping[str, float]) -> dict[str, Any]:
    """What no skin can have in this unit, and spots that come twice."""
    if len({one["spot"] for one in measured}) < len(measured):
        return {"temperatures": ["Each spot once."]}
    least, most = span["least"], span["most"]
    wrong = {
        at: {foot: [f"Must be from {least} to {most}."] for foot in ("left", "right") if not _fits(one[foot], span)}
        for at, one in enumerate(measured)
    }
    found = {at: feet for at, feet in wrong.items() if feet}
    return {"temperatures": found} if found else {}


def _fits(value: float | None, span: Mapping[str, float]) -> bool:
    return value is None or span["least"] <= value <= span["most"]


EXAMPLE: dict[str, Any] = {
    "id": "9a7f1c52-0a34-4c1d-8f5b-2d9f6a1b3c41",
    "on": "2026-11-20",
    "recorded_at": "2026-11-20T19:30:00Z",
    "result": "seen",
    "findings": [{"area": "left.heel", "sign": "cracks"}],
    "temperature_unit": "C",
    "temperatures": [{"spot": "heel", "left": 30.4, "right": 30.1}],
    "level": "within_days",
    "decision": None,
    "note": None,
    "updated_at": "2026-11-20T19:30:02Z",
    "rules_differ": False,
}

blueprint = Resource("foot_checks", __name__, url_prefix="/api/v1/foot-checks", description=__doc__)
dumper = add_record_views(blueprint, FootCheckSchema, FOOT_CHECK, EXAMPLE)
