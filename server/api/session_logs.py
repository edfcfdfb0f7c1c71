"""Session logs: what a patient did, and how the feet felt before and after."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from server.api.base import Resource
from server.api.fields import Day, RecordSchema, StrictSchema, UtcMoment, WholeNumber, YesNo, text_field
from server.api.records import add_record_views
from server.care.content import LONGEST_OWN, OWN, SHORTEST_OWN, scripts
from server.services.records import SESSION_LOG

LONGEST_SECONDS = 30 * 60  # content brief §2.2: at most 30 minutes
MOST_AREAS = 48
STOP_REASONS = ("pain", "skin", "bleeding", "unwell", "enough", "interrupted", "other")
REDNESS = ("gone", "still_red")
SLOWEST, FASTEST = 0.5, 2.0
MOST_COMFORT = 60  # one a minute, and a session that was taken up again may ask twice as often


class DecisionSchema(RecordSchema):
    """What the phone decided by the care tables, and from what."""

    rules_version = text_field(32, required=True)
    inputs = fields.Dict(keys=fields.String(), required=True)
    outcome = fields.Dict(keys=fields.String(), required=True)


def score() -> WholeNumber:
    """0 none, 10 the worst you can imagine (content brief §11)."""
    return WholeNumber(0, 10, allow_none=True, load_default=None)


def area_list(what: str) -> "fields.List[Any]":
    """Parts of the feet, `left.heel` and the like; one that this server does not know is kept as it came."""
    return fields.List(
        text_field(32),
        load_default=list,
        validate=validate.Length(0, MOST_AREAS),
        metadata={"description": what},
    )


class OwnSessionSchema(RecordSchema):
    """What the patient put together for a session of their own."""

    techniques = fields.List(text_field(32), required=True, validate=validate.Length(1, 12))
    minutes = WholeNumber(SHORTEST_OWN, LONGEST_OWN, required=True)


class Speed(fields.Float):
    """How fast the session ran: 1 is the speed of its script."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(SLOWEST, FASTEST), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class ComfortSchema(StrictSchema):
    """What the person said to "Comfort, 0 to 10?" while a helper massaged, at a second of the session."""

    second = WholeNumber(0, 2 * LONGEST_SECONDS, required=True)
    score = WholeNumber(0, 10, required=True)


class SessionLogSchema(RecordSchema):
    """One massage, finished or stopped early."""

    id = fields.UUID(dump_only=True)
    on = Day(required=True)
    script_id = text_field(16, required=True)
    state = fields.String(required=True, validate=validate.OneOf(("finished", "stopped")))
    started_at = UtcMoment(required=True)
    ended_at = UtcMoment(required=True)
    seconds_done = WholeNumber(0, LONGEST_SECONDS, required=True)
    stop_reason = fields.String(allow_none=True, load_default=None, validate=validate.OneOf(STOP_REASONS))
    helper = YesNo(load_default=False)
    pain_before = score()
    numbness_before = score()
    tingling_before = score()
    pain_after = score()
    numbness_after = score()
    tingling_after = score()
    skin_same = YesNo(allow_none=True, load_default=None)
    note = text_field(2000, allow_none=True, load_default=None)
    decision = fields.Nested(DecisionSchema, allow_none=True, load_default=None)
    occurrence_id = fields.UUID(allow_none=True, load_default=None)
    own = fields.Nested(
        OwnSessionSchema, allow_none=True, load_default=None, metadata={"description": f"With script_id {OWN}."}
    )
    areas_skipped = area_list("The areas that were left out.")
    profile_decision = fields.Nested(DecisionSchema, allow_none=True, load_default=None)
    comfort = fields.List(fields.Nested(ComfortSchema), load_default=list, validate=validate.Length(0, MOST_COMFORT))
    redness = fields.String(allow_none=True, load_default=None, validate=validate.OneOf(REDNESS))
    redness_at = UtcMoment(allow_none=True, load_default=None)
    speed = Speed(allow_none=True, load_default=None)
    updated_at = UtcMoment(dump_only=True)
    rules_differ = fields.Boolean(dump_only=True)

    @validates_schema
    def _fits_together(self, data: dict[str, object], **_kwargs: object) -> None:
        if data["ended_at"] < data["started_at"]:  # type: ignore[operator]
            raise ValidationError("Must not be before started_at.", "ended_at")
        if (data["script_id"] == OWN) != (data["own"] is not None):
            raise ValidationError(f"Is wanted with script_id {OWN}, and only then.", "own")
        if data["script_id"] != OWN and data["script_id"] not in scripts():
            raise ValidationError("Is not a script that we know.", "script_id")


EXAMPLE: dict[str, Any] = {
    "id": "0b1f4d53-2f86-4f0e-9f5e-3f5b8a6f0c11",
    "on": "2026-11-20",
    "script_id": "S8",
    "state": "finished",
    "started_at": "2026-11-20T18:00:05Z",
    "ended_at": "2026-11-20T18:08:20Z",
    "seconds_done": 480,
    "stop_reason": None,
    "helper": False,
    "pain_before": 4,
    "numbness_before": 5,
    "tingling_before": None,
    "pain_after": 3,
    "numbness_after": 5,
    "tingling_after": None,
    "skin_same": True,
    "note": None,
    "decision": None,
    "occurrence_id": None,
    "own": None,
    "areas_skipped": [],
    "profile_decision": None,
    "comfort": [{"second": 60, "score": 8}],
    "redness": "gone",
    "redness_at": "2026-11-20T18:24:00Z",
    "speed": 1.0,
    "updated_at": "2026-11-20T18:08:22Z",
    "rules_differ": False,
}

blueprint = Resource("session_logs", __name__, url_prefix="/api/v1/session-logs", description=__doc__)
dumper = add_record_views(blueprint, SessionLogSchema, SESSION_LOG, EXAMPLE)
