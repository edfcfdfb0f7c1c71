"""What the tests of Google share: providers that do not wait long, and a PKCE pair."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from datetime import date

from integrations import build_providers
from integrations.google_health import GoogleHealth
from integrations.http import ApiClient
from integrations.provider import StepProvider
from tests.fakes.google import Google

BACK = "http://127.0.0.1:8000/api/v1/wearables/google_health/callback"
STATE = "state-that-nobody-can-guess"
VERIFIER = "verifier-of-at-least-forty-three-characters-0123"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()

MONDAY = date(2026, 11, 16)
SUNDAY = date(2026, 11, 22)


def provider_of(google: Google, name: str = "google_health") -> StepProvider:
    """The provider, as the server gets it."""
    return build_providers(google.credentials())[name]


def impatient_provider_of(google: Google, silent_seconds: float) -> StepProvider:
    """Google Health with other limits than the server's."""
    usual = build_providers(google.credentials())["google_health"]
    assert isinstance(usual, GoogleHealth)
    return replace(usual, api=ApiClient(silent_seconds=silent_seconds))


def consent_address(provider: StepProvider, *, glucose: bool = False) -> str:
    """Where the patient is sent."""
    return provider.authorization_url(state=STATE, challenge=CHALLENGE, redirect_uri=BACK, glucose=glucose)
