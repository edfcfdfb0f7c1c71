"""The HTTP client under web push: pooled, no redirects, cookies or proxy, and only to the open internet."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import aiohttp

from integrations.safe_resolver import GlobalResolver

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 10.0
# What a push service says about a failure is short; more is not read and costs the connection.
MAX_ANSWER = 16 * 1024


@dataclass(frozen=True)
class Answer:
    """What pywebpush wants of a response: a status and a text. The text of an accepted message is not kept."""

    status: int
    headers: Mapping[str, str]

    async def text(self) -> str:
        return ""


class PushTransport:
    """A shared aiohttp session, made inside the loop that uses it. `post` is what WebPusher calls."""

    def __init__(self, extra_hosts: Collection[str], per_host: int) -> None:
        self._timeout = aiohttp.ClientTimeout(total=TOTAL_SECONDS, sock_connect=CONNECT_SECONDS)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=GlobalResolver(extra_hosts), limit=0, limit_per_host=per_host, keepalive_timeout=60
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            timeout=self._timeout,
        )

    async def post(self, url: str, *, data: bytes, headers: Mapping[str, str], **_other: object) -> Answer:
        """POST once. The time-out that pywebpush passes (10 000 s) is left out: the session has its own."""
        async with self._session.post(url, data=data, headers=headers, allow_redirects=False) as response:
            # An answer read to its end gives the connection back to the pool.
            left = MAX_ANSWER
            while left > 0 and (chunk := await response.content.read(left)):
                left -= len(chunk)
            return Answer(response.status, response.headers)

    async def close(self) -> None:
        await self._session.close()
        await asyncio.sleep(0)  # lets the transports of closed connections finish
