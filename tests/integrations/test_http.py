"""HTTP under providers: nothing hangs, nothing leaks, and an answer means what its status says."""

from __future__ import annotations

import contextlib
import gzip
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.http import MAX_QUOTE, ApiClient, Reply, error_of, parse_object
from integrations.provider import (
    AuthorizationExpired,
    AuthorizationRefused,
    ProviderError,
    ProviderRetired,
    ProviderUnavailable,
    RateLimited,
    UnexpectedResponse,
)
from tests.fakes.google import Google
from tests.fakes.google_world import Answer

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def quick() -> ApiClient:
    """A client that waits for half a second, and for one and a half in all."""
    return ApiClient(silent_seconds=0.5)


@pytest.fixture
def api() -> ApiClient:
    """A client that waits as long as the server's, so that a busy machine fails no test."""
    return ApiClient(max_body=10_000)


def reply(status: int, body: bytes = b"{}", **headers: str) -> Reply:
    return Reply(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


def test_r3_a_silent_server_is_not_waited_for(google: Google, quick: ApiClient) -> None:
    google.script("keyset", Answer(delay=5))
    started = time.monotonic()
    with pytest.raises(ProviderUnavailable):
        quick.send("GET", google.keyset_url)
    assert time.monotonic() - started < 4


@pytest.mark.parametrize("part", ["head", "body"])
def test_r4_a_slow_drip_is_cut_off_wherever_it_drips(google: Google, quick: ApiClient, part: str) -> None:
    google.script("keyset", Answer(200, {"a": "b" * 200}, drip=part))
    started = time.monotonic()
    with pytest.raises(ProviderUnavailable):
        quick.send("GET", google.keyset_url)
    assert 1 < time.monotonic() - started < 8


@pytest.mark.parametrize("moment", ["before", "after", "within"])
def test_a_cut_connection_is_no_answer(google: Google, api: ApiClient, moment: str) -> None:
    google.script("keyset", Answer(drop=moment))
    with pytest.raises(ProviderUnavailable):
        api.send("GET", google.keyset_url)
    assert api.send("GET", google.keyset_url).status == 200


def test_a_name_that_leads_nowhere_is_no_answer(api: ApiClient) -> None:
    with pytest.raises(ProviderUnavailable):
        api.send("GET", "http://127.0.0.1:9/")


@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_that_is_too_long_is_not_read_to_its_end(google: Google, api: ApiClient, packed: bool) -> None:
    body = b" " * 20_000_000
    headers = {"Content-Encoding": "gzip"} if packed else {}
    google.script("keyset", Answer(200, gzip.compress(body) if packed else body, headers))
    with pytest.raises(UnexpectedResponse):
        api.send("GET", google.keyset_url)


def test_what_is_beyond_the_limit_is_not_waited_for(google: Google, api: ApiClient) -> None:
    google.script("keyset", Answer(200, b" " * 60_000, drop="within"))
    with pytest.raises(UnexpectedResponse):
        api.send("GET", google.keyset_url)


def test_r11_netrc_is_not_asked(
    google: Google, api: ApiClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password people\n")
    monkeypatch.setenv("NETRC", str(netrc))
    api.send("GET", google.keyset_url, token="ours")
    api.send("GET", google.keyset_url)
    assert [call.headers.get("authorization") for call in google.calls["keyset"]] == ["Bearer ours", None]


def test_r11_a_redirect_is_not_followed(google: Google, api: ApiClient) -> None:
    google.script("keyset", Answer(302, b"", {"Location": google.keyset_url}))
    found = api.send("GET", google.keyset_url, token="ours")
    assert google.counts["keyset"] == 1
    assert isinstance(error_of(found), ProviderUnavailable)


def test_cookies_are_not_kept(google: Google, api: ApiClient) -> None:
    google.script("keyset", Answer(200, {}, {"Set-Cookie": "a=b; Path=/"}))
    api.send("GET", google.keyset_url)
    api.send("GET", google.keyset_url)
    assert "cookie" not in google.calls["keyset"][1].headers


def test_a_proxy_of_the_environment_is_not_used(
    google: Google, api: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert api.send("GET", google.keyset_url).is_success


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, ProviderUnavailable),
        (400, UnexpectedResponse),
        (401, AuthorizationExpired),
        (403, AuthorizationRefused),
        (404, UnexpectedResponse),
        (408, ProviderUnavailable),
        (409, UnexpectedResponse),
        (410, ProviderRetired),
        (425, ProviderUnavailable),
        (429, RateLimited),
        (500, ProviderUnavailable),
        (503, ProviderUnavailable),
    ],
)
def test_a_status_means_the_same_everywhere(status: int, kind: type[ProviderError]) -> None:
    assert type(error_of(reply(status))) is kind


@pytest.mark.parametrize("status", [401, 403])
def test_t8_a_portal_that_wants_a_sign_in_is_no_refusal(status: int) -> None:
    assert type(error_of(reply(status, b"<html>Sign in to the guest network"))) is ProviderUnavailable


def test_r2_retry_after_is_read_as_seconds_and_as_a_date_of_the_senders_clock() -> None:
    assert reply(429, Retry_After="7").retry_after == 7
    date = "Sun, 22 Nov 2026 09:00:00 GMT"
    assert reply(429, Date=date, Retry_After="Sun, 22 Nov 2026 09:01:30 GMT").retry_after == 90
    assert reply(429, Date=date, Retry_After="Sun, 22 Nov 2026 08:00:00 GMT").retry_after == 0
    assert reply(429, Date="Sun, 22 Nov 2026 09:00:00 -0000", Retry_After=date).retry_after == 0
    assert reply(429, Retry_After="12").retry_after == 12
    assert reply(429, Retry_After="Sun, 22 Nov 2026 09:01:30 GMT").retry_after is None
    assert reply(429, Date=date, Retry_After="soon").retry_after is None
    assert reply(429, Date=date).retry_after is None
    limited, busy = error_of(reply(429, Retry_After="7")), error_of(reply(503, Retry_After="8"))
    assert isinstance(limited, RateLimited)
    assert isinstance(busy, ProviderUnavailable)
    assert (limited.retry_after, busy.retry_after) == (7, 8)


def test_r10_a_page_where_json_was_due_is_not_the_providers() -> None:
    for page in (reply(200, b"<!DOCTYPE html>"), reply(200, b"sign in", Content_Type="text/html; charset=utf-8")):
        with pytest.raises(ProviderUnavailable):
            parse_object(page)


@pytest.mark.parametrize("body", [b"", b"[]", b"nul", b'{"a": NaN}', b"\xff", b"[" * 100_000, b'{"a": 1' + b"0" * 9000])
def test_what_is_no_json_object_is_unexpected(body: bytes) -> None:
    with pytest.raises(UnexpectedResponse):
        parse_object(reply(200, body))


def test_r10_an_error_quotes_a_little_of_a_page_and_no_secret() -> None:
    token = "ya29.A0AfH6SMBx8c7d6e5f4"
    page = f"<html><title>Error 404 (Not Found)!!1</title>{token} {'word ' * 500}</html>".encode()
    text = str(error_of(reply(404, page)))
    assert text.startswith("404 Error 404 (Not Found)!!1")
    assert token not in text
    assert len(text) <= MAX_QUOTE + 4


def test_t20_neither_an_error_nor_a_repr_holds_what_was_sent(google: Google, api: ApiClient) -> None:
    secret = json.dumps({"error": {"message": "steps 1830 for ya29.secret"}}).encode()
    assert str(error_of(reply(403, secret))) == "403"
    assert "1830" not in repr(reply(200, secret))
    google.script("keyset", Answer(drop="before"))
    with pytest.raises(ProviderUnavailable) as caught:
        api.send("GET", google.keyset_url, token="ya29.secret", query={"filter": "2026-11-22"})
    assert "ya29" not in str(caught.value)
    assert "2026" not in str(caught.value)
    assert caught.value.__suppress_context__


@given(
    st.integers(100, 599),
    st.one_of(
        st.binary(),
        st.text().map(str.encode),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        ).map(lambda value: json.dumps(value).encode()),
    ),
    st.dictionaries(st.sampled_from(["Retry-After", "Date", "Content-Type"]), st.text()),
)
def test_any_answer_is_an_object_or_a_provider_error(status: int, body: bytes, headers: dict[str, str]) -> None:
    found = Reply(status, headers, body)
    assert isinstance(error_of(found), ProviderError)
    assert len(str(error_of(found))) <= MAX_QUOTE + 4
    with contextlib.suppress(ProviderError):
        assert isinstance(parse_object(found), dict)
