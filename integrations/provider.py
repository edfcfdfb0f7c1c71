"""What the rest of the program knows of providers: tokens, days, readings, and the ways in which a call can fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

DataType = Literal["steps", "glucose", "settings"]


@dataclass(frozen=True)
class Credentials:
    """Our clients at the providers, and where those are. A provider without a client id is not offered."""

    google_client_id: str
    google_client_secret: str = field(repr=False)
    google_fit_client_id: str
    google_fit_client_secret: str = field(repr=False)
    google_auth_url: str
    google_token_url: str
    google_revoke_url: str
    google_health_url: str
    google_fit_url: str


@dataclass(frozen=True)
class TokenSet:
    """What a token endpoint answered. Lifetimes are seconds from the answer, as the provider sent them.

    `refresh_token` is None when the provider keeps the old one; `scopes` is None when it said nothing of them.
    """

    access_token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    expires_in: float | None = None
    refresh_expires_in: float | None = None
    scopes: tuple[str, ...] | None = None


@dataclass(frozen=True)
class DailySteps:
    """Steps of one civil day where the patient was. A day that is not in a list is unknown, which is not zero."""

    on: date
    steps: int


@dataclass(frozen=True)
class Device:
    """The tracker behind an account: its name, and when it last reached the provider."""

    name: str
    synced_at: datetime | None


@dataclass(frozen=True)
class Reading:
    """A sugar reading: value and unit as sent. `from_meter` is False for a sensor's own five-minute values."""

    at: datetime
    value: str
    unit: Literal["mg/dL", "mmol/L"]
    context: str
    from_meter: bool = True


class ProviderError(Exception):
    """A call that came to nothing. The text holds no token, no address of a patient and no health value."""

    def __init__(self, detail: str = "", *, reason: str = "") -> None:
        super().__init__(detail or type(self).__name__)
        self.reason = reason


class AuthorizationExpired(ProviderError):
    """The token is not accepted: refresh once, and then the patient must connect again."""


class AuthorizationRefused(ProviderError):
    """Refused although the token is good. It may pass; one that lasts is a consent that was taken away."""


class MissingScope(ProviderError):
    """The patient did not permit this data type; the others go on."""

    def __init__(self, data_type: DataType, detail: str = "") -> None:
        super().__init__(detail)
        self.data_type = data_type


class RateLimited(ProviderError):
    """Too many requests; `retry_after` is in seconds where the provider said so."""

    def __init__(self, retry_after: float | None = None, detail: str = "") -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class ProviderUnavailable(ProviderError):
    """No answer, or one that says that it is not our fault. `retry_after` is in seconds where one was given."""

    def __init__(self, detail: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class UnexpectedResponse(ProviderError):
    """An answer that we cannot read, or a request of ours that the provider cannot: a fault of the program."""


class SetupNeeded(ProviderError):
    """The patient has to do something at the provider first; `link` leads there when it is the provider's own."""

    def __init__(self, link: str | None = None, detail: str = "", *, reason: str = "") -> None:
        super().__init__(detail, reason=reason)
        self.link = link


class ClientRefused(ProviderError):
    """Our own client is refused: whoever runs this server must mend it. The patient's consent is untouched."""


class ProviderRetired(ProviderError):
    """The provider is gone for good."""


class AddressRefused(ValueError):
    """An address that this server shall not ask; `reason` is a stable word. The text never holds the address."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"This address is not accepted: {reason.replace('_', ' ')}.")
        self.reason = reason


class Notice(Protocol):
    """Whose data changed, and on which days; without days, on some. `data_type` is the provider's own word."""

    @property
    def user_id(self) -> str: ...

    @property
    def data_type(self) -> str: ...

    @property
    def operation(self) -> Literal["UPSERT", "DELETE"]: ...

    @property
    def first(self) -> date | None: ...

    @property
    def last(self) -> date | None: ...


class NoticeReader(Protocol):
    """Reads what a provider sends by itself."""

    def is_verification(self, body: object) -> bool:
        """Whether this is the question whether our address is ours."""

    def is_signed(self, body: bytes, signature: str) -> bool:
        """Whether this body is the provider's. Raises ProviderUnavailable when that cannot be told now."""

    def parse(self, body: object) -> Sequence[Notice]:
        """The notices in a body. Raises UnexpectedResponse."""


class ReadingSource(Protocol):
    """A site of the patient's own that knows sugar readings. Every call may raise ProviderError or AddressRefused."""

    def check(self, url: str, token: str) -> str:
        """The address in the form that is kept, after one look with the token."""

    def fetch_readings(self, url: str, token: str, since: datetime) -> list[Reading]:
        """Readings from `since` on, the newest first."""


class StepProvider(Protocol):
    """A cloud that knows a patient's steps, behind OAuth 2 with PKCE. Every call may raise ProviderError."""

    id: str
    name: str
    requests_per_minute: int

    def authorization_url(self, *, state: str, challenge: str, redirect_uri: str, glucose: bool) -> str:
        """Where the patient consents; `challenge` is the S256 of the PKCE verifier (RFC 7636 §4.2)."""

    def exchange_code(self, code: str, *, verifier: str, redirect_uri: str) -> TokenSet:
        """The code that came back, for tokens."""

    def refresh(self, refresh_token: str) -> TokenSet:
        """A fresh access token."""

    def revoke(self, token: str) -> None:
        """Give the consent back."""

    def fetch_user_id(self, access_token: str) -> str | None:
        """A stable name for the account, or None where the provider has none."""

    def fetch_device(self, access_token: str) -> Device | None:
        """The tracker that synced last. Raises MissingScope where the patient does not permit it."""

    def fetch_daily_steps(self, access_token: str, first: date, last: date, *, zone: str) -> list[DailySteps]:
        """The days from `first` to `last`, both included and at most 60, in one request unless it is paged."""

    def fetch_readings(self, access_token: str, since: datetime) -> Sequence[Reading]:
        """Sugar readings from `since` on. Raises MissingScope where the patient does not permit it."""

    def missing_types(self, scopes: Sequence[str], *, glucose: bool) -> list[DataType]:
        """What was asked for and not granted."""
