"""The compiled way to write a record gives what the schema gives, for any row."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, fields

from server.api import (
    access_tokens,
    blocks,
    clearances,
    comfort_logs,
    foot_checks,
    glucose_readings,
    occurrences,
    push,
    reminders,
    session_logs,
    shoe_checks,
    step_counts,
    symptom_entries,
    triage_events,
)
from server.api.accounts import MeSchema, dump_me
from server.api.fast import to_json
from server.api.fields import Day, UtcMoment
from server.models import (
    AccessToken,
    Base,
    Block,
    Clearance,
    ComfortLog,
    FootCheck,
    GlucoseReading,
    Occurrence,
    Patient,
    PushSubscription,
    Reminder,
    SessionLog,
    ShoeCheck,
    StepDay,
    SymptomEntry,
    TriageEvent,
)
from server.models.base import UtcDateTime

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
OF_TYPE: dict[type, st.SearchStrategy[Any]] = {
    date: st.dates(date(2000, 1, 1), date(2100, 12, 31)),
    time: st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    str: st.text(max_size=20),
    bool: st.booleans(),
    int: st.integers(-(2**31), 2**31),
    UUID: st.uuids(),
    bytes: st.binary(max_size=4),
    dict: st.dictionaries(st.text(max_size=5), JSON, max_size=3),
    float: st.floats(0.5, 2),
}


def rows(model: type[Base], **given_values: st.SearchStrategy[Any]) -> st.SearchStrategy[SimpleNamespace]:
    """Any row that the table could hold, by the types of its columns."""

    def value(column: Any) -> st.SearchStrategy[Any]:
        if column.key in given_values:
            return given_values[column.key]
        some = MOMENTS if isinstance(column.type, UtcDateTime) else OF_TYPE[column.type.python_type]
        return st.none() | some if column.nullable else some

    return st.builds(SimpleNamespace, **{column.key: value(column) for column in model.__table__.columns})


DECIDED = st.none() | st.fixed_dictionaries(
    {"rules_version": st.text(max_size=8), "inputs": OF_TYPE[dict], "outcome": OF_TYPE[dict]}
)
COMFORT = st.lists(st.fixed_dictionaries({"second": st.integers(0, 3600), "score": st.integers(0, 10)}), max_size=3)
AREAS = st.lists(st.text(max_size=12), max_size=3)
FINDINGS = st.lists(st.fixed_dictionaries({"area": st.text(max_size=8), "sign": st.text(max_size=8)}), max_size=3)
DEGREES = st.none() | st.floats(10, 113)
TEMPERATURES = st.lists(
    st.fixed_dictionaries({"spot": st.text(max_size=8), "left": DEGREES, "right": DEGREES}), max_size=3
)
OWN = st.none() | st.fixed_dictionaries({"techniques": AREAS, "minutes": st.integers(4, 30)})
KETONES = st.none() | st.fixed_dictionaries(
    {"blood": st.none() | st.text(max_size=5), "strip": st.none() | st.text(max_size=8)}
)
TARGETS = st.fixed_dictionaries(
    {"unit": st.text(max_size=6)} | dict.fromkeys(("before_low", "before_high", "after_below"), OF_TYPE[float])
)
KINDS: dict[str, tuple[type[Schema], st.SearchStrategy[Any], Callable[[Any], Any]]] = {
    "session_log": (
        session_logs.SessionLogSchema,
        rows(SessionLog, decision=DECIDED, profile_decision=DECIDED, own=OWN, areas_skipped=AREAS, comfort=COMFORT),
        session_logs.dumper.pick,
    ),
    "block": (blocks.BlockSchema, rows(Block, decision=DECIDED, areas=AREAS), blocks.dumper.pick),
    "clearance": (clearances.ClearanceSchema, rows(Clearance, reasons=AREAS), clearances.dumper.pick),
    "triage_event": (
        triage_events.TriageEventSchema,
        rows(TriageEvent, decision=DECIDED, signs=st.lists(st.text(max_size=8), max_size=3)),
        triage_events.dumper.pick,
    ),
    "glucose_reading": (
        glucose_readings.GlucoseReadingSchema,
        rows(
            GlucoseReading,
            decision=DECIDED,
            ketones=st.none() | KETONES,
            signs=st.lists(st.text(max_size=8), max_size=3),
        ),
        glucose_readings.dumper.pick,
    ),
    "comfort_log": (comfort_logs.ComfortLogSchema, rows(ComfortLog, decision=DECIDED), comfort_logs.dumper.pick),
    "foot_check": (
        foot_checks.FootCheckSchema,
        rows(FootCheck, decision=DECIDED, findings=FINDINGS, temperatures=TEMPERATURES),
        foot_checks.dumper.pick,
    ),
    "shoe_check": (shoe_checks.ShoeCheckSchema, rows(ShoeCheck, decision=DECIDED), shoe_checks.dumper.pick),
    "symptom_entry": (symptom_entries.SymptomEntrySchema, rows(SymptomEntry), symptom_entries.dumper.pick),
    "reminder": (
        reminders.ReminderSchema,
        rows(
            Reminder,
            weekdays=st.lists(st.integers(1, 7)),
            times=st.lists(st.text(max_size=5)),
            meal_contexts=st.dictionaries(st.text(max_size=5), st.text(max_size=5)),
        ),
        reminders.dumper.pick,
    ),
    "occurrence": (occurrences.OccurrenceSchema, rows(Occurrence), occurrences.dump_occurrence),
    "access_token": (access_tokens.AccessTokenSchema, rows(AccessToken), access_tokens.dumper.pick),
    "push_subscription": (push.PushSubscriptionSchema, rows(PushSubscription), push.dumper.pick),
}


def by_schema(schema: type[Schema], row: Any) -> Any:
    return json.loads(json.dumps(schema().dump(row)))


def by_us(value: Any) -> Any:
    return orjson.loads(to_json(value))


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_the_fast_way_writes_what_the_schema_writes(kind: str, data: st.DataObject) -> None:
    schema, strategy, dump = KINDS[kind]
    row = data.draw(strategy)
    assert by_us(dump(row)) == by_schema(schema, row)


HOURS = st.none() | st.just({"from": "22:00", "until": "07:00"})


@given(
    rows(
        Patient,
        step_sources=AREAS,
        profile=st.none(),
        foot_exam=st.none(),
        glucose_targets=st.none() | TARGETS,
        quiet_hours=HOURS,
        reminders_paused=st.none(),
    )
)
def test_the_fast_way_writes_settings_as_the_schema_does(row: Any) -> None:
    row.accepted = {}
    assert by_us(dump_me(row, [])) == by_schema(MeSchema, row)


COUNTS = st.lists(rows(StepDay), max_size=3)


@given(rows(StepDay), COUNTS)
def test_the_fast_way_writes_a_day_as_the_schema_does(day: Any, counts: list[Any]) -> None:
    ours = by_us(step_counts.dump_day(day, counts))
    day.counts = [SimpleNamespace(**vars(row), counted=row.source == day.source) for row in counts]
    assert ours == by_schema(step_counts.StepCountSchema, day)


def test_no_schema_has_a_member_whose_writing_the_fast_way_does_not_know() -> None:
    known = {
        fields.UUID, fields.String, fields.Boolean, fields.Nested, fields.List, fields.Dict, fields.Time, fields.Date,
        UtcMoment, Day,
    }  # fmt: skip
    for schema, _, _ in KINDS.values():
        for field in schema().dump_fields.values():
            assert type(field) in known or isinstance(field, fields.Integer | fields.Boolean | fields.Float), field
