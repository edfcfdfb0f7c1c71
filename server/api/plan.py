"""The patient's plan: programme, days and time, pauses, reviews, and the session days that follow from them."""

from typing import Any

from flask import Response
from flask.views import MethodView
from marshmallow import Schema, ValidationError, fields, validate, validates_schema
from sqlalchemy.orm import Session

from server.api.auth import signed_in
from server.api.base import Resource, if_match
from server.api.fast import Dumper, json_response
from server.api.fields import Day, LocalTime, RecordSchema, StrictSchema, UtcMoment, WholeNumber, YesNo, unique
from server.api.records import not_modified
from server.care.plan import REVIEW_WEEKS
from server.care.programmes import programmes
from server.dependencies import dependencies
from server.services import plans
from server.services.owner import Owner

PAUSE_REASONS = ("ill", "away", "other")
REVIEW_ANSWERS = ("helps", "not_sure", "no")


class PauseSchema(StrictSchema):
    """Days without sessions, both ends included; without an end, until the patient goes on."""

    from_on = Day(required=True)
    until_on = Day(required=True, allow_none=True)
    reason = fields.String(required=True, validate=validate.OneOf(PAUSE_REASONS))

    @validates_schema
    def _ends_after_its_start(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data["until_on"] is not None and data["until_on"] < data["from_on"]:
            raise ValidationError("Must not be before from_on.", "until_on")


class ReviewSchema(StrictSchema):
    """What the patient said after two or four weeks: does it help?"""

    week = fields.Integer(required=True, strict=True, validate=validate.OneOf(REVIEW_WEEKS))
    on = Day(required=True)
    answer = fields.String(required=True, validate=validate.OneOf(REVIEW_ANSWERS))


class PlanDaySchema(Schema):
    """A day with a session, and the planned day that it was moved from."""

    on = Day()
    moved_from = Day(allow_none=True)


class PlanSchema(RecordSchema):
    """One a patient. `days` are the session days of the next two weeks; a stopped session counts as done."""

    programme_id = fields.String(required=True, validate=validate.OneOf(tuple(programmes())))
    weekdays = fields.List(
        WholeNumber(1, 7),
        required=True,
        validate=[validate.Length(1, 7), unique],
        metadata={"description": "ISO weekdays: 1 is Monday."},
    )
    time = LocalTime(required=True)
    starts_on = Day(required=True)
    remind = YesNo(required=True)
    pause = fields.Nested(PauseSchema, allow_none=True, load_default=None)
    reviews = fields.List(fields.Nested(ReviewSchema), load_default=list, validate=validate.Length(0, 20))
    ended_on = Day(allow_none=True, load_default=None)
    past_pauses = fields.List(fields.Nested(PauseSchema), dump_only=True)
    days = fields.List(fields.Nested(PlanDaySchema), dump_only=True)
    done_28 = fields.Integer(dump_only=True, metadata={"description": "Sessions in the last 28 days."})
    planned_28 = fields.Integer(dump_only=True, metadata={"description": "Of which so many were planned."})
    review_due = fields.Integer(dump_only=True, allow_none=True, metadata={"enum": [*REVIEW_WEEKS, None]})
    updated_at = UtcMoment(dump_only=True)


EXAMPLE = {
    "programme_id": "standard",
    "weekdays": [1, 3, 5],
    "time": "19:00",
    "starts_on": "2026-11-22",
    "remind": True,
    "pause": None,
    "reviews": [],
    "ended_on": None,
    "past_pauses": [],
    "days": [{"on": "2026-11-24", "moved_from": "2026-11-23"}, {"on": "2026-11-26", "moved_from": "2026-11-25"}],
    "done_28": 0,
    "planned_28": 1,
    "review_due": None,
    "updated_at": "2026-11-24T08:00:00Z",
}

blueprint = Resource("plan", __name__, url_prefix="/api/v1/me/plan", description=__doc__)
dumper = Dumper(PlanSchema)


@blueprint.route("")
class PlanView(MethodView):
    @blueprint.response(200, PlanSchema, example=EXAMPLE)
    @signed_in
    def get(self, db: Session, owner: Owner) -> Response:
        """The patient's plan"""
        row = plans.get_plan(db, owner)
        return not_modified(row.seq) or json_response(dumper.pick(row), etag=row.seq)

    @blueprint.arguments(PlanSchema, example=EXAMPLE)
    @blueprint.response(200, PlanSchema, example=EXAMPLE)
    @blueprint.alt_response(201, schema=PlanSchema, example=EXAMPLE)
    @signed_in
    def put(self, db: Session, owner: Owner, values: dict[str, Any]) -> Response:
        """Choose or change the plan; its reminder follows"""
        now = dependencies().clock()
        created = plans.save_plan(db, owner, _storable(values), if_match=if_match(), now=now)
        row = plans.get_plan(db, owner)
        return json_response(dumper.pick(row), 201 if created else 200, etag=row.seq)


def _storable(values: dict[str, Any]) -> dict[str, Any]:
    """Pauses and reviews are kept as JSON, so their days are kept as text."""
    pause = values["pause"] and _with_text(values["pause"])
    return {**values, "pause": pause, "reviews": [_with_text(review) for review in values["reviews"]]}


def _with_text(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}
