"""Google Health v4: where the steps of a Fitbit are, by the patient's own days (developers.google.com/health)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from integrations.google_errors import google_error
from integrations.google_values import child, objects, parse_civil_date, parse_count, parse_moment
from integrations.http import ApiClient, parse_object
from integrations.oauth import OAuthClient
from integrations.phone_values import MAX_STEPS
from integrations.provider import DailySteps, DataType, Device, Reading, TokenSet, UnexpectedResponse
from integrations.sugar import as_written

_SCOPE = "https://www.googleapis.com/auth/googlehealth."
SCOPES: dict[DataType, str] = {
    "steps": f"{_SCOPE}activity_and_fitness.readonly",
    "settings": f"{_SCOPE}settings.readonly",
    "glucose": f"{_SCOPE}health_metrics_and_measurements.readonly",
}
MOST_PAGES = 10
READINGS_A_PAGE = 1000
CONTEXTS = {
    "FASTING": "fasting",
    "BEFORE_MEAL": "before_meal",
    "AFTER_MEAL": "after_meal",
    "BEFORE_BED": "bedtime",
}


@dataclass(frozen=True)
class GoogleHealth:
    """Steps as the patient's own app shows them: merged from all their devices by Google."""

    oauth: OAuthClient
    api: ApiClient
    url: str
    id = "google_health"
    name = "Google Health"
    # A project has 120 000 (developers.google.com/health/rate-limits), and a pull is at most four requests.
    requests_per_minute = 30_000

    def authorization_url(self, *, state: str, challenge: str, redirect_uri: str, glucose: bool) -> str:
        scopes = [scope for kind, scope in SCOPES.items() if glucose or kind != "glucose"]
        return self.oauth.authorization_url(scopes=scopes, state=state, challenge=challenge, redirect_uri=redirect_uri)

    def exchange_code(self, code: str, *, verifier: str, redirect_uri: str) -> TokenSet:
        return self.oauth.exchange_code(code, verifier=verifier, redirect_uri=redirect_uri)

    def refresh(self, refresh_token: str) -> TokenSet:
        return self.oauth.refresh(refresh_token)

    def revoke(self, token: str) -> None:
        self.oauth.revoke(token)

    def missing_types(self, scopes: Sequence[str], *, glucose: bool) -> list[DataType]:
        wanted = (kind for kind in SCOPES if glucose or kind != "glucose")
        return [kind for kind in wanted if SCOPES[kind] not in scopes]

    def fetch_user_id(self, access_token: str) -> str | None:
        found = self._ask("GET", "identity", access_token, "steps").get("healthUserId")
        return found if isinstance(found, str) and re.fullmatch(r"[A-Za-z0-9-]{1,63}", found) else None

    def fetch_device(self, access_token: str) -> Device | None:
        return parse_device(self._ask("GET", "pairedDevices", access_token, "settings", query={"pageSize": "100"}))

    def fetch_daily_steps(self, access_token: str, first: date, last: date, *, zone: str) -> list[DailySteps]:
        """`zone` is not needed: Google knows where the patient's days began.

        The end of the range is not counted by the reference and counted by what others saw; asking for the day after
        and dropping it is right in both cases, and 61 days are within the limit of 90.
        """
        body = {"range": {"start": _civil(first), "end": _civil(last + timedelta(days=1))}, "windowSizeDays": 1}
        days: dict[date, int] = {}
        ask = partial(self._ask, "POST", "dataTypes/steps/dataPoints:dailyRollUp", access_token, "steps")
        for page in self._pages(lambda token: ask(body=body | token)):
            for on, steps in parse_daily_steps(page):
                if first <= on <= last:
                    days[on] = max(steps, days.get(on, 0))  # a day that comes twice is not twice as long
        return [DailySteps(on, days[on]) for on in sorted(days)]

    def fetch_readings(self, access_token: str, since: datetime) -> list[Reading]:
        """Newest first, so that what a cap leaves out is the oldest; of a sensor its newest value alone."""
        moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        query = {
            "filter": f'blood_glucose.sample_time.physical_time >= "{moment}"',
            "pageSize": str(READINGS_A_PAGE),
        }
        ask = partial(self._ask, "GET", "dataTypes/blood-glucose/dataPoints", access_token, "glucose")
        pages = self._pages(lambda token: ask(query=query | token))
        found = [reading for page in pages for reading in parse_readings(page)]
        newest = max((reading.at for reading in found if not reading.from_meter), default=None)
        return [reading for reading in found if reading.from_meter or reading.at == newest]

    def _ask(
        self,
        method: str,
        path: str,
        token: str,
        data_type: DataType,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        reply = self.api.send(method, f"{self.url}/v4/users/me/{path}", token=token, query=query, body=body)
        if not reply.is_success:
            raise google_error(reply, data_type)
        return parse_object(reply)

    def _pages(self, ask: Callable[[dict[str, str]], dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Page after page, until there is no more, a token comes again, or it has been enough or taken too long."""
        ends = time.monotonic() + self.api.whole_seconds
        seen = {""}
        token: dict[str, str] = {}
        while len(seen) <= MOST_PAGES and time.monotonic() < ends:
            page = ask(token)
            yield page
            following = page.get("nextPageToken") or ""
            if not isinstance(following, str):
                raise UnexpectedResponse("a page token that is none")
            if following in seen:
                return
            seen.add(following)
            token = {"pageToken": following}


def _civil(on: date) -> dict[str, Any]:
    return {"date": {"year": on.year, "month": on.month, "day": on.day}}


def parse_daily_steps(answer: Mapping[str, Any]) -> Iterator[tuple[date, int]]:
    """The days of an answer. An empty value is zero steps, and a point without one says nothing.

    developers.google.com/health/data-presence-and-true-zeros
    """
    for point in objects(answer.get("rollupDataPoints")):
        if point.get("steps") is None:
            continue
        on = parse_civil_date(child(point, "civilStartTime"))
        if point.get("civilEndTime") is not None:
            length = parse_civil_date(child(point, "civilEndTime")) - on
            if not timedelta(0) <= length <= timedelta(days=1):
                raise UnexpectedResponse("a window that is longer than a day")
        steps = parse_count(child(point, "steps").get("countSum", 0))
        if steps <= MAX_STEPS:  # what nobody walks in a day is no count of steps
            yield on, steps


def parse_device(answer: Mapping[str, Any]) -> Device | None:
    """The tracker that synced last; scales walk nowhere."""
    found = []
    for device in objects(answer.get("pairedDevices")):
        moment = device.get("lastSyncTime")
        name = device.get("deviceVersion")
        if device.get("deviceType") != "SCALE":
            found.append(Device(_shown(name), None if moment is None else parse_moment(moment)))
    oldest = datetime.min.replace(tzinfo=UTC)
    return max(found, key=lambda device: device.synced_at or oldest, default=None)


def _shown(name: object) -> str:
    words = " ".join(name.split()) if isinstance(name, str) else ""
    return "".join(char for char in words if char.isprintable())[:80]


def parse_readings(answer: Mapping[str, Any]) -> Iterator[Reading]:
    """The sugar readings of an answer, always in mg/dL; a value that no meter shows is left out."""
    for point in objects(answer.get("dataPoints")):
        found = child(point, "bloodGlucose")
        sent = found.get("bloodGlucoseMilligramsPerDeciliter")
        if sent is not None and (not isinstance(sent, (int, Decimal)) or isinstance(sent, bool)):
            raise UnexpectedResponse("a sugar value that is no number")
        value = as_written(sent, "mg/dL")
        if value is None:
            continue
        at = parse_moment(child(found, "sampleTime").get("physicalTime"))
        is_sensor = (
            found.get("measurementSource") == "CONTINUOUS_GLUCOSE_MONITORING"
            or found.get("specimen") == "INTERSTITIAL_FLUID"
        )
        timing = found.get("measurementTiming")
        context = CONTEXTS.get(timing, "other") if isinstance(timing, str) else "other"
        yield Reading(at, value, "mg/dL", context, from_meter=not is_sensor)
