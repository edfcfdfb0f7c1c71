"""An account: the patient's own settings, and leaving."""

import hashlib
from typing import Any

from flask import Response
from flask.views import MethodView
from marshmallow import Schema, ValidationError, fields, pre_load, validate, validates_schema
from sqlalchemy.orm import Session

from server.api.auth import clear_cookie, cookie_secret, require_own_origin, signed_in
from server.api.base import Resource, correct_clock, if_match
from server.api.fast import json_response
from server.api.fields import Day, StrictSchema, UtcMoment, YesNo, Zone
from server.api.glucose_readings import GlucoseTargetsSchema
from server.api.limits import asker
from server.api.reminder_settings import QuietHoursSchema, RemindersPausedSchema
from server.api.session_logs import DecisionSchema
from server.api.step_sources import source_order
from server.dependencies import dependencies
from server.errors import NotAllowed
from server.models import AnyRow
from server.passwords import is_right
from server.services import accounts
from server.services.owner import Owner
from server.services.second_ways import CHOICES, renew_topic
from server.settings import REGIONS

GLUCOSE_UNITS = ("mg/dL", "mmol/L")
LANGUAGES = ("en",)
CONSENTS = ("disclaimer", "adult", "health_data")


class AcceptedSchema(StrictSchema):
    """Which version was accepted, and when; the server says when."""

    version = fields.String(required=True)
    at = UtcMoment()


class ProfileSchema(StrictSchema):
    """Answers to the profile questions (content brief §2.1), and what the phone made of them."""

    answers = fields.Dict(keys=fields.String(), required=True)
    answered_at = UtcMoment(required=True)
    decision = fields.Nested(DecisionSchema, allow_none=True, load_default=None)
    rules_differ = fields.Boolean(dump_only=True)


class FootExamSchema(StrictSchema):
    """The last time a professional looked at the feet; `on` is null when there was none, or nobody knows when."""

    on = Day(required=True, allow_none=True)
    answered_on = Day(required=True)

    @validates_schema
    def _is_over(self, data: dict[str, Any], **_kwargs: object) -> None:
        if data["on"] is not None and data["on"] > data["answered_on"]:
            raise ValidationError("Must not be after answered_on.", "on")


class MeSchema(Schema):
    """The patient's own settings."""

    id = fields.UUID()
    email = fields.Email()
    language = fields.String()
    time_zone = fields.String()
    glucose_unit = fields.String(validate=validate.OneOf(GLUCOSE_UNITS))
    region = fields.String(validate=validate.OneOf(REGIONS))
    show_reminder_kind = fields.Boolean(allow_none=True, metadata={"description": "null: not asked yet."})
    second_nudge = fields.Boolean(
        metadata={"description": "Whether a second message comes when nothing was done half an hour later."}
    )
    quiet_hours = fields.Nested(QuietHoursSchema, allow_none=True)
    reminders_paused = fields.Nested(RemindersPausedSchema, allow_none=True)
    home_kept_in = fields.String(
        allow_none=True, metadata={"description": "The phone's zone when the patient chose to keep home time."}
    )
    profile = fields.Nested(ProfileSchema, allow_none=True)
    glucose_on = fields.Boolean(
        allow_none=True, metadata={"description": "Whether the sugar diary is shown; null: not asked yet."}
    )
    glucose_targets = fields.Nested(
        GlucoseTargetsSchema, allow_none=True, metadata={"description": "null: the usual adult target."}
    )
    foot_exam = fields.Nested(
        FootExamSchema, allow_none=True, metadata={"description": "Professional; null: not asked yet."}
    )
    email_reminders = fields.String(validate=validate.OneOf(CHOICES), metadata={"description": "By e-mail as well."})
    ntfy_reminders = fields.String(validate=validate.OneOf(CHOICES), metadata={"description": "By ntfy as well."})
    ntfy_topic = fields.String(
        allow_none=True,
        metadata={"description": "What to listen to at the server's `ntfy_url`; null until it was wanted."},
    )
    calendar_made_at = UtcMoment(allow_none=True, metadata={"description": "null: there is no calendar feed."})
    step_sources = fields.List(
        fields.String(), metadata={"description": "The sources of steps, most wanted first; empty: the usual rule."}
    )
    accepted = fields.Dict(keys=fields.String(), values=fields.Nested(AcceptedSchema))
    created_at = UtcMoment()
    updated_at = UtcMoment()


class ProfileChangeSchema(ProfileSchema):
    """As a profile; what only the server writes is passed over."""

    @pre_load
    def _drop_read_only(self, data: Any, **_kwargs: Any) -> Any:
        return {key: value for key, value in data.items() if key != "rules_differ"} if isinstance(data, dict) else data


class ChangeMeSchema(StrictSchema):
    """Any of the settings; what is left out stays."""

    language = fields.String(validate=validate.OneOf(LANGUAGES))
    time_zone = Zone()
    glucose_unit = fields.String(validate=validate.OneOf(GLUCOSE_UNITS))
    region = fields.String(validate=validate.OneOf(REGIONS))
    show_reminder_kind = YesNo()
    second_nudge = YesNo()
    quiet_hours = fields.Nested(QuietHoursSchema, allow_none=True)
    reminders_paused = fields.Nested(RemindersPausedSchema, allow_none=True)
    home_kept_in = Zone(allow_none=True)
    profile = fields.Nested(ProfileChangeSchema)
    glucose_on = YesNo()
    glucose_targets = fields.Nested(GlucoseTargetsSchema, allow_none=True)
    foot_exam = fields.Nested(FootExamSchema)
    email_reminders = fields.String(validate=validate.OneOf(CHOICES))
    ntfy_reminders = fields.String(validate=validate.OneOf(CHOICES))
    step_sources = source_order()
    accepted = fields.Dict(keys=fields.String(validate=validate.OneOf(CONSENTS)), values=fields.Nested(AcceptedSchema))


class LeaveSchema(StrictSchema):
    """The password, so that a phone left on a table cannot delete everything."""

    password = fields.String(required=True, load_only=True, validate=validate.Length(1, 200))


EXAMPLE: dict[str, Any] = {
    "id": "3f2b8c9e-5d8c-4a3a-9f3e-0a6b1c2d3e4f",
    "email": "sam@example.org",
    "language": "en",
    "time_zone": "Europe/Berlin",
    "glucose_unit": "mg/dL",
    "region": "EU",
    "show_reminder_kind": None,
    "second_nudge": False,
    "quiet_hours": {"from": "22:00", "until": "07:00"},
    "reminders_paused": None,
    "home_kept_in": None,
    "profile": None,
    "glucose_on": None,
    "glucose_targets": None,
    "foot_exam": None,
    "email_reminders": "never",
    "ntfy_reminders": "never",
    "ntfy_topic": None,
    "calendar_made_at": None,
    "step_sources": [],
    "accepted": {kind: {"version": "2026-11-22", "at": "2026-11-22T08:00:00Z"} for kind in CONSENTS},
    "created_at": "2026-11-22T08:00:00Z",
    "updated_at": "2026-11-22T08:00:00Z",
}

blueprint = Resource("accounts", __name__, url_prefix="/api/v1", description=__doc__)


def dump_me(patient: AnyRow, accepted: list[AnyRow]) -> dict[str, Any]:
    """A row of `patients` and its consents as `MeSchema` writes them; the latest consent of a kind counts."""
    names = (name for name in MeSchema().dump_fields if name != "accepted")
    latest = {row.kind: {"version": row.version, "at": row.accepted_at} for row in accepted}
    return {**{name: getattr(patient, name) for name in names}, "accepted": latest}


def me_response(db: Session, owner: Owner, status: int = 200) -> Response:
    patient, accepted = accounts.get_me(db, owner)
    return json_response(dump_me(patient, accepted), status, etag=patient.seq)


def throttle_key(email: str) -> bytes:
    """Tries are counted by account and address: by account alone, anybody could lock its owner out."""
    return hashlib.sha256(f"{email}\n{asker()}".encode()).digest()


def try_password(email: str, password_hash: str | None, password: str) -> bool:
    """Whether the password fits; a wrong one is counted. Raises TooManyAttempts. About 17 ms, outside a transaction."""
    deps = dependencies()
    with deps.database.read() as db:
        accounts.check_throttle(db, throttle_key(email), now=deps.clock())
    if is_right(password_hash, password):
        return True
    with deps.database.write() as db:
        accounts.note_failure(db, throttle_key(email), now=deps.clock())
    return False


@blueprint.route("/me")
class Me(MethodView):
    @blueprint.response(200, MeSchema, example=EXAMPLE)
    @signed_in
    def get(self, db: Session, owner: Owner) -> Response:
        """The patient's own settings"""
        return me_response(db, owner)

    @blueprint.arguments(ChangeMeSchema, example={"time_zone": "Europe/Lisbon"})
    @blueprint.response(200, MeSchema, example=EXAMPLE)
    @signed_in
    def patch(self, db: Session, owner: Owner, values: dict[str, Any]) -> Response:
        """Change some settings; a new time zone moves the reminders that are still ahead"""
        if "profile" in values:
            values["profile"] = _storable(correct_clock(values["profile"]))
        if "foot_exam" in values:
            values["foot_exam"] = {name: day and day.isoformat() for name, day in values["foot_exam"].items()}
        now = dependencies().clock()
        accepted = {kind: one["version"] for kind, one in values.pop("accepted", {}).items()}
        accounts.change_me(db, owner, values, if_match=if_match(), now=now)
        accounts.accept(db, owner, accepted, now=now)
        return me_response(db, owner)

    @blueprint.arguments(LeaveSchema, example={"password": "a long pass phrase"})
    @blueprint.response(204)
    def delete(self, values: dict[str, str]) -> Response:
        """Delete the account with everything in it"""
        self._check_password(values["password"])
        return self._delete()

    @signed_in
    def _delete(self, db: Session, owner: Owner) -> Response:
        accounts.delete_account(db, owner)
        return clear_cookie(Response(status=204))

    def _check_password(self, password: str) -> None:
        deps = dependencies()
        require_own_origin()
        with deps.database.read() as db:
            owner = accounts.find_signed_in(db, cookie_secret() or "", now=deps.clock()).owner
            patient, _ = accounts.get_me(db, owner)
        if not try_password(patient.email, patient.password_hash, password):
            raise NotAllowed("The password is not right.", code="wrong_password")


@blueprint.route("/me/ntfy-topic")
class NtfyTopic(MethodView):
    @blueprint.response(200, MeSchema, example=EXAMPLE)
    @signed_in
    def post(self, db: Session, owner: Owner) -> Response:
        """Make another ntfy topic; the old one hears nothing more"""
        renew_topic(db, owner, now=dependencies().clock())
        return me_response(db, owner)


def _storable(profile: dict[str, Any]) -> dict[str, Any]:
    """The profile is kept as JSON, so its moment is kept as text."""
    return {**profile, "answered_at": UtcMoment()._serialize(profile["answered_at"], None, None)}
