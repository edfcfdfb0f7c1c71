"""What the rest of the program knows of web push: messages, results, and which subscriptions are acceptable."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal, Protocol

from integrations.push_encryption import AUTH_LENGTH, POINT_LENGTH, decode_base64url, encrypt
from integrations.safe_hosts import UrlRefused, is_name, split_url

Urgency = Literal["very-low", "low", "normal", "high"]
Outcome = Literal["accepted", "gone", "needs_resubscribe", "retry", "rejected", "config_fault", "too_large"]

# Bridged browsers (Firefox on Android) may get no more than 2 744 base64 characters: less than RFC 8030 allows.
MAX_PAYLOAD = 2048
MAX_ENDPOINT = 2048
LONGEST_WAIT = 24 * 3600.0

# jmt17.google.com is what Debian's Chromium subscribes at.
KNOWN_HOSTS = frozenset({"fcm.googleapis.com", "jmt17.google.com"})
KNOWN_DOMAINS = ("push.services.mozilla.com", "push.apple.com", "notify.windows.com")

# The settings list further hosts in this form.


class EndpointRefused(ValueError):
    """An endpoint we shall not send to; `reason` is a stable word. The text never holds the endpoint."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"This push address is not accepted: {reason.replace('_', ' ')}.")
        self.reason = reason


class KeysRefused(ValueError):
    """Keys that no message can be encrypted with; `field` says which of the two."""

    def __init__(self, field_name: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field_name


@dataclass(frozen=True)
class Subscription:
    """Where one browser listens. The endpoint is a bearer capability: it never reaches a repr or a log."""

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)


@dataclass(frozen=True)
class PushMessage:
    """One message to one browser. `ttl` is how long it is useful, in seconds, and never 0."""

    delivery_id: str
    subscription: Subscription
    payload: bytes = field(repr=False)
    ttl: int
    urgency: Urgency = "normal"
    topic: str | None = None


@dataclass(frozen=True)
class PushResult:
    """What became of a message. `retry_after` is in seconds and only there when the service said so."""

    delivery_id: str
    outcome: Outcome
    status: int | None = None
    retry_after: float | None = None
    host: str = ""
    detail: str = ""


class PushSender(Protocol):
    """Sends a batch; one result a message, in the same order. Never raises for a message."""

    def send(self, messages: Sequence[PushMessage]) -> list[PushResult]: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Audience:
    """The push service behind an endpoint. `origin` is the `aud` of the VAPID token (RFC 8292 §2)."""

    origin: str
    host: str
    is_extra: bool = False

    @property
    def is_apple(self) -> bool:
        """Apple takes the declarative form (`web_push: 8030`) and insists on a real VAPID subject."""
        return self.host.endswith(".push.apple.com")


def check_endpoint(endpoint: str, extra_hosts: Collection[str] = ()) -> Audience:
    """The audience of an acceptable endpoint; raises EndpointRefused. `extra_hosts` as `check_host` returns them."""
    if len(endpoint) > MAX_ENDPOINT:
        raise EndpointRefused("too_long")
    try:
        place = split_url(endpoint)
    except UrlRefused as error:
        raise EndpointRefused(error.reason) from None
    if len(place.path) < 2:
        raise EndpointRefused("names_no_subscription")
    if place.is_listed(extra_hosts):
        return Audience(place.origin, place.host, True)
    if place.scheme != "https":
        raise EndpointRefused("not_https")
    if place.port not in (None, 443):
        raise EndpointRefused("unusual_port")
    if not is_name(place.host) or not _is_known(place.host):
        raise EndpointRefused("unknown_push_service")
    return Audience(place.origin, place.host)


def _is_known(host: str) -> bool:
    return host in KNOWN_HOSTS or any(host.endswith("." + domain) for domain in KNOWN_DOMAINS)


def service_of(host: str) -> str:
    """The push service that a host belongs to: some have many hosts, and a browser chooses one."""
    return next((domain for domain in KNOWN_DOMAINS if host.endswith("." + domain)), host)


def check_keys(p256dh: str, auth: str) -> None:
    """Raises KeysRefused unless a message can be encrypted with these (Mastodon's validator tries it too)."""
    try:
        point = decode_base64url(p256dh)
    except ValueError:
        raise KeysRefused("p256dh", "p256dh must be base64url") from None
    try:
        secret = decode_base64url(auth)
    except ValueError:
        raise KeysRefused("auth", "auth must be base64url") from None
    if len(point) != POINT_LENGTH or point[0] != 4:
        raise KeysRefused("p256dh", "p256dh must be an uncompressed point of 65 bytes")
    if len(secret) != AUTH_LENGTH:
        raise KeysRefused("auth", "auth must be 16 bytes")
    try:
        encrypt(b"{}", point, secret)
    except ValueError:
        raise KeysRefused("p256dh", "p256dh is not a point on the curve P-256") from None


def message_topic(key: str) -> str:
    """32 characters of base64url for `Topic` and `tag`, the same for the same key (RFC 8030 §5.4)."""
    return base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()).decode()[:32]


def classify(status: int) -> Outcome:
    """What an answer of a push service means. Only 404 and 410 say that a browser is gone."""
    if 200 <= status < 300:
        return "accepted"
    if status in (404, 410):
        return "gone"
    if 300 <= status < 400 or status in (401, 403):
        return "needs_resubscribe"
    if status == 413:
        return "too_large"
    if status in (406, 408, 425, 429) or status >= 500:  # WNS throttles with 406
        return "retry"
    return "rejected"


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait, from seconds or an HTTP date (RFC 9110 §10.2.3); None for nothing or nonsense, at most a day."""
    text = (value or "").strip()
    if re.fullmatch(r"[0-9]{1,12}", text):
        return min(float(text), LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max((at - now).total_seconds(), 0.0), LONGEST_WAIT)
