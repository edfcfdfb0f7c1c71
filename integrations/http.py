"""HTTP under providers: no redirects, cookies, proxy or netrc, and no answer that takes or brings too much."""

from __future__ import annotations

import io
import json
import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from http.client import HTTPResponse
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from integrations.provider import (
    AuthorizationExpired,
    AuthorizationRefused,
    ProviderError,
    ProviderRetired,
    ProviderUnavailable,
    RateLimited,
    UnexpectedResponse,
)
from integrations.push import parse_retry_after

CONNECT_SECONDS, SILENT_SECONDS = 5.0, 20.0
WHOLE = 3  # an answer may take so many times as long as a silence within it: 60 s
MAX_BODY = 4 * 1024 * 1024
MAX_QUOTE = 200
AT_ONCE = 32


@dataclass(frozen=True)
class Reply:
    """An answer, whatever its status. The body stays out of the repr: it may hold tokens and health values."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"Reply({self.status}, {len(self.body)} bytes)"

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait. A date is measured against the sender's own clock, which need not be ours."""
        value = self.headers.get("Retry-After", "")
        try:
            now = parsedate_to_datetime(self.headers.get("Date", ""))
        except ValueError:
            return parse_retry_after(value, datetime.max.replace(tzinfo=UTC)) if value.strip().isdecimal() else None
        return parse_retry_after(value, now if now.tzinfo else now.replace(tzinfo=UTC))


class ApiClient:
    """Pooled, and safe to share between threads."""

    def __init__(self, *, silent_seconds: float = SILENT_SECONDS, max_body: int = MAX_BODY) -> None:
        self._timeout = (CONNECT_SECONDS, silent_seconds)
        self._max_body = max_body
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.cookies.set_policy(_NoCookies())
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, _Adapter(pool_maxsize=AT_ONCE))

    @property
    def whole_seconds(self) -> float:
        """The longest that one answer may take, and what is asked for page by page as well."""
        return WHOLE * self._timeout[1]

    def send(
        self,
        method: str,
        url: str,
        *,
        token: str | None = None,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Reply:
        """One request, `body` as JSON. Raises ProviderUnavailable, or UnexpectedResponse for too long an answer."""
        try:
            with self._session.request(
                method,
                url,
                params=query,
                json=body,
                data=form,
                auth=_Bearer(token),
                headers={"Accept": "application/json"},
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                content: bytes = response.raw.read(self._max_body + 1, decode_content=True)
                reply = Reply(response.status_code, response.headers, content)
        except (OSError, HTTPError) as error:  # their texts hold the address, which may hold dates and names
            raise ProviderUnavailable(type(error).__name__) from None
        if len(content) > self._max_body:
            raise UnexpectedResponse(f"{reply.status}, and more than {self._max_body} bytes")
        return reply


def parse_object(reply: Reply) -> dict[str, Any]:
    """The JSON object in an answer; fractions as they were written. A page where JSON was due is not the provider's."""
    try:
        found = json.loads(reply.body, parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, RecursionError):
        if _is_page(reply):
            raise ProviderUnavailable(f"{reply.status} with a page instead of JSON") from None
        raise UnexpectedResponse(f"{reply.status} without readable JSON") from None
    if not isinstance(found, dict):
        raise UnexpectedResponse(f"{reply.status} with JSON that is no object")
    return found


def find_object(reply: Reply) -> dict[str, Any] | None:
    """The JSON object in an answer, if there is one."""
    try:
        return parse_object(reply)
    except ProviderError:
        return None


def error_of(reply: Reply) -> ProviderError:
    """What an unsuccessful answer means by its status alone."""
    status = reply.status
    detail = f"{status} {_quote(reply)}".strip()
    if status == 429:
        return RateLimited(reply.retry_after, detail)
    if status == 410:
        return ProviderRetired(detail)
    # Who answers a token with a page is something on the way, such as a portal that wants a sign-in.
    if status in (408, 425) or status < 400 or status >= 500 or (status in (401, 403) and find_object(reply) is None):
        return ProviderUnavailable(detail, retry_after=reply.retry_after)
    if status == 401:
        return AuthorizationExpired(detail)
    if status == 403:
        return AuthorizationRefused(detail)
    return UnexpectedResponse(detail)


def _is_page(reply: Reply) -> bool:
    return "html" in reply.headers.get("Content-Type", "").lower() or reply.body.lstrip()[:1] == b"<"


def _quote(reply: Reply) -> str:
    """The beginning of a page that says what went wrong. Nothing of JSON, and no word as long as a token."""
    if find_object(reply) is not None or reply.is_success:
        return ""
    text = re.sub(r"<[^<>]*>", " ", reply.body[:4096].decode("utf-8", "replace"))
    words = (word if len(word) < 16 else "…" for word in text.split())
    return "".join(char for char in " ".join(words) if char.isprintable())[:MAX_QUOTE]


def _refuse(constant: str) -> None:
    raise ValueError(constant)


class _Bearer(requests.auth.AuthBase):
    """Set for every request, also without a token: requests would else look into ~/.netrc."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class _NoCookies(DefaultCookiePolicy):
    def set_ok(self, *_: object) -> bool:
        return False


class _TimedFile(io.RawIOBase):
    """What is read from a socket, until the answer as a whole has taken too long: a slow drip breaks no other limit."""

    def __init__(self, file: io.RawIOBase, sock: socket.socket) -> None:
        self._file = file
        self._sock = sock
        self._silent = sock.gettimeout() or SILENT_SECONDS
        self._ends = time.monotonic() + WHOLE * self._silent

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer takes too long")
        self._sock.settimeout(min(left, self._silent))
        return self._file.readinto(buffer)

    def close(self) -> None:
        self._file.close()
        super().close()


class _TimedResponse(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_TimedFile(self.fp.detach(), sock))


class _PlainConnection(HTTPConnection):
    response_class = _TimedResponse


class _SecureConnection(HTTPSConnection):
    response_class = _TimedResponse


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
