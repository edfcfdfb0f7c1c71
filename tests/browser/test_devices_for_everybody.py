"""Every state of Devices, of an export and of a day's steps for eyes that do not see well and fingers not steady."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.for_everybody import look
from tests.browser.phone import Phone
from tests.browser.site import ApiClient, Site

NOW = datetime.now(UTC)
YESTERDAY = NOW.date() - timedelta(days=1)


def ago(hours: float) -> str:
    return f"{NOW - timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}"


READ: dict[str, Any] = {
    "state": "active",
    "device": "Pixel Watch 3",
    "device_synced_at": ago(2),
    "connected_at": ago(72),
    "last_synced_at": ago(1),
    "next_sync_at": ago(-1),
}
ARCHIVE = {"state": "waiting", "reason": None, "bytes_total": 100, "bytes_done": 37, "days": 400, "uploaded_at": ago(1)}
MISSING = ["glucose", "settings"]
# By name: what changes in the list of a patient who has connected nothing, and the words that tell it is there.
DEVICES: dict[str, tuple[dict[str, Any], str]] = {
    "offered": ({"google_health": {"offered": True}}, "Your old Fitbit account"),
    "first": ({"google_health": {"state": "active"}, "phone": {"state": "waiting"}}, "Your first steps come"),
    "active": (
        {
            "google_health": {**READ, "glucose": True, "missing_permissions": MISSING, "reconnect_by": ago(-24)},
            "nightscout": {**READ, "device": None},
            "phone": {"state": "active", "last_synced_at": ago(1)},
        },
        "This consent ends",
    ),
    "backing_off": ({"google_health": {**READ, "state": "backing_off"}, "google_fit": READ}, "does not answer now"),
    "needs_reconnect": ({"google_health": {**READ, "state": "needs_reconnect", "offered": True}}, "no longer lets us"),
    "needs_setup": (
        {"google_health": {"state": "needs_setup", "reason": "account_not_linked", "link": "https://example.org/"}},
        "Set it up",
    ),
    "admin_problem": (
        {"google_health": {**READ, "state": "admin_problem"}, "google_fit": {"state": "provider_retired"}},
        "Something must be mended",
    ),
    "disconnected": ({"google_health": {"state": "disconnected", "offered": True}}, "Disconnected."),
    "confirm": ({"google_health": {"confirm": True, "offered": True}}, "Was that you?"),
}
ARCHIVES = {
    "waiting": "Reading begins in a moment",
    "reading": "Reading: 37 %",
    "done": "Steps of 400 days were found",
    "failed": "This file could not be read",
}


@pytest.fixture(scope="module", params=["light", "dark"])
def phone(request: pytest.FixtureRequest, chromium: Browser, site: Site) -> Iterator[Phone]:
    email = f"devices_{request.param}@example.org"
    api = ApiClient(site)
    api.sign_up(email)
    for label, steps in (("My iPhone", 5900), ("Old tablet", 6204)):
        key = api.call("POST", "/me/access-tokens", {"label": label, "scope": "ingest"})["token"]
        sent = {"days": [{"date": YESTERDAY.isoformat(), "steps": steps}]}
        ApiClient(site).call("POST", "/ingest", sent, headers={"X-Api-Key": key})
    api.call("PUT", f"/step-counts/{YESTERDAY}", {"steps": 6500, "recorded_at": ago(1)})
    with Phone(chromium, site, color_scheme=request.param, reduced_motion="reduce") as phone:
        # The answers of the server are changed on their way; a service worker would fetch past that.
        phone.context.add_init_script("delete Navigator.prototype.serviceWorker")
        phone.sign_in(email)
        yield phone


def answer(phone: Phone, changes: dict[str, Any]) -> None:
    """From now on the server's list of devices has these changes."""

    def changed(route: Route) -> None:
        reply = route.fetch()
        items = [{**item, **changes.get(item["provider"], {})} for item in reply.json()["items"]]
        route.fulfill(response=reply, body=json.dumps({"items": items}))

    phone.page.unroute("**/api/v1/wearables")
    phone.page.route("**/api/v1/wearables", changed)
    phone.go("more")
    expect(phone.page.get_by_role("heading", level=1, name="More")).to_be_visible()


@pytest.mark.parametrize("state", DEVICES)
def test_a_state_of_devices_is_for_everybody(phone: Phone, state: str) -> None:
    changes, words = DEVICES[state]
    answer(phone, changes)
    phone.go("devices")
    phone.sees(words)
    look(phone)


@pytest.mark.parametrize("state", ARCHIVES)
def test_a_state_of_an_export_is_for_everybody(phone: Phone, state: str) -> None:
    answer(phone, {"apple_export": {"archive": {**ARCHIVE, "state": state}}})
    phone.go("devices/archive")
    phone.sees(ARCHIVES[state])
    look(phone)


def test_a_day_of_three_sources_is_for_everybody(phone: Phone) -> None:
    phone.go(f"steps/{YESTERDAY}")
    phone.sees("Which one counts?")
    phone.sees("What changed")
    phone.sees("Take my number away")
    look(phone)
    phone.go("progress")
    phone.page.get_by_text("Show as a table").first.click()
    look(phone)
