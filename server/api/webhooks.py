"""Notices from providers that something changed: they carry no values and only bring a pull forward."""

import hmac

from flask import Response, request
from flask.views import MethodView

from integrations.provider import NoticeRefused, ProviderUnavailable
from server.api.base import Resource, problem
from server.api.limits import limit
from server.dependencies import dependencies
from server.errors import NotFound
from server.services import wearables

MOST_BYTES = 256 * 1024

blueprint = Resource("webhooks", __name__, url_prefix="/api/v1/webhooks", description=__doc__)


@blueprint.route("/google-health")
class GoogleHealth(MethodView):
    @blueprint.doc(
        security=[],
        responses={
            "201": {"description": "The handshake: this address is ours and knows the secret."},
            "204": {"description": "Noted."},
            "401": {"description": "The secret or the signature is not right."},
            "503": {"description": "The provider's keys cannot be read now; send it again."},
        },
    )
    def post(self) -> Response:
        """Note what Google says has changed; answered at once, whoever it is about"""
        deps = dependencies()
        secret = deps.settings.wearables.google_webhook_secret
        if not secret or "google_health" not in deps.providers:
            raise NotFound("This server does not take notices.")
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            limit("webhook", 60)
            return problem(401, "not_signed_in", "The secret is not right.")
        body = request.get_data()
        if len(body) > MOST_BYTES:
            return problem(413, "too_large", "The body is too large.")
        try:
            notice = deps.notices.read(body, request.headers.get("GOOGLE-HEALTH-API-SIGNATURE"), deps.clock())
        except NoticeRefused:
            return problem(401, "not_signed_in", "The signature is not right.")
        except ProviderUnavailable:
            return problem(503, "try_later", "The keys of the signature cannot be read now. Send it again.")
        if notice.is_handshake:
            return Response(status=201)
        if notice.changes:
            with deps.database.write() as db:
                wearables.note_changes(db, "google_health", notice.changes, now=deps.clock())
        return Response(status=204)
