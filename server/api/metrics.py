"""Numbers for whoever runs the server, in the form that Prometheus reads."""

import hmac

from flask import Blueprint, Response, abort, request

from integrations.safe_hosts import is_loopback
from server.api.limits import asker
from server.dependencies import dependencies
from server.pulling import NIGHTSCOUT
from server.services.metrics import exposition, read_metrics

# Whoever passes a request on says so in one of these.
PASSED_ON = ("Forwarded", "Via", "X-Forwarded-For", "X-Real-IP")

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Everybody else is told that there is nothing here."""
    deps = dependencies()
    if not (_has_token(deps.settings.metrics_token) or _is_from_this_machine()):
        abort(404)
    with deps.database.read() as db:
        found = read_metrics(db, [*deps.providers, NIGHTSCOUT], now=deps.clock())
    return Response(exposition(found), content_type="text/plain; version=0.0.4; charset=utf-8")


def _has_token(token: str) -> bool:
    given = request.headers.get("Authorization", "").encode()
    return bool(token) and hmac.compare_digest(given, f"Bearer {token}".encode())


def _is_from_this_machine() -> bool:
    """Asked by loopback and by a name of loopback, and passed on by nobody: a proxy here asks for the whole world."""
    host = request.host.rsplit(":", 1)[0].strip("[]")
    passed_on = any(name in request.headers for name in PASSED_ON)
    return not passed_on and is_loopback(asker()) and is_loopback(host)
