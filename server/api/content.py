"""What every patient may read: the scripts, and whom to call."""

from dataclasses import asdict
from typing import Any

from flask import Response
from flask.views import MethodView
from marshmallow import Schema, fields

from server.api.base import Resource
from server.api.fast import to_json
from server.care.content import emergency_numbers, scripts, text
from server.dependencies import dependencies

CACHED_FOR = 3600


class StepSchema(Schema):
    """One step of a script; `line` is what is spoken."""

    key = fields.String()
    technique = fields.String()
    foot = fields.String(metadata={"enum": ["left", "right", "both"]})
    seconds = fields.Integer()
    kind = fields.String(metadata={"enum": ["move", "hold", "look", "rest"]})
    line = fields.String()


class ScriptSchema(Schema):
    """A guided session, to the second (content brief §5)."""

    id = fields.String()
    title = fields.String()
    total_seconds = fields.Integer()
    steps = fields.List(fields.Nested(StepSchema))


class CareSettingsSchema(Schema):
    """The clinic's numbers, empty where it gave none, and its region's emergency number."""

    clinic_name = fields.String()
    phone = fields.String()
    out_of_hours_phone = fields.String()
    hours = fields.String(metadata={"description": "When the clinic answers, in its own words."})
    booking_url = fields.String()
    region = fields.String(metadata={"description": "The clinic's; a patient's own setting goes before it."})
    emergency_number = fields.String()


STEP = {
    "key": "settle",
    "technique": "settle",
    "foot": "both",
    "seconds": 20,
    "kind": "rest",
    "line": "Sit back. Breathe out slowly.",
}

blueprint = Resource("content", __name__, url_prefix="/api/v1", description=__doc__)


def cacheable(value: Any) -> Response:
    """A reply that is the same for everybody."""
    response = Response(to_json(value), mimetype="application/json")
    response.cache_control.public = True
    response.cache_control.max_age = CACHED_FOR
    return response


@blueprint.route("/scripts")
class ScriptList(MethodView):
    @blueprint.doc(security=[])
    @blueprint.response(
        200,
        Schema.from_dict({"items": fields.List(fields.Nested(ScriptSchema))}, name="ScriptPage"),
        example={"items": [{"id": "S8", "title": "Short session", "total_seconds": 480, "steps": [STEP]}]},
    )
    def get(self) -> Response:
        """List the scripts of the guided sessions"""
        lines = text()
        items = []
        for script in scripts().values():
            steps = [{**{name: asdict(step)[name] for name in STEP}, "line": lines[step.line]} for step in script.steps]
            title = lines.get(script.title, script.title)
            items.append({"id": script.id, "title": title, "total_seconds": script.total_seconds, "steps": steps})
        return cacheable({"items": items})


@blueprint.route("/care-settings")
class CareSettings(MethodView):
    @blueprint.doc(security=[])
    @blueprint.response(
        200,
        CareSettingsSchema,
        example={
            "clinic_name": "Foot Clinic North",
            "phone": "+49 30 1234567",
            "out_of_hours_phone": "",
            "hours": "Mon–Fri 8–17",
            "booking_url": "",
            "region": "EU",
            "emergency_number": "112",
        },
    )
    def get(self) -> Response:
        """Whom to call: the phone keeps it, for it must work offline"""
        clinic = dependencies().settings.clinic
        region = clinic.region or "OTHER"
        return cacheable(
            {
                "clinic_name": clinic.name,
                "phone": clinic.phone,
                "out_of_hours_phone": clinic.out_of_hours_phone,
                "hours": clinic.hours,
                "booking_url": clinic.booking_url,
                "region": region,
                "emergency_number": emergency_numbers()[region].emergency,
            }
        )
