"""A strict Nightscout on loopback, as cgm-remote-monitor 15.0 answers for its API v1.

    with NightscoutServer() as site:
        site.entries = [mbg(at, 108), sgv(at, 104)]
        Nightscout({site.host}).fetch_readings(site.url, site.token, since)
        site.script(Answer(503, {"Retry-After": "7"}), Answer(drop=True))

Whatever a request asks that the real one does not know, or that should not be in an address, is in `problems`.
"""

from __future__ import annotations

import asyncio
import json
import re
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from tests.fakes.loop import OnLoopback

KNOWN = re.compile(r"count|find\[(date|type|dateString)\](\[\$(gte|gt|lte|lt|eq)\])?")
DEFAULT_COUNT = 10
DEFAULT_DAYS = 4  # without a filter for the date (lib/server/query.js)


@dataclass(frozen=True)
class Answer:
    """What happens to a request: another status or body, after a delay, byte by byte (`drip`), or not at all."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    delay: float = 0.0
    drip: float = 0.0
    drop: bool = False


@dataclass(frozen=True)
class Request:
    """What was asked."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


def milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def mbg(at: datetime, value: object, **more: object) -> dict[str, object]:
    """A finger-prick."""
    return {"type": "mbg", "mbg": value, "date": milliseconds(at), "device": "meter", **more}


def sgv(at: datetime, value: object, **more: object) -> dict[str, object]:
    """A sensor's value."""
    return {"type": "sgv", "sgv": value, "date": milliseconds(at), "direction": "Flat", **more}


class NightscoutServer(OnLoopback):
    """Use as a context manager. With `tls` the names that clients ask for are in `server_names`."""

    token = "phone-0123456789abcdef"
    """Has the role "readable"."""
    denied_token = "other-fedcba9876543210"
    """Has no role that may read."""

    def __init__(self, *, is_public: bool = False, tls: ssl.SSLContext | None = None, penalty: float = 5.0) -> None:
        self.entries: list[dict[str, object]] = []
        self.requests: list[Request] = []
        self.problems: list[str] = []
        self.server_names: list[str | None] = []
        self.failures = 0
        """Wrong credentials so far; each makes the next request wait `penalty` seconds longer (delaylist.js)."""
        self._penalty = penalty
        self._is_public = is_public
        self.tls = tls
        self._script: list[Answer] = []
        if tls is not None:
            tls.sni_callback = lambda _socket, name, _context: self.server_names.append(name)

    def script(self, *answers: Answer) -> None:
        """What happens to the next requests, one answer each."""
        self._script.extend(answers)

    def _app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        return app

    async def _start(self) -> None:
        self._loop.set_exception_handler(lambda _loop, _context: None)  # clients that hang up in the handshake
        await super()._start()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(Request(request.path, dict(request.query), dict(request.headers)))
        await asyncio.sleep(self.failures * self._penalty)
        if self._script:
            return await self._scripted(request, self._script.pop(0))
        self.problems += [f"unknown parameter {name}" for name in request.query if not KNOWN.fullmatch(name)]
        if not self._may_read(request.headers.get("api-secret")):
            return web.json_response({"status": 401, "message": "Unauthorized"}, status=401)
        match = re.fullmatch(r"(?:/[^/]+)?/api/v1/entries(?:/(sgv|mbg|cal))?\.json", request.path)
        if match is None:
            self.problems.append(f"unknown path {request.path}")
            return web.Response(status=404, text="<!DOCTYPE html><title>Error</title>")
        return web.json_response(self._found(match[1], request.query))

    def _may_read(self, credential: str | None) -> bool:
        """A token may stand where the API secret does. Wrong ones fall back to what everybody may."""
        if credential is None:
            return self._is_public
        if credential not in (self.token, self.denied_token):
            self.failures += 1
        return credential == self.token or self._is_public

    def _found(self, kind: str | None, query: Any) -> list[dict[str, object]]:
        count = int(query.get("count", DEFAULT_COUNT))
        since = query.get("find[date][$gte]")
        first = int(since) if since else milliseconds(datetime.now(UTC) - timedelta(days=DEFAULT_DAYS))
        found = [
            {"_id": f"{number:024x}", **entry}
            for number, entry in enumerate(self.entries)
            if kind in (None, entry["type"]) and int(str(entry["date"])) >= first
        ]
        return sorted(found, key=lambda entry: int(str(entry["date"])), reverse=True)[:count]

    async def _scripted(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        await asyncio.sleep(answer.delay)
        if answer.drop:
            assert request.transport is not None
            request.transport.abort()
            return web.Response(status=500)
        if not answer.drip:
            return web.Response(status=answer.status, headers=answer.headers, body=answer.body)
        response = web.StreamResponse(status=answer.status, headers=answer.headers)
        await response.prepare(request)
        for byte in answer.body:
            await response.write(bytes([byte]))
            await asyncio.sleep(answer.drip)
        return response


def body(*entries: object) -> bytes:
    """A list of entries as a site sends it."""
    return json.dumps(entries).encode()
