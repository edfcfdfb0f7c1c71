"""Resolves the names of hosts that strangers name, for connections to the open internet and nowhere else."""

from __future__ import annotations

import socket
from collections.abc import Collection

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from integrations.safe_hosts import is_global


class NotGlobal(OSError):
    """A host's name that leads into a private network."""


class GlobalResolver(AbstractResolver):
    """Resolves names and drops private, loopback, link-local and other special addresses, unless the host is listed.

    The connection goes to the address checked here, so a name that changes between check and use gains nothing. aiohttp
    does not ask a resolver about an address in digits: check those with `is_global` first.
    """

    def __init__(self, extra_hosts: Collection[str]) -> None:
        self._inner = aiohttp.ThreadedResolver()
        self._extra_names = {entry.rsplit(":", 1)[0] if not entry.endswith("]") else entry for entry in extra_hosts}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        if host in self._extra_names:
            return found
        kept = [result for result in found if is_global(result["host"])]
        if not kept:
            raise NotGlobal("the host has no address on the open internet")
        return kept

    async def close(self) -> None:
        await self._inner.close()
