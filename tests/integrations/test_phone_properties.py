"""Generated and mutated bodies: no shape raises anything undocumented, invents a day or counts more than was sent."""

from __future__ import annotations

import copy
import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.phone import Ingest, IngestError, parse_ingest
from integrations.sugar import as_written
from tests.integrations.phone_bodies import BERLIN, GOOD_BODIES, HC_BUCKET_BODY, NOW

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["1.830", "1830,4", "2026-11-21", "2026-11-21 7:57:00\u202fam +1000", "9999-12-31T23:59:59Z"])
    | st.sampled_from(["0001-01-01T00:00:00+14:00", "2026-11-20T23:00:00Z", "2026-11-21T23:00:00Z", 10**400, 6204])
    | st.sampled_from(["mg/dL", "mmol/L", 5.8, 104, 9.99, 900.01, "2026-11-22 07:30:00 +0100", "2026-11-22 09:31:00 Z"])
    | st.dates().map(date.isoformat)
    | st.datetimes().map(lambda at: at.isoformat() + "Z")
)
NAMES = """date steps days metrics data name qty source timestamp count start_time end_time metadata samples timezone
 localTimeIso HKQuantityTypeIdentifierStepCount start value test records blood_glucose step_count
 mmol_per_liter time units mealTime data_origin"""
names = st.sampled_from(NAMES.split())
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names | st.text(max_size=5), inner, max_size=5),
    max_leaves=25,
)


def places(body: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place inside a body."""
    inner = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    return [path, *(place for key, value in inner for place in places(value, (*path, key)))]


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """A good body with up to three places overwritten, doubled or taken away."""
    body = copy.deepcopy(draw(st.sampled_from([*GOOD_BODIES, HC_BUCKET_BODY])))
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from(places(body)[1:] or [()]))
        if not place:
            return draw(values)
        parent = body
        for key in place[:-1]:
            parent = parent[key]
        what = draw(st.sampled_from(["overwrite", "remove", "double"]))
        if what == "overwrite":
            parent[place[-1]] = draw(values)
        elif what == "remove":
            del parent[place[-1]]
        elif isinstance(parent, list):
            parent.append(copy.deepcopy(parent[place[-1]]))
    return body


def leaves(body: Any) -> list[Any]:
    if isinstance(body, dict):
        return [leaf for value in body.values() for leaf in leaves(value)]
    return [leaf for value in body for leaf in leaves(value)] if isinstance(body, list) else [body]


def days_named(body: Any) -> set[date]:
    """Every day a body could speak of: the dates in it, and the days beside them for instants in UTC."""
    named = set()
    for leaf in leaves(body):
        if isinstance(leaf, str):
            try:
                on = date.fromisoformat(leaf.strip()[:10])
                named |= {on + timedelta(days=n) for n in (-1, 0, 1)}
            except (ValueError, OverflowError):
                continue
    return named


def most_steps(body: Any) -> float:
    """The sum of all that could be read as a number."""
    total = 0.0
    for leaf in leaves(body):
        try:
            total += min(max(float(str(leaf).replace(",", ".")), 0.0), 200_000)
        except ValueError:
            continue
    return total


def check(body: Any) -> Ingest | None:
    before = json.dumps(body)
    refused = None
    try:
        ingest = parse_ingest(body, zone=BERLIN, now=NOW)
    except IngestError as error:
        refused = error
    assert json.dumps(body) == before, "the body was changed"
    if refused is not None:
        assert refused.code in ("unknown_shape", "unsupported_mode", "ambiguous_number")
        assert len(refused.detail) < 400
        return None
    assert {day.on for day in ingest.days} <= days_named(body)
    assert [day.on for day in ingest.days] == sorted({day.on for day in ingest.days})
    for day in ingest.days:
        assert 0 <= day.steps <= min(200_000, most_steps(body) + 1)
        assert day.observed_at <= NOW
        assert day.is_partial or day.on < NOW.date()
        assert date(2000, 1, 1) <= day.on <= NOW.date() + timedelta(days=2)
    for piece in ingest.pieces.intervals if ingest.pieces else ():
        assert piece.on in days_named(body)
        assert 0 <= piece.steps <= min(200_000, most_steps(body) + 1)
        assert piece.started_at <= piece.ended_at <= NOW + timedelta(hours=26)
    for reading in ingest.readings:
        assert NOW - timedelta(days=30) <= reading.at <= NOW + timedelta(minutes=10)
        assert as_written(Decimal(reading.value), reading.unit) == reading.value
        assert any(as_written(leaf, reading.unit) == reading.value for leaf in leaves(body)), "not sent"
        assert reading.unit == "mmol/L" or "mg/dL" in leaves(body)
        assert reading.context in ("before_meal", "after_meal", "other")
    assert not (ingest.is_test and (ingest.days or ingest.pieces or ingest.readings))
    return ingest


@given(values)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_json_is_read_or_refused(body: Any) -> None:
    check(body)


@given(mutated())
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_mutated_bodies_are_read_or_refused(body: Any) -> None:
    check(body)


@given(mutated())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_reading_twice_gives_the_same(body: Any) -> None:
    assert check(body) == check(body)


record = st.fixed_dictionaries(
    {"qty": st.floats(0, 3000), "date": st.integers(0, 4).map(lambda n: f"2026-11-{18 + n} 08:00:0{n} +0100")},
    optional={"source": st.sampled_from(["iPhone", "Watch", "iPhone|Watch"])},
)


@given(st.lists(record, max_size=30))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_day_is_never_more_than_its_largest_source(records: list[dict[str, Any]]) -> None:
    ingest = check({"data": {"metrics": [{"name": "step_count", "data": records}]}})
    assert ingest is not None
    for day in ingest.days:
        mine = [r for r in records if r["date"][:10] == day.on.isoformat()]
        per_source: dict[str, float] = {}
        for r in mine:
            per_source[r.get("source", "")] = per_source.get(r.get("source", ""), 0) + r["qty"]
        assert day.steps <= max(per_source.values()) + 0.5
        assert day.steps + 0.5 >= max(r["qty"] for r in mine)
