"""Reminders: rules, and what falls due when."""

from typing import Any
from uuid import UUID

from flask import Response
from flask.views import MethodView
from marshmallow import Schema, ValidationError, fields, validate, validates_schema
from sqlalchemy.orm import Session

from server.api.auth import signed_in
from server.api.base import Resource, if_match
from server.api.fast import Dumper, json_response
from server.api.fields import (
    Day,
    LocalTime,
    RecordSchema,
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
from server.services import reminders
from server.services.owner import Owner
from server.services.recurrence import REPEATS, Rule, next_moments

MOST = most_of_reminders()


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
blueprint = Resource("reminders", __name__, url_prefix="/api/v1/reminders", description=__doc__)
dumper = Dumper(ReminderSchema)


@blueprint.route("")
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


@blueprint.route("/<uuid:reminder_id>")
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


@blueprint.route("/preview")
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
