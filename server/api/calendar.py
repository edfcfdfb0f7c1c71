"""Reminders as a calendar feed (RFC 5545), at an address that only the patient knows."""

import hashlib
from datetime import timedelta
from typing import Any

from flask import Response, request
from flask.views import MethodView
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from server.api.auth import signed_in
from server.api.base import Resource
from server.api.fast import json_response
from server.api.limits import limit
from server.care.content import text
from server.dependencies import dependencies
from server.models import AnyRow
from server.services import calendar_feed
from server.services.owner import Owner

PER_MINUTE = 30
TAKES = timedelta(minutes=15)
ASK_AGAIN = timedelta(hours=1)
MIME_TYPE = "text/calendar"


class CalendarSchema(Schema):
    """The address of the feed; it is shown once, for only its hash is kept."""

    url = fields.String()


EXAMPLE = {"url": "https://feet.example.org/api/v1/calendar/….ics"}

blueprint = Resource("calendar", __name__, url_prefix="/api/v1", description=__doc__)


@blueprint.route("/me/calendar")
class MyCalendar(MethodView):
    @blueprint.response(201, CalendarSchema, example=EXAMPLE)
    @signed_in
    def post(self, db: Session, owner: Owner) -> Response:
        """Make a feed; an older address stops working"""
        deps = dependencies()
        secret = calendar_feed.create(db, owner, now=deps.clock())
        return json_response({"url": f"{deps.settings.public_url}/api/v1/calendar/{secret}.ics"}, 201)

    @blueprint.response(204)
    @signed_in
    def delete(self, db: Session, owner: Owner) -> Response:
        """End the feed; repeating it is harmless"""
        calendar_feed.withdraw(db, owner, now=dependencies().clock())
        return Response(status=204)


@blueprint.route("/calendar/<string:secret>.ics")
class Calendar(MethodView):
    @blueprint.doc(
        security=[],
        responses={"200": {"description": "The open moments of 60 days.", "content": {MIME_TYPE: {}}}, "304": {}},
    )
    def get(self, secret: str) -> Response:
        """The reminders of the next 60 days, for a calendar app"""
        limit("calendar", PER_MINUTE)
        deps = dependencies()
        with deps.database.read() as db:
            patient = calendar_feed.find_patient(db, secret)
            events = calendar_feed.list_events(db, patient, now=deps.clock())
        body = write_calendar(patient, events, link=f"{deps.settings.public_url}/#/today")
        etag = hashlib.sha256(body).hexdigest()[:32]
        headers = {"ETag": f'"{etag}"', "Cache-Control": "private, no-cache"}
        if request.if_none_match.contains(etag):
            return Response(status=304, headers=headers)
        return Response(body, content_type=f"{MIME_TYPE}; charset=utf-8", headers=headers)


def write_calendar(patient: AnyRow, events: list[calendar_feed.Event], *, link: str) -> bytes:
    """The same bytes for the same events, so that an unchanged feed is recognised. It says no more than a push does."""
    import icalendar  # here: only who has a calendar pays the tenth of a second that it takes

    sentences = text(patient.language)
    calendar = icalendar.Calendar()
    calendar.add("PRODID", "-//Footwell//Reminders//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("X-WR-CALNAME", "Footwell")
    calendar.add("REFRESH-INTERVAL", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    for event in events:
        title = "shown_kind" if patient.show_reminder_kind else "title"
        summary = sentences[f"push.{event.kind}.{title}"]
        entry, alarm = icalendar.Event(), icalendar.Alarm()
        members: dict[str, Any] = {
            "UID": str(event.id),
            "DTSTAMP": event.changed_at,
            "LAST-MODIFIED": event.changed_at,
            "SEQUENCE": event.sequence,
            "DTSTART": event.at,
            "DURATION": TAKES,
            "SUMMARY": summary,
            "CLASS": "PRIVATE",
            "TRANSP": "TRANSPARENT",
            "URL": link,
        }
        for name, value in members.items():
            entry.add(name, value)
        alarm.add("ACTION", "DISPLAY")
        alarm.add("TRIGGER", timedelta(0))
        alarm.add("DESCRIPTION", summary)
        entry.add_component(alarm)
        calendar.add_component(entry)
    found: bytes = calendar.to_ical()
    return found
