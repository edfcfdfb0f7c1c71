"""Reads sugar readings from a Nightscout site of the patient's own (github.com/nightscout/cgm-remote-monitor, API v1).

The address is the patient's word and our server calls it: https only, no redirects, nothing but the open internet
unless whoever runs the server lists the host. Nightscout makes whoever guesses wait longer each time, so a token that
it does not take is not tried a second time.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import re
import socket
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta

import aiohttp

from integrations.provider import (
    AddressRefused,
    AuthorizationExpired,
    AuthorizationRefused,
    ProviderUnavailable,
    RateLimited,
    Reading,
    UnexpectedResponse,
)
from integrations.push import parse_retry_after
from integrations.safe_hosts import Place, UrlRefused, is_global, is_name, split_url
from integrations.safe_resolver import GlobalResolver, NotGlobal
from integrations.sugar import as_written

STEP_SECONDS = 10.0
TOTAL_SECONDS = 20.0
MAX_BODY = 1024 * 1024
MAX_URL = 500
MOST_READINGS = 1000
# The newest of a sensor may be error codes for a while; it writes every five minutes.
NEWEST = 12
# Below this a sensor's number is an error code (errorcodes.js).
LOWEST_OF_SENSOR = 39

_TOKEN = re.compile(r"[!-~]{1,500}")
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class Nightscout:
    """A ReadingSource. `private_hosts`, as `check_host` returns them, may be private, and without TLS on loopback."""

    def __init__(
        self, private_hosts: Collection[str] = frozenset(), *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._private_hosts = private_hosts
        self._clock = clock

    def check(self, url: str, token: str) -> str:
        """The address in the form that is kept, after one look with the token."""
        place = self._place(url)
        since = self._clock() - timedelta(days=1)
        try:
            self._fetch(place, token, "sgv", since, 1)
        except _UnknownHost:
            raise AddressRefused("unknown_host") from None
        return place.origin + place.path

    def fetch_readings(self, url: str, token: str, since: datetime) -> list[Reading]:
        """What meters read from `since` on, and of a sensor its newest value; the newest first."""
        place = self._place(url)
        pricks = self._fetch(place, token, "mbg", since, MOST_READINGS)
        values = self._fetch(place, token, "sgv", since, NEWEST)
        readings = {reading.at: reading for entry in pricks if (reading := _reading(entry, "mbg", since))}
        sensed = [reading for entry in values if (reading := _reading(entry, "sgv", since))]
        if sensed:
            newest = max(sensed, key=lambda reading: reading.at)
            readings.setdefault(newest.at, newest)
        return sorted(readings.values(), key=lambda reading: reading.at, reverse=True)

    def _place(self, url: str) -> Place:
        """Where an address leads, if we may go there; raises AddressRefused."""
        url = url.strip()
        if "://" not in url:
            url = f"https://{url}"
        if len(url) > MAX_URL:
            raise AddressRefused("too_long")
        try:
            place = split_url(url)
        except UrlRefused as error:
            raise AddressRefused(error.reason) from None
        if place.query or "?" in url:
            raise AddressRefused("has_a_query")  # a token, as it stands in the bar of the browser
        path = re.sub(r"(/api/v1(/.*)?)?/*$", "", place.path)
        place = Place(place.scheme, place.host, place.port, path, "")
        if place.is_listed(self._private_hosts):
            return place
        if place.scheme != "https":
            raise AddressRefused("not_https")
        if place.port not in (None, 443):
            raise AddressRefused("unusual_port")
        _check_host(place.host)
        return place

    def _fetch(self, place: Place, token: str, kind: str, since: datetime, count: int) -> list[object]:
        if token and not _TOKEN.fullmatch(token):
            raise AuthorizationExpired("the token has characters that no token has")
        listed = {place.shown} if place.is_listed(self._private_hosts) else set()
        query = {"find[date][$gte]": str(int(since.timestamp() * 1000)), "count": str(count)}
        # A header, since addresses end up in logs; the site looks for a token there as well (lib/authorization).
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"} | (
            {"api-secret": token} if token else {}
        )
        url = f"{place.origin}{place.path}/api/v1/entries/{kind}.json"
        body = asyncio.run(_get(url, query, headers, listed, self._clock()))
        try:
            entries = json.loads(body)
        except (ValueError, RecursionError):
            raise UnexpectedResponse("the answer is no JSON") from None
        if not isinstance(entries, list):
            raise UnexpectedResponse("the answer is no list of entries")
        return entries


class _UnknownHost(ProviderUnavailable):
    """No such name. Of a site that was there before it may pass."""


def _check_host(host: str) -> None:
    """aiohttp takes a host of digits and dots for an address, and asks no resolver: neither of 127.1 nor 2130706433."""
    if ":" in host or host.replace(".", "").isdigit():
        try:
            good = is_global(str(ipaddress.ip_address(host)))
        except ValueError:
            raise AddressRefused("not_a_url") from None
        if not good:
            raise AddressRefused("private")
    elif not is_name(host):
        raise AddressRefused("not_a_url")


async def _get(
    url: str, query: Mapping[str, str], headers: Mapping[str, str], private: Collection[str], now: datetime
) -> bytes:
    timeout = aiohttp.ClientTimeout(total=TOTAL_SECONDS, sock_connect=STEP_SECONDS, sock_read=STEP_SECONDS)
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(resolver=GlobalResolver(private)),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
        timeout=timeout,
        middlewares=(_once,),
    )
    try:
        async with session, session.get(url, params=query, headers=headers, allow_redirects=False) as response:
            _check_status(response.status, response.headers, now)
            body = bytearray()
            async for piece in response.content.iter_any():
                body += piece
                if len(body) > MAX_BODY:
                    raise UnexpectedResponse("the answer is too long")
            return bytes(body)
    except aiohttp.ClientConnectorDNSError as error:
        cause = error.os_error
        if isinstance(cause, NotGlobal):
            raise AddressRefused("private") from None
        if isinstance(cause, socket.gaierror) and cause.errno in (socket.EAI_NONAME, socket.EAI_NODATA):
            raise _UnknownHost("the site's name is not known") from None
        raise ProviderUnavailable("the site's name cannot be looked up") from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise ProviderUnavailable(type(error).__name__) from None


async def _once(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """aiohttp sends a GET again when the connection was lost. To the site that could be a second guess."""
    try:
        return await send(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise ProviderUnavailable(type(error).__name__) from None


def _check_status(status: int, headers: Mapping[str, str], now: datetime) -> None:
    """Raises what an answer other than 200 means."""
    wait = parse_retry_after(headers.get("Retry-After"), now)
    if status == 401:
        raise AuthorizationExpired("status 401")
    if status == 403:
        raise AuthorizationRefused("status 403")
    if status == 429:
        raise RateLimited(wait, "status 429")
    if status == 408 or status >= 500:
        raise ProviderUnavailable(f"status {status}", retry_after=wait)
    if status != 200:
        raise UnexpectedResponse(f"status {status}")


def _reading(entry: object, kind: str, since: datetime) -> Reading | None:
    """An entry of that kind, always in mg/dL; None for what is none."""
    if not isinstance(entry, Mapping) or entry.get("type") != kind:
        return None
    at = _moment(entry.get("date"))
    value = as_written(entry.get(kind), "mg/dL")
    if at is None or at < since or value is None or (kind == "sgv" and float(value) < LOWEST_OF_SENSOR):
        return None
    return Reading(at, value, "mg/dL", "other", from_meter=kind == "mbg")


def _moment(value: object) -> datetime | None:
    """Milliseconds since 1970; None for what is no moment of this century."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not _EARLIEST.timestamp() * 1000 <= value < _LATEST.timestamp() * 1000:
        return None
    return datetime.fromtimestamp(value / 1000, UTC)
