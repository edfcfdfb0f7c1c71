"""The plan of a day."""

from datetime import date
from typing import Any

from flask import Response
from flask.views import MethodView
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from server.api.auth import signed_in
from server.api.base import Resource
from server.api.fast import json_response
from server.api.fields import Day, StrictSchema, UtcMoment
from server.api.occurrences import EXAMPLE as OCCURRENCE
from server.api.occurrences import OccurrenceSchema, dump_occurrence
from server.api.step_counts import EXAMPLE as STEP_COUNT
from server.api.step_counts import StepCountSchema, dump_day
from server.dependencies import dependencies
from server.localtime import local_date
from server.services.owner import Owner
from server.services.today import get_today


class TodayQuery(StrictSchema):
    """Which local day; the patient's own today when left out."""

    on = Day()


class TodaySchema(Schema):
    """What is due, how many steps there are (null: nothing is known), what was done, and the next session."""

    on = Day()
    time_zone = fields.String()
    occurrences = fields.List(fields.Nested(OccurrenceSchema))
    step_count = fields.Nested(StepCountSchema, allow_none=True)
    session_log_ids = fields.List(fields.UUID())
    next_session_at = UtcMoment(allow_none=True)


EXAMPLE = {
    "on": "2026-11-23",
    "time_zone": "Europe/Berlin",
    "occurrences": [OCCURRENCE],
    "step_count": STEP_COUNT,
    "session_log_ids": [],
    "next_session_at": "2026-11-23T18:00:00Z",
}

blueprint = Resource("today", __name__, url_prefix="/api/v1/today", description=__doc__)


@blueprint.route("")
class Today(MethodView):
    @blueprint.arguments(TodayQuery, location="query")
    @blueprint.response(200, TodaySchema, example=EXAMPLE)
    @signed_in
    def get(self, db: Session, owner: Owner, query: dict[str, date]) -> Response:
        """The plan of a day"""
        now = dependencies().clock()
        today = get_today(db, owner, query.get("on") or local_date(now, owner.time_zone), now=now)
        reply: dict[str, Any] = {
            "on": today.on,
            "time_zone": today.time_zone,
            "occurrences": [dump_occurrence(row) for row in today.occurrences],
            "step_count": dump_day(*today.step_count) if today.step_count else None,
            "session_log_ids": list(today.session_log_ids),
            "next_session_at": today.next_session_at,
        }
        return json_response(reply)
