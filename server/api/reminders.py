"""Reminders and their moments: rules, what falls due when, and what the patient answered."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Response, request
from flask.views import MethodView
from marshmallow import Schema, ValidationError, fields, validate, validates_schema
from sqlalchemy.orm import Session

from server.api.auth import message_delivery, signed_in
from server.api.base import Resource, correct_clock, if_match
from server.api.fast import Dumper, json_response
from server.api.fields import (
    Day,
    LocalTime,
    RecordSchema,
    StrictSchema,
    UtcMoment,
    WholeNumber,
    YesNo,
    text_field,
    unique,
)
from server.api.glucose_readings import CONTEXTS
from server.api.records import not_modified
from server.care.content import most_of_reminders
from server.dependencies import dependencies
from server.errors import Invalid, NotFound
from server.localtime import local_date
from server.models import AnyRow
from server.services import reminders
from server.services.occurrences import answer_occurrence, list_occurrences
from server.services.owner import Owner
from server.services.recurrence import REPEATS, Rule, next_moments

LONGEST_RANGE = timedelta(days=92)
MOST = most_of_reminders()
STATES = ("done", "snoozed", "skipped")


class ReminderSchema(RecordSchema):
    """Local times on the days of a rule. The times follow the patient's own zone."""

    id = fields.UUID(dump_only=True)
    kind = fields.String(required=True, validate=validate.OneOf(reminders.REMINDER_KINDS))
    text = text_field(80, allow_none=True, load_default=None, metadata={"description": "For `own`, and needed there."})
    repeat = fields.String(
        load_default="weekdays",
        validate=validate.OneOf(REPEATS),
        metadata={"description": Rule.__doc__},
    )
    every = WholeNumber(1, MOST["days_between"], allow_none=True, load_default=None)
    weekdays = fields.List(
        WholeNumber(1, 7),
        load_default=list,
        validate=[validate.Length(0, 7), unique],
        metadata={"description": "ISO weekdays: 1 is Monday."},
    )
    times = fields.List(LocalTime(), required=True, validate=[validate.Length(1, MOST["times"]), unique])
    meal_contexts = fields.Dict(
        keys=LocalTime(),
        values=fields.String(validate=validate.OneOf(CONTEXTS)),
        load_default=dict,
        metadata={"description": "For sugar: what a reading at one of the `times` is about."},
    )
    active = YesNo(load_default=True)
    starts_on = Day(required=True)
    ends_on = Day(allow_none=True, load_default=None)
    follows_plan = fields.Boolean(
        dump_only=True, metadata={"description": "Falls due on the plan's session days; changed by the plan alone."}
    )
    updated_at = UtcMoment(dump_only=True)

    @validates_schema
    def _is_possible(self, data: dict[str, Any], **_kwargs: object) -> None:
        repeat, every = data["repeat"], data["every"]
        errors: dict[str, list[str]] = {}
        if repeat == "weekdays" and not data["weekdays"]:
            errors["weekdays"] = ["Choose at least one day."]
        if repeat != "weekdays" and every is None:
            errors["every"] = ["Say how many days." if repeat == "every_n_days" else "Say how many times a week."]
        if repeat == "times_a_week" and every is not None and every > 7:
            errors["every"] = ["At most 7 times a week."]
        if data["kind"] == "own" and not (data["text"] or "").strip():
            errors["text"] = ["Say what to remind you of."]
        if not data["meal_contexts"].keys() <= set(data["times"]):
            errors["meal_contexts"] = ["Name only times that stand in `times`."]
        if data["meal_contexts"] and data["kind"] != "glucose":
            errors["meal_contexts"] = ["Only a sugar check belongs to a meal."]
        if errors:
            raise ValidationError(errors)


class MomentSchema(Schema):
    """A day and a time on the wall, and when that is."""

    on = Day()
    local_time = fields.String()
    due_at = UtcMoment()


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


EXAMPLE: dict[str, Any] = {
    "id": "9d0c5f1e-44f2-4f53-8f0b-6f3a1f9b2c77",
    "kind": "foot_check",
    "text": None,
    "repeat": "weekdays",
    "every": None,
    "weekdays": [1, 3, 5],
    "times": ["19:00"],
    "meal_contexts": {},
    "active": True,
    "starts_on": "2026-11-22",
    "ends_on": None,
    "follows_plan": False,
    "updated_at": "2026-11-22T08:00:00Z",
}
OCCURRENCE = {
    "id": "4d1b0f0a-6a55-5b61-9c6b-0e7d2f1a3b44",
    "reminder_id": EXAMPLE["id"],
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

blueprint = Resource("reminders", __name__, url_prefix="/api/v1", description=__doc__)
dumper = Dumper(ReminderSchema)
_occurrence_names = tuple(OccurrenceSchema().dump_fields)


def dump_occurrence(row: AnyRow) -> dict[str, Any]:
    """A row of `occurrences` as its schema writes it."""
    dumped = {name: getattr(row, name) for name in _occurrence_names}
    dumped["local_time"] = row.local_time.isoformat("minutes")
    return dumped


@blueprint.route("/reminders")
class ReminderList(MethodView):
    @blueprint.response(
        200,
        Schema.from_dict(
            {"items": fields.List(fields.Nested(ReminderSchema)), "next": fields.String(allow_none=True)},
            name="ReminderPage",
        ),
        example={"items": [EXAMPLE], "next": None},
    )
    @signed_in
    def get(self, db: Session, owner: Owner) -> Response:
        """List the patient's reminders; there are few, so always all of them"""
        rows = reminders.list_reminders(db, owner)
        return json_response({"items": [dumper.pick(row) for row in rows], "next": None})


@blueprint.route("/reminders/<uuid:reminder_id>")
class ReminderView(MethodView):
    @blueprint.response(200, ReminderSchema, example=EXAMPLE)
    @signed_in
    def get(self, db: Session, owner: Owner, reminder_id: UUID) -> Response:
        """One reminder"""
        row = reminders.get_reminder(db, owner, reminder_id)
        return not_modified(row.seq) or json_response(dumper.pick(row), etag=row.seq)

    @blueprint.arguments(ReminderSchema, example=EXAMPLE)
    @blueprint.response(200, ReminderSchema, example=EXAMPLE)
    @blueprint.alt_response(201, schema=ReminderSchema, example=EXAMPLE)
    @signed_in
    def put(self, db: Session, owner: Owner, values: dict[str, Any], reminder_id: UUID) -> Response:
        """Create or replace a reminder, and plan its moments anew"""
        now = dependencies().clock()
        created = reminders.save_reminder(db, owner, reminder_id, values, if_match=if_match(), now=now)
        row = reminders.get_reminder(db, owner, reminder_id)
        return json_response(dumper.pick(row), 201 if created else 200, etag=row.seq)

    @blueprint.response(204)
    @signed_in
    def delete(self, db: Session, owner: Owner, reminder_id: UUID) -> Response:
        """Delete a reminder with its moments"""
        reminders.delete_reminder(db, owner, reminder_id, if_match=if_match(), now=dependencies().clock())
        return Response(status=204)


@blueprint.route("/reminders/preview")
class Preview(MethodView):
    @blueprint.arguments(
        ReminderSchema, example={key: EXAMPLE[key] for key in ("kind", "weekdays", "times", "starts_on")}
    )
    @blueprint.response(
        200,
        Schema.from_dict({"items": fields.List(fields.Nested(MomentSchema))}, name="Preview"),
        example={"items": [{"on": "2026-11-23", "local_time": "19:00", "due_at": "2026-11-23T18:00:00Z"}]},
    )
    @signed_in
    def post(self, db: Session, owner: Owner, values: dict[str, Any]) -> Response:
        """The next ten moments of a rule, before it is saved"""
        found = next_moments(reminders.rule_of(values), owner.time_zone, count=10, now=dependencies().clock())
        items = [
            {"on": moment.on, "local_time": moment.local_time.isoformat("minutes"), "due_at": moment.due_at}
            for moment in found
        ]
        return json_response({"items": items})


@blueprint.route("/occurrences")
class OccurrenceList(MethodView):
    @blueprint.arguments(RangeQuery, location="query")
    @blueprint.response(
        200,
        Schema.from_dict({"items": fields.List(fields.Nested(OccurrenceSchema))}, name="OccurrencePage"),
        example={"items": [OCCURRENCE]},
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


@blueprint.route("/occurrences/<uuid:occurrence_id>")
class OccurrenceView(MethodView):
    @blueprint.doc(security=[{"cookie": []}, {"message": []}])
    @blueprint.arguments(AnswerSchema, example={"state": "done", "at": "2026-11-23T18:20:00Z"})
    @blueprint.response(200, OccurrenceSchema, example=OCCURRENCE)
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
