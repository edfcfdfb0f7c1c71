"""Learn: everything in it is read without a network, by tap and by keyboard; what is not for a person is said."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.phone import Phone, answered_now
from tests.browser.site import ApiClient, Site

TOPICS = {
    "What massage can do": "Some small studies found less pain for some people.",
    "The five techniques": "Both palms around the foot.",
    "How often": "Leave a day between.",
    "Staying safe": "Do the foot check.",
    "Look at your feet each day": "Do not pop blisters.",
    "Shoes and socks": "Half a thumb to 1 thumb of room",
    "Heat and cold: safety first": "Heat and ice can injure feet that do not feel well.",
    "Staying active": "It is no proof that the steps were the reason.",
    "Your sugar level": "Follow your own care plan first.",
    "When to call": "Start at the top.",
    "Where this comes from": "NICE, 2015",
    "About Footwell": "It does not replace your care team.",
}


@pytest.fixture
def phone(chromium: Browser, site: Site, email: str) -> Iterator[Phone]:
    api = ApiClient(site)
    api.sign_up(email)
    api.call("PATCH", "/me", {"profile": answered_now(numb_hands="yes")})
    with Phone(chromium, site) as phone:
        phone.sign_in(email)
        yield phone


def test_every_topic_is_read_after_a_cold_start_without_a_network(phone: Phone, site: Site) -> None:
    phone.worker_ready()
    site.stop()
    try:
        phone.page.close()
        phone.open_tab()
        phone.go("more")
        phone.tap("Learn")
        for title, words in TOPICS.items():
            phone.tap(title)
            expect(phone.page.get_by_role("heading", level=1, name=title)).to_be_focused()
            phone.sees(words)
            phone.page.get_by_role("button", name="Back").click()
            expect(phone.page.get_by_role("heading", level=1, name="Learn")).to_be_visible()
    finally:
        site.start()


def test_a_technique_that_the_answers_rule_out_says_so(phone: Phone) -> None:
    phone.go("learn/techniques")
    card = phone.page.get_by_role("region", name="Pressing spots")
    expect(card.get_by_text("Not for you now")).to_be_visible()
    stroking = phone.page.get_by_role("region", name="Gentle stroking")
    expect(stroking).to_be_visible()
    expect(stroking.get_by_text("Not for you now")).to_have_count(0)


def test_before_the_clinic_said_ok_no_technique_is_for_now(site: Site, chromium: Browser) -> None:
    email = f"learn-{uuid4().hex[:12]}@example.org"
    api = ApiClient(site)
    api.sign_up(email)
    api.call("PATCH", "/me", {"profile": answered_now(poor_circulation="yes")})
    with Phone(chromium, site) as phone:
        phone.sign_in(email)
        phone.go("learn/techniques")
        expect(phone.page.get_by_text("Not for you now")).to_have_count(5)


def test_the_spots_are_chosen_by_keyboard(phone: Phone) -> None:
    phone.go("learn/techniques")
    spots = phone.page.get_by_role("region", name="The five spots")
    spots.get_by_role("button", name="A Centre").focus()
    for letter in "BCDE":
        phone.page.keyboard.press("Tab")
        phone.page.keyboard.press("Enter")
        expect(spots.get_by_role("button", pressed=True)).to_contain_text(letter)
        expect(spots.get_by_role("img")).to_have_accessible_name(
            phone.page.locator(":focus").inner_text().replace("\n", ". ")
        )


def test_an_answer_shows_after_a_tap_and_one_topic_leads_to_the_next(phone: Phone) -> None:
    phone.go("learn/foot_check")
    ask = phone.page.get_by_role("region", name="Say it in your own words")
    expect(ask.get_by_text("What will you do if you see a blister?")).to_be_visible()
    expect(ask.get_by_text("Do not pop it.")).to_be_hidden()
    ask.get_by_text("Show the answer").focus()
    phone.page.keyboard.press("Enter")
    expect(ask.get_by_text("Do not pop it.")).to_be_visible()
    phone.page.get_by_role("navigation", name="Read on").get_by_role("link", name="Shoes and socks").click()
    expect(phone.page.get_by_role("heading", level=1, name="Shoes and socks")).to_be_focused()


def test_a_topic_leads_to_where_it_is_done_and_a_refusal_of_heat_to_its_topic(site: Site, chromium: Browser) -> None:
    email = f"learn-{uuid4().hex[:12]}@example.org"
    api = ApiClient(site)
    api.sign_up(email)
    api.call("PATCH", "/me", {"profile": answered_now(numb_feet="yes")})
    with Phone(chromium, site) as phone:
        phone.sign_in(email)
        phone.go("learn/heat")
        phone.page.get_by_role("link", name="What is safe for me?").click()
        phone.sees("Your feet may be numb")
        phone.page.get_by_role("link", name="Read about heat and cold").click()
        expect(phone.page.get_by_role("heading", level=1, name="Heat and cold: safety first")).to_be_visible()


def test_the_ladder_calls_with_one_tap(phone: Phone) -> None:
    phone.go("learn/call")
    expect(phone.page.get_by_role("link", name="Call 112")).to_have_attribute("href", "tel:112")
