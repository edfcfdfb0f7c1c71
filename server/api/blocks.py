"""Blocks: a warning that stops massage until it ends as the care tables say."""

from typing import Any

from marshmallow import fields, validate

from server.api.base import Resource
from server.api.fields import Day, RecordSchema, UtcMoment, text_field
from server.api.records import add_record_views
from server.api.session_logs import DecisionSchema, area_list
from server.services.records import BLOCK

LEVELS = ("emergency", "same_day", "within_days")
END_REASONS = ("clinic_ok", "check_clear", "reading_ok", "felt_well", "time_passed", "looks_normal")


class BlockSchema(RecordSchema):
    """A warning of the check before a session (content brief §2.2), kept on every phone until it ends."""

    id = fields.UUID(dump_only=True)
    on = Day(required=True)
    started_at = UtcMoment(required=True)
    warning = text_field(32, required=True)
    level = fields.String(allow_none=True, load_default=None, validate=validate.OneOf(LEVELS))
    decision = fields.Nested(DecisionSchema, allow_none=True, load_default=None)
    ended_at = UtcMoment(allow_none=True, load_default=None)
    end_reason = fields.String(allow_none=True, load_default=None, validate=validate.OneOf(END_REASONS))
    clinician_name = text_field(120, allow_none=True, load_default=None)
    clinician_on = Day(allow_none=True, load_default=None)
    areas = area_list("Where it is, such as `left.between_toes`: what a session leaves out.")
    updated_at = UtcMoment(dump_only=True)
    rules_differ = fields.Boolean(dump_only=True)


EXAMPLE: dict[str, Any] = {
    "id": "b34c8b1e-1d2d-4c38-9a52-6a3f8a5b7d02",
    "on": "2026-11-20",
    "started_at": "2026-11-20T18:00:05Z",
    "warning": "open_sore",
    "level": "same_day",
    "decision": None,
    "ended_at": None,
    "end_reason": None,
    "clinician_name": None,
    "clinician_on": None,
    "areas": [],
    "updated_at": "2026-11-20T18:00:06Z",
    "rules_differ": False,
}

blueprint = Resource("blocks", __name__, url_prefix="/api/v1/blocks", description=__doc__)
dumper = add_record_views(blueprint, BlockSchema, BLOCK, EXAMPLE)
