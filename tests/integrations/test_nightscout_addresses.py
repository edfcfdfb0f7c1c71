"""Where a Nightscout client goes: to the open internet, to the very address that was checked, and nowhere else."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.nightscout import Nightscout
from integrations.provider import AddressRefused, ProviderUnavailable
from tests.fakes.certificate import self_signed, server_context
from tests.fakes.nightscout import NightscoutServer

SINCE = datetime(2026, 11, 8, 6, 30, tzinfo=UTC)
STRANGER = "https://night.example.org"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "not_a_url"),
        ("https://", "not_a_url"),
        ("https://a b.org", "not_a_url"),
        ("https://night.example.org\\@127.0.0.1/", "not_a_url"),
        ("https://nächte.example.org", "not_a_url"),
        ("https://night.example.org\r\nX: y", "not_a_url"),
        ("https://[::1", "not_a_url"),
        ("https://-night.example.org", "not_a_url"),
        ("https://127.0.0.1.", "not_a_url"),
        ("https://" + "x" * 500, "too_long"),
        ("http://night.example.org", "not_https"),
        ("ftp://night.example.org", "not_https"),
        ("file:///etc/passwd", "not_a_url"),
        ("https://night.example.org:8443", "unusual_port"),
        ("https://me:secret@night.example.org", "has_user_information"),
        ("https://night.example.org/?token=phone-0123456789abcdef", "has_a_query"),
        ("https://night.example.org/#a", "has_a_fragment"),
        ("https://127.0.0.1", "private"),
        ("https://127.1", "not_a_url"),
        ("https://2130706433", "not_a_url"),
        ("https://017700000001", "not_a_url"),
        ("https://10.0.0.1", "private"),
        ("https://192.168.1.1", "private"),
        ("https://169.254.169.254/latest/meta-data", "private"),
        ("https://168.63.129.16", "private"),
        ("https://100.100.100.200", "private"),
        ("https://224.0.0.1", "private"),
        ("https://0.0.0.0", "private"),
        ("https://[::1]", "private"),
        ("https://[::]", "private"),
        ("https://[::ffff:127.0.0.1]", "private"),
        ("https://[::ffff:a9fe:a9fe]", "private"),
        ("https://[64:ff9b::7f00:1]", "private"),
        ("https://[fd00:ec2::254]", "private"),
        ("https://[fe80::1%25eth0]", "private"),
        ("https://[ff02::1]", "private"),
    ],
)
def test_r14_addresses_that_are_refused(monkeypatch: pytest.MonkeyPatch, url: str, reason: str) -> None:
    asked = _names(monkeypatch, ["127.0.0.1"])
    for ask in (Nightscout().check, lambda url, token: Nightscout().fetch_readings(url, token, SINCE)):
        with pytest.raises(AddressRefused) as caught:
            ask(url, "phone-0123456789abcdef")
        assert caught.value.reason == reason
        assert "0123" not in str(caught.value)
        assert "example" not in str(caught.value)
    assert asked == []


@pytest.mark.parametrize("host", ["night.example.org", "localhost", "0x7f.1", "127.0.0.1.nip.io", "metadata.internal"])
@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:127.0.0.1", "fd00::1"])
def test_r14_names_that_lead_inside(monkeypatch: pytest.MonkeyPatch, host: str, address: str) -> None:
    asked = _names(monkeypatch, [address])
    with pytest.raises(AddressRefused) as caught:
        Nightscout().check(f"https://{host}", "")
    assert caught.value.reason == "private"
    assert asked == [host]


def test_r14_the_address_that_was_checked_is_the_one_that_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that says something else the second time: it is asked once."""
    called: list[str] = []

    async def connect(_loop: object, _socket: object, address: tuple[str, int]) -> None:
        called.append(address[0])
        raise ConnectionRefusedError

    asked = _names(monkeypatch, ["10.0.0.1", "8.8.8.8"], ["127.0.0.1"])
    monkeypatch.setattr("asyncio.selector_events.BaseSelectorEventLoop.sock_connect", connect)
    with pytest.raises(ProviderUnavailable):
        Nightscout().check(STRANGER, "")
    assert (asked, called) == (["night.example.org"], ["8.8.8.8"])


def test_r14_the_site_is_asked_for_by_its_name_and_must_prove_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nobody vouches for this certificate, so nothing is said to whoever holds it."""
    with NightscoutServer(tls=server_context(self_signed(tmp_path / "site.pem", "night.example.org"))) as site:
        _names(monkeypatch, ["127.0.0.1"])
        host = f"night.example.org:{site.port}"
        with pytest.raises(ProviderUnavailable):
            Nightscout({host}).check(f"https://{host}", site.token)
        assert site.server_names == ["night.example.org"]
        assert site.requests == []


def test_a_name_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    _names(monkeypatch, socket.EAI_NONAME)
    with pytest.raises(AddressRefused) as caught:
        Nightscout().check(STRANGER, "")
    assert caught.value.reason == "unknown_host"
    with pytest.raises(ProviderUnavailable):  # of a site that was there before, it may pass
        Nightscout().fetch_readings(STRANGER, "", SINCE)


def test_a_name_that_cannot_be_looked_up_now(monkeypatch: pytest.MonkeyPatch) -> None:
    _names(monkeypatch, socket.EAI_AGAIN)
    with pytest.raises(ProviderUnavailable):
        Nightscout().check(STRANGER, "")


@pytest.mark.parametrize(
    ("listed", "url", "reason"),
    [
        ("night.lan", "http://night.lan", "not_https"),  # without TLS only on loopback
        ("night.lan:8443", "https://night.lan", "private"),  # that port, and no other
        ("night.lan", "https://night.lan:8443", "unusual_port"),
        ("night.lan", "https://other.lan", "private"),
        ("127.0.0.1:1", "http://127.0.0.1:2", "not_https"),
        ("192.168.1.5:8443", "https://192.168.1.5", "private"),
    ],
)
def test_a_private_host_means_exactly_itself(
    monkeypatch: pytest.MonkeyPatch, listed: str, url: str, reason: str
) -> None:
    _names(monkeypatch, ["192.168.1.5"])
    with pytest.raises(AddressRefused) as caught:
        Nightscout({listed}).check(url, "")
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("", ""),
        ("/", ""),
        ("/api/v1", ""),
        ("/api/v1/entries.json", ""),
        ("/night/", "/night"),
        ("/night/api/v1/", "/night"),
    ],
)
def test_the_address_is_brought_to_one_form(typed: str, path: str) -> None:
    with NightscoutServer() as site:
        client = Nightscout({site.host})
        kept = client.check(f" {site.url.upper()}{typed} ", site.token)
        assert kept == site.url + path
        assert client.check(kept, site.token) == kept
        assert site.requests[0].path == f"{path}/api/v1/entries/sgv.json"
        assert site.requests[0].headers["Host"] == site.host


def test_an_address_without_a_scheme_means_https(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _names(monkeypatch, ["127.0.0.1"])
    with pytest.raises(AddressRefused):
        Nightscout().check("Night.example.org", "")
    assert asked == ["night.example.org"]


@given(st.text(max_size=40) | st.from_regex(r"https?://[a-z.@:/\[\]0-9%-]{0,40}", fullmatch=True))
@settings(max_examples=300, deadline=None)
def test_r14_no_address_leads_to_loopback(url: str) -> None:
    """Every name leads to loopback here, so whatever is not refused would be called."""
    with pytest.MonkeyPatch.context() as patch:
        _names(patch, ["127.0.0.1"])
        patch.setattr("asyncio.selector_events.BaseSelectorEventLoop.sock_connect", _never)
        with pytest.raises(AddressRefused):
            Nightscout().check(url, "")


def _names(patch: pytest.MonkeyPatch, *answers: list[str] | int) -> list[str]:
    """From now on names lead there: one answer after the other, the last one for good. Returns what is asked."""
    asked: list[str] = []

    def look_up(host: str, port: int, *_args: object, **_more: object) -> list[tuple[Any, ...]]:
        found = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        if isinstance(found, int):
            raise socket.gaierror(found, "no")
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                socket.IPPROTO_TCP,
                "",
                (address, port, 0, 0) if ":" in address else (address, port),
            )
            for address in found
        ]

    patch.setattr(socket, "getaddrinfo", look_up)
    return asked


async def _never(_loop: object, _socket: object, address: tuple[str, int]) -> None:
    raise AssertionError(f"called {address}")
