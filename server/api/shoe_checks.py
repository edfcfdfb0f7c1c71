"""Shoe checks: whether a pair of shoes may be worn, and what to do about it."""

from typing import Any

from marshmallow import fields, validate

from server.api.base import Resource
from server.api.fields import Day, RecordSchema, UtcMoment, text_field
from server.api.records import add_record_views
from server.api.session_logs import DecisionSchema
from server.services.records import SHOE_CHECK

VERDICTS = ("wear", "do_not_wear", "replace")


class ShoeCheckSchema(RecordSchema):
    """A look at a pair of shoes before they go on (content brief §8). The answers are the inputs of its decision."""

    id = fields.UUID(dump_only=True)
    on = Day(required=True)
    recorded_at = UtcMoment(required=True)
    verdict = fields.String(required=True, validate=validate.OneOf(VERDICTS))
    decision = fields.Nested(DecisionSchema, required=True)
    note = text_field(2000, allow_none=True, load_default=None)
    updated_at = UtcMoment(dump_only=True)
    rules_differ = fields.Boolean(dump_only=True)


EXAMPLE: dict[str, Any] = {
    "id": "4b0e9d7c-6a51-4d0b-9c0e-7c1a2b3d4e5f",
    "on": "2026-11-20",
    "recorded_at": "2026-11-20T07:40:00Z",
    "verdict": "do_not_wear",
    "decision": {
        "rules_version": "2026-11-22",
        "inputs": {"felt_inside": "yes", "rough_inside": "yes"},
        "outcome": {"verdict": "do_not_wear"},
    },
    "note": None,
    "updated_at": "2026-11-20T07:40:01Z",
    "rules_differ": True,
}

blueprint = Resource("shoe_checks", __name__, url_prefix="/api/v1/shoe-checks", description=__doc__)
dumper = add_record_views(blueprint, ShoeCheckSchema, SHOE_CHECK, EXAMPLE)
