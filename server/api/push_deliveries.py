"""What became of each message of the last two weeks, for the page that asks why one did not come."""

from dataclasses import asdict
from datetime import date, timedelta

from flask import Response
from flask.views import MethodView
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from server.api.auth import signed_in
from server.api.base import Resource
from server.api.fast import json_response
from server.api.fields import UtcMoment
from server.api.occurrences import RangeQuery
from server.dependencies import dependencies
from server.errors import Invalid
from server.localtime import local_date
from server.services import arrivals, second_ways
from server.services.owner import Owner


class ArrivalSchema(Schema):
    __doc__ = arrivals.Arrival.__doc__

    occurrence_id = fields.UUID(allow_none=True)
    kind = fields.String()
    due_at = UtcMoment()
    way = fields.String(allow_none=True, validate=validate.OneOf(("push", *second_ways.WAYS)))
    subscription_id = fields.UUID(allow_none=True)
    label = fields.String(allow_none=True)
    reason = fields.String()
    sent_at = UtcMoment(allow_none=True)
    received_at = UtcMoment(allow_none=True)
    shown_at = UtcMoment(allow_none=True)
    tapped_at = UtcMoment(allow_none=True)


EXAMPLE = {
    "occurrence_id": "4d1b0f0a-6a55-5b61-9c6b-0e7d2f1a3b44",
    "kind": "foot_check",
    "due_at": "2026-11-23T18:00:00Z",
    "way": "push",
    "subscription_id": "c2f1e0d9-8b7a-4c6d-9e5f-4a3b2c1d0e9f",
    "label": "Chrome, Android",
    "reason": "arrived",
    "sent_at": "2026-11-23T18:00:00Z",
    "received_at": "2026-11-23T18:00:01Z",
    "shown_at": "2026-11-23T18:00:01Z",
    "tapped_at": None,
}

blueprint = Resource("push_deliveries", __name__, url_prefix="/api/v1/push", description=__doc__)


@blueprint.route("/deliveries")
class DeliveryList(MethodView):
    @blueprint.arguments(RangeQuery, location="query")
    @blueprint.response(
        200,
        Schema.from_dict({"items": fields.List(fields.Nested(ArrivalSchema))}, name="ArrivalPage"),
        example={"items": [EXAMPLE]},
    )
    @signed_in
    def get(self, db: Session, owner: Owner, query: dict[str, date]) -> Response:
        """List the messages of some days, newest first; of the last 14 without a range"""
        now = dependencies().clock()
        last = query.get("last") or local_date(now, owner.time_zone)
        first = query.get("first") or last - timedelta(days=arrivals.DAYS_BACK - 1)
        if not timedelta(0) <= last - first < timedelta(days=arrivals.DAYS_BACK):
            raise Invalid("Ask for at most 14 days.", errors={"to": ["Must be from 0 to 13 days after `from`."]})
        found = arrivals.list_arrivals(db, owner, first=first, last=last, now=now)
        return json_response({"items": [asdict(one) for one in found]})
