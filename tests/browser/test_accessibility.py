"""Every screen for eyes that do not see well and fingers that are not steady."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID, uuid4

import pytest
import requests
from playwright.sync_api import Browser

from server.services.records import daily_id
from tests.browser.for_everybody import look
from tests.browser.phone import Phone, answered_now
from tests.browser.screens import SCREENS
from tests.browser.site import ApiClient, Site
from tests.factories import plan, reminder, session_log

EMAIL = "screens@example.org"
ENTRANCES = ("welcome", "sign-in", "sign-up", "reset/x", "mail-stop/x")
SERVER = {  # nobody listens there: the ways are offered, and lead nowhere
    "SMTP_URL": "smtp://127.0.0.1:9",
    "FOOTWELL_MAIL_FROM": "no-reply@example.org",
    "FOOTWELL_NTFY_URL": "http://127.0.0.1:9",
}


@pytest.fixture(scope="module")
def full(site: Site) -> None:
    """A patient with something on every screen."""
    api = ApiClient(site)
    me = api.sign_up(EMAIL)
    now = "2026-11-20T08:00:00Z"
    api.call("PATCH", "/me", {"profile": answered_now(), "ntfy_reminders": "when_missed"})
    api.call("PUT", "/me/plan", plan(starts_on="2026-11-01"))
    api.call("PUT", f"/reminders/{uuid4()}", reminder(kind="foot_check"))
    for day in range(1, 21):
        on = f"2026-11-{day:02}"
        entry_id = daily_id(UUID(me["id"]), "symptom_entry", date.fromisoformat(on))
        entry = {"on": on, "recorded_at": f"{on}T07:00:00Z", "pain": 2 + day % 5, "numbness": 4, "tingling": None}
        api.call("PUT", f"/symptom-entries/{entry_id}", entry)
        api.call("PUT", f"/step-counts/{on}", {"steps": 3000 + 150 * day, "recorded_at": f"{on}T20:00:00Z"})
    log = session_log(on="2026-11-20", started_at=now, ended_at="2026-11-20T08:08:20Z", note="Felt good.")
    api.call("PUT", f"/session-logs/{uuid4()}", log)
    for label, steps in (("My phone", 5900), ("My watch", 6204)):
        key = api.call("POST", "/me/access-tokens", {"label": label, "scope": "ingest"})["token"]
        body = {"days": [{"date": "2026-11-20", "steps": steps}]}
        sent = requests.post(
            f"{site.url}/api/v1/ingest", json=body, headers={"Authorization": f"Bearer {key}"}, timeout=20
        )
        assert sent.json()["accepted"] == 1


@pytest.fixture(scope="module", params=["light", "dark"])
def phone(request: pytest.FixtureRequest, chromium: Browser, site: Site, full: None) -> Iterator[Phone]:
    with Phone(chromium, site, color_scheme=request.param, reduced_motion="reduce") as phone:
        phone.sign_in(EMAIL)
        yield phone


@pytest.fixture(scope="module")
def visitor(chromium: Browser, site: Site) -> Iterator[Phone]:
    with Phone(chromium, site) as phone:
        yield phone


def check(phone: Phone, screen: str) -> None:
    phone.go(screen)
    look(phone)


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_is_for_everybody(phone: Phone, screen: str) -> None:
    check(phone, screen)


def test_the_parts_before_a_massage_are_for_everybody(phone: Phone) -> None:
    """What no address leads to: a session of one's own, where it is sore, what is left out."""
    phone.go("today")
    phone.go("session")
    phone.choose("fieldset[data-name=script] input[value=OWN]")
    phone.tap("Choose my steps")
    phone.choose("input[name=stroking]")
    look(phone)
    phone.tap("Go on to the foot check")
    look(phone)
    phone.tap("Rash, wart, foot fungus")
    phone.tap("Continue with 1")
    phone.page.get_by_role("button", name="No", exact=True).click()
    heel = phone.page.locator("input[name='left.heel']")
    if not heel.is_checked():  # marked already by the phone before this one
        phone.choose("input[name='left.heel']")
    look(phone)
    phone.tap("Continue with 1")
    look(phone)
    phone.tap("Yes, that is right")
    phone.sees("We leave that area out")
    look(phone)
    phone.tap("Go on without that area")
    phone.sees("How do your feet feel?")


def test_the_parts_of_something_wrong_are_for_everybody(phone: Phone) -> None:
    phone.go("today")
    phone.go("help")
    phone.tap("I could not see my feet well")
    look(phone)
    phone.tap("Look again")
    phone.tap("None of these")
    look(phone)
    phone.page.get_by_role("button", name="Back").click()
    phone.tap("Pus, bad smell or new redness")
    phone.tap("Continue with 1")
    look(phone)
    phone.page.get_by_role("button", name="No", exact=True).click()
    look(phone)
    phone.tap("No, let me change it")
    phone.tap("A shoe that rubs")
    phone.tap("Pus, bad smell or new redness")
    phone.tap("Continue with 1")
    phone.tap("Yes, that is right")
    phone.sees("Call your clinic in the next 1–2 working days")
    look(phone)


def test_the_parts_of_a_sugar_reading_are_for_everybody(phone: Phone) -> None:
    """The form with its errors and signs, the two questions, what to do at each end, ketones, before a walk."""
    phone.go("today")
    phone.go("log/glucose")
    phone.page.get_by_label("Your number").wait_for()
    phone.choose("[data-name=feels] input[value=unwell]")
    phone.tap("Save")
    phone.sees("answers need a look")
    look(phone)
    phone.type_sugar("25")
    phone.sees("Did you mean 25 mmol/L?")
    look(phone)
    phone.tap("No, mg/dL is right")
    phone.sees("Very low sugar")
    look(phone)
    phone.go("today")
    phone.sees("Check your sugar again")
    look(phone)
    phone.go("log/glucose")
    phone.type_sugar("412")
    look(phone)
    phone.tap("Yes, that is right")
    phone.sees("Very high sugar")
    phone.tap("Add a ketone test")
    phone.choose("[data-name=kind] input[value=strip]")
    look(phone)
    phone.tap("How do you feel now?")
    phone.choose("[data-name=feels] input[value=unwell]")
    phone.choose("input[name=fruity_breath]")
    phone.tap("This is how I feel")
    phone.sees("Get help now")
    look(phone)
    phone.go("glucose/before-walk")
    phone.sees("Do not start now")
    look(phone)
    phone.go("log/glucose")
    phone.type_sugar("110")  # nothing is left to be low for the screens after this one
    phone.sees("Your reading")


def test_the_parts_of_a_foot_check_are_for_everybody(phone: Phone) -> None:
    phone.go("today")
    phone.go("log/foot-check")
    phone.tap("I could not see well")
    look(phone)
    phone.tap("Look again")
    phone.tap("skin temperatures")
    phone.page.locator("[name='heel.left']").fill("88")
    phone.tap("Done")
    phone.sees("Is this in")
    look(phone)
    phone.page.locator("[name='heel.left']").fill("")
    phone.tap("Done")
    phone.tap("I see something")
    phone.tap("Continue")
    phone.sees("Tap at least one place")
    look(phone)
    phone.page.locator("[data-area='left.toe_1']").click()
    phone.page.get_by_role("dialog").get_by_role("button", name="Nail that grows into the skin").click()
    look(phone)
    phone.page.get_by_role("dialog").get_by_role("button", name="Done").click()
    look(phone)
    phone.tap("Continue")
    phone.sees("Is that right?")
    look(phone)
    phone.tap("Yes, that is right")
    phone.sees("Call this week")
    look(phone)
    phone.go("today")
    phone.go("log/foot-check")
    phone.tap("All clear")
    phone.sees("You looked after your feet today.")
    look(phone)


def test_the_parts_of_a_shoe_check_are_for_everybody(phone: Phone) -> None:
    phone.go("today")
    phone.go("log/shoes")
    phone.choose("input[value='shoe']")
    phone.choose("input[value='day_1']")
    phone.tap("Done")
    phone.sees("answers need a look")
    look(phone)
    phone.choose("input[value='slipper']")
    phone.tap("Done")
    phone.sees("Do not wear them like this")
    look(phone)


@pytest.mark.parametrize("screen", ENTRANCES)
def test_the_way_in_is_for_everybody(visitor: Phone, screen: str) -> None:
    check(visitor, screen)
