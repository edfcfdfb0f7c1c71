"""Which source a day's steps are taken from, where several know of it."""

from typing import Any

from flask import Response
from flask.views import MethodView
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from server.api.auth import signed_in
from server.api.base import Resource
from server.api.fast import json_response
from server.api.fields import Day, StrictSchema, text_field
from server.dependencies import dependencies
from server.services import step_goals, step_truth
from server.services.owner import Owner

MOST_SOURCES = 20


def source_order(*, required: bool = False) -> fields.List[str]:
    """Sources, the most wanted first."""
    return fields.List(text_field(64), required=required, validate=validate.Length(max=MOST_SOURCES))


class KnownSourceSchema(Schema):
    """A source that said something once."""

    source = fields.String()
    source_label = fields.String()
    last_on = Day()


class StepSourcesSchema(Schema):
    """The sources in the order that the patient wants; empty for the usual rule. What was typed always goes first."""

    order = fields.List(fields.String())
    known = fields.List(fields.Nested(KnownSourceSchema))


class SourceOrderSchema(StrictSchema):
    """The most wanted first. A source that is not named comes after those that are, by the usual rule."""

    order = source_order(required=True)


EXAMPLE = {
    "order": ["google_health"],
    "known": [
        {"source": "google_health", "source_label": "Pixel Watch 3 through Google Health", "last_on": "2026-11-22"}
    ],
}

blueprint = Resource("step_sources", __name__, url_prefix="/api/v1/me/step-sources", description=__doc__)


def dump(db: Session, owner: Owner) -> Response:
    known = [
        {"source": row.source, "source_label": row.source_label, "last_on": row.last_on}
        for row in step_truth.known_sources(db, owner)
    ]
    return json_response({"order": step_truth.wanted_order(db, owner), "known": known})


@blueprint.route("")
class StepSources(MethodView):
    @blueprint.response(200, StepSourcesSchema, example=EXAMPLE)
    @signed_in
    def get(self, db: Session, owner: Owner) -> Response:
        """The order of sources, and every source there is"""
        return dump(db, owner)

    @blueprint.arguments(SourceOrderSchema, example={"order": ["google_health"]})
    @blueprint.response(200, StepSourcesSchema, example=EXAMPLE)
    @signed_in
    def put(self, db: Session, owner: Owner, values: dict[str, Any]) -> Response:
        """Say which source counts; days that are known are chosen again"""
        now = dependencies().clock()
        changed = step_truth.save_order(db, owner, values["order"], now=now)
        step_goals.steps_changed(db, owner, changed, now=now)
        return dump(db, owner)
