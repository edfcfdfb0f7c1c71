"""A provider in memory: answers what a test says and remembers what it was asked. The clients have real servers."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from integrations.provider import AuthorizationExpired, DailySteps, DataType, Device, Reading, TokenSet

HOUR = 3600.0


@dataclass
class ScriptedProvider:
    """`days` is what it knows; `fail` is raised by the next reads, one each; `refreshes` counts fresh tokens."""

    id: str = "google_health"
    name: str = "Google Health"
    requests_per_minute: int = 10_000
    days: dict[date, int] = field(default_factory=dict)
    device: Device | None = None
    readings: list[Reading] = field(default_factory=list)
    fail: list[Exception] = field(default_factory=list)
    fail_refresh: list[Exception] = field(default_factory=list)
    granted: tuple[str, ...] = ("steps", "settings")
    user_id: str = "111122223333"
    accepts: set[str] = field(default_factory=lambda: {"access-0"})
    asked: list[tuple[date, date]] = field(default_factory=list)
    refreshes: int = 0
    revoked: list[str] = field(default_factory=list)
    rotates: bool = False
    while_reading: Callable[[], None] = lambda: None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def authorization_url(self, *, state: str, challenge: str, redirect_uri: str, glucose: bool) -> str:
        return f"https://consent.example/?state={state}&challenge={challenge}&to={redirect_uri}&glucose={glucose}"

    def exchange_code(self, code: str, *, verifier: str, redirect_uri: str) -> TokenSet:
        if code != "good":
            raise AuthorizationExpired
        return TokenSet("access-0", "refresh-0", expires_in=HOUR, scopes=self.granted)

    def refresh(self, refresh_token: str) -> TokenSet:
        if self.fail_refresh:
            raise self.fail_refresh.pop(0)
        with self.lock:
            wanted = f"refresh-{self.refreshes}" if self.rotates else "refresh-0"
            if refresh_token != wanted:
                raise AuthorizationExpired
            self.refreshes += 1
            fresh = f"access-{self.refreshes}"
            self.accepts = {fresh}
            new = f"refresh-{self.refreshes}" if self.rotates else None
        return TokenSet(fresh, new, expires_in=HOUR)

    def revoke(self, token: str) -> None:
        self.revoked.append(token)

    def fetch_user_id(self, access_token: str) -> str | None:
        return self.user_id

    def fetch_device(self, access_token: str) -> Device | None:
        return self.device

    def fetch_daily_steps(self, access_token: str, first: date, last: date, *, zone: str) -> list[DailySteps]:
        self.asked.append((first, last))
        self.while_reading()
        if access_token not in self.accepts:
            raise AuthorizationExpired
        if self.fail:
            raise self.fail.pop(0)
        return [DailySteps(on, steps) for on, steps in sorted(self.days.items()) if first <= on <= last]

    def fetch_readings(self, access_token: str, since: datetime) -> Sequence[Reading]:
        return [reading for reading in self.readings if reading.at >= since]

    def missing_types(self, scopes: Sequence[str], *, glucose: bool) -> list[DataType]:
        wanted: list[DataType] = ["steps", "settings", *(["glucose"] if glucose else [])]  # type: ignore[list-item]
        return [kind for kind in wanted if kind not in scopes]


@dataclass
class ScriptedSite:
    """A Nightscout site in memory."""

    readings: list[Reading] = field(default_factory=list)
    fail: list[Exception] = field(default_factory=list)
    asked: int = 0

    def check(self, url: str, token: str) -> str:
        self._asked()
        return url.rstrip("/")

    def fetch_readings(self, url: str, token: str, since: datetime) -> list[Reading]:
        self._asked()
        return [reading for reading in self.readings if reading.at >= since]

    def _asked(self) -> None:
        self.asked += 1
        if self.fail:
            raise self.fail.pop(0)


def week_of(last: date, steps: int = 4000) -> dict[date, int]:
    """Seven days that end with `last`."""
    return {last - timedelta(days=back): steps + back for back in range(7)}


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 22, hour, minute, tzinfo=UTC)
