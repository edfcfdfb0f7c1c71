"""Comfort logs: lukewarm foot baths, with the water as it was measured and how the skin looked."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from server.api.base import Resource
from server.api.fields import Day, RecordSchema, UtcMoment, WholeNumber, text_field
from server.api.records import add_record_views
from server.api.session_logs import DecisionSchema
from server.services.records import COMFORT_LOG

LONGEST_SECONDS = 10 * 60  # content brief §3: at most 10 minutes
STOP_REASONS = ("pain", "skin", "unwell", "water", "too_long", "other")
SKIN = ("same", "changed")


def temperature() -> fields.String:
    """As the patient typed it: 34, 34.5 or 34,5."""
    return fields.String(
        required=True,
        validate=validate.Regexp(r"^\d{1,3}([.,]\d)?\Z", error="Must be a number like 34 or 34.5."),
        metadata={"description": "As it was typed, in `temperature_unit`: 34, 34.5 or 34,5."},
    )


class ComfortLogSchema(RecordSchema):
    """One lukewarm comfort bath, finished or stopped early (content brief §3 row 6)."""

    id = fields.UUID(dump_only=True)
    on = Day(required=True)
    started_at = UtcMoment(required=True)
    ended_at = UtcMoment(required=True)
    seconds_done = WholeNumber(0, LONGEST_SECONDS, required=True)
    state = fields.String(required=True, validate=validate.OneOf(("finished", "stopped")))
    stop_reason = fields.String(allow_none=True, load_default=None, validate=validate.OneOf(STOP_REASONS))
    temperature_unit = fields.String(required=True, validate=validate.OneOf(("C", "F")))
    warm_temperature = temperature()
    cool_temperature = temperature()
    skin = fields.String(allow_none=True, load_default=None, validate=validate.OneOf(SKIN))
    note = text_field(2000, allow_none=True, load_default=None)
    decision = fields.Nested(DecisionSchema, allow_none=True, load_default=None)
    updated_at = UtcMoment(dump_only=True)
    rules_differ = fields.Boolean(dump_only=True)

    @validates_schema
    def _fits_together(self, data: dict[str, Any], **_kwargs: object) -> None:
        if data["ended_at"] < data["started_at"]:
            raise ValidationError("Must not be before started_at.", "ended_at")


EXAMPLE = {
    "id": "1c7f2a90-54bb-4c6f-9d0e-7a3b2e6f4d11",
    "on": "2026-11-20",
    "started_at": "2026-11-20T18:00:05Z",
    "ended_at": "2026-11-20T18:08:20Z",
    "seconds_done": 480,
    "state": "finished",
    "stop_reason": None,
    "temperature_unit": "C",
    "warm_temperature": "34,5",
    "cool_temperature": "24",
    "skin": "same",
    "note": None,
    "decision": None,
    "updated_at": "2026-11-20T18:08:22Z",
    "rules_differ": False,
}

blueprint = Resource("comfort_logs", __name__, url_prefix="/api/v1/comfort-logs", description=__doc__)
dumper = add_record_views(blueprint, ComfortLogSchema, COMFORT_LOG, EXAMPLE)
