"""The feed that keeps a phone's store like the server's."""

import re
from collections.abc import Callable
from typing import Any

from flask import Response
from flask.views import MethodView
from marshmallow import Schema, ValidationError, fields
from sqlalchemy.orm import Session

from server.api import (
    access_tokens,
    blocks,
    clearances,
    comfort_logs,
    foot_checks,
    glucose_readings,
    occurrences,
    plan,
    push,
    reminders,
    session_logs,
    shoe_checks,
    step_goal,
    symptom_entries,
    triage_events,
)
from server.api.accounts import dump_me
from server.api.auth import signed_in
from server.api.base import Resource
from server.api.fast import json_response
from server.api.fields import StrictSchema
from server.api.step_counts import dump_day
from server.models import AnyRow
from server.services.accounts import list_consents
from server.services.changes import Change, list_changes
from server.services.owner import Owner
from server.services.step_counts import with_counts

MOST_CHANGES = 500


class Cursor(fields.String):
    """The `next` of an earlier reply; nothing else is known of it outside."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,18}(-[0-9]{1,18})?", value):
            raise ValidationError("Is not a cursor of ours.")
        since, _, heard_of = value.partition("-")
        return int(since), int(heard_of or 0)


class ChangesQuery(StrictSchema):
    """Where to go on; from the beginning when left out."""

    since = Cursor(load_default=(0, 0))


class ChangeSchema(Schema):
    """A record as it is now, or that it was deleted."""

    kind = fields.String()
    id = fields.String()
    seq = fields.Integer()
    deleted = fields.Boolean()
    record = fields.Dict(allow_none=True)


class ChangesSchema(Schema):
    """A page. `reset` alone: the cursor is too old, so fetch everything again from the beginning."""

    items = fields.List(fields.Nested(ChangeSchema))
    next = fields.String()
    more = fields.Boolean()
    reset = fields.Boolean()


EXAMPLE = {
    "items": [
        {
            "kind": "symptom_entry",
            "id": symptom_entries.EXAMPLE["id"],
            "seq": 41,
            "deleted": False,
            "record": symptom_entries.EXAMPLE,
        },
        {"kind": "session_log", "id": session_logs.EXAMPLE["id"], "seq": 42, "deleted": True, "record": None},
    ],
    "next": "42",
    "more": False,
}

DUMPERS: dict[str, Callable[[AnyRow], dict[str, Any]]] = {
    "session_log": session_logs.dumper.pick,
    "symptom_entry": symptom_entries.dumper.pick,
    "block": blocks.dumper.pick,
    "clearance": clearances.dumper.pick,
    "triage_event": triage_events.dumper.pick,
    "glucose_reading": glucose_readings.dumper.pick,
    "comfort_log": comfort_logs.dumper.pick,
    "foot_check": foot_checks.dumper.pick,
    "shoe_check": shoe_checks.dumper.pick,
    "plan": plan.dumper.pick,
    "step_goal": step_goal.dump_goal,
    "reminder": reminders.dumper.pick,
    "occurrence": occurrences.dump_occurrence,
    "access_token": access_tokens.dumper.pick,
    "push_subscription": push.dumper.pick,
}

blueprint = Resource("changes", __name__, url_prefix="/api/v1/changes", description=__doc__)


@blueprint.route("")
class Changes(MethodView):
    @blueprint.arguments(ChangesQuery, location="query")
    @blueprint.response(200, ChangesSchema, example=EXAMPLE)
    @signed_in
    def get(self, db: Session, owner: Owner, query: dict[str, tuple[int, int]]) -> Response:
        """Everything of the patient that changed since a cursor, deletions too"""
        since, heard_of = query["since"]
        found = list_changes(db, owner, since=since, heard_of=heard_of, limit=MOST_CHANGES)
        if found.reset:
            return json_response({"reset": True})
        records = _dump(db, owner, found.items)
        items = [
            {"kind": c.kind, "id": c.id, "seq": c.seq, "deleted": c.row is None, "record": record}
            for c, record in zip(found.items, records, strict=True)
        ]
        cursor = f"{found.cursor}-{found.heard_of}" if found.more else str(found.cursor)
        return json_response({"items": items, "next": cursor, "more": found.more})


def _dump(db: Session, owner: Owner, changes: list[Change]) -> list[dict[str, Any] | None]:
    days = [change.row for change in changes if change.kind == "step_count" and change.row is not None]
    counts = {day.on: found for day, found in with_counts(db, owner, days)}

    def dump(change: Change) -> dict[str, Any] | None:
        if change.row is None:
            return None
        if change.kind == "me":
            return dump_me(change.row, list_consents(db, owner.id))
        if change.kind == "step_count":
            return dump_day(change.row, counts[change.row.on])
        return DUMPERS[change.kind](change.row)

    return [dump(change) for change in changes]
