"""What Google's APIs mean by a refusal: HTTP status, status and reason, never the message (google.rpc.ErrorInfo)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from integrations.http import Reply, error_of, find_object
from integrations.provider import (
    AuthorizationRefused,
    ClientRefused,
    DataType,
    MissingScope,
    ProviderError,
    RateLimited,
    SetupNeeded,
    UnexpectedResponse,
)

_WORD = re.compile(r"[A-Za-z_]{1,60}")
# developers.google.com/health/troubleshooting; the camelCase ones are those of APIs as old as Google Fit.
_NO_SCOPE = {"ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientPermissions"}
_OUR_PROJECT = {"SERVICE_DISABLED", "accessNotConfigured", "CONSUMER_INVALID", "BILLING_DISABLED"}
_TOO_MANY = {"RATE_LIMIT_EXCEEDED", "rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded"}


def reasons_of(reply: Reply) -> list[str]:
    """The stable words of a refusal, the most telling first."""
    found = _member(find_object(reply), "error")
    words = [item.get("reason") for name in ("details", "errors") for item in _items(found.get(name))]
    return [word for word in [*words, found.get("status")] if isinstance(word, str) and _WORD.fullmatch(word)]


def google_error(reply: Reply, data_type: DataType) -> ProviderError:
    """The error that an unsuccessful answer stands for; `data_type` is what was asked for."""
    status, reasons = reply.status, reasons_of(reply)
    detail = " ".join([str(status), *reasons])
    reason = reasons[0].lower()[:40] if reasons else ""
    if status == 412:  # nobody has opened the Google Health app with this account
        return SetupNeeded(None, detail, reason="no_profile")
    if status == 400 and "ACCOUNT_NOT_LINKED" in reasons:
        return SetupNeeded(_link_of(reply), detail, reason="account_not_linked")
    if status == 403:
        if _NO_SCOPE.intersection(reasons):
            return MissingScope(data_type, detail)
        if _OUR_PROJECT.intersection(reasons):
            return ClientRefused(detail, reason=reason)
        if _TOO_MANY.intersection(reasons):
            return RateLimited(reply.retry_after, detail)
        if not reasons[1:] and _is_legacy_account(reply):
            return SetupNeeded(None, detail, reason="legacy_account")
    plain = error_of(reply)
    if isinstance(plain, (AuthorizationRefused, UnexpectedResponse)) and reason:
        return type(plain)(detail, reason=reason)
    return plain


def _is_legacy_account(reply: Reply) -> bool:
    """A Fitbit account that was never moved to Google. Nothing but the message tells it."""
    message = _member(find_object(reply), "error").get("message")
    return isinstance(message, str) and "UberMint" in message


def _link_of(reply: Reply) -> str | None:
    for item in _items(_member(find_object(reply), "error").get("details")):
        link = _member(item, "metadata").get("redirect_uri")
        if isinstance(link, str) and is_google_link(link):
            return link
    return None


def is_google_link(link: str) -> bool:
    """Whether an address may be shown to a patient as Google's own."""
    if len(link) > 300 or not re.fullmatch(r"[\x21-\x7e]+", link) or "\\" in link:
        return False
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    is_google = host == "google.com" or host.endswith(".google.com")
    return parts.scheme == "https" and is_google and port in (None, 443) and "@" not in parts.netloc


def _member(value: object, name: str) -> Mapping[str, Any]:
    found = value.get(name) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _items(value: object) -> Iterator[Mapping[str, Any]]:
    return (item for item in value if isinstance(item, Mapping)) if isinstance(value, list) else iter(())
