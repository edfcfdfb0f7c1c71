"""Days of notes and massages, put straight into the server for a story that begins in the middle."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from server.services.records import daily_id
from tests.browser.phone import ZONE
from tests.browser.site import ApiClient
from tests.factories import session_log


def today() -> date:
    """The patient's."""
    return datetime.now(ZoneInfo(ZONE)).date()


def ago(days: int) -> str:
    return (today() - timedelta(days=days)).isoformat()


def just_now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def put_note(api: ApiClient, me: dict[str, Any], days: int, pain: int, numbness: int | None = None) -> None:
    """A note of so many days ago."""
    on = ago(days)
    entry = {"on": on, "recorded_at": just_now(), "pain": pain, "numbness": numbness, "tingling": None}
    api.call("PUT", f"/symptom-entries/{daily_id(UUID(me['id']), 'symptom_entry', date.fromisoformat(on))}", entry)


def put_reading(api: ApiClient, days: int, value: str | None, unit: str = "mg/dL", **changes: Any) -> None:
    """A sugar reading of so many days ago."""
    reading = {"on": ago(days), "recorded_at": just_now(), "value": value, "unit": unit, "context": "fasting"}
    api.call("PUT", f"/glucose-readings/{uuid4()}", reading | changes)


def put_massages(api: ApiClient, days: Iterable[int], **scores: int) -> None:
    """A massage on each of these days ago."""
    for day in days:
        log = session_log(on=ago(day), started_at=just_now(), ended_at=just_now(), **scores)
        api.call("PUT", f"/session-logs/{uuid4()}", log)
