"""Clearances: "my clinician said OK", with who said it and when."""

from marshmallow import fields, validate

from server.api.base import Resource
from server.api.fields import Day, RecordSchema, UtcMoment, text_field
from server.api.records import add_record_views
from server.services.records import CLEARANCE


class ClearanceSchema(RecordSchema):
    """A clinic's OK for some answers of the profile (content brief §2 ASK); the phone says until when it counts."""

    id = fields.UUID(dump_only=True)
    on = Day(required=True)
    recorded_at = UtcMoment(required=True)
    reasons = fields.List(text_field(32), required=True, validate=validate.Length(1, 12))
    clinician_name = text_field(120, required=True)
    clinician_on = Day(required=True)
    ended_at = UtcMoment(allow_none=True, load_default=None)
    updated_at = UtcMoment(dump_only=True)


EXAMPLE = {
    "id": "6f2b0f0e-9d38-4a55-8f2c-2f7c1f0a4d31",
    "on": "2026-11-20",
    "recorded_at": "2026-11-20T18:00:05Z",
    "reasons": ["blood_clot"],
    "clinician_name": "Dr Okafor",
    "clinician_on": "2026-11-19",
    "ended_at": None,
    "updated_at": "2026-11-20T18:00:06Z",
}

blueprint = Resource("clearances", __name__, url_prefix="/api/v1/clearances", description=__doc__)
dumper = add_record_views(blueprint, ClearanceSchema, CLEARANCE, EXAMPLE)
