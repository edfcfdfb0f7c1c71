"""Notices from providers that something changed: they carry no values and only bring a pull forward."""

import hmac
from datetime import timedelta

import orjson
from flask import Response, request
from flask.views import MethodView

from integrations.provider import ProviderUnavailable, UnexpectedResponse
from server.api.base import Resource, problem
from server.api.limits import limit
from server.dependencies import dependencies
from server.errors import NotFound
from server.services import wearables

SIGNATURE = "Google-Health-Api-Signature"

blueprint = Resource("webhooks", __name__, url_prefix="/api/v1/webhooks", description=__doc__)


def _refused(what: str) -> Response:
    limit("webhook-refused", 60)
    return problem(401, "not_signed_in", f"The {what} is not right.")


@blueprint.route("/google-health")
class GoogleHealth(MethodView):
    @blueprint.doc(
        security=[],
        requestBody={"content": {"application/json": {"schema": {}, "example": {"type": "verification"}}}},
        responses={
            "201": {"description": "The handshake: this address is ours and knows the secret."},
            "204": {"description": "Noted."},
        },
    )
    def post(self) -> Response:
        """Note what Google says has changed

        Answered at once. Google asks twice whether the address is ours: with the secret it wants 201, without it 401.
        A user whom we do not know is noted as well, or Google would send it again for a week.
        """
        deps = dependencies()
        secret = deps.settings.wearables.google_webhook_secret
        if not secret or "google_health" not in deps.providers:
            raise NotFound("This server does not take notices.")
        if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), secret.encode()):
            return _refused("secret")
        body = request.get_data()
        try:
            content = orjson.loads(body)
        except orjson.JSONDecodeError:
            return problem(400, "malformed_json", "The body is not valid JSON.")
        if deps.notices.is_verification(content):
            return Response(status=201)
        try:
            if not deps.notices.is_signed(body, request.headers.get(SIGNATURE, "")):
                return _refused("signature")
            found = deps.notices.parse(content)
        except ProviderUnavailable:
            return problem(503, "try_later", "The keys of the signature cannot be read now. Send it again.")
        except UnexpectedResponse:
            return problem(400, "malformed_json", "This is not a notice.")
        now = deps.clock()
        today = now.date()
        changes = [
            wearables.Change(
                notice.user_id,
                notice.first or today - timedelta(days=6),
                notice.last or today,
                is_deletion=notice.operation == "DELETE" and notice.data_type == "steps",
            )
            for notice in found
        ]
        if changes:
            with deps.database.write() as db:
                wearables.note_changes(db, "google_health", changes, now=now)
        return Response(status=204)
