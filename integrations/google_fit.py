"""Google Fit REST, for owners of a client from before May 2024; Google ends it with 2026. Steps only.

developer.android.com/health-and-fitness/health-connect/migration/fit
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from integrations.google_errors import google_error, reasons_of
from integrations.google_values import objects, parse_count
from integrations.http import ApiClient, parse_object
from integrations.oauth import OAuthClient
from integrations.phone_values import MAX_STEPS
from integrations.provider import DailySteps, DataType, Device, MissingScope, Reading, TokenSet, UnexpectedResponse

SCOPE = "https://www.googleapis.com/auth/fitness.activity.read"
# What the Fit app shows; any other sum of the same steps differs (developers.google.com/fit/faq).
SHOWN = {"dataSourceId": "derived:com.google.step_count.delta:com.google.android.gms:estimated_steps"}
ANY = {"dataTypeName": "com.google.step_count.delta"}


@dataclass(frozen=True)
class GoogleFit:
    """Steps of a phone with Google Fit."""

    oauth: OAuthClient
    api: ApiClient
    url: str
    id = "google_fit"
    name = "Google Fit"
    requests_per_minute = 3_000  # Google no longer says how many; a pull is at most two

    def authorization_url(self, *, state: str, challenge: str, redirect_uri: str, glucose: bool) -> str:
        return self.oauth.authorization_url(scopes=[SCOPE], state=state, challenge=challenge, redirect_uri=redirect_uri)

    def exchange_code(self, code: str, *, verifier: str, redirect_uri: str) -> TokenSet:
        return self.oauth.exchange_code(code, verifier=verifier, redirect_uri=redirect_uri)

    def refresh(self, refresh_token: str) -> TokenSet:
        return self.oauth.refresh(refresh_token)

    def revoke(self, token: str) -> None:
        self.oauth.revoke(token)

    def missing_types(self, scopes: Sequence[str], *, glucose: bool) -> list[DataType]:
        missing: list[DataType] = [] if SCOPE in scopes else ["steps"]
        return [*missing, "glucose"] if glucose else missing

    def fetch_user_id(self, access_token: str) -> str | None:
        return None

    def fetch_device(self, access_token: str) -> Device | None:
        return None

    def fetch_readings(self, access_token: str, since: datetime) -> Sequence[Reading]:
        raise MissingScope("glucose", "Google Fit is read for steps only")

    def fetch_daily_steps(self, access_token: str, first: date, last: date, *, zone: str) -> list[DailySteps]:
        home = ZoneInfo(zone)
        body = {
            # Days by the calendar: a duration of 24 hours shifts or repeats one when the clocks change.
            "bucketByTime": {"period": {"type": "day", "value": 1, "timeZoneId": zone}},
            "startTimeMillis": _midnight(first, home),
            "endTimeMillis": _midnight(last + timedelta(days=1), home),
        }
        url = f"{self.url}/fitness/v1/users/me/dataset:aggregate"
        reply = self.api.send("POST", url, token=access_token, body={"aggregateBy": [SHOWN]} | body)
        # An account that never counted steps has no such source, which looks like any other refusal.
        if reply.status == 403 and reasons_of(reply)[:1] == ["forbidden"]:
            reply = self.api.send("POST", url, token=access_token, body={"aggregateBy": [ANY]} | body)
        if not reply.is_success:
            raise google_error(reply, "steps")
        found = sorted(parse_buckets(parse_object(reply), home))
        return [DailySteps(on, steps) for on, steps in found if first <= on <= last]


def _midnight(on: date, home: ZoneInfo) -> str:
    """Where the clocks skip midnight, the moment that they skip to."""
    return str(int(datetime(on.year, on.month, on.day, tzinfo=home).timestamp()) * 1000)


def parse_buckets(answer: Mapping[str, Any], home: ZoneInfo) -> Iterator[tuple[date, int]]:
    """The days of an answer. A bucket without points says nothing of its day."""
    for bucket in objects(answer.get("bucket")):
        points = [point for dataset in objects(bucket.get("dataset")) for point in objects(dataset.get("point"))]
        values = [value for point in points for value in objects(point.get("value"))]
        if values:
            steps = sum(parse_count(value.get("intVal", 0)) for value in values)
            if steps <= MAX_STEPS:
                yield _local_date(parse_count(bucket.get("startTimeMillis")), home), steps


def _local_date(millis: int, home: ZoneInfo) -> date:
    try:
        return datetime.fromtimestamp(millis / 1000, UTC).astimezone(home).date()
    except (ValueError, OverflowError, OSError):
        raise UnexpectedResponse("a day that is none") from None
