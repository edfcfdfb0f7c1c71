"""The look at the skin a quarter of an hour after a massage, and what still being red does."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.phone import Phone
from tests.browser.playing import finish, player_phone, tap
from tests.browser.site import ApiClient, Site, eventually


@pytest.fixture
def phone(chromium: Browser, site: Site, api: ApiClient, email: str) -> Iterator[Phone]:
    with player_phone(chromium, site, api, email) as phone:
        yield phone


def test_fifteen_minutes_later_somebody_asks_about_the_skin_offline_and_still_red_stops_massage(
    phone: Phone, site: Site, api: ApiClient
) -> None:
    phone.worker_ready()
    phone.start_session()
    finish(phone)
    tap(phone, "Go to Today")
    phone.page.clock.run_for(14 * 60_000)
    expect(phone.page.get_by_text("Please look at your feet again")).to_have_count(0)
    site.stop()
    try:
        phone.page.clock.run_for(2 * 60_000)
        phone.sees("Please look at your feet again")
        tap(phone, "Look now")
        phone.sees("Is the skin red where you rubbed?")
        tap(phone, "Not sure")
        expect(phone.page.get_by_role("heading", name="Let your feet rest")).to_be_focused()
        expect(phone.page.get_by_text("Please look at your feet again")).to_have_count(0)
        phone.go("session")
        phone.sees("Skin still red after a massage")
        phone.page.clock.run_for(24 * 3_600_000)
        phone.go("today")
        phone.sees("Please look at your feet again")
        tap(phone, "Look now")
        phone.sees("Is the skin still red today?")
        tap(phone, "Yes, it is still red")
        expect(phone.page.get_by_role("heading", name="Call today")).to_be_focused()
    finally:
        site.start()
    phone.page.clock.resume()
    phone.page.reload()
    blocks = eventually(lambda: len(found := api.call("GET", "/blocks")["items"]) == 2 and found, within=60)
    assert {(block["warning"], block["level"]) for block in blocks} == {("redness", None), ("redness", "same_day")}
    assert api.call("GET", "/session-logs")["items"][0]["redness"] == "still_red"


def test_skin_that_looks_normal_ends_the_asking(phone: Phone, api: ApiClient) -> None:
    phone.start_session()
    finish(phone)
    phone.page.clock.run_for(16 * 60_000)
    phone.page.reload()
    phone.go("log")
    tap(phone, "Look now")
    tap(phone, "No, it looks normal")
    phone.sees("Your skin looks normal.")
    assert api.call("GET", "/blocks")["items"] == []
    log = eventually(lambda: [log for log in api.call("GET", "/session-logs")["items"] if log["redness"]])
    assert log[0]["redness"] == "gone"
