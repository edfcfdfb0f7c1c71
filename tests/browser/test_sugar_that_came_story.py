"""Sugar readings that came by themselves: they say where from, keep their number, and can be deleted."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from playwright.sync_api import expect

from integrations.provider import Reading
from server.database import Database
from server.services.glucose_imports import save_readings
from server.services.owner import Owner
from tests.browser.phone import ZONE, Phone
from tests.browser.site import ApiClient, Site, eventually


def test_sugar_that_came_by_itself_says_so_and_keeps_its_number(phone: Phone, site: Site, api: ApiClient) -> None:
    now = datetime.now(UTC)
    came = Reading(at=now - timedelta(minutes=20), value="132", unit="mg/dL", context="other")
    owner = Owner(UUID(api.call("GET", "/me")["id"]), ZONE)
    database = Database(site.settings.database_url)
    with database.write() as db:
        save_readings(db, owner, "nightscout", [came], now=now)
    database.engine.dispose()
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
