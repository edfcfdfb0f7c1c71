"""For whoever runs the server: is it up, and can it do its work?"""

from flask import Blueprint, Response
from sqlalchemy import text

from server.api.fast import json_response
from server.dependencies import dependencies
from server.services.server_facts import push_faults, worker_is_alive

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The web process answers."""
    return json_response({"status": "ok"})


@blueprint.get("/readyz")
def readyz() -> Response:
    """The database answers and a worker is alive: without one no reminder leaves, so 503 says so.

    A push service that refuses us is named, with 200: a balancer that took us away would cut the phones off as well.
    """
    deps = dependencies()
    with deps.database.read() as db:
        db.execute(text("SELECT 1"))
        worker = worker_is_alive(db, now=deps.clock())
        refusing = sorted(push_faults(db))
    said = {"database": "ok", "worker": "ok" if worker else "silent", "push": refusing or "ok"}
    return json_response(said, 200 if worker else 503)
