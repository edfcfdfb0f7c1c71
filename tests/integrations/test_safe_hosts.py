"""Only addresses of the open internet are called."""

from __future__ import annotations

import asyncio

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from integrations.push import PushMessage, Subscription
from integrations.push_encryption import encode_base64url, public_point
from integrations.safe_hosts import is_global
from integrations.safe_resolver import GlobalResolver, NotGlobal
from integrations.vapid import generate_vapid_key
from integrations.web_push import WebPushSender


async def _resolve(host: str, extra: list[str], found: list[str]) -> list[str]:
    resolver = GlobalResolver(extra)

    async def inner(host: str, port: int, family: int) -> list[dict[str, object]]:
        return [{"host": address} for address in found]

    resolver._inner.resolve = inner  # type: ignore[assignment,method-assign]
    return [result["host"] for result in await resolver.resolve(host)]


def test_the_resolver_keeps_only_global_addresses() -> None:
    mixed = ["192.168.1.1", "8.8.8.8", "::1", "2606:4700::1"]
    assert asyncio.run(_resolve("web.push.apple.com", [], mixed)) == ["8.8.8.8", "2606:4700::1"]
    assert asyncio.run(_resolve("push.lan", ["push.lan:8443"], ["192.168.1.1"])) == ["192.168.1.1"]
    with pytest.raises(NotGlobal):
        asyncio.run(_resolve("web.push.apple.com", [], ["169.254.169.254"]))


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "2002:7f00:1::", "ff02::1", "255.255.255.255",
     "::127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b:1::1", "fec0::1", "fd00:ec2::254",
     "::ffff:0:127.0.0.1", "2001:0:7f00:1::", "192.0.0.192", "168.63.129.16", "::ffff:168.63.129.16", "198.18.0.1"],
)  # fmt: skip
def test_addresses_that_are_not_global(address: str) -> None:
    assert not is_global(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"])
def test_addresses_that_are_global(address: str) -> None:
    assert is_global(address)


def test_a_push_goes_to_the_very_address_that_was_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads into our network as soon as it has been judged gains nothing: it is asked about once."""
    answers = ["8.8.8.8", "127.0.0.1"]
    called: list[object] = []

    async def resolve(self: object, host: str, port: int, family: int) -> list[dict[str, object]]:
        return [{"hostname": host, "host": answers.pop(0), "port": port, "family": 2, "proto": 6, "flags": 4}]

    async def connect(_loop: object, _socket: object, address: object) -> None:
        called.append(address)
        raise OSError("nobody there")

    monkeypatch.setattr("aiohttp.ThreadedResolver.resolve", resolve)
    monkeypatch.setattr("asyncio.selector_events.BaseSelectorEventLoop.sock_connect", connect)
    point = encode_base64url(public_point(ec.derive_private_key(5, ec.SECP256R1()).public_key()))
    subscription = Subscription("https://web.push.apple.com/x", point, encode_base64url(b"a" * 16))
    sender = WebPushSender(generate_vapid_key(), "mailto:ops@example.org")
    assert sender.send_now(PushMessage("d1", subscription, b"{}", 60)).outcome == "retry"
    sender.close()
    assert (called, answers) == ([("8.8.8.8", 443)], ["127.0.0.1"])
