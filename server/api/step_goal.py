"""The patient's step goal: what they want of it, the goal that is worked out, and how it came to be so."""

from typing import Any

from flask import Response
from flask.views import MethodView
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from server.api.auth import signed_in
from server.api.base import Resource, if_match
from server.api.fast import json_response
from server.api.fields import Day, RecordSchema, UtcMoment, WholeNumber, YesNo
from server.api.records import not_modified
from server.dependencies import dependencies
from server.models import AnyRow
from server.services import step_goals
from server.services.owner import Owner

LEAST_CHOICE, MOST_CHOICE = 7_000, 10_000  # content brief §10
MOST_CHANGES = 1_000_000
STATES = ("waiting", "on", "resting", "off")


class GoalChangeSchema(Schema):
    """One change, or a week that changed nothing. `steps` null: no goal from this day on."""

    n = fields.Integer(metadata={"description": "Its number; `told` is the last one that was seen."})
    from_on = Day()
    steps = fields.Integer(allow_none=True)
    was = fields.Integer(allow_none=True)
    why = fields.String(metadata={"description": "Word of the sentence that explains it."})


class GoalCapSchema(Schema):
    """The most that the goal may be; `may_choose`: up to what the patient may choose now."""

    kind = fields.String(metadata={"enum": ["careful", "usual", "lifted"]})
    most = fields.Integer()
    may_choose = fields.Integer(allow_none=True)


class GoalRestSchema(Schema):
    """While a warning rests the feet: at most so many steps a day, and how the last known day was."""

    from_on = Day()
    most = fields.Integer(allow_none=True)
    on = Day(allow_none=True)
    steps = fields.Integer(allow_none=True)
    kept = fields.Boolean(allow_none=True)


class StepGoalSchema(RecordSchema):
    """One a patient. The server works the goal out from baseline, weeks, foot checks, pain and warnings."""

    active = YesNo(required=True)
    cap_choice = WholeNumber(LEAST_CHOICE, MOST_CHOICE, allow_none=True, load_default=None)
    told = WholeNumber(0, MOST_CHANGES, load_default=0)
    walks_from_on = Day(allow_none=True, load_default=None, metadata={"description": "Short walks, without steps."})
    state = fields.String(dump_only=True, metadata={"enum": list(STATES)})
    steps = fields.Integer(dump_only=True, allow_none=True)
    last = fields.Integer(dump_only=True, allow_none=True, metadata={"description": "The goal before the rest."})
    returning_to = fields.Integer(dump_only=True, allow_none=True)
    baseline = fields.Integer(dump_only=True, allow_none=True)
    days_known = fields.Integer(dump_only=True, metadata={"description": "Of the days that a baseline needs."})
    cap = fields.Nested(GoalCapSchema, dump_only=True, allow_none=True)
    walk_minutes = fields.List(fields.Integer(), dump_only=True, metadata={"description": "Of a walk, by week."})
    rest = fields.Nested(GoalRestSchema, dump_only=True, allow_none=True)
    history = fields.List(fields.Nested(GoalChangeSchema), dump_only=True)
    updated_at = UtcMoment(dump_only=True)


EXAMPLE = {
    "active": True,
    "cap_choice": None,
    "told": 1,
    "walks_from_on": None,
    "state": "on",
    "steps": 4200,
    "last": None,
    "returning_to": None,
    "baseline": 3460,
    "days_known": 7,
    "cap": {"kind": "careful", "most": 4400, "may_choose": None},
    "walk_minutes": [5, 6, 7],
    "rest": None,
    "history": [
        {"n": 1, "from_on": "2026-11-16", "steps": 3700, "was": None, "why": "start"},
        {"n": 2, "from_on": "2026-11-23", "steps": 4200, "was": 3700, "why": "up"},
    ],
    "updated_at": "2026-11-23T00:00:02Z",
}

blueprint = Resource("step_goal", __name__, url_prefix="/api/v1/me/step-goal", description=__doc__)
COLUMNS = tuple(name for name in StepGoalSchema().dump_fields if name not in ("state", "steps"))


def dump_goal(row: AnyRow) -> dict[str, Any]:
    """A goal as `StepGoalSchema` writes it: one that the patient has turned off goes on unseen."""
    state = row.phase if row.active else "off"
    shown = {"state": state, "steps": row.steps if state == "on" else None}
    return {**{name: getattr(row, name) for name in COLUMNS}, **shown}


@blueprint.route("")
class StepGoalView(MethodView):
    @blueprint.response(200, StepGoalSchema, example=EXAMPLE)
    @signed_in
    def get(self, db: Session, owner: Owner) -> Response:
        """The patient's step goal"""
        row = step_goals.get_goal(db, owner)
        return not_modified(row.seq) or json_response(dump_goal(row), etag=row.seq)

    @blueprint.arguments(StepGoalSchema, example=EXAMPLE)
    @blueprint.response(200, StepGoalSchema, example=EXAMPLE)
    @blueprint.alt_response(201, schema=StepGoalSchema, example=EXAMPLE)
    @signed_in
    def put(self, db: Session, owner: Owner, values: dict[str, Any]) -> Response:
        """Turn the goal on or off, choose its cap, begin short walks, or say that a change was seen"""
        now = dependencies().clock()
        created = step_goals.save_goal(db, owner, values, if_match=if_match(), now=now)
        row = step_goals.get_goal(db, owner)
        return json_response(dump_goal(row), 201 if created else 200, etag=row.seq)
