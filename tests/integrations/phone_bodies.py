"""Bodies as phones send them, written after the public formats of each app; every one is read as it stands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from integrations.phone import Ingest, parse_ingest

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 9, 20, tzinfo=UTC)


def health_auto_export(*records: dict[str, Any], **metric: Any) -> dict[str, Any]:
    """Health Auto Export with these step records."""
    return {"data": {"metrics": [{"name": "step_count", "units": "count", "data": list(records)} | metric]}}


def hc_webhook(*records: dict[str, Any], timestamp: str = "2026-11-22T09:15:07.512Z", **more: Any) -> dict[str, Any]:
    """HC Webhook with these step records."""
    return {"timestamp": timestamp, "app_version": "1.9.0", "steps": list(records)} | more


def hc_day(start: str, end: str, count: Any, **more: Any) -> dict[str, Any]:
    """One record of HC Webhook."""
    return {"count": count, "start_time": start, "end_time": end} | more


HAE_BODY = {
    "data": {
        "metrics": [
            {
                "name": "step_count",
                "units": "count",
                "data": [
                    {"qty": 6204.0000000001, "date": "2026-11-21 00:00:00 +0100", "source": "iPhone|Apple Watch"},
                    {"qty": 1830.4, "date": "2026-11-22 00:00:00 +0100"},
                ],
            },
            {
                "name": "blood_glucose",
                "units": "mmol/L",
                "data": [{"qty": 5.8, "date": "2026-11-22 07:30:00 +0100", "source": "mySugr"}],
            },
        ],
        "workouts": [],
    }
}
HC_DAILY_BODY = hc_webhook(
    hc_day("2026-11-19T23:00:00Z", "2026-11-20T23:00:00Z", 2011),
    hc_day("2026-11-20T23:00:00Z", "2026-11-21T23:00:00Z", 6204),
    hc_day("2026-11-21T23:00:00Z", "2026-11-22T09:15:05.001Z", 1830),
    blood_glucose=[{"mmol_per_liter": 5.8, "time": "2026-11-22T06:30:00Z"}],
)
FITBIT = {"data_origin": "com.fitbit.FitbitMobile", "recording_method": "automatically_recorded"}
GOOGLE_FIT = {"data_origin": "com.google.android.apps.fitness", "recording_method": "automatically_recorded"}
HC_RAW_BODY = hc_webhook(
    hc_day("2026-11-22T07:01:00Z", "2026-11-22T07:02:00Z", 41, metadata=FITBIT),
    hc_day("2026-11-22T07:01:00Z", "2026-11-22T07:02:00Z", 38, metadata=GOOGLE_FIT),
)
HC_BUCKET_BODY = hc_webhook(
    hc_day("2026-11-22T07:00:00Z", "2026-11-22T07:15:00Z", 41),
    hc_day("2026-11-22T07:15:00Z", "2026-11-22T07:30:00Z", 38),
)
HC_TEST_BODY = HC_RAW_BODY | {"test": True}
DAYS_BODY = {
    "days": [{"date": "2026-11-21", "steps": 6204}, {"date": "2026-11-22", "steps": 1830.4}],
    "timezone": "Europe/Berlin",
}
SINGLE_BODY = {"date": "2026-11-22", "steps": "1830"}
METRICS_BODY = {"date": "2026-11-22", "metrics": {"steps": 1830, "resting_heart_rate": 61}}
LOCAL_TIME_BODY = {"steps": 1830, "localTimeIso": "2026-11-22T21:15:00+01:00", "deviceKey": "fw_x"}
SAMPLES_BODY = {
    "date": "2026-11-22",
    "samples": {
        "HKQuantityTypeIdentifierStepCount": [
            {"start": "2026-11-22T08:00:00+01:00", "value": 1000, "unit": "count", "source": "iPhone"},
            {"start": "2026-11-22T09:00:00+01:00", "value": 200, "unit": "count", "source": "iPhone"},
            {"start": "2026-11-22T08:00:00+01:00", "value": 1100, "unit": "count", "source": "Apple Watch"},
        ],
        "HKQuantityTypeIdentifierHeartRate": [{"start": "2026-11-22T08:00:00+01:00", "value": 61}],
    },
}
GOOD_BODIES = [
    HAE_BODY,
    HC_DAILY_BODY,
    HC_RAW_BODY,
    HC_TEST_BODY,
    DAYS_BODY,
    SINGLE_BODY,
    METRICS_BODY,
    LOCAL_TIME_BODY,
    SAMPLES_BODY,
]


def read(body: object, zone: ZoneInfo = BERLIN, now: datetime = NOW) -> Ingest:
    return parse_ingest(body, zone=zone, now=now)


def days(ingest: Ingest) -> list[tuple[int, int, bool]]:
    """Day of November, steps, partial."""
    return [(day.on.day, day.steps, day.is_partial) for day in ingest.days]


def reasons(ingest: Ingest) -> list[tuple[int, str]]:
    return [(rejected.index, rejected.reason) for rejected in ingest.rejected]
