"""The patient's own reminders: set and changed without a network, looked at before, and quiet when wanted."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.phone import Phone
from tests.browser.site import ApiClient, Site, eventually


def card(phone: Phone, title: str) -> Locator:
    return phone.page.get_by_role("region", name=title, exact=True)


def at(page: Page, screen: str) -> None:
    expect(page.get_by_role("heading", level=1, name=screen, exact=True)).to_be_visible()


def reminders(api: ApiClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.call("GET", "/reminders")["items"]
    return found


def sent(phone: Phone) -> None:
    phone.go("today")
    phone.sees("All sent", within=30)
    phone.go("reminders")


def test_a_reminder_set_without_a_network_shows_its_next_ten_and_is_sent_later(
    phone: Phone, site: Site, api: ApiClient
) -> None:
    phone.worker_ready()
    phone.page.reload()
    phone.go("reminders")
    site.stop()
    try:
        phone.tap("Add a reminder")
        phone.tap("Something else")
        at(phone.page, "A reminder of your own")
        expect(card(phone, "The next ten").get_by_role("listitem")).to_have_count(10)
        phone.choose("[data-name=days] input[value=weekdays]")
        phone.tap("Save this reminder")
        phone.sees("2 answers need a look")
        phone.page.get_by_label("What shall it say?").fill("Call Ann")
        phone.tap("Wednesday")
        phone.page.get_by_label("At what time?").fill("09:30")
        lines = card(phone, "The next ten").get_by_role("listitem")
        expect(lines.filter(has_text="9:30 AM")).to_have_count(10)
        phone.page.reload()  # what was filled in is not lost
        expect(phone.page.get_by_label("What shall it say?")).to_have_value("Call Ann")
        phone.tap("Save this reminder")
        at(phone.page, "Reminders")
        mine = card(phone, "My reminders")
        expect(mine).to_contain_text("Wednesday at 9:30 AM")
        expect(mine).to_contain_text("Waiting to send")
    finally:
        site.start()
    sent(phone)
    (kept,) = reminders(api)
    assert (kept["text"], kept["weekdays"], kept["times"]) == ("Call Ann", [3], ["09:30"])


def test_a_reminder_is_changed_turned_off_deleted_and_put_back(phone: Phone, api: ApiClient) -> None:
    phone.go("reminders")
    phone.tap("Foot check each evening")
    mine = card(phone, "My reminders")
    mine.get_by_role("link", name="Foot check").click()
    phone.choose("[data-name=days] input[value=every_n_days]")
    phone.tap("One more")
    phone.tap("Save this reminder")
    expect(mine).to_contain_text("Every 3 days at 8:00 PM")
    phone.tap("Turn off: Foot check")
    expect(mine).to_contain_text("It is off")
    mine.get_by_role("link", name="Foot check").click()
    phone.tap("Delete this reminder")
    expect(mine).to_contain_text("You have set none yet")
    phone.tap("Undo")
    expect(mine).to_contain_text("Every 3 days")
    sent(phone)
    (kept,) = reminders(api)
    assert (kept["kind"], kept["repeat"], kept["every"], kept["active"]) == ("foot_check", "every_n_days", 3, False)


def test_quiet_hours_and_a_pause_say_what_becomes_of_a_reminder(phone: Phone, api: ApiClient) -> None:
    phone.go("reminders")
    quiet = card(phone, "Quiet hours")
    phone.choose("input[name=quiet]")
    quiet.get_by_label("From").fill("07:00")
    expect(quiet).to_contain_text("These are the same")
    quiet.get_by_label("From").fill("19:00")
    expect(quiet).to_contain_text("Nothing comes between 7:00 PM and 7:00 AM")
    phone.choose("input[name=second]")
    phone.tap("Add a reminder")
    phone.tap("Sugar check")
    phone.page.get_by_label("At what time?").fill("06:45")
    expect(card(phone, "The next ten").get_by_text("It comes at 7:00 AM")).to_have_count(10)
    phone.page.get_by_label("At what time?").fill("06:15")
    expect(card(phone, "The next ten").get_by_text("It is not sent")).to_have_count(10)
    phone.page.go_back()
    at(phone.page, "Reminders")  # the choice of kinds is passed over, and nothing was set
    expect(card(phone, "My reminders")).to_contain_text("You have set none yet")
    phone.tap("Pause all reminders")
    phone.choose("[data-name=reason] input[value=ill]")
    phone.page.get_by_role("button", name="Pause", exact=True).click()
    expect(card(phone, "All reminders are paused")).to_contain_text("Until you end it")
    sent(phone)

    def chosen() -> dict[str, Any]:
        me: dict[str, Any] = api.call("GET", "/me")
        return me

    me = chosen()
    assert (me["quiet_hours"], me["second_nudge"]) == ({"from": "19:00", "until": "07:00"}, True)
    assert (me["reminders_paused"]["reason"], me["reminders_paused"]["until_on"]) == ("ill", None)
    phone.tap("Start again")
    expect(card(phone, "All reminders are paused")).to_have_count(0)
    eventually(lambda: chosen()["reminders_paused"] is None)
