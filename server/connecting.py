"""Consents: from the first tap to a sealed token. The part of connecting that goes over the network."""

import base64
import hashlib
import logging
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from integrations.provider import (
    AddressRefused,
    AuthorizationExpired,
    ClientRefused,
    MissingScope,
    ProviderError,
    ProviderRetired,
    ProviderUnavailable,
    RateLimited,
    ReadingSource,
    SetupNeeded,
    StepProvider,
    TokenSet,
)
from server.errors import Conflict, DomainError, Invalid
from server.models import AnyRow
from server.services import wearables
from server.services.owner import Owner
from server.vault import Unreadable, Vault

log = logging.getLogger(__name__)

ADDRESS_WORDS = {
    "not_a_url": "Give the whole address, as https://night.example.org.",
    "not_https": "The address must start with https://.",
    "private": "This address is inside a network. Whoever runs this server can allow it.",
    "unknown_host": "There is no such site. Check the spelling.",
    "has_a_query": "Give the address without what follows the ?; a token has its own field.",
    "unusual_port": "Only the usual port of https can be used. Whoever runs this server can allow another.",
}


class Connecting:
    """Begins a consent, takes what comes back, and gives it up again."""

    def __init__(
        self, providers: Mapping[str, StepProvider], nightscout: ReadingSource, vault: Vault, public_url: str
    ) -> None:
        self._providers = providers
        self._nightscout = nightscout
        self._vault = vault
        self._public_url = public_url

    def redirect_uri(self, provider: str) -> str:
        """The address that whoever runs this server registers with the provider, to the letter."""
        return f"{self._public_url}/api/v1/wearables/{provider}/callback"

    def begin(self, db: Session, owner: Owner, provider: str, *, glucose: bool, now: datetime) -> str:
        """The address of the provider's consent page."""
        verifier = secrets.token_urlsafe(48)
        sealed = self._vault.seal({"verifier": verifier})
        state = wearables.begin_authorization(db, owner, provider, glucose=glucose, sealed=sealed, now=now)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        uri = self.redirect_uri(provider)
        return self._providers[provider].authorization_url(
            state=state, challenge=challenge, redirect_uri=uri, glucose=glucose
        )

    def exchange(self, request: AnyRow, code: str, *, now: datetime) -> wearables.Consent:
        """What the code that came back is worth. Raises DomainError with words for the patient."""
        provider = self._providers.get(request.provider)
        if provider is None:
            raise Conflict("This server no longer connects this. Ask whoever runs it.", code="not_offered")
        try:
            verifier = self._vault.open(request.sealed)["verifier"]
            tokens = provider.exchange_code(code, verifier=verifier, redirect_uri=self.redirect_uri(provider.id))
            return self._consent(provider, tokens, glucose=request.glucose, now=now)
        except Unreadable:
            raise Conflict("This took too long. Start again in Devices.", code="start_again") from None
        except ProviderError as error:
            log.warning("consent for %s came to nothing: %s", provider.id, type(error).__name__)
            raise refused(error) from None

    def _consent(self, provider: StepProvider, tokens: TokenSet, *, glucose: bool, now: datetime) -> wearables.Consent:
        user_id = None
        with suppress(SetupNeeded):  # a good consent of an account that is not ready: the first pull says what to do
            user_id = provider.fetch_user_id(tokens.access_token)
        # A reply that names no scopes grants what was asked for (RFC 6749 §5.1).
        scopes = tokens.scopes or ()
        missing = () if tokens.scopes is None else provider.missing_types(scopes, glucose=glucose)
        return wearables.Consent(
            sealed=self._vault.seal(sealed_tokens(tokens)),
            scopes=scopes,
            missing=missing,
            provider_user_id=user_id,
            token_expires_at=later(now, tokens.expires_in),
            consent_expires_at=later(now, tokens.refresh_expires_in),
        )

    def park(self, db: Session, request: AnyRow, consent: wearables.Consent) -> None:
        """Keep a consent that came back without the app's sign-in, until the app confirms it."""
        parts: dict[str, Any] = {
            "sealed": consent.sealed.decode(),
            "scopes": list(consent.scopes),
            "missing": list(consent.missing),
            "provider_user_id": consent.provider_user_id,
            "token_expires_at": consent.token_expires_at and consent.token_expires_at.isoformat(),
            "consent_expires_at": consent.consent_expires_at and consent.consent_expires_at.isoformat(),
        }
        wearables.park(db, request, self._vault.seal(parts))

    def confirm(self, db: Session, owner: Owner, provider: str, *, now: datetime) -> None:
        """Connect what was parked. Raises NotFound, Conflict."""
        request = wearables.take_parked(db, owner, provider, now=now)
        try:
            parts = self._vault.open(request.parked)
        except Unreadable:
            raise Conflict("This took too long. Start again in Devices.", code="start_again") from None
        for name in ("token_expires_at", "consent_expires_at"):
            parts[name] = parts[name] and datetime.fromisoformat(parts[name])
        consent = wearables.Consent(**{**parts, "sealed": parts["sealed"].encode()})
        wearables.save_connection(db, owner, provider, consent, glucose=request.glucose, now=now)

    def try_nightscout(self, url: str, token: str) -> wearables.Consent:
        """Ask a site once whether the token may read. Raises Invalid, Conflict."""
        try:
            address = self._nightscout.check(url, token)
        except AddressRefused as error:
            words = {"url": [ADDRESS_WORDS.get(error.reason, ADDRESS_WORDS["not_a_url"])]}
            raise Invalid("This address cannot be used.", code="address_refused", errors=words) from None
        except AuthorizationExpired:
            words = {"token": ["The site does not take this token. It needs the role “readable”."]}
            raise Invalid("The site does not take this token.", code="token_refused", errors=words) from None
        except ProviderError as error:
            raise refused(error) from None
        return wearables.Consent(
            sealed=self._vault.seal({"url": address, "token": token}),
            scopes=(),
            missing=(),
            provider_user_id=None,
            token_expires_at=None,
            consent_expires_at=None,
        )

    def revoke(self, provider: str, sealed: bytes | None) -> None:
        """Give a consent back, as well as it goes: our own copy is gone already."""
        known = self._providers.get(provider)
        if known is None or sealed is None:
            return
        try:
            tokens = self._vault.open(sealed)
            known.revoke(tokens.get("refresh_token") or tokens["access_token"])
        except (ProviderError, Unreadable, KeyError) as error:
            log.info("revoking at %s came to nothing: %s", provider, type(error).__name__)


def sealed_tokens(tokens: TokenSet, old_refresh_token: str | None = None) -> dict[str, Any]:
    """What is kept of an answer. A provider that sends no new refresh token means the old one."""
    return {"access_token": tokens.access_token, "refresh_token": tokens.refresh_token or old_refresh_token}


def later(now: datetime, seconds: float | None) -> datetime | None:
    """The moment `seconds` from now."""
    return None if seconds is None else now + timedelta(seconds=seconds)


def refused(error: ProviderError) -> DomainError:
    """Why a consent came to nothing, in words for the patient."""
    if isinstance(error, ClientRefused):
        return Conflict("The other side does not accept this server. Tell whoever runs it.", code="admin_problem")
    if isinstance(error, (ProviderUnavailable, RateLimited)):
        return Conflict("The other side does not answer now. Try again in a few minutes.", code="try_later")
    if isinstance(error, MissingScope):
        return Conflict("You did not permit steps. Connect again and leave the tick there.", code="steps_not_permitted")
    if isinstance(error, ProviderRetired):
        return Conflict("The other side has ended this for good.", code="retired")
    if isinstance(error, AuthorizationExpired):
        return Conflict("The other side did not accept this. Start again in Devices.", code="start_again")
    return Conflict("The other side sent something that we cannot read. Try again later.", code="try_later")
