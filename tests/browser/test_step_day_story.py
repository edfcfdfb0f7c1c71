"""The page of one day's steps: who said what, which source counts, a number of one's own, and what changed."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import requests
from playwright.sync_api import Page, expect

from integrations.provider import Reading
from server.database import Database
from server.services.glucose_imports import save_readings
from server.services.owner import Owner
from tests.browser.phone import ZONE, Phone
from tests.browser.site import ApiClient, Site, eventually

TODAY = datetime.now(ZoneInfo(ZONE)).date()
YESTERDAY = TODAY - timedelta(days=1)

Push = Callable[[str, date, int], None]


@pytest.fixture
def push(site: Site, api: ApiClient) -> Push:
    """A phone of that name sends the steps of a day."""
    keys: dict[str, str] = {}

    def send(name: str, on: date, steps: int) -> None:
        if name not in keys:
            keys[name] = api.call("POST", "/me/access-tokens", {"label": name, "scope": "ingest"})["token"]
        body = {"days": [{"date": on.isoformat(), "steps": steps}]}
        headers = {"X-Api-Key": keys[name]}
        assert requests.post(f"{site.url}/api/v1/ingest", json=body, headers=headers, timeout=20).ok

    return send


def figure(page: Page, steps: str) -> None:
    expect(page.locator("main .figure")).to_have_text(steps)


def test_a_day_says_who_counts_and_another_source_can_be_chosen(push: Push, phone: Phone, api: ApiClient) -> None:
    push("My iPhone", YESTERDAY, 5100)
    push("My iPhone", YESTERDAY, 5900)
    push("Old tablet", YESTERDAY, 6204)
    phone.page.reload()
    phone.go("progress")
    phone.page.get_by_text("Show as a table").first.click()
    phone.page.locator(f"main a[href='#/steps/{YESTERDAY}']").first.click()
    figure(phone.page, "6,204")
    phone.sees("Shortcut on Old tablet ·")
    phone.sees("Shortcut on My iPhone said 5,900. It is not added.")
    phone.sees("said more: 5,900. Before: 5,100.")
    phone.page.get_by_role("radio", name="Shortcut on My iPhone").locator("xpath=ancestor::label").click()
    figure(phone.page, "5,900")
    phone.sees("You chose what counts: Shortcut on My iPhone, 5,900. Before: 6,204.")
    assert api.call("GET", f"/step-counts/{YESTERDAY}")["steps"] == 5900
    phone.page.get_by_role("radio", name="Choose for me").locator("xpath=ancestor::label").click()
    figure(phone.page, "6,204")
    assert api.call("GET", "/me/step-sources")["order"] == []


def test_a_number_of_ones_own_counts_until_it_is_taken_away(push: Push, phone: Phone, api: ApiClient) -> None:
    push("My iPhone", TODAY, 1830)
    phone.page.reload()
    phone.tap("More about these steps")
    figure(phone.page, "1,830")
    phone.sees("So far. The day is not over.")
    phone.tap("Type my own number")
    phone.page.get_by_label("How many steps?").fill("2,500")
    phone.tap("Save")
    figure(phone.page, "2,500")
    phone.sees("Typed by you ·")
    phone.sees("You typed 2,500.")
    phone.tap("Take my number away")
    figure(phone.page, "1,830")
    phone.tap("Undo")
    figure(phone.page, "2,500")
    phone.tap("Take my number away")
    figure(phone.page, "1,830")
    assert eventually(lambda: api.call("GET", f"/step-counts/{TODAY}")["steps"] == 1830, within=20)


def test_unknown_is_not_zero_and_zero_is(push: Push, phone: Phone) -> None:
    push("My iPhone", YESTERDAY, 0)
    phone.page.reload()
    phone.go(f"steps/{YESTERDAY}")
    figure(phone.page, "0")
    phone.go(f"steps/{YESTERDAY - timedelta(days=1)}")
    phone.sees("Nothing is known of this day.")
    expect(phone.page.locator("main .figure")).to_have_count(0)


def test_without_a_network_the_day_is_shown_and_what_changed_waits(push: Push, phone: Phone) -> None:
    push("My iPhone", YESTERDAY, 5900)
    phone.page.reload()
    phone.go(f"steps/{YESTERDAY}")
    phone.sees("What changed")
    phone.worker_ready()
    phone.context.set_offline(True)
    phone.go("today")
    phone.go(f"steps/{YESTERDAY}")
    figure(phone.page, "5,900")
    phone.sees("You are offline. What changed is shown when you are online.")
    phone.context.set_offline(False)


def test_sugar_that_came_by_itself_says_so_and_keeps_its_number(phone: Phone, site: Site, api: ApiClient) -> None:
    now = datetime.now(UTC)
    came = Reading(at=now - timedelta(minutes=20), value="132", unit="mg/dL", context="other")
    owner = Owner(UUID(api.call("GET", "/me")["id"]), ZONE)
    with Database(site.settings.database_url).write() as db:
        save_readings(db, owner, "nightscout", [came], now=now)
    phone.page.reload()
    phone.go("log")
    phone.sees("From Nightscout")
    phone.page.get_by_role("link", name="Edit Sugar").click()
    phone.sees("This number came by itself and stays as it is.")
    expect(phone.page.get_by_label("Your number")).to_have_count(0)
    phone.choose("[data-name=context] input[value=bedtime]")
    phone.choose("[data-name=feels] input[value=fine]")
    phone.tap("Save")
    phone.sees("From Nightscout")

    def kept() -> bool:
        (reading,) = api.call("GET", "/glucose-readings")["items"]
        return (reading["value"], reading["context"], reading["source"]) == ("132", "bedtime", "nightscout")

    assert eventually(kept)
    phone.go("log")
    phone.page.get_by_role("button", name="Delete Sugar").click()
    expect(phone.page.get_by_text("From Nightscout")).to_have_count(0)
    assert eventually(lambda: api.call("GET", "/glucose-readings")["items"] == [], within=20)
