"""Something wrong with my foot: how urgent, whom to call, what is kept, and the question the day after."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.sync_api import Browser, expect

from tests.browser.phone import Phone, answered_now
from tests.browser.site import ApiClient, Site, eventually
from tests.factories import session_log

SERVER = {
    "FOOTWELL_CLINIC_NAME": "Hill Street foot clinic",
    "FOOTWELL_CLINIC_PHONE": "+49 30 1234567",
    "FOOTWELL_CLINIC_OUT_OF_HOURS_PHONE": "+49 30 7654321",
    "FOOTWELL_CLINIC_HOURS": "Mon–Fri 8–17",
    "FOOTWELL_CLINIC_BOOKING_URL": "https://clinic.example/book",
}
CALL, CLOSED = "tel:+49301234567", "tel:+49307654321"


def links(phone: Phone) -> list[str]:
    """Where the buttons of help lead, in order."""
    found = phone.page.eval_on_selector_all("main a.button", "all => all.map((one) => one.getAttribute('href'))")
    return [str(href) for href in found]


def leads(phone: Phone, *hrefs: str) -> None:
    """The first buttons of help lead there, as soon as the clinic's numbers are read."""
    buttons = phone.page.locator("main a.button")
    for at, href in enumerate(hrefs):
        expect(buttons.nth(at)).to_have_attribute("href", href)


def tell(phone: Phone, *signs: str, replies: tuple[str, ...] = ()) -> None:
    phone.go("help")
    for sign in signs:
        phone.tap(sign)
    phone.tap(f"Continue with {len(signs)}")
    for reply in replies:
        phone.tap(reply)
    phone.tap("Yes, that is right")


def events(api: ApiClient) -> list[dict[str, Any]]:
    return list(api.call("GET", "/triage-events")["items"])


def test_the_emergency_number_stands_above_everything(phone: Phone) -> None:
    phone.go("today")
    phone.tap("Something wrong with my foot")
    phone.sees("Something wrong with your foot?")
    leads(phone, "tel:112")


def test_an_emergency_offers_the_number_alone_and_no_massage_starts(phone: Phone, api: ApiClient) -> None:
    tell(phone, "Foot suddenly cold, white, blue or patchy")
    expect(phone.page.get_by_role("heading", level=1, name="Get help now")).to_be_focused()
    phone.go("today")
    phone.sees("You told us: Foot suddenly cold")
    leads(phone, "tel:112")
    phone.page.go_back()
    expect(phone.page.get_by_role("heading", level=1, name="Get help now")).to_be_visible()
    assert [href for href in links(phone) if href.startswith("tel:")] == ["tel:112"]
    (event,) = eventually(lambda: events(api))
    assert (event["level"], event["signs"], event["action"]) == ("emergency", ["cold_or_discoloured"], None)
    assert event["rules_differ"] is False
    (block,) = eventually(lambda: api.call("GET", "/blocks")["items"])
    assert (block["warning"], block["level"]) == ("cold_or_discoloured", "emergency")
    phone.tap("See how it ends")
    phone.sees("No massage for now")


def test_the_same_day_means_the_clinic_and_who_answers_when_it_is_closed(phone: Phone, api: ApiClient) -> None:
    tell(phone, "Pus, bad smell or new redness", replies=("No",))
    expect(phone.page.get_by_role("heading", level=1, name="Call today")).to_be_focused()
    leads(phone, CALL, CLOSED)
    phone.sees("Open: Mon–Fri 8–17")
    phone.page.evaluate("document.addEventListener('click', (event) => event.preventDefault())")
    phone.tap("Call clinic now")
    assert eventually(lambda: [one for one in events(api) if one["action"] == "called"])


def test_not_sure_about_the_one_more_question_is_the_emergency(phone: Phone) -> None:
    tell(phone, "Pus, bad smell or new redness", replies=("Not sure",))
    expect(phone.page.get_by_role("heading", level=1, name="Get help now")).to_be_focused()


def test_within_days_a_visit_comes_first_and_massage_goes_on(phone: Phone, api: ApiClient) -> None:
    tell(phone, "A shoe that rubs")
    expect(phone.page.get_by_role("heading", level=1, name="Call this week")).to_be_focused()
    leads(phone, "#/book", CALL)
    (event,) = eventually(lambda: events(api))
    assert (event["level"], event["signs"]) == ("within_days", ["shoe_rubbing"])
    assert api.call("GET", "/blocks")["items"] == []
    phone.tap("Book a visit")
    phone.sees("You told us about something that your clinic should see.")
    expect(phone.page.get_by_role("link", name="Open the booking page")).to_have_attribute(
        "href", SERVER["FOOTWELL_CLINIC_BOOKING_URL"]
    )
    assert eventually(lambda: [one for one in events(api) if one["action"] == "booked"])


def test_who_is_worried_is_always_offered_a_call(phone: Phone, api: ApiClient) -> None:
    phone.go("help")
    phone.tap("None of these")
    phone.sees("Nothing on the list fits")
    phone.tap("I am worried")
    expect(phone.page.get_by_role("heading", level=1, name="Call your clinic")).to_be_focused()
    leads(phone, CALL)
    (event,) = eventually(lambda: events(api))
    assert (event["level"], event["worried"], event["signs"]) == (None, True, [])
    assert api.call("GET", "/blocks")["items"] == []


def test_a_cold_start_without_a_network_says_whom_to_call_and_the_day_after_it_asks(
    phone: Phone, site: Site, api: ApiClient
) -> None:
    phone.go("help")
    phone.sees("In danger?")
    phone.page.wait_for_timeout(1000)  # the clinic's numbers come along
    phone.worker_ready()
    site.stop()
    try:
        phone.page.close()
        phone.open_tab()
        tell(phone, "Open sore, blister", replies=("No",))
        leads(phone, CALL)
        phone.tap("I will do it later")
        phone.sees("You told us: Open sore")
        leads(phone, CALL)
        expect(phone.page.get_by_text("Did you reach your clinic?")).to_have_count(0)
        ask_a_day_later(phone, "Not yet")
        expect(phone.page.locator(f"main a[href='{CALL}']")).to_be_visible()
        ask_a_day_later(phone, "Yes, I did")
        phone.sees("Do what your clinic told you.")
        phone.page.reload()
        phone.sees("Something wrong with my foot")
        expect(phone.page.get_by_text("Did you reach your clinic?")).to_have_count(0)
    finally:
        site.start()
    phone.page.reload()
    (event,) = eventually(lambda: [one for one in events(api) if one["follow_up"]], within=60)
    assert (event["action"], event["follow_up"]) == ("later", "reached")


def ask_a_day_later(phone: Phone, answer: str) -> None:
    later = phone.page.evaluate("() => Date.now() + 24 * 3600 * 1000")
    phone.page.clock.set_fixed_time(datetime.fromtimestamp(later / 1000, UTC))
    phone.go("today")
    phone.page.reload()
    phone.sees("Did you reach your clinic?")
    phone.page.get_by_role("button", name=answer, exact=True).click()


def test_without_a_clinic_in_the_settings_there_is_a_sentence_that_helps(
    chromium: Browser, email: str, tmp_path: Path
) -> None:
    site = Site(tmp_path)
    site.start()
    try:
        client = ApiClient(site)
        client.sign_up(email)
        client.call("PATCH", "/me", {"profile": answered_now()})
        with Phone(chromium, site) as phone:
            phone.sign_in(email)
            tell(phone, "Pus, bad smell or new redness", replies=("No",))
            phone.sees("Use the number on your clinic letter")
            assert not [href for href in links(phone) if href.startswith("tel:+")]
    finally:
        site.stop()


def test_the_ladder_is_on_one_screen(phone: Phone) -> None:
    phone.go("help")
    phone.tap("See when to call")
    headings = phone.page.get_by_role("heading", level=2)
    expect(headings).to_have_text(["Get help now", "Call today", "Call this week"])
    leads(phone, "tel:112", CALL)


def test_the_summary_holds_what_the_patient_leaves_in_and_goes_nowhere_by_itself(phone: Phone, api: ApiClient) -> None:
    api.call("PUT", f"/session-logs/{uuid4()}", log_of_now(phone, pain_before=6, pain_after=4))
    tell(phone, "A shoe that rubs")
    phone.go("book")
    summary = phone.page.locator("[data-summary]")
    expect(summary).to_contain_text("A shoe that rubs")
    expect(summary).to_contain_text("Pain before a massage 6, after 4, on average", timeout=30_000)
    phone.page.get_by_role("checkbox", name="A shoe that rubs").uncheck()
    expect(summary).not_to_contain_text("A shoe that rubs")
    phone.page.get_by_label("Do you want to add something?").fill("It began on Monday.")
    expect(summary).to_contain_text("It began on Monday.")
    phone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    phone.tap("Copy the summary")
    phone.sees("Copied.")
    assert phone.page.evaluate("navigator.clipboard.readText()") == summary.inner_text()


def log_of_now(phone: Phone, **changes: Any) -> dict[str, Any]:
    ended = phone.page.evaluate("() => new Date(Date.now() - 3600 * 1000).toISOString()")
    return session_log(on=ended[:10], started_at=ended, ended_at=ended, **changes)
