"""The moments of reminders: which there are, and what the patient answered."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Response, request
from flask.views import MethodView
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from server.api.auth import message_delivery, signed_in
from server.api.base import Resource, correct_clock
from server.api.fast import json_response
from server.api.fields import Day, StrictSchema, UtcMoment
from server.dependencies import dependencies
from server.errors import Invalid, NotFound
from server.localtime import local_date
from server.models import AnyRow
from server.services import reminders
from server.services.occurrences import answer_occurrence, list_occurrences
from server.services.owner import Owner

LONGEST_RANGE = timedelta(days=92)
STATES = ("done", "snoozed", "skipped")


class OccurrenceSchema(Schema):
    """One moment of a reminder. `not_sent` tells why nothing was sent: too_late, no_phone, paused, quiet_hours, done
    before it was due, or failed.

    The look for redness after a session has no reminder but a `session_log_id`.
    """

    id = fields.UUID()
    reminder_id = fields.UUID(allow_none=True)
    session_log_id = fields.UUID(allow_none=True)
    kind = fields.String()
    meal_context = fields.String(allow_none=True)
    on = Day()
    local_time = fields.Time(format="%H:%M")
    due_at = UtcMoment()
    state = fields.String(validate=validate.OneOf(("open", *STATES)))
    until = UtcMoment(allow_none=True)
    answered_at = UtcMoment(allow_none=True)
    sent_at = UtcMoment(allow_none=True)
    not_sent = fields.String(allow_none=True)
    arrived_at = UtcMoment(allow_none=True, metadata={"description": "When a browser first reported of its message."})
    arrived_on = fields.String(allow_none=True, metadata={"description": "The label of that browser."})
    updated_at = UtcMoment()


class AnswerSchema(StrictSchema):
    """What the patient said of a moment, and when."""

    state = fields.String(required=True, validate=validate.OneOf(STATES))
    until = UtcMoment(allow_none=True, load_default=None)
    at = UtcMoment(required=True)


class RangeQuery(StrictSchema):
    """Local days, both included."""

    first = Day(data_key="from")
    last = Day(data_key="to")


EXAMPLE = {
    "id": "4d1b0f0a-6a55-5b61-9c6b-0e7d2f1a3b44",
    "reminder_id": "9d0c5f1e-44f2-4f53-8f0b-6f3a1f9b2c77",
    "session_log_id": None,
    "kind": "foot_check",
    "meal_context": None,
    "on": "2026-11-23",
    "local_time": "19:00",
    "due_at": "2026-11-23T18:00:00Z",
    "state": "open",
    "until": None,
    "answered_at": None,
    "sent_at": None,
    "not_sent": None,
    "arrived_at": None,
    "arrived_on": None,
    "updated_at": "2026-11-22T08:00:00Z",
}

blueprint = Resource("occurrences", __name__, url_prefix="/api/v1/occurrences", description=__doc__)
_occurrence_names = tuple(OccurrenceSchema().dump_fields)


def dump_occurrence(row: AnyRow) -> dict[str, Any]:
    """A row of `occurrences` as its schema writes it."""
    dumped = {name: getattr(row, name) for name in _occurrence_names}
    dumped["local_time"] = row.local_time.isoformat("minutes")
    return dumped


@blueprint.route("")
class OccurrenceList(MethodView):
    @blueprint.arguments(RangeQuery, location="query")
    @blueprint.response(
        200,
        Schema.from_dict({"items": fields.List(fields.Nested(OccurrenceSchema))}, name="OccurrencePage"),
        example={"items": [EXAMPLE]},
    )
    @signed_in
    def get(self, db: Session, owner: Owner, query: dict[str, date]) -> Response:
        """The moments of some days; without a range, of the next two weeks"""
        first = query.get("first") or local_date(dependencies().clock(), owner.time_zone)
        last = query.get("last") or first + timedelta(days=reminders.PLANNED_DAYS)
        if not timedelta(0) <= last - first <= LONGEST_RANGE:
            raise Invalid("Ask for at most 92 days.", errors={"to": ["Must be from 0 to 92 days after `from`."]})
        rows = list_occurrences(db, owner, first=first, last=last)
        return json_response({"items": [dump_occurrence(row) for row in rows]})


@blueprint.route("/<uuid:occurrence_id>")
class OccurrenceView(MethodView):
    @blueprint.doc(security=[{"cookie": []}, {"message": []}])
    @blueprint.arguments(AnswerSchema, example={"state": "done", "at": "2026-11-23T18:20:00Z"})
    @blueprint.response(200, OccurrenceSchema, example=EXAMPLE)
    def put(self, values: dict[str, Any], occurrence_id: UUID) -> Response:
        """Answer a moment: done, later or not today; by the app or by the message's own token"""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "message":
            return self._answer_message(token, values, occurrence_id)
        return self._answer_signed_in(values, occurrence_id)

    @signed_in
    def _answer_signed_in(self, db: Session, owner: Owner, values: dict[str, Any], occurrence_id: UUID) -> Response:
        return _answer(db, owner, values, occurrence_id)

    def _answer_message(self, token: str, values: dict[str, Any], occurrence_id: UUID) -> Response:
        deps = dependencies()
        with deps.database.write() as db:
            found = message_delivery(db, token, deps.clock())
            if found.occurrence_id != occurrence_id:
                raise NotFound
            return _answer(db, Owner(found.patient_id, "UTC"), values, occurrence_id)


def _answer(db: Session, owner: Owner, values: dict[str, Any], occurrence_id: UUID) -> Response:
    now = dependencies().clock()
    row = answer_occurrence(db, owner, occurrence_id, **correct_clock(values), now=now)
    return json_response(dump_occurrence(row), etag=row.seq)
