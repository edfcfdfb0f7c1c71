"""What can be configured, with defaults that work on one machine; every wrong value is named at once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal

REGIONS = ("US", "GB", "IE", "EU", "OTHER")


class BadSettings(Exception):
    """One message that names every bad variable and says what it should be."""


@dataclass(frozen=True)
class Clinic:
    """Whom a patient calls. Empty members are left out on the screen."""

    name: str = ""
    phone: str = ""
    out_of_hours_phone: str = ""
    hours: str = ""
    booking_url: str = ""
    region: str = ""


@dataclass(frozen=True)
class Wearables:
    """Whom steps may come from: our clients at Google, where Google is, and what Nightscout may be reached at."""

    google_client_id: str = ""
    google_client_secret: str = field(default="", repr=False)
    google_fit_client_id: str = ""
    google_fit_client_secret: str = field(default="", repr=False)
    google_auth_url: str = ""
    google_token_url: str = ""
    google_revoke_url: str = ""
    google_health_url: str = ""
    google_fit_url: str = ""
    google_keyset_url: str = ""
    google_webhook_secret: str = field(default="", repr=False)
    nightscout_private_hosts: frozenset[str] = frozenset()
    off: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SecondWays:
    """How reminders go out beside web push; what is empty is not offered."""

    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    ntfy_url: str = ""


@dataclass(frozen=True)
class Keep:
    """How long what has happened is kept, where nothing of the patient's own is lost with it."""

    occurrences: timedelta
    deliveries: timedelta
    tombstones: timedelta
    step_changes: timedelta


@dataclass(frozen=True)
class Settings:
    """See the table in README.md. Secrets never show in a repr."""

    host: str
    port: int
    data_dir: Path
    public_url: str
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    vapid_private_key: str = field(repr=False)
    vapid_subject: str
    push_hosts: frozenset[str]
    sign_up: Literal["open", "closed"]
    clinic: Clinic
    token_keys: tuple[str, ...] = field(repr=False)
    wearables: Wearables
    second_ways: SecondWays
    keep: Keep
    metrics_token: str = field(repr=False)

    @property
    def secure(self) -> bool:
        """Whether patients come by https, which decides the cookie's name and flags."""
        return self.public_url.startswith("https://")

    @property
    def embedded(self) -> bool:
        """One machine, nothing else: SQLite and a file as queue. Only then are keys made at first start."""
        return self.database_url.startswith("sqlite") and not self.redis_url

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> "Settings":
        """Raises BadSettings. Makes the data folder and its secrets in the embedded mode."""
        from server.settings_reader import Reader  # here: the reader knows these classes

        return Reader(os.environ if env is None else env).settings()
