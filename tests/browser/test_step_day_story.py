"""The page of a day of steps: which number counts and why, another source chosen, the own number typed and gone."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from server.database import Database
from server.services import step_counts
from server.services.owner import Owner
from server.services.step_counts import StepsOfDay
from tests.browser.phone import ZONE, Phone
from tests.browser.site import ApiClient, Site

WATCH = "Pixel Watch through Google Health"
IPHONE = "phone/6d7a2c1e/shortcut"


@pytest.fixture
def yesterday() -> date:
    return datetime.now(ZoneInfo(ZONE)).date() - timedelta(days=1)


@pytest.fixture(autouse=True)
def counted(site: Site, api: ApiClient, yesterday: date) -> None:
    """The watch was read twice, and an iPhone counted less."""
    owner = Owner(UUID(api.call("GET", "/me")["id"]), ZONE)
    evening = datetime(yesterday.year, yesterday.month, yesterday.day, 20, 5, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
    database = Database(site.settings.database_url)
    with database.write() as db:
        for steps in (6000, 6204):
            said = [StepsOfDay(yesterday, steps, False, evening)]
            step_counts.save_provider_counts(db, owner, "google_health", WATCH, said, now=evening)
        said = [StepsOfDay(yesterday, 5900, False, evening)]
        step_counts.save_device_counts(db, owner, IPHONE, "iPhone", said, now=evening)
    database.engine.dispose()


def test_a_day_says_what_counts_and_another_source_is_chosen(phone: Phone, yesterday: date) -> None:
    phone.go(f"steps/{yesterday}")
    page = phone.page
    expect(page.get_by_text(f"{WATCH} · 8:05 PM")).to_be_visible()
    expect(page.get_by_text("iPhone said 5,900, not added.")).to_be_visible()
    changes = page.get_by_role("region", name="What changed")
    expect(changes).to_contain_text(f"{WATCH} said 6,204 now, 6,000 before.")
    expect(page.get_by_role("radio", name="Choose for me")).to_be_checked()

    phone.choose(f"input[value='{IPHONE}']")
    expect(page.locator(".figure")).to_have_text("5,900")
    expect(changes).to_contain_text("Now iPhone counts. It said 5,900.")
    phone.choose("input[value=usual]")
    expect(page.locator(".figure")).to_have_text("6,204")


def test_the_own_number_is_typed_taken_away_and_put_back(phone: Phone, yesterday: date) -> None:
    phone.go(f"steps/{yesterday}")
    page = phone.page
    phone.tap("Type my own number")
    page.get_by_label("How many steps?").fill("7000")
    phone.tap("Save")
    expect(page.locator(".figure")).to_have_text("7,000")
    expect(page.get_by_role("region", name="What the others said").get_by_role("listitem")).to_have_count(2)
    phone.tap("Take my number away")
    expect(page.locator(".figure")).to_have_text("6,204")
    phone.tap("Undo")
    expect(page.locator(".figure")).to_have_text("7,000")


def test_a_day_that_was_deleted_at_its_only_source_says_so(
    phone: Phone, site: Site, api: ApiClient, yesterday: date
) -> None:
    owner = Owner(UUID(api.call("GET", "/me")["id"]), ZONE)
    on, now = yesterday - timedelta(days=1), datetime.now(UTC)
    database = Database(site.settings.database_url)
    for said, removed in (([StepsOfDay(on, 6100, False, now)], []), ([], [on])):
        with database.write() as db:
            step_counts.save_provider_counts(db, owner, "google_health", WATCH, said, removed_days=removed, now=now)
    database.engine.dispose()
    phone.go(f"steps/{on}")
    expect(phone.page.get_by_text("Nothing is known of this day any more.")).to_be_visible()
    expect(phone.page.get_by_role("region", name="What changed").get_by_role("listitem")).to_contain_text(
        [f"6,100 was deleted at {WATCH}.", f"{WATCH} said 6,100."]
    )
    expect(phone.page.locator(".figure")).to_have_count(0)


def test_offline_the_day_is_what_the_phone_knows_and_a_missing_day_is_not_zero(phone: Phone, yesterday: date) -> None:
    phone.worker_ready()
    page = phone.page
    phone.go("progress")
    page.get_by_text("Show as a table").first.click()
    table = page.get_by_role("table").first
    expect(table).to_contain_text("not known")
    link = table.get_by_role("link").nth(1)
    phone.context.set_offline(True)
    link.click()
    expect(page.locator(".figure")).to_have_text("6,204")
    expect(page.get_by_text("You are offline. What changed needs the network.")).to_be_visible()
    phone.choose(f"input[value='{IPHONE}']")
    expect(page.get_by_text("Your choice is not sent yet.")).to_be_visible()
    phone.go(f"steps/{yesterday - timedelta(days=1)}")
    expect(page.get_by_text("Nothing is known of this day.")).to_be_visible()
    expect(page.locator(".figure")).to_have_count(0)
