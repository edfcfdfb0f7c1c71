"""The symptom diary: pain, tingling and numbness over the last 24 hours, at most once a day."""

from marshmallow import fields

from server.api.base import Resource
from server.api.fields import Day, RecordSchema, UtcMoment, WholeNumber, text_field
from server.api.records import add_record_views
from server.api.session_logs import score
from server.services.records import SYMPTOM_ENTRY


class SymptomEntrySchema(RecordSchema):
    """How the feet felt on average over the last 24 hours (content brief §11)."""

    id = fields.UUID(dump_only=True, metadata={"description": "UUIDv5(patient id, `symptom_entry/<on>`)."})
    on = Day(required=True)
    recorded_at = UtcMoment(required=True)
    pain = WholeNumber(0, 10, required=True)
    tingling = score()
    numbness = score()
    note = text_field(2000, allow_none=True, load_default=None)
    updated_at = UtcMoment(dump_only=True)


EXAMPLE = {
    "id": "5a0c46a4-6f5a-5d0e-8a74-3e2b1c9d7f10",
    "on": "2026-11-20",
    "recorded_at": "2026-11-20T07:12:00Z",
    "pain": 4,
    "tingling": 3,
    "numbness": None,
    "note": "Slept well.",
    "updated_at": "2026-11-20T07:12:01Z",
}

blueprint = Resource("symptom_entries", __name__, url_prefix="/api/v1/symptom-entries", description=__doc__)
dumper = add_record_views(blueprint, SymptomEntrySchema, SYMPTOM_ENTRY, EXAMPLE)
