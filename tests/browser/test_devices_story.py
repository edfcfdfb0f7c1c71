"""Steps that come by themselves: connect, the provider's page, steps on Today, a consent taken away, and again."""

import io
import secrets
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.phone import ZONE, Phone
from tests.browser.site import ApiClient, Site, eventually
from tests.fakes.google import Google
from tests.fakes.google_world import Account

EXPORT = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [<!ELEMENT HealthData ANY>]>
<HealthData locale="en_US">
 <Record type="HKQuantityTypeIdentifierStepCount" sourceName="iPhone" unit="count" creationDate="{on} 09:10:00 +0100"
  startDate="{on} 09:00:00 +0100" endDate="{on} 09:05:00 +0100" value="321"/>
</HealthData>
"""


@pytest.fixture(scope="module")
def google() -> Iterator[Google]:
    with Google() as google:
        yield google
        assert google.problems == []  # nothing was asked that the published reference does not allow


@pytest.fixture(scope="module")
def site(google: Google, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("devices"), **google.environment())
    site.start()
    yield site
    site.stop()


@pytest.fixture(autouse=True)
def walked(google: Google) -> None:
    """A fresh account with two weeks of steps and a watch."""
    google.account = Account(health_user_id=secrets.token_hex(9))
    today = datetime.now(ZoneInfo(ZONE)).date()
    google.account.days.update({today - timedelta(days=back): 6204 - back for back in range(14)})
    google.account.add_device("Pixel Watch 3", datetime.now(UTC))


def connect(phone: Phone, name: str = "Connect") -> None:
    """From Devices to the provider's page."""
    phone.go("devices")
    phone.page.get_by_role("region", name="Fitbit or Pixel Watch").get_by_role("button", name=name, exact=True).click()
    expect(phone.page.get_by_role("button", name="Allow")).to_be_visible()


def allow(phone: Phone) -> None:
    phone.page.get_by_role("button", name="Allow").click()


def test_a_watch_is_connected_its_steps_come_and_a_consent_taken_away_is_told(
    phone: Phone, google: Google, api: ApiClient
) -> None:
    connect(phone)
    allow(phone)
    phone.sees("Your steps come by themselves.", within=20)
    phone.sees("Pixel Watch 3 last reached your account")
    phone.go("today")
    phone.sees("6,204", within=15)
    google.revoke_all(google.account)  # the next pull, of older days, comes within half a minute and finds out
    assert eventually(lambda: google_health(api)["state"] == "needs_reconnect", within=60)
    phone.go("devices")
    phone.sees("Google no longer lets us in", within=15)
    phone.go("today")
    phone.sees("Your steps no longer come", within=90)
    phone.sees("6,204")
    phone.tap("Open Devices")
    phone.tap("Connect again")
    allow(phone)
    phone.sees("Your steps come by themselves.", within=20)
    phone.go("today")
    expect(phone.page.get_by_text("Your steps no longer come")).to_have_count(0, timeout=90_000)


def google_health(api: ApiClient) -> dict[str, object]:
    items = api.call("GET", "/wearables")["items"]
    return next(item for item in items if item["provider"] == "google_health")


def test_who_does_not_allow_it_is_back_where_they_were(phone: Phone, api: ApiClient) -> None:
    connect(phone)
    phone.page.get_by_role("button", name="Deny").click()
    phone.sees("Not connected. You did not allow it.")
    assert google_health(api)["state"] == "not_connected"


def test_an_installed_app_on_an_iphone_confirms_what_came_back_in_safari(
    chromium: Browser, phone: Phone, site: Site, api: ApiClient
) -> None:
    url = api.call("POST", "/wearables/google_health/authorization", {})["url"]
    with Phone(chromium, site) as safari:
        safari.page.goto(url)
        allow(safari)
        safari.sees("Almost done")
        safari.sees("Go back to the Footwell app")
    phone.go("devices")
    phone.sees("Was that you?")
    phone.tap("Yes, connect it")
    phone.sees("Your steps come by themselves.", within=20)


def test_disconnecting_keeps_the_steps(phone: Phone, google: Google, api: ApiClient) -> None:
    connect(phone)
    allow(phone)
    phone.sees("Your steps come by themselves.", within=20)
    phone.tap("Disconnect Fitbit or Pixel Watch")
    dialog = phone.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Disconnect").click()
    phone.sees("Disconnected. What came already stays.")
    assert google.counts["revoke"] >= 1
    assert len(api.call("GET", "/step-counts")["items"]) == 14


def test_without_a_network_devices_shows_how_it_stood(phone: Phone, site: Site) -> None:
    phone.go("devices")
    phone.sees("Through the Google account that you use")
    phone.worker_ready()
    phone.context.set_offline(True)
    phone.go("today")
    phone.go("devices")
    phone.sees("You are offline. This is how it stood last time.")
    phone.sees("Through the Google account that you use")
    phone.context.set_offline(False)


def test_a_phone_that_sends_turns_green_by_itself(phone: Phone, site: Site, api: ApiClient) -> None:
    phone.go("devices/phone")
    phone.page.get_by_label("A name for it").fill("My iPhone")
    phone.tap("Make a key")
    phone.sees("Waiting for the first steps")
    key = phone.page.locator("dd code, dd").filter(has_text="fw_").first.inner_text()
    token = key[key.index("fw_") :].split()[0]
    today = datetime.now(ZoneInfo(ZONE)).date().isoformat()
    body = {"days": [{"date": today, "steps": 4321}]}
    assert api.session.post(f"{site.url}/api/v1/ingest", json=body, headers={"X-Api-Key": token}).ok
    phone.sees("It works. Last steps:", within=15)


def test_an_export_of_the_health_app_is_read_and_told(phone: Phone, api: ApiClient) -> None:
    on = (datetime.now(ZoneInfo(ZONE)).date() - timedelta(days=400)).isoformat()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("apple_health_export/export.xml", EXPORT.format(on=on))
    phone.go("devices/archive")
    phone.page.get_by_label("Choose export.zip").set_input_files(
        {"name": "export.zip", "mimeType": "application/zip", "buffer": made.getvalue()}
    )
    phone.sees("Done. Steps of 1 day were found.", within=20)
    assert api.call("GET", f"/step-counts/{on}")["steps"] == 321
    phone.page.get_by_label("Choose export.zip").set_input_files(
        {"name": "export.zip", "mimeType": "application/zip", "buffer": b"no zip at all"}
    )
    phone.sees("This is not the export.zip of the Health app")
