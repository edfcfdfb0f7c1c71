"""What every patient may read: the scripts, and whom to call."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, cast

from flask import Response
from flask.views import MethodView
from marshmallow import Schema, fields

from server.api.base import Resource
from server.api.fast import to_json
from server.care.content import emergency_numbers, scripts, techniques, text
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


class TechniqueSchema(Schema):
    """One technique: what the hands do, and when to leave it out (content brief §4)."""

    id = fields.String()
    title = fields.String()
    most_pressure = fields.Integer(metadata={"description": "Of 10; a person's own cap wins when lower."})
    minutes = fields.Integer(metadata={"description": "Done alone."})
    hands = fields.String()
    direction = fields.String()
    pressure = fields.String()
    count = fields.String()
    mistakes = fields.List(fields.String())
    skip_if = fields.List(fields.String())


class SpotSchema(Schema):
    """A pressure spot, for comfort; it stands for no organ."""

    id = fields.String()
    region = fields.String()
    text = fields.String()


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

TECHNIQUE = {
    "id": "stroking",
    "title": "Gentle stroking",
    "most_pressure": 2,
    "minutes": 4,
    "hands": "Both palms around the foot. One on top, one under it.",
    "direction": "From toes to ankle. Come back lightly.",
    "pressure": "1 or 2 out of 10. Like spreading lotion.",
    "count": "10 to 15 slow strokes, about 6 seconds each.",
    "mistakes": ["Rush."],
    "skip_if": ["Light touch hurts you. Hold the foot with a still palm."],
}
SPOT = {"id": "A", "region": "ball", "text": "Centre of the sole, just behind the ball."}

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


@blueprint.route("/techniques")
class TechniqueList(MethodView):
    @blueprint.doc(security=[])
    @blueprint.response(
        200,
        Schema.from_dict(
            {"items": fields.List(fields.Nested(TechniqueSchema)), "spots": fields.List(fields.Nested(SpotSchema))},
            name="TechniquePage",
        ),
        example={"items": [TECHNIQUE], "spots": [SPOT]},
    )
    def get(self) -> Response:
        """List the five techniques and the five pressure spots"""
        found = techniques()
        items = [_said(card, TECHNIQUE) for card in cast("list[dict[str, Any]]", found["techniques"])]
        return cacheable({"items": items, "spots": [_said(spot, SPOT) for spot in cast("list[Any]", found["spots"])]})


def _said(data: dict[str, Any], members: Mapping[str, Any]) -> dict[str, Any]:
    """These members, every key of a sentence replaced by the sentence."""
    lines = text()

    def said(value: Any) -> Any:
        return [said(one) for one in value] if isinstance(value, list) else lines.get(value, value)

    return {name: said(data[name]) for name in members}


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
