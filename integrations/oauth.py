"""OAuth 2: the authorization code with PKCE, refresh and revoke (RFC 6749, 7636, 7009). Nothing refreshes by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

from integrations.http import ApiClient, Reply, error_of, find_object, parse_object
from integrations.provider import (
    AuthorizationExpired,
    ClientRefused,
    ProviderError,
    ProviderUnavailable,
    TokenSet,
    UnexpectedResponse,
)

LONGEST_LIFE = 10 * 365 * 86400.0

# The last two are Google's own words for a client that was deleted or switched off.
_OUR_CLIENT = {
    "invalid_client",
    "unauthorized_client",
    "invalid_scope",
    "redirect_uri_mismatch",
    "deleted_client",
    "disabled_client",
}
_PASSING = {"server_error", "temporarily_unavailable", "internal_failure"}
_WORD = re.compile(r"[a-z_]{1,40}")
_TOKEN = re.compile(r"[\x21-\x7e]{1,8192}")


@dataclass(frozen=True)
class OAuthClient:
    """Our client at one authorization server."""

    client_id: str
    client_secret: str = field(repr=False)
    auth_url: str
    token_url: str
    revoke_url: str
    api: ApiClient = field(repr=False)

    def authorization_url(self, *, scopes: Sequence[str], state: str, challenge: str, redirect_uri: str) -> str:
        """Where the patient consents.

        `offline` and `consent` are what brings a refresh token, each time; what was granted before stays granted
        (developers.google.com/identity/protocols/oauth2/web-server).
        """
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(scopes),
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "access_type": "offline",
            "prompt": "consent",
            "include_granted_scopes": "true",
        }
        return f"{self.auth_url}?{urlencode(query, quote_via=quote)}"

    def exchange_code(self, code: str, *, verifier: str, redirect_uri: str) -> TokenSet:
        """The code that came back, for tokens."""
        return self._ask(grant_type="authorization_code", code=code, code_verifier=verifier, redirect_uri=redirect_uri)

    def refresh(self, refresh_token: str) -> TokenSet:
        """A fresh access token. Scopes are not named: that would ask again for those that were refused."""
        return self._ask(grant_type="refresh_token", refresh_token=refresh_token)

    def revoke(self, token: str) -> None:
        """Give the consent back. One that is gone already is as good."""
        reply = self.api.send("POST", self.revoke_url, form={"token": token})
        if not reply.is_success and _word_of(find_object(reply)) not in ("invalid_token", "invalid_grant"):
            raise _failure(reply)

    def _ask(self, **form: str) -> TokenSet:
        ours = {"client_id": self.client_id, "client_secret": self.client_secret}
        reply = self.api.send("POST", self.token_url, form=form | ours)
        if not reply.is_success:
            raise _failure(reply)
        answer = parse_object(reply)
        if "access_token" not in answer:
            raise _failure(reply)
        return parse_tokens(answer)


def parse_tokens(answer: Mapping[str, Any]) -> TokenSet:
    """The answer of a token endpoint (RFC 6749 §5.1). Raises UnexpectedResponse without a usable token."""
    token, kind = _token(answer.get("access_token")), answer.get("token_type", "Bearer")
    if token is None or not isinstance(kind, str) or kind.lower() != "bearer":
        raise UnexpectedResponse("no bearer token in the answer")
    return TokenSet(
        access_token=token,
        refresh_token=_token(answer.get("refresh_token")),
        expires_in=_seconds(answer.get("expires_in")),
        refresh_expires_in=_seconds(answer.get("refresh_token_expires_in")),
        scopes=_scopes(answer.get("scope")),
    )


def _token(value: object) -> str | None:
    return value if isinstance(value, str) and _TOKEN.fullmatch(value) else None


def _seconds(value: object) -> float | None:
    """A lifetime; None for anything that is none. A number in quotes is one."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, str)):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    return min(seconds, LONGEST_LIFE) if seconds >= 0 else None


def _scopes(value: object) -> tuple[str, ...] | None:
    if isinstance(value, str):
        return tuple(value.split())
    if isinstance(value, list) and all(isinstance(scope, str) for scope in value):
        return tuple(value)
    return None


def _word_of(answer: Mapping[str, Any] | None) -> str:
    """The error's stable word: RFC 6749 §5.2, or the list that Fitbit answered with."""
    if answer is None:
        return ""
    word = answer.get("error")
    errors = answer.get("errors")
    if isinstance(errors, list) and errors and isinstance(errors[0], Mapping):
        word = errors[0].get("errorType")
    return word if isinstance(word, str) and _WORD.fullmatch(word) else ""


def _failure(reply: Reply) -> ProviderError:
    status = reply.status
    if status in (408, 410, 425, 429) or not (reply.is_success or 400 <= status < 500):
        return error_of(reply)  # whatever words an outage repeats: they would end the patient's consent
    answer = find_object(reply)
    word = _word_of(answer)
    detail = f"{status} {word}".strip()
    if word == "invalid_grant":
        return AuthorizationExpired(detail, reason=word)
    if word in _OUR_CLIENT:
        return ClientRefused(detail, reason=word)
    if word in _PASSING:
        return ProviderUnavailable(detail, retry_after=reply.retry_after)
    # A refusal in words that we do not know says nothing of the patient's consent.
    return ProviderUnavailable(detail) if answer is None else UnexpectedResponse(detail, reason=word)
