"""Every parser on replies with members left out, put in or broken: a result or a ProviderError, and nothing else."""

from __future__ import annotations

import contextlib
import copy
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.google_errors import google_error, is_google_link
from integrations.google_fit import parse_buckets
from integrations.google_health import parse_daily_steps, parse_device, parse_readings
from integrations.google_values import parse_civil_date, parse_count, parse_moment
from integrations.google_webhooks import parse_keyset, parse_notices
from integrations.http import Reply, parse_object
from integrations.phone_values import MAX_STEPS
from integrations.provider import ProviderError, UnexpectedResponse
from tests.fakes.google_notices import Notices, notice
from tests.fakes.google_world import Account, google_answer

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CIVIL = {"date": {"year": 2026, "month": 11, "day": 22}, "time": {"hours": 8}}
ACCOUNT = Account()
ACCOUNT.add_device("Charge 6", NOON, batteryLevel=84)
ACCOUNT.add_reading(NOON, 104.5, measurementTiming="FASTING", measurementSource="LAB_TEST")
READINGS = parse_object(Reply(200, {}, json.dumps({"dataPoints": ACCOUNT.readings}).encode()))
DAY = {"civilStartTime": CIVIL, "civilEndTime": CIVIL, "steps": {"countSum": "1830"}}
BUCKET = {"startTimeMillis": "1795302000000", "dataset": [{"point": [{"value": [{"intVal": 5120, "mapVal": []}]}]}]}
REFUSAL = google_answer(400, "FAILED_PRECONDITION", "ACCOUNT_NOT_LINKED", link="https://fitbit.google.com/auth").body

BODIES: dict[str, tuple[Any, Callable[[Any], list[Any]]]] = {
    "days": ({"rollupDataPoints": [DAY, DAY], "nextPageToken": "x"}, lambda body: list(parse_daily_steps(body))),
    "readings": (READINGS, lambda body: list(parse_readings(body))),
    "devices": ({"pairedDevices": ACCOUNT.devices}, lambda body: [parse_device(body)]),
    "buckets": ({"bucket": [BUCKET]}, lambda body: list(parse_buckets(body, ZoneInfo("Europe/Berlin")))),
    "keyset": (Notices().keyset(), lambda body: list(parse_keyset(body))),
    "notice": (notice("1111", date(2026, 11, 20), date(2026, 11, 22)), parse_notices),
    "notices": ([notice("1111", date(2026, 11, 20), date(2026, 11, 22))] * 2, parse_notices),
}

JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**40), 10**40)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["2026-11-22T06:30:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+23:59", "0", "1830"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every member and item of a body, as the container and its key."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    return [place for key in keys for place in [(value, key), *places(value[key])]]


def mutated(data: st.DataObject, body: Any) -> Any:
    """The body with a few members left out or replaced."""
    body = copy.deepcopy(body)
    for _ in range(data.draw(st.integers(1, 4))):
        found = places(body)
        if not found:
            break
        container, key = data.draw(st.sampled_from(found))
        if data.draw(st.booleans()):
            del container[key]
        else:
            container[key] = data.draw(JUNK)
    return body


@pytest.mark.parametrize(("body", "parse"), BODIES.values(), ids=BODIES)
def test_each_body_is_read_as_it_stands(body: Any, parse: Callable[[Any], list[Any]]) -> None:
    assert parse(body)


@pytest.mark.parametrize(("body", "parse"), BODIES.values(), ids=BODIES)
@given(data=st.data())
def test_a_broken_body_is_a_result_or_a_provider_error(
    body: Any, parse: Callable[[Any], list[Any]], data: st.DataObject
) -> None:
    try:
        found = parse(mutated(data, body))
    except ProviderError:
        return
    for item in found:
        if isinstance(item, tuple):
            assert isinstance(item[0], date)
            assert 0 <= item[1] <= MAX_STEPS
        elif hasattr(item, "value"):
            assert re.fullmatch(r"[0-9]{2,3}(\.[0-9]{1,2})?", item.value)  # as a patient could type it
            assert item.at.tzinfo is UTC


@given(
    body=st.dictionaries(st.sampled_from(["rollupDataPoints", "dataPoints", "pairedDevices", "bucket", "key"]), JUNK)
)
def test_anything_at_all_is_a_result_or_a_provider_error(body: dict[str, Any]) -> None:
    for _, parse in BODIES.values():
        try:
            parse(body)
        except ProviderError:
            continue


@given(status=st.integers(300, 599), data=st.data())
def test_any_refusal_is_a_provider_error_of_a_few_words(status: int, data: st.DataObject) -> None:
    body = json.dumps(mutated(data, REFUSAL), default=str).encode()
    error = google_error(Reply(status, {}, body), "steps")
    assert isinstance(error, ProviderError)
    assert len(error.reason) <= 40
    assert all(len(word) <= 60 for word in str(error).split())


@given(value=JUNK)
def test_a_count_is_exact_or_refused(value: object) -> None:
    try:
        count = parse_count(value)
    except UnexpectedResponse:
        return
    assert str(count) == str(value).lstrip("0") or count == 0


@given(value=st.one_of(JUNK, st.datetimes(timezones=st.just(UTC)).map(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%S}Z")))
def test_a_moment_is_aware_or_refused(value: object) -> None:
    with contextlib.suppress(UnexpectedResponse):
        assert parse_moment(value).tzinfo is UTC


def test_moments_of_any_precision_and_offset_are_read() -> None:
    for text in ("2026-11-22T06:41:10.120Z", "2026-11-22T06:41:10.120000999Z", "2026-11-22T07:41:10.12+01:00"):
        assert parse_moment(text) == datetime(2026, 11, 22, 6, 41, 10, 120_000, tzinfo=UTC)


@pytest.mark.parametrize("parts", [{}, {"year": 2026, "month": 2, "day": 30}, {"year": "2026", "month": 1, "day": 1}])
def test_a_date_that_is_none_is_refused(parts: dict[str, Any]) -> None:
    with pytest.raises(UnexpectedResponse):
        parse_civil_date({"date": parts})


@given(st.text(), st.text())
def test_no_link_but_googles_is_googles(before: str, after: str) -> None:
    link = f"https://{before}google.com{after}"
    if is_google_link(link):
        assert before == "" or before.endswith(".")
        assert after == "" or after[0] in ":/?#"


def test_a_sugar_value_without_end_is_written_short() -> None:
    body = json.dumps(READINGS, default=str).replace('"104.5"', "104." + "5" * 500)
    found = list(parse_readings(parse_object(Reply(200, {}, body.encode()))))
    assert [reading.value for reading in found] == ["104.56"]


def test_a_fraction_keeps_the_digits_that_it_was_written_with() -> None:
    found = parse_object(Reply(200, {}, b'{"a": 104.50, "b": 88}'))
    assert (str(found["a"]), found["b"]) == ("104.50", 88)
