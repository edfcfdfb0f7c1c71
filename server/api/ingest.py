"""What phones push: one address for every app, recognised by the shape of the body."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Response, request
from flask.views import MethodView
from marshmallow import EXCLUDE, Schema, fields
from sqlalchemy.orm import Session

from integrations import phone_values
from server.api.auth import ingest_secret
from server.api.base import Resource, read_json
from server.api.fast import json_response
from server.api.limits import limit
from server.dependencies import dependencies
from server.errors import Invalid
from server.services.access_tokens import find_bearer, note_use
from server.services.glucose_imports import save_readings
from server.services.owner import Owner
from server.services.step_counts import StepsOfDay, save_device_counts
from server.services.step_pieces import save_pieces


class IngestSchema(Schema):
    """A body of Health Auto Export, HC Webhook, a Shortcut, or the canonical one shown here."""

    class Meta:
        unknown = EXCLUDE

    days = fields.List(fields.Dict())
    timezone = fields.String()


class RejectedSchema(Schema):
    """A record that could not be used."""

    index = fields.Integer()
    reason = fields.String()


class IngestReplySchema(Schema):
    """How many days were new or changed or stood already, how many readings were new, and what was left out."""

    accepted = fields.Integer()
    unchanged = fields.Integer()
    readings = fields.Integer()
    ignored = fields.Integer(metadata={"description": "Sugar readings too, unless the key was made to take them."})
    rejected = fields.List(fields.Nested(RejectedSchema))
    test = fields.Boolean(metadata={"description": "True alone: a test body, nothing was stored."})


EXAMPLE = {"days": [{"date": "2026-11-21", "steps": 6204}, {"date": "2026-11-22", "steps": 1830}]}
REPLY = {"accepted": 2, "unchanged": 0, "readings": 0, "ignored": 0, "rejected": []}
# Health Auto Export says in a header what it made of the data: what it averaged is no reading.
AVERAGED = re.compile("hour|da[yi]|week|month|year", re.IGNORECASE)

blueprint = Resource("ingest", __name__, url_prefix="/api/v1/ingest", description=__doc__)


@blueprint.route("", strict_slashes=False)
@blueprint.route("/", strict_slashes=False)
class Ingest(MethodView):
    @blueprint.doc(
        security=[{"bearer": []}],
        requestBody={"content": {"application/json": {"schema": IngestSchema, "example": EXAMPLE}}},
    )
    @blueprint.response(200, IngestReplySchema, example=REPLY)
    def post(self) -> Response:
        """Take in steps and sugar readings that a phone pushes

        The answer is 200 for every body that can be read, even when some records cannot be used: the apps drop a whole
        batch after a 4xx for good.
        """
        deps = dependencies()
        now = deps.clock()
        body = read_json(request)
        secret = ingest_secret(body)
        limit("ingest", 60, secret)
        with deps.database.read() as db:
            owner, token = find_bearer(db, secret, "ingest")
        try:
            found = deps.parse_ingest(body, ZoneInfo(owner.time_zone), now)
        except phone_values.IngestError as error:
            raise Invalid(str(error), code=error.code) from None
        if found.is_test:
            return json_response({"test": True})
        phone = f"phone/{token.id.hex[:8]}"
        averaged = AVERAGED.match(request.headers.get("automation-aggregation", ""))
        readings = found.readings if token.glucose and not averaged else ()
        with deps.database.write() as db:
            note_use(db, owner, token, now=now)
            accepted, unchanged = _save_steps(db, owner, f"{phone}/{found.client}", found, now)
            # One source, whichever way the same app counts steps: a reading that comes again is the same one.
            new = save_readings(db, owner, f"{phone}/{found.app}", readings, now=now) if readings else 0
        return json_response(
            {
                "accepted": accepted,
                "unchanged": unchanged,
                "readings": new,
                "ignored": found.ignored + len(found.readings) - len(readings),
                "rejected": [{"index": record.index, "reason": record.reason} for record in found.rejected],
            }
        )


def _save_steps(db: Session, owner: Owner, source: str, found: phone_values.Ingest, now: datetime) -> tuple[int, int]:
    if (pieces := found.pieces) is not None:
        return save_pieces(
            db,
            owner,
            source,
            found.label,
            pieces.intervals,
            seen_from=pieces.seen_from,
            observed_at=pieces.observed_at,
            now=now,
        )
    if not found.days:
        return 0, 0
    counts = [StepsOfDay(day.on, day.steps, day.is_partial, day.observed_at) for day in found.days]
    return save_device_counts(db, owner, source, found.label, counts, now=now)
