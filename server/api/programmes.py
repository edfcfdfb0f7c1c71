"""The programmes that a plan may follow."""

from flask import Response
from flask.views import MethodView
from marshmallow import Schema, fields

from server.api.base import Resource
from server.api.content import cacheable
from server.care.content import text
from server.care.programmes import programmes


class ProgrammeSchema(Schema):
    """How often, and with which scripts in order of preference (content brief §5)."""

    id = fields.String()
    title = fields.String()
    text = fields.String()
    scripts = fields.List(fields.String())
    fewest_a_week = fields.Integer()
    times_a_week = fields.Integer()
    rest_day_between = fields.Boolean(metadata={"description": "No two session days in a row, Sunday and Monday too."})
    weeks = fields.Integer()
    weekdays = fields.List(fields.Integer(), metadata={"description": "Chosen at first; ISO weekdays: 1 is Monday."})


EXAMPLE = {
    "id": "standard",
    "title": "Three times a week",
    "text": "A calm session on 3 days a week.",
    "scripts": ["S20", "G12", "C8", "A6"],
    "fewest_a_week": 3,
    "times_a_week": 3,
    "rest_day_between": True,
    "weeks": 4,
    "weekdays": [1, 3, 5],
}

blueprint = Resource("programmes", __name__, url_prefix="/api/v1/programmes", description=__doc__)


@blueprint.route("")
class ProgrammeList(MethodView):
    @blueprint.doc(security=[])
    @blueprint.response(
        200,
        Schema.from_dict({"items": fields.List(fields.Nested(ProgrammeSchema))}, name="ProgrammePage"),
        example={"items": [EXAMPLE]},
    )
    def get(self) -> Response:
        """List the programmes; which of them a person may choose is decided on the phone"""
        lines = text()
        items = []
        for programme in programmes().values():
            words = {"title": lines[programme.title], "text": lines[programme.text]}
            items.append({name: words.get(name, getattr(programme, name)) for name in EXAMPLE})
        return cacheable({"items": items})
