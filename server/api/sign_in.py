"""Signing up, in and out, and a new password with a one-time link."""

from typing import Any

from flask import Response
from flask.views import MethodView
from marshmallow import fields, pre_load, validate

from server.api.accounts import (
    CONSENTS,
    EXAMPLE,
    GLUCOSE_UNITS,
    LANGUAGES,
    MeSchema,
    me_response,
    throttle_key,
    try_password,
)
from server.api.auth import clear_cookie, cookie_secret, require_own_origin, set_cookie
from server.api.base import Resource
from server.api.fields import StrictSchema, YesNo, Zone, text_field
from server.api.limits import limit
from server.care.content import consents
from server.dependencies import dependencies
from server.errors import Invalid, NotAllowed, NotSignedIn
from server.passwords import hash_password
from server.services import accounts
from server.services.owner import Owner
from server.settings import REGIONS


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


SIGN_UP = {
    "email": "sam@example.org",
    "password": "a long pass phrase",
    "time_zone": "Europe/Berlin",
    "glucose_unit": "mg/dL",
    "region": "EU",
    "accepted": {
        "adult": True,
        **{f"{kind}_version": consent.version for kind, consent in consents().items()},
    },
}

blueprint = Resource("sign_in", __name__, url_prefix="/api/v1/auth", description=__doc__)


@blueprint.route("/sign-up")
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
            response = me_response(db, Owner(patient_id, values["time_zone"]), 201)
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


@blueprint.route("/sign-in")
class SignIn(MethodView):
    @blueprint.doc(security=[])
    @blueprint.arguments(SignInSchema, example={"email": "sam@example.org", "password": "a long pass phrase"})
    @blueprint.response(200, MeSchema, example=EXAMPLE)
    def post(self, values: dict[str, str]) -> Response:
        """Sign in with e-mail and password"""
        limit("sign-in", 30)
        deps = dependencies()
        require_own_origin()
        email = values["email"]
        with deps.database.read() as db:
            account = accounts.find_account(db, email)
        right = try_password(email, account.password_hash if account else None, values["password"])
        if not right or account is None:
            raise NotSignedIn("E-mail or password is not right.", code="wrong_credentials")
        with deps.database.write() as db:
            secret = accounts.sign_in(db, account.id, throttle_key(email), now=deps.clock())
            response = me_response(db, Owner(account.id, "UTC"))
        return set_cookie(response, secret)


@blueprint.route("/sign-out")
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


@blueprint.route("/reset-password")
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
