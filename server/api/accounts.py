"""Accounts: signing up, in and out, the patient's own settings, and leaving."""

import hashlib
from typing import Any

from flask import Response
from flask.views import MethodView
from marshmallow import Schema, fields, pre_load, validate
from sqlalchemy.orm import Session

from server.api.auth import clear_cookie, cookie_secret, require_own_origin, set_cookie, signed_in
from server.api.base import Resource, StrictSchema, UtcMoment, YesNo, Zone, text_field
from server.api.fast import json_response
from server.api.limits import asker, limit
from server.api.session_logs import DecisionSchema
from server.care.content import consents
from server.dependencies import dependencies
from server.errors import Invalid, NotAllowed, NotSignedIn
from server.models import AnyRow
from server.passwords import hash_password, is_right
from server.services import accounts
from server.services.owner import Owner
from server.settings import REGIONS

GLUCOSE_UNITS = ("mg/dL", "mmol/L")
LANGUAGES = ("en",)
CONSENTS = ("disclaimer", "adult", "health_data")


class EmailSchema(StrictSchema):
    """An address is compared without regard to case or to spaces around it."""

    email = fields.Email(required=True, validate=validate.Length(max=254))

    @pre_load
    def _same_case(self, data: Any, **_kwargs: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("email"), str):
            return {**data, "email": data["email"].strip().lower()}
        return data


def password_field() -> fields.String:
    """10 to 200 characters of any kind."""
    return fields.String(required=True, load_only=True, validate=validate.Length(10, 200))


class AcceptedAtSignUpSchema(StrictSchema):
    """The versions that the app showed."""

    disclaimer_version = text_field(32, required=True)
    adult = YesNo(required=True, validate=validate.Equal(True, error="Footwell is for people of 18 or over."))
    adult_version = text_field(32, required=True)
    health_data_version = text_field(32, required=True)


class SignUpSchema(EmailSchema):
    """A new account; zone and units come from the phone."""

    password = password_field()
    time_zone = Zone(required=True)
    glucose_unit = fields.String(required=True, validate=validate.OneOf(GLUCOSE_UNITS))
    language = fields.String(load_default="en", validate=validate.OneOf(LANGUAGES))
    region = fields.String(load_default="OTHER", validate=validate.OneOf(REGIONS))
    accepted = fields.Nested(AcceptedAtSignUpSchema, required=True)


class SignInSchema(EmailSchema):
    """E-mail and password."""

    password = fields.String(required=True, load_only=True, validate=validate.Length(1, 200))


class NewPasswordSchema(StrictSchema):
    """The secret of a one-time link, and the new password."""

    token = text_field(100, required=True)
    password = password_field()


class AcceptedSchema(Schema):
    """Which version was accepted, and when."""

    version = fields.String()
    at = UtcMoment()


class ProfileSchema(StrictSchema):
    """Answers to the profile questions (content brief §2.1), and what the phone made of them."""

    answers = fields.Dict(keys=fields.String(), required=True)
    answered_at = UtcMoment(required=True)
    decision = fields.Nested(DecisionSchema, allow_none=True, load_default=None)
    rules_differ = fields.Boolean(dump_only=True)


class MeSchema(Schema):
    """The patient's own settings."""

    id = fields.UUID()
    email = fields.Email()
    language = fields.String()
    time_zone = fields.String()
    glucose_unit = fields.String(validate=validate.OneOf(GLUCOSE_UNITS))
    region = fields.String(validate=validate.OneOf(REGIONS))
    show_reminder_kind = fields.Boolean(allow_none=True, metadata={"description": "null: not asked yet."})
    profile = fields.Nested(ProfileSchema, allow_none=True)
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
    profile = fields.Nested(ProfileChangeSchema)


class LeaveSchema(StrictSchema):
    """The password, so that a phone left on a table cannot delete everything."""

    password = fields.String(required=True, load_only=True, validate=validate.Length(1, 200))


EXAMPLE = {
    "id": "3f2b8c9e-5d8c-4a3a-9f3e-0a6b1c2d3e4f",
    "email": "sam@example.org",
    "language": "en",
    "time_zone": "Europe/Berlin",
    "glucose_unit": "mg/dL",
    "region": "EU",
    "show_reminder_kind": None,
    "profile": None,
    "accepted": {kind: {"version": "2026-11-22", "at": "2026-11-22T08:00:00Z"} for kind in CONSENTS},
    "created_at": "2026-11-22T08:00:00Z",
    "updated_at": "2026-11-22T08:00:00Z",
}
SIGN_UP = {
    "email": "sam@example.org",
    "password": "a long pass phrase",
    "time_zone": "Europe/Berlin",
    "glucose_unit": "mg/dL",
    "region": "EU",
    "accepted": {
        "disclaimer_version": "2026-11-22",
        "adult": True,
        "adult_version": "2026-11-22",
        "health_data_version": "2026-11-22",
    },
}

blueprint = Resource("accounts", __name__, url_prefix="/api/v1", description=__doc__)


def dump_me(patient: AnyRow, accepted: list[AnyRow]) -> dict[str, Any]:
    """A row of `patients` and its consents as `MeSchema` writes them; the latest consent of a kind counts."""
    names = (name for name in MeSchema().dump_fields if name != "accepted")
    latest = {row.kind: {"version": row.version, "at": row.accepted_at} for row in accepted}
    return {**{name: getattr(patient, name) for name in names}, "accepted": latest}


def _me_response(db: Session, owner: Owner, status: int = 200) -> Response:
    patient, accepted = accounts.get_me(db, owner)
    return json_response(dump_me(patient, accepted), status, etag=patient.seq)


@blueprint.route("/auth/sign-up")
class SignUp(MethodView):
    @blueprint.doc(security=[])
    @blueprint.arguments(SignUpSchema, example=SIGN_UP)
    @blueprint.response(201, MeSchema, example=EXAMPLE)
    def post(self, values: dict[str, Any]) -> Response:
        """Make an account and sign in"""
        limit("sign-up", 30)
        deps = dependencies()
        require_own_origin()
        if deps.settings.sign_up == "closed":
            raise NotAllowed("New accounts are not open here. Ask your clinic.", code="sign_up_closed")
        accepted = values.pop("accepted")
        versions = {kind: accepted[f"{kind}_version"] for kind in CONSENTS}
        _check_versions(versions)
        password_hash = hash_password(values.pop("password"))
        now = deps.clock()
        with deps.database.write() as db:
            patient_id = accounts.sign_up(
                db,
                email=values.pop("email"),
                password_hash=password_hash,
                values=values,
                consents=versions,
                now=now,
            )
            secret = accounts.sign_in(db, patient_id, None, now=now)
            response = _me_response(db, Owner(patient_id, values["time_zone"]), 201)
        return set_cookie(response, secret)


def _check_versions(versions: dict[str, str]) -> None:
    known = consents()
    old = {
        f"accepted.{kind}_version": ["Is not the current version."]
        for kind in versions
        if versions[kind] != known[kind].version
    }
    if old:
        raise Invalid("The text you agreed to has changed. Update the app, then read it again.", errors=old)


@blueprint.route("/auth/sign-in")
class SignIn(MethodView):
    @blueprint.doc(security=[])
    @blueprint.arguments(SignInSchema, example={"email": "sam@example.org", "password": "a long pass phrase"})
    @blueprint.response(200, MeSchema, example=EXAMPLE)
    def post(self, values: dict[str, str]) -> Response:
        """Sign in with e-mail and password"""
        limit("sign-in", 30)
        deps = dependencies()
        require_own_origin()
        email, now = values["email"], deps.clock()
        key = hashlib.sha256(f"{email}\n{asker()}".encode()).digest()
        with deps.database.read() as db:
            accounts.check_throttle(db, key, now=now)
            account = accounts.find_account(db, email)
        right = is_right(account.password_hash if account else None, values["password"])
        with deps.database.write() as db:
            if not right or account is None:
                accounts.note_failure(db, key, now=now)
            else:
                secret = accounts.sign_in(db, account.id, key, now=now)
                response = _me_response(db, Owner(account.id, "UTC"))
        if not right or account is None:
            raise NotSignedIn("E-mail or password is not right.", code="wrong_credentials")
        return set_cookie(response, secret)


@blueprint.route("/auth/sign-out")
class SignOut(MethodView):
    @blueprint.response(204)
    def post(self) -> Response:
        """End this browser's sign-in"""
        deps = dependencies()
        require_own_origin()
        secret = cookie_secret()
        if secret is not None:
            with deps.database.write() as db:
                accounts.sign_out(db, secret)
        return clear_cookie(Response(status=204))


@blueprint.route("/auth/reset-password")
class ResetPassword(MethodView):
    @blueprint.doc(security=[])
    @blueprint.arguments(NewPasswordSchema, example={"token": "from the link", "password": "a long pass phrase"})
    @blueprint.response(204)
    def post(self, values: dict[str, str]) -> Response:
        """Set a new password with a one-time link, and sign out everywhere"""
        limit("reset-password", 30)
        deps = dependencies()
        require_own_origin()
        password_hash = hash_password(values["password"])
        with deps.database.write() as db:
            accounts.reset_password(db, values["token"], password_hash, now=deps.clock())
        return Response(status=204)


@blueprint.route("/me")
class Me(MethodView):
    @blueprint.response(200, MeSchema, example=EXAMPLE)
    @signed_in
    def get(self, db: Session, owner: Owner) -> Response:
        """The patient's own settings"""
        return _me_response(db, owner)

    @blueprint.arguments(ChangeMeSchema, example={"time_zone": "Europe/Lisbon"})
    @blueprint.response(200, MeSchema, example=EXAMPLE)
    @signed_in
    def patch(self, db: Session, owner: Owner, values: dict[str, Any]) -> Response:
        """Change some settings; a new time zone moves the reminders that are still ahead"""
        if values.get("profile"):
            values["profile"] = _storable(values["profile"])
        accounts.change_me(db, owner, values, now=dependencies().clock())
        return _me_response(db, owner)

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
        if not is_right(patient.password_hash, password):
            raise NotAllowed("The password is not right.", code="wrong_password")


def _storable(profile: dict[str, Any]) -> dict[str, Any]:
    """The profile is kept as JSON, so its moment is kept as text."""
    return {**profile, "answered_at": UtcMoment()._serialize(profile["answered_at"], None, None)}
