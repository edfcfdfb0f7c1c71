"""Only addresses of the open internet are called."""

from __future__ import annotations

import asyncio

import pytest

from integrations.safe_hosts import is_global
from integrations.safe_resolver import GlobalResolver, NotGlobal


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
