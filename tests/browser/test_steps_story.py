"""Steps that a phone app pushes show up on Today, with source and time, marked as not the whole day."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import requests
from playwright.sync_api import Browser

from tests.browser.phone import ZONE, Phone
from tests.browser.site import ApiClient, Site

TODAY = datetime.now(ZoneInfo(ZONE)).date()
MIDNIGHT = datetime.combine(TODAY, datetime.min.time(), ZoneInfo(ZONE))


def health_auto_export() -> object:
    sample = {"qty": 1830.4, "date": MIDNIGHT.strftime("%Y-%m-%d %H:%M:%S %z"), "source": "iPhone|Apple Watch"}
    return {"data": {"metrics": [{"name": "step_count", "units": "count", "data": [sample]}], "workouts": []}}


def hc_webhook() -> object:
    now = datetime.now(UTC)
    whole = {"start_time": (MIDNIGHT - timedelta(days=1)).astimezone(UTC), "end_time": MIDNIGHT.astimezone(UTC)}
    so_far = {"start_time": MIDNIGHT.astimezone(UTC), "end_time": now}
    records = [{"count": 6204, **whole}, {"count": 1830, **so_far}]
    written = [
        {
            name: value.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else value
            for name, value in r.items()
        }
        for r in records
    ]
    return {"timestamp": now.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "app_version": "1.9.0", "steps": written}


def canonical() -> object:
    return {"days": [{"date": TODAY.isoformat(), "steps": 1830}], "timezone": ZONE}


BODIES = [(health_auto_export, "Health Auto Export"), (hc_webhook, "HC Webhook"), (canonical, "Shortcut")]


@pytest.mark.parametrize(("body", "label"), BODIES, ids=[label for _, label in BODIES])
def test_pushed_steps_show_on_today(chromium: Browser, site: Site, body: Callable[[], object], label: str) -> None:
    email = f"{body.__name__}@example.org"
    ApiClient(site).sign_up(email)
    with Phone(chromium, site) as phone:
        phone.sign_in(email)
        phone.sees("No steps yet")
        phone.go("devices/phone")
        phone.page.get_by_label("A name for it").fill("My phone")
        phone.tap("Make a key")
        key = phone.page.get_by_text(re.compile(r"^fw_\S+$")).first.inner_text()
        sent = requests.post(
            f"{site.url}/api/v1/ingest", json=body(), headers={"Authorization": f"Bearer {key}"}, timeout=20
        )
        assert sent.json()["rejected"] == []
        phone.page.reload()
        phone.sees("My phone")
        phone.go("today")
        phone.sees("1,830")
        phone.sees("So far today, at")
        phone.sees(f"From {label}")
        phone.tap("More about these steps")
        phone.sees(f"{label} on My phone ·")
