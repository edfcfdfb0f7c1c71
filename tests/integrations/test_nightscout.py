"""Sugar readings from a Nightscout site: what is taken, where we go, and what a failure means."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations import nightscout
from integrations.nightscout import Nightscout
from integrations.provider import (
    AuthorizationExpired,
    AuthorizationRefused,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    Reading,
    ReadingSource,
    UnexpectedResponse,
)
from tests.fakes.nightscout import Answer, NightscoutServer, body, mbg, sgv

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
SINCE = NOW - timedelta(days=14)
STRANGER = "https://night.example.org"


@pytest.fixture
def site() -> Iterator[NightscoutServer]:
    with NightscoutServer() as server:
        yield server
        assert server.problems == []


def client(site: NightscoutServer) -> ReadingSource:
    return Nightscout(frozenset({site.host}), clock=lambda: NOW)


def fetch(site: NightscoutServer, since: datetime = SINCE) -> list[Reading]:
    return client(site).fetch_readings(site.url, site.token, since)


# What is taken


def test_finger_pricks_and_the_newest_of_a_sensor(site: NightscoutServer) -> None:
    five = timedelta(minutes=5)
    site.entries = [sgv(NOW - five * n, 104 + n) for n in range(1, 400)]
    site.entries += [mbg(NOW - timedelta(hours=7), 98), mbg(NOW - timedelta(days=3), 140.5)]
    assert fetch(site) == [
        Reading(NOW - five, "105", "mg/dL", "other", from_meter=False),
        Reading(NOW - timedelta(hours=7), "98", "mg/dL", "other"),
        Reading(NOW - timedelta(days=3), "140.5", "mg/dL", "other"),
    ]


def test_the_published_example(site: NightscoutServer) -> None:
    """A value, a sensor's error code, and a finger-prick; only the value has what newer versions add."""
    more = {"dateString": "2026-11-22T06:30:00.000Z", "utcOffset": 60, "noise": 1, "device": "xDrip-DexcomG6"}
    site.entries = [sgv(NOW, 104, **more), sgv(NOW - timedelta(minutes=5), 12), mbg(NOW - timedelta(minutes=10), 108)]
    assert [(reading.value, reading.from_meter) for reading in fetch(site)] == [("104", False), ("108", True)]


@pytest.mark.parametrize(("code", "shown"), [(38, "104"), (12, "104"), (1, "104"), (39, "39"), (401, "401")])
def test_c7_error_codes_of_a_sensor_are_no_sugar(site: NightscoutServer, code: int, shown: str) -> None:
    site.entries = [sgv(NOW, code), sgv(NOW - timedelta(minutes=5), 104)]
    assert [reading.value for reading in fetch(site)] == [shown]


def test_a_meter_may_read_less_than_a_sensor_can(site: NightscoutServer) -> None:
    site.entries = [mbg(NOW, 34)]
    assert [reading.value for reading in fetch(site)] == ["34"]


def test_an_entry_that_is_there_twice_counts_once(site: NightscoutServer) -> None:
    site.entries = [mbg(NOW, 108), mbg(NOW, 108), sgv(NOW, 110)]
    assert fetch(site) == [Reading(NOW, "108", "mg/dL", "other")]


def test_r4_what_is_asked_has_a_beginning_and_an_end(site: NightscoutServer) -> None:
    site.entries = [mbg(SINCE, 100), mbg(SINCE - timedelta(seconds=1), 90)]
    assert [reading.value for reading in fetch(site)] == ["100"]
    assert [request.path for request in site.requests] == ["/api/v1/entries/mbg.json", "/api/v1/entries/sgv.json"]
    first = str(int(SINCE.timestamp() * 1000))
    assert [request.query for request in site.requests] == [
        {"find[date][$gte]": first, "count": "1000"},
        {"find[date][$gte]": first, "count": "12"},
    ]


def test_a_site_that_does_not_filter_brings_nothing_older(site: NightscoutServer) -> None:
    old = mbg(SINCE - timedelta(days=1), 90)
    site.script(Answer(body=body(old, mbg(NOW, 108), sgv(NOW, 99))), Answer(body=body(old, mbg(NOW, 77))))
    assert [reading.value for reading in fetch(site)] == ["108"]


@pytest.mark.parametrize(
    "entry",
    [
        None, 7, "mbg", [], {}, {"type": "mbg"}, {"type": "mbg", "mbg": 100}, {"type": "mbg", "date": 1795328400000},
        mbg(NOW, "108"), mbg(NOW, None), mbg(NOW, True), mbg(NOW, 9), mbg(NOW, 901), mbg(NOW, 1e400), mbg(NOW, -5),
        {**mbg(NOW, 100), "date": "2026-11-22"}, {**mbg(NOW, 100), "date": 1e300}, {**mbg(NOW, 100), "date": -1},
        {**mbg(NOW, 100), "date": True}, {**mbg(NOW, 100), "date": 10**30},
    ],
)  # fmt: skip
def test_an_entry_that_is_none_costs_nothing_else(site: NightscoutServer, entry: Any) -> None:
    site.script(Answer(body=body(entry, mbg(NOW - timedelta(hours=1), 108))))
    assert [reading.value for reading in fetch(site)] == ["108"]


def test_the_first_look_asks_for_one_entry_of_a_day(site: NightscoutServer) -> None:
    client(site).check(site.url, site.token)
    first = str(int((NOW - timedelta(days=1)).timestamp() * 1000))
    assert [request.query for request in site.requests] == [{"find[date][$gte]": first, "count": "1"}]


# Credentials


def test_the_token_is_in_no_address(site: NightscoutServer) -> None:
    fetch(site)
    for request in site.requests:
        assert request.headers["api-secret"] == site.token
        assert request.headers["Accept-Encoding"] == "identity"  # so that the limit of a body is one of its size
        assert site.token not in json.dumps([request.path, request.query])


def test_r13_a_token_that_is_not_taken_is_tried_once(site: NightscoutServer) -> None:
    for ask in (client(site).check, lambda url, token: client(site).fetch_readings(url, token, SINCE)):
        site.failures = 0
        site.requests.clear()
        with pytest.raises(AuthorizationExpired) as caught:
            ask(site.url, "phone-ffffffffffffffff")
        assert (site.failures, len(site.requests)) == (1, 1)
        assert "ffff" not in str(caught.value)


def test_a_token_that_may_not_read_is_told_apart_from_nothing(site: NightscoutServer) -> None:
    with pytest.raises(AuthorizationExpired):
        client(site).check(site.url, site.denied_token)


def test_what_can_be_no_token_is_not_sent(site: NightscoutServer) -> None:
    for token in ("a b", "a\r\nHost: x", "ä", "x" * 501):
        with pytest.raises(AuthorizationExpired):
            client(site).check(site.url, token)
    assert site.requests == []


def test_a_site_that_everybody_may_read() -> None:
    with NightscoutServer(is_public=True) as site:
        site.entries = [mbg(NOW, 108)]
        assert client(site).check(site.url, "") == site.url
        assert len(client(site).fetch_readings(site.url, "", SINCE)) == 1
        assert "api-secret" not in site.requests[0].headers


def test_a_site_that_makes_us_wait_for_an_earlier_guess(
    site: NightscoutServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nightscout, "STEP_SECONDS", 0.2)
    site.failures = 1
    with pytest.raises(ProviderUnavailable):
        client(site).check(site.url, site.token)


# What a failure means


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(401), AuthorizationExpired),
        (Answer(403), AuthorizationRefused),
        (Answer(404, body=b"<html>no such app</html>"), UnexpectedResponse),
        (Answer(302, {"Location": "http://169.254.169.254/"}), UnexpectedResponse),
        (Answer(301, {"Location": "/elsewhere"}), UnexpectedResponse),
        (Answer(429), RateLimited),
        (Answer(408), ProviderUnavailable),
        (Answer(500, body=b"<html>"), ProviderUnavailable),
        (Answer(503), ProviderUnavailable),
        (Answer(200, body=b"<!DOCTYPE html><title>Sign in</title>"), UnexpectedResponse),
        (Answer(200, body=b""), UnexpectedResponse),
        (Answer(200, body=b'{"status": "ok"}'), UnexpectedResponse),
        (Answer(200, body=b"[" * 100_000), UnexpectedResponse),
        (Answer(200, body=b"[" + b"9" * 10_000 + b"]"), UnexpectedResponse),
        (Answer(200, body=b"\xff\xfe"), UnexpectedResponse),
        (Answer(200, {"Content-Encoding": "gzip"}, b"\x1f\x8b\x08"), UnexpectedResponse),
        (Answer(200, body=b"[]" + b" " * (1024 * 1024 - 1)), UnexpectedResponse),
        (Answer(drop=True), ProviderUnavailable),
    ],
)
def test_r10_answers_that_are_no_readings(site: NightscoutServer, answer: Answer, error: type[Exception]) -> None:
    site.script(answer)
    with pytest.raises(ProviderError) as caught:
        fetch(site)
    assert type(caught.value) is error
    assert len(site.requests) == 1  # nothing is tried again, and no redirect is followed
    assert "html" not in str(caught.value).lower()
    assert site.token not in str(caught.value)
    assert site.host not in str(caught.value)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("wait", ["7", "Sun, 22 Nov 2026 06:30:07 GMT"])
def test_a_wait_that_the_site_asks_for(site: NightscoutServer, status: int, wait: str) -> None:
    site.script(Answer(status, {"Retry-After": wait}))
    with pytest.raises((RateLimited, ProviderUnavailable)) as caught:
        fetch(site)
    assert caught.value.retry_after == 7


def test_neither_a_proxy_nor_netrc_of_the_machine_is_used(
    site: NightscoutServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login ours password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    fetch(site)
    assert all("Authorization" not in request.headers for request in site.requests)


def test_r3_a_site_that_says_nothing(site: NightscoutServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nightscout, "STEP_SECONDS", 0.2)
    site.script(Answer(delay=5))
    began = time.monotonic()
    with pytest.raises(ProviderUnavailable):
        fetch(site)
    assert time.monotonic() - began < 3


def test_r3_a_site_that_drips_has_an_end_too(site: NightscoutServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte comes in time; all together do not."""
    monkeypatch.setattr(nightscout, "TOTAL_SECONDS", 0.5)
    site.script(Answer(body=b" " * 1000 + b"[]", drip=0.05))
    began = time.monotonic()
    with pytest.raises(ProviderUnavailable):
        fetch(site)
    assert time.monotonic() - began < 3


def test_nobody_listens() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{bound.getsockname()[1]}"
        with pytest.raises(ProviderUnavailable):
            Nightscout({host}).check(f"http://{host}", "")


# Anything at all


entry = st.dictionaries(
    st.sampled_from(["type", "mbg", "sgv", "date", "_id", "device"]),
    st.sampled_from(["mbg", "sgv", "cal"]) | st.integers() | st.floats() | st.none() | st.text(max_size=5),
)
plausible = st.builds(
    lambda kind, value, when: {"type": kind, kind: value, "date": when},
    st.sampled_from(["mbg", "sgv"]),
    st.integers(-10, 1000) | st.floats(),
    st.integers(0, 4_200_000_000_000),
)


@given(st.lists(entry | plausible | st.integers() | st.none(), max_size=8), st.binary(max_size=8))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_body_is_read_or_refused(site: NightscoutServer, entries: list[Any], tail: bytes) -> None:
    content = body(*entries)
    site.script(Answer(body=content), Answer(body=content + tail))
    with contextlib.suppress(UnexpectedResponse):
        for reading in fetch(site):
            assert reading.at >= SINCE
            assert 10 <= float(reading.value) <= 900
            assert reading.from_meter or float(reading.value) >= 39
