"""Triage events: what was wrong, what the ladder said, whether the patient called, and whether help was reached."""

from marshmallow import fields, validate

from server.api.base import Resource
from server.api.blocks import LEVELS
from server.api.fields import Day, RecordSchema, UtcMoment, YesNo, text_field
from server.api.records import add_record_views
from server.api.session_logs import DecisionSchema
from server.services.records import TRIAGE_EVENT

ACTIONS = ("called", "booked", "later")
FOLLOW_UPS = ("reached", "not_yet", "better")
MOST_SIGNS = 50


class TriageEventSchema(RecordSchema):
    """What was told under "Something wrong with my foot" (content brief §2.4). A day later the phone asks about it."""

    id = fields.UUID(dump_only=True)
    on = Day(required=True)
    recorded_at = UtcMoment(required=True)
    signs = fields.List(text_field(32), required=True, validate=validate.Length(max=MOST_SIGNS))
    worried = YesNo(load_default=False)
    level = fields.String(allow_none=True, load_default=None, validate=validate.OneOf(LEVELS))
    decision = fields.Nested(DecisionSchema, allow_none=True, load_default=None)
    action = fields.String(allow_none=True, load_default=None, validate=validate.OneOf(ACTIONS))
    follow_up = fields.String(allow_none=True, load_default=None, validate=validate.OneOf(FOLLOW_UPS))
    follow_up_at = UtcMoment(allow_none=True, load_default=None)
    updated_at = UtcMoment(dump_only=True)
    rules_differ = fields.Boolean(dump_only=True)


EXAMPLE = {
    "id": "6d0c0f5e-3f0b-4a39-8a3e-0f4b8a5c7e21",
    "on": "2026-11-20",
    "recorded_at": "2026-11-20T18:00:05Z",
    "signs": ["open_sore"],
    "worried": False,
    "level": "same_day",
    "decision": None,
    "action": "called",
    "follow_up": "reached",
    "follow_up_at": "2026-11-21T08:00:00Z",
    "updated_at": "2026-11-21T08:00:01Z",
    "rules_differ": False,
}

blueprint = Resource("triage_events", __name__, url_prefix="/api/v1/triage-events", description=__doc__)
dumper = add_record_views(blueprint, TriageEventSchema, TRIAGE_EVENT, EXAMPLE)
