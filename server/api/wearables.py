"""Where steps come from by themselves: connect, look, read now, disconnect."""

from typing import Any

from flask import Response
from flask.views import MethodView
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from server.api.auth import signed_in
from server.api.base import Resource
from server.api.fast import json_response
from server.api.fields import Day, StrictSchema, UtcMoment, text_field
from server.api.limits import limit
from server.dependencies import dependencies
from server.errors import Conflict
from server.services import wearables
from server.services.device_list import PROVIDERS, STATES, list_devices
from server.services.owner import Owner


class ArchiveSchema(Schema):
    """An export.zip that was given to us, and how far it is read."""

    state = fields.String(validate=validate.OneOf(("waiting", "reading", "done", "failed")))
    reason = fields.String(allow_none=True)
    bytes_total = fields.Integer()
    bytes_done = fields.Integer()
    days = fields.Integer(metadata={"description": "Days with steps that were found in it."})
    uploaded_at = UtcMoment()


class WearableSchema(Schema):
    """One way that steps can come by, connected or not. `reason` is a stable word for why a state is what it is."""

    provider = fields.String(validate=validate.OneOf(PROVIDERS))
    state = fields.String(validate=validate.OneOf(STATES))
    reason = fields.String(allow_none=True)
    link = fields.String(allow_none=True, metadata={"description": "Where the provider itself can be set up."})
    offered = fields.Boolean(metadata={"description": "Whether this server can connect it."})
    confirm = fields.Boolean(metadata={"description": "A consent came back in another browser: confirm it here."})
    missing_permissions = fields.List(fields.String())
    glucose = fields.Boolean(metadata={"description": "Sugar readings are fetched too."})
    device = fields.String(allow_none=True)
    device_synced_at = UtcMoment(allow_none=True)
    connected_at = UtcMoment(allow_none=True)
    last_synced_at = UtcMoment(allow_none=True)
    next_sync_at = UtcMoment(allow_none=True)
    reconnect_by = UtcMoment(allow_none=True, metadata={"description": "The consent ends then."})
    ends_on = Day(allow_none=True, metadata={"description": "The provider itself ends then."})
    archive = fields.Nested(ArchiveSchema, allow_none=True)


class AuthorizationSchema(StrictSchema):
    """Whether sugar readings are wanted as well."""

    glucose = fields.Boolean(load_default=False)


class NightscoutSchema(StrictSchema):
    """The address of a Nightscout site, and a token of the role "readable". Never its API secret."""

    url = text_field(300, required=True)
    token = text_field(200, allow_none=True, load_default=None)


EXAMPLE: dict[str, Any] = {
    "provider": "google_health",
    "state": "active",
    "reason": None,
    "link": None,
    "offered": True,
    "confirm": False,
    "missing_permissions": [],
    "glucose": False,
    "device": "Pixel Watch 3",
    "device_synced_at": "2026-11-22T08:58:00Z",
    "connected_at": "2026-11-20T18:00:00Z",
    "last_synced_at": "2026-11-22T09:05:00Z",
    "next_sync_at": "2026-11-22T10:02:00Z",
    "reconnect_by": None,
    "ends_on": None,
    "archive": None,
}

blueprint = Resource("wearables", __name__, url_prefix="/api/v1/wearables", description=__doc__)


def one(db: Session, owner: Owner, provider: str) -> dict[str, Any]:
    """The entry of one provider, as the list shows it."""
    return next(item for item in _listed(db, owner) if item["provider"] == provider)


def _listed(db: Session, owner: Owner) -> list[dict[str, Any]]:
    deps = dependencies()
    offered = {*deps.providers, "nightscout"}
    return list_devices(db, owner, offered=offered, off=deps.settings.wearables.off, now=deps.clock())


@blueprint.route("")
class WearableList(MethodView):
    @blueprint.response(
        200,
        Schema.from_dict({"items": fields.List(fields.Nested(WearableSchema))}, name="WearablePage"),
        example={"items": [EXAMPLE]},
    )
    @signed_in
    def get(self, db: Session, owner: Owner) -> Response:
        """List every way that steps can come by, and how each stands"""
        return json_response({"items": _listed(db, owner)})


@blueprint.route("/<any(google_health, google_fit):provider>/authorization")
class Authorization(MethodView):
    @blueprint.arguments(AuthorizationSchema, example={"glucose": False})
    @blueprint.response(
        200,
        Schema.from_dict({"url": fields.String()}, name="AuthorizationReply"),
        example={"url": "https://accounts.google.com/o/oauth2/v2/auth?…"},
    )
    @signed_in
    def post(self, db: Session, owner: Owner, values: dict[str, bool], provider: str) -> Response:
        """Begin a consent; open `url` in the browser within ten minutes"""
        deps = dependencies()
        if provider not in deps.providers:
            raise Conflict("This server has no client of its own there. Ask whoever runs it.", code="not_offered")
        url = deps.connecting.begin(db, owner, provider, glucose=values["glucose"], now=deps.clock())
        return json_response({"url": url})


@blueprint.route("/<any(google_health, google_fit):provider>/confirmation")
class Confirmation(MethodView):
    @blueprint.response(200, WearableSchema, example=EXAMPLE)
    @signed_in
    def post(self, db: Session, owner: Owner, provider: str) -> Response:
        """Say that the consent which came back in another browser is the patient's own"""
        deps = dependencies()
        deps.connecting.confirm(db, owner, provider, now=deps.clock())
        return json_response(one(db, owner, provider))


@blueprint.route("/<any(google_health, google_fit, nightscout):provider>/sync")
class Sync(MethodView):
    @blueprint.response(202, WearableSchema, example=EXAMPLE)
    @signed_in
    def post(self, db: Session, owner: Owner, provider: str) -> Response:
        """Read now; within half a minute of the last try nothing is asked again"""
        wearables.ask_for_sync(db, owner, provider, now=dependencies().clock())
        return json_response(one(db, owner, provider), 202)


@blueprint.route("/<any(google_health, google_fit, nightscout):provider>")
class Disconnect(MethodView):
    @blueprint.response(204)
    def delete(self, provider: str) -> Response:
        """Disconnect; what came by it stays"""
        sealed = self._end(provider)
        dependencies().connecting.revoke(provider, sealed)
        return Response(status=204)

    @signed_in
    def _end(self, db: Session, owner: Owner, provider: str) -> bytes | None:
        # Committed before the provider is told: a revocation that fails must not bring the connection back.
        return wearables.disconnect(db, owner, provider, now=dependencies().clock())


@blueprint.route("/nightscout/site")
class Nightscout(MethodView):
    @blueprint.arguments(
        NightscoutSchema, example={"url": "https://night.example.org", "token": "phone-0123456789abcdef"}
    )
    @blueprint.response(200, WearableSchema, example={**EXAMPLE, "provider": "nightscout", "glucose": True})
    def put(self, values: dict[str, Any]) -> Response:
        """Connect a Nightscout site, or give it another token

        The site is asked once. A token that it refuses is not tried again: Nightscout slows down whoever guesses.
        """
        self._look()
        limit("nightscout", 5)
        consent = dependencies().connecting.try_nightscout(values["url"], values["token"] or "")
        return self._save(consent)

    @signed_in
    def _look(self, db: Session, owner: Owner) -> None:
        """Only a signed-in patient makes this server ask another one."""
        if "nightscout" in dependencies().settings.wearables.off:
            raise Conflict("Whoever runs this server has switched this off.", code="not_offered")

    @signed_in
    def _save(self, db: Session, owner: Owner, consent: wearables.Consent) -> Response:
        wearables.save_connection(db, owner, "nightscout", consent, glucose=True, now=dependencies().clock())
        return json_response(one(db, owner, "nightscout"))
