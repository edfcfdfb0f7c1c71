"""What the records add up to: only where there is enough of them, each with what it rests on."""

from flask import Response
from flask.views import MethodView
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from server.api.auth import signed_in
from server.api.base import Resource
from server.api.fast import json_response
from server.api.fields import Day, UtcMoment
from server.care.insights import words
from server.dependencies import dependencies
from server.services.insights import language_of, list_insights
from server.services.owner import Owner


class InsightSchema(Schema):
    """Something to say. It never claims that a massage caused it."""

    key = fields.String(metadata={"description": "A stable word for it."})
    n = fields.Integer(metadata={"description": "How many `of` it rests on; of groups compared, the smallest."})
    of = fields.String(metadata={"enum": ["days", "weeks", "sessions"]})
    level = fields.String(
        allow_none=True, metadata={"description": "How soon to tell the clinic.", "enum": ["within_days", None]}
    )
    values = fields.Dict(keys=fields.String(), values=fields.Float())
    say = fields.List(fields.String(), metadata={"description": "Keys of the sentences that `values` belong in."})
    text = fields.String(metadata={"description": "The same in the patient's language."})


class WaitingSchema(Schema):
    """Too little of it yet: `n` of `least`."""

    key = fields.String()
    n = fields.Integer()
    least = fields.Integer()
    of = fields.String(metadata={"enum": ["days", "weeks", "sessions"]})


class InsightsSchema(Schema):
    """In the order of what matters first; both lists may be empty."""

    on = Day()
    computed_at = UtcMoment()
    items = fields.List(fields.Nested(InsightSchema))
    waiting = fields.List(fields.Nested(WaitingSchema))


EXAMPLE = {
    "on": "2026-11-22",
    "computed_at": "2026-11-22T09:15:00Z",
    "items": [
        {
            "key": "pain_around_massage",
            "n": 8,
            "of": "sessions",
            "level": None,
            "values": {"before": 5.1, "after": 3.9},
            "say": ["insight.pain_around_massage.text", "insight.chance", "insight.no_cause_massage"],
            "text": "Your pain was 5.1 before a massage and 3.9 after it. That is the average of 8 massages. "
            "This can be chance. It does not show that a massage did this.",
        }
    ],
    "waiting": [{"key": "steps_four_weeks", "n": 6, "least": 10, "of": "days"}],
}

blueprint = Resource("insights", __name__, url_prefix="/api/v1/insights", description=__doc__)


@blueprint.route("")
class Insights(MethodView):
    @blueprint.response(200, InsightsSchema, example=EXAMPLE)
    @signed_in
    def get(self, db: Session, owner: Owner) -> Response:
        """What my records add up to"""
        now = dependencies().clock()
        today, said, waiting = list_insights(db, owner, now=now)
        language = language_of(db, owner)
        reply = {
            "on": today,
            "computed_at": now,
            "items": [
                {
                    "key": one.key,
                    "n": one.n,
                    "of": one.of,
                    "level": one.level,
                    "values": dict(one.values),
                    "say": list(one.say),
                    "text": words(one, language),
                }
                for one in said
            ],
            "waiting": [{"key": one.key, "n": one.n, "least": one.least, "of": one.of} for one in waiting],
        }
        return json_response(reply)
