"""Steps of a day: what it counts as, by which source, and what every other source said."""

from datetime import date
from typing import Any

from flask import Response
from flask.views import MethodView
from marshmallow import Schema, fields
from sqlalchemy.orm import Session
from werkzeug.routing import BaseConverter, ValidationError

from server.api.auth import signed_in
from server.api.base import PageQuery, Resource, correct_clock, if_match
from server.api.fast import json_response
from server.api.fields import FIRST_DAY, LAST_DAY, Day, StrictSchema, UtcMoment, WholeNumber
from server.api.records import not_modified, page_schema
from server.dependencies import dependencies
from server.errors import Invalid, NotFound
from server.models import AnyRow
from server.services import step_counts, step_truth
from server.services.owner import Owner

MOST_STEPS = 200_000


class DayConverter(BaseConverter):
    """A local date in an address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise ValidationError from None
        if not FIRST_DAY <= day <= LAST_DAY:
            raise ValidationError
        return day


class StepSourceSchema(Schema):
    """What one source said of the day."""

    source = fields.String()
    source_label = fields.String(metadata={"description": "Empty for the hand entry."})
    steps = fields.Integer()
    observed_at = UtcMoment()
    is_partial = fields.Boolean(metadata={"description": "The day was not over, or the source cut it short."})
    counted = fields.Boolean(metadata={"description": "This source is what the day counts as."})


class StepCountSchema(Schema):
    """One local day. Sources are never added up; a day without data is not in the list."""

    on = Day()
    steps = fields.Integer()
    source = fields.String()
    source_label = fields.String()
    observed_at = UtcMoment()
    is_partial = fields.Boolean()
    counts = fields.List(fields.Nested(StepSourceSchema))
    updated_at = UtcMoment()


class StepChangeSchema(Schema):
    """What a source said before and after, and why it says so now."""

    at = UtcMoment()
    source = fields.String()
    source_label = fields.String()
    before = fields.Integer(allow_none=True)
    after = fields.Integer(allow_none=True)
    why = fields.String(
        metadata={
            "description": "first, more, corrected, settled, removed_at_source, typed, typed_removed, or choice: "
            "another source counts."
        }
    )


class StepDaySchema(StepCountSchema):
    """One day with what changed about it, newest first. What is no longer known is null, and never zero steps."""

    steps = fields.Integer(allow_none=True)
    source = fields.String(allow_none=True)
    source_label = fields.String(allow_none=True)
    observed_at = UtcMoment(allow_none=True)
    is_partial = fields.Boolean(allow_none=True)
    updated_at = UtcMoment(allow_none=True)
    history = fields.List(fields.Nested(StepChangeSchema))


class ManualStepsSchema(StrictSchema):
    """The patient's own number; it counts until it is taken away."""

    steps = WholeNumber(0, MOST_STEPS, required=True)
    recorded_at = UtcMoment(required=True)


EXAMPLE = {
    "on": "2026-11-22",
    "steps": 1830,
    "source": "phone/6d7a2c1e",
    "source_label": "Health Auto Export",
    "observed_at": "2026-11-22T09:15:07Z",
    "is_partial": True,
    "counts": [
        {
            "source": "phone/6d7a2c1e",
            "source_label": "Health Auto Export",
            "steps": 1830,
            "observed_at": "2026-11-22T09:15:07Z",
            "is_partial": True,
            "counted": True,
        }
    ],
    "updated_at": "2026-11-22T09:15:08Z",
}

CHANGE = {
    "at": "2026-11-22T09:15:08Z",
    "source": "phone/6d7a2c1e",
    "source_label": "Health Auto Export",
    "before": 1204,
    "after": 1830,
    "why": "more",
}

NOTHING_KNOWN: dict[str, Any] = {**dict.fromkeys(StepCountSchema().dump_fields), "counts": []}

blueprint = Resource("step_counts", __name__, url_prefix="/api/v1/step-counts", description=__doc__)


def dump_day(day: AnyRow, counts: list[AnyRow]) -> dict[str, Any]:
    """A day as `StepCountSchema` writes it."""
    members = ("on", "steps", "source", "source_label", "observed_at", "is_partial")
    return {
        **{name: getattr(day, name) for name in members},
        "counts": [
            {**{name: getattr(row, name) for name in members[1:]}, "counted": row.source == day.source}
            for row in counts
        ],
        "updated_at": day.updated_at,
    }


def _history(db: Session, owner: Owner, on: date) -> list[dict[str, Any]]:
    members = ("at", "source", "source_label", "before", "after", "why")
    return [{name: getattr(row, name) for name in members} for row in step_truth.history(db, owner, on)]


@blueprint.route("")
class StepCountList(MethodView):
    @blueprint.arguments(PageQuery, location="query")
    @blueprint.response(200, page_schema(StepCountSchema), example={"items": [EXAMPLE], "next": None})
    @signed_in
    def get(self, db: Session, owner: Owner, query: dict[str, Any]) -> Response:
        """List days with steps, newest first"""
        after = query.get("after")
        try:
            before = date.fromisoformat(after) if after is not None else None
        except ValueError:
            raise Invalid("`after` is not a cursor of ours.", errors={"after": ["Send `next`."]}) from None
        limit = query["limit"]
        found = step_counts.list_step_days(
            db, owner, first=query.get("first"), last=query.get("last"), after=before, limit=limit + 1
        )
        page = [dump_day(day, counts) for day, counts in found[:limit]]
        more = len(found) > limit
        return json_response({"items": page, "next": page[-1]["on"].isoformat() if more else None})


@blueprint.route("/<day:on>")
class StepCount(MethodView):
    @blueprint.response(200, StepDaySchema, example={**EXAMPLE, "history": [CHANGE]})
    @signed_in
    def get(self, db: Session, owner: Owner, on: date) -> Response:
        """One day with all that was said of it, and what changed

        A day of which nothing is known any more answers with its history alone.
        """
        try:
            day, counts = step_counts.get_step_day(db, owner, on)
        except NotFound:  # or unknown again, and then the history says why
            if history := _history(db, owner, on):
                return json_response({**NOTHING_KNOWN, "on": on, "history": history})
            raise
        if (unchanged := not_modified(day.seq)) is not None:
            return unchanged
        return json_response({**dump_day(day, counts), "history": _history(db, owner, on)}, etag=day.seq)

    @blueprint.arguments(ManualStepsSchema, example={"steps": 4200, "recorded_at": "2026-11-22T20:00:00Z"})
    @blueprint.response(200, StepCountSchema, example=EXAMPLE)
    @blueprint.alt_response(201, schema=StepCountSchema, example=EXAMPLE)
    @signed_in
    def put(self, db: Session, owner: Owner, values: dict[str, Any], on: date) -> Response:
        """Write the patient's own number for a day"""
        now = dependencies().clock()
        created = step_counts.save_manual_count(db, owner, on, **correct_clock(values), if_match=if_match(), now=now)
        day, counts = step_counts.get_step_day(db, owner, on)
        return json_response(dump_day(day, counts), 201 if created else 200, etag=day.seq)

    @blueprint.response(204)
    @signed_in
    def delete(self, db: Session, owner: Owner, on: date) -> Response:
        """Take the patient's own number away"""
        step_counts.delete_manual_count(db, owner, on, if_match=if_match(), now=dependencies().clock())
        return Response(status=204)
