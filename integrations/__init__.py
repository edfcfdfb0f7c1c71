"""What Footwell says to the world outside: providers, phones, push services. Knows no server and no database."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from integrations.provider import Credentials, StepProvider


def build_providers(credentials: Credentials) -> dict[str, StepProvider]:
    """The providers that there is a client for, by id."""
    from integrations.google_fit import GoogleFit  # here: only who connects or pulls needs an HTTP client
    from integrations.google_health import GoogleHealth
    from integrations.http import ApiClient
    from integrations.oauth import OAuthClient

    api = ApiClient()
    given = credentials

    def oauth(client_id: str, client_secret: str) -> OAuthClient:
        urls = (given.google_auth_url, given.google_token_url, given.google_revoke_url)
        return OAuthClient(client_id, client_secret, *urls, api=api)

    providers: list[StepProvider] = []
    if given.google_client_id:
        client = oauth(given.google_client_id, given.google_client_secret)
        providers.append(GoogleHealth(client, api, given.google_health_url.rstrip("/")))
    if given.google_fit_client_id:
        client = oauth(given.google_fit_client_id, given.google_fit_client_secret)
        providers.append(GoogleFit(client, api, given.google_fit_url.rstrip("/")))
    return {provider.id: provider for provider in providers}
