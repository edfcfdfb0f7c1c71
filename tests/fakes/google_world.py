"""What the Google of the tests keeps: accounts and what they recorded, tokens, scripted answers, requests."""

from __future__ import annotations

import secrets
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal

GOOGLE_SCOPE = "https://www.googleapis.com/auth/"
HEALTH_SCOPE = f"{GOOGLE_SCOPE}googlehealth."
STEPS_SCOPE = f"{HEALTH_SCOPE}activity_and_fitness.readonly"
SETTINGS_SCOPE = f"{HEALTH_SCOPE}settings.readonly"
GLUCOSE_SCOPE = f"{HEALTH_SCOPE}health_metrics_and_measurements.readonly"
FIT_SCOPE = f"{GOOGLE_SCOPE}fitness.activity.read"
SIGN_UP = "https://fitbit.google.com/auth/signup"


@dataclass(frozen=True)
class Answer:
    """What happens to one request. Without a status it is done as usual, after the delay.

    `drop` cuts the connection before anything is done, after it, or in the middle of the answer; `drip` sends the head
    or the body a byte at a time, `pace` seconds each.
    """

    status: int | None = None
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drop: Literal["before", "after", "within"] | None = None
    drip: Literal["head", "body"] | None = None
    pace: float = 0.05


def google_answer(status: int, word: str = "", reason: str = "", *, message: str = "no", link: str = "") -> Answer:
    """A refusal in the shape of google.rpc.Status."""
    error: dict[str, Any] = {"code": status, "message": message, "status": word}
    if reason:
        kind = "type.googleapis.com/google.rpc.ErrorInfo"
        error["details"] = [{"@type": kind, "reason": reason, "domain": "health.googleapis.com"}]
        if link:
            error["details"][0]["metadata"] = {"redirect_uri": link}
    return Answer(status, {"error": error})


@dataclass
class Account:
    """One person at Google. A day that is not in `days` is unknown there; `fit_days` None is no step source at all."""

    health_user_id: str = "111111256096816351"
    days: dict[date, int] = field(default_factory=dict)
    fit_days: dict[date, int] | None = field(default_factory=dict)
    readings: list[dict[str, Any]] = field(default_factory=list)
    devices: list[dict[str, Any]] = field(default_factory=list)
    is_linked: bool = True
    is_legacy: bool = False

    def add_reading(self, at: datetime, mg_dl: float, **members: Any) -> None:
        """A sugar reading; `members` of BloodGlucose."""
        moment = {"physicalTime": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", "utcOffset": "3600s"}
        value = {"sampleTime": moment, "bloodGlucoseMilligramsPerDeciliter": mg_dl}
        self.readings.append({"bloodGlucose": value | members})

    def add_device(self, name: str, synced_at: datetime | None = None, **members: Any) -> None:
        """A tracker; `members` of PairedDevice."""
        device = {"name": f"users/me/pairedDevices/{len(self.devices)}", "deviceType": "TRACKER", "deviceVersion": name}
        if synced_at is not None:
            device["lastSyncTime"] = f"{synced_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        self.devices.append(device | members)


@dataclass(frozen=True)
class Grant:
    """What a token stands for."""

    account: Account
    client_id: str
    scopes: tuple[str, ...]
    expires_at: float = float("inf")


@dataclass(frozen=True)
class Code:
    """What a consent page gave for a token endpoint to take."""

    grant: Grant
    redirect_uri: str
    challenge: str
    made_at: float


@dataclass(frozen=True)
class Call:
    """A request as it came."""

    headers: dict[str, str]
    query: dict[str, str]
    body: Any


class World:
    """The state; a test reads and changes it at any time."""

    def __init__(self) -> None:
        self.account = Account()
        """Who is signed in where the consent page is opened."""
        self.clients = {"health-client": "health-secret", "fit-client": "fit-secret"}
        self.redirect_uris: set[str] = set()
        """Those that are registered; while there are none, any is."""
        self.problems: list[str] = []
        """Every request that the reference does not allow; empty in a healthy test."""
        self.calls: defaultdict[str, list[Call]] = defaultdict(list)
        """By name: consent, token, revoke, identity, devices, steps, glucose, fit, keyset."""
        self.codes: dict[str, Code] = {}
        self.access: dict[str, Grant] = {}
        self.refresh: dict[str, Grant] = {}
        self.token_seconds = 3599
        self.refresh_seconds: int | None = None
        """604799 is a client in "Testing"."""
        self.rotates = False
        self.page_size: int | None = None
        """Days or readings a page, whatever was asked for."""
        self.end_counts = False
        """Whether the end of a range of days is counted; the reference says no, others saw it."""
        self._scripts: defaultdict[str, list[Answer]] = defaultdict(list)
        self._always: dict[str, Answer] = {}

    def script(self, name: str, *answers: Answer) -> None:
        """What happens to the next requests of this name, one answer each."""
        self._scripts[name].extend(answers)

    def always(self, name: str, answer: Answer | None) -> None:
        """What happens to every request of this name that has no script; None ends it."""
        if answer is None:
            self._always.pop(name, None)
        else:
            self._always[name] = answer

    def next_answer(self, name: str) -> Answer:
        """The answer for a request of this name."""
        script = self._scripts[name]
        return script.pop(0) if script else self._always.get(name, Answer())

    @property
    def counts(self) -> Counter[str]:
        """How many requests of each name came."""
        return Counter({name: len(calls) for name, calls in self.calls.items()})

    def grant(self, scopes: Iterable[str], *, account: Account | None = None, client_id: str = "health-client") -> str:
        """An access token without the way through the pages."""
        return self.new_access(Grant(account or self.account, client_id, tuple(scopes)))

    def new_access(self, grant: Grant) -> str:
        """An access token that lives as long as tokens do now."""
        token = f"ya29.{secrets.token_urlsafe(48)}"
        expires_at = time.time() + self.token_seconds
        self.access[token] = Grant(grant.account, grant.client_id, grant.scopes, expires_at)
        return token

    def new_refresh(self, grant: Grant) -> str:
        """A refresh token."""
        token = f"1//0g{secrets.token_urlsafe(48)}"
        self.refresh[token] = grant
        return token

    def expire_access(self) -> None:
        """No access token is accepted any more; refresh tokens are."""
        self.access.clear()

    def revoke_all(self, account: Account) -> None:
        """What happens when a person takes the consent back in their Google account."""
        for tokens in (self.access, self.refresh):
            for token in [token for token, grant in tokens.items() if grant.account is account]:
                del tokens[token]
