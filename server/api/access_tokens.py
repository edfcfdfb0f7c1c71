"""Access tokens: what a phone app or a script signs in with."""

from typing import Any
from uuid import UUID

from flask import Response
from flask.views import MethodView
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from server.api.auth import signed_in
from server.api.base import Resource
from server.api.fast import Dumper, json_response
from server.api.fields import StrictSchema, UtcMoment, YesNo, text_field
from server.dependencies import dependencies
from server.services import access_tokens
from server.services.owner import Owner

SCOPES = ("ingest", "read")


class AccessTokenSchema(Schema):
    """A token without its secret."""

    id = fields.UUID()
    label = fields.String()
    scope = fields.String(validate=validate.OneOf(SCOPES))
    glucose = fields.Boolean(metadata={"description": "Sugar readings that a phone sends with it are kept too."})
    created_at = UtcMoment()
    last_used_at = UtcMoment(allow_none=True)


class NewAccessTokenSchema(StrictSchema):
    """What a new token is called and may do: `ingest` sends steps in, with `glucose` sugar too; `read` reads all."""

    label = text_field(80, required=True)
    scope = fields.String(required=True, validate=validate.OneOf(SCOPES))
    glucose = YesNo(load_default=False)


class CreatedAccessTokenSchema(AccessTokenSchema):
    """The only reply that holds the secret."""

    token = fields.String()


EXAMPLE = {
    "id": "6d7a2c1e-0f1b-4c9d-8a43-8b6f2d9e5a10",
    "label": "My iPhone",
    "scope": "ingest",
    "glucose": False,
    "created_at": "2026-11-22T08:00:00Z",
    "last_used_at": None,
}

blueprint = Resource("access_tokens", __name__, url_prefix="/api/v1/me/access-tokens", description=__doc__)
dumper = Dumper(AccessTokenSchema)


@blueprint.route("")
class AccessTokenList(MethodView):
    @blueprint.response(
        200,
        Schema.from_dict({"items": fields.List(fields.Nested(AccessTokenSchema))}, name="AccessTokenPage"),
        example={"items": [EXAMPLE]},
    )
    @signed_in
    def get(self, db: Session, owner: Owner) -> Response:
        """List the patient's tokens"""
        return json_response({"items": [dumper.pick(row) for row in access_tokens.list_tokens(db, owner)]})

    @blueprint.arguments(NewAccessTokenSchema, example={"label": "My iPhone", "scope": "ingest", "glucose": True})
    @blueprint.response(201, CreatedAccessTokenSchema, example={**EXAMPLE, "token": "fw_example"})
    @signed_in
    def post(self, db: Session, owner: Owner, values: dict[str, Any]) -> Response:
        """Make a token; its secret is shown this once"""
        row, secret = access_tokens.create_token(db, owner, **values, now=dependencies().clock())
        return json_response({**dumper.pick(row), "token": secret}, 201)


@blueprint.route("/<uuid:token_id>")
class AccessTokenView(MethodView):
    @blueprint.response(204)
    @signed_in
    def delete(self, db: Session, owner: Owner, token_id: UUID) -> Response:
        """Delete a token; it stops working at once"""
        access_tokens.delete_token(db, owner, token_id, now=dependencies().clock())
        return Response(status=204)
