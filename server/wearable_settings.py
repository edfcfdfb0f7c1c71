"""The settings of whom steps may come from."""

from typing import TYPE_CHECKING

from server.settings import Wearables

if TYPE_CHECKING:
    from server.settings_reader import Reader

PROVIDERS = ("google_health", "google_fit", "nightscout", "phone", "apple_export")
GOOGLE = {
    "auth": "https://accounts.google.com/o/oauth2/v2/auth",
    "token": "https://oauth2.googleapis.com/token",
    "revoke": "https://oauth2.googleapis.com/revoke",
    "health": "https://health.googleapis.com",
    "fit": "https://fitness.googleapis.com",
    "keyset": "https://www.gstatic.com/googlehealthapi/webhooks/webhooks_public_keyset.json",
}


def read_wearables(read: "Reader") -> Wearables:
    """What the environment says of providers; problems are left with the reader."""
    google_id, google_secret = _client(read, "FOOTWELL_GOOGLE")
    fit_id, fit_secret = _client(read, "FOOTWELL_GOOGLE_FIT")
    off = frozenset(read.text("FOOTWELL_PROVIDERS_OFF").replace(",", " ").split())
    if off - set(PROVIDERS):
        read.bad("FOOTWELL_PROVIDERS_OFF", f"give some of: {', '.join(PROVIDERS)}")
    return Wearables(
        google_client_id=google_id,
        google_client_secret=google_secret,
        google_fit_client_id=fit_id,
        google_fit_client_secret=fit_secret,
        google_webhook_secret=read.text("FOOTWELL_GOOGLE_WEBHOOK_SECRET"),
        nightscout_private_hosts=read.hosts("FOOTWELL_NIGHTSCOUT_PRIVATE_HOSTS"),
        off=off,
        **{
            f"google_{part}_url": read.provider_url(f"FOOTWELL_GOOGLE_{part.upper()}_URL", usual)
            for part, usual in GOOGLE.items()
        },
    )


def _client(read: "Reader", name: str) -> tuple[str, str]:
    given = read.text(f"{name}_CLIENT_ID"), read.text(f"{name}_CLIENT_SECRET")
    if any(given) and not all(given):
        read.bad(f"{name}_CLIENT_{'ID' if given[1] else 'SECRET'}", "is missing; give both, or neither")
    return given
