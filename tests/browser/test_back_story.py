"""The phone's own Back: one step within a screen, then the screen before, with what was said still there."""

from playwright.sync_api import Browser, expect

from tests.browser.phone import Phone
from tests.browser.site import Site


def back(phone: Phone) -> None:
    phone.page.go_back(wait_until="commit")


def title(phone: Phone, text: str) -> None:
    expect(phone.page.get_by_role("heading", level=1)).to_have_text(text)


def test_help_goes_back_from_reading_back_to_the_list_with_the_signs_still_ticked(phone: Phone) -> None:
    phone.go("today")
    phone.go("help")
    phone.tap("Pus, bad smell or new redness")
    phone.tap("Continue with 1")
    phone.page.get_by_role("button", name="No", exact=True).click()
    phone.sees("You said: Pus, bad smell or new redness")
    back(phone)
    phone.tap("Continue with 1")
    back(phone)
    phone.sees("Continue with 1")
    back(phone)
    expect(phone.page.get_by_role("heading", level=1, name="Today")).to_be_visible()


def test_a_session_goes_back_part_by_part(phone: Phone) -> None:
    phone.go("today")
    phone.go("session")
    phone.tap("Start with a foot check")
    phone.tap("Low-sugar feeling")
    phone.tap("Continue with 1")
    phone.sees("You said: Low-sugar feeling")
    back(phone)
    phone.sees("Continue with 1")
    back(phone)
    phone.sees("Start with a foot check")
    back(phone)
    expect(phone.page.get_by_role("heading", level=1, name="Today")).to_be_visible()


def test_signing_up_goes_back_a_step_and_keeps_what_was_typed(chromium: Browser, site: Site, email: str) -> None:
    with Phone(chromium, site) as phone:
        phone.go("welcome")
        phone.go("sign-up")
        phone.page.get_by_label("E-mail").fill(email)
        phone.page.locator("input[type=password]").fill("a long enough password")
        phone.tap("Continue")
        phone.sees("Step 2 of 3")
        phone.tap("Continue")
        phone.sees("Step 3 of 3")
        back(phone)
        phone.sees("Step 2 of 3")
        back(phone)
        phone.sees("Step 1 of 3")
        expect(phone.page.get_by_label("E-mail")).to_have_value(email)


def test_the_profile_goes_back_a_page_with_the_answers_kept(phone: Phone) -> None:
    phone.go("today")
    phone.go("profile")
    phone.tap("Change my answers")
    phone.sees("Part 1 of")
    phone.tap("Next")
    phone.sees("Part 2 of")
    phone.tap("Next")
    phone.sees("Part 3 of")
    back(phone)
    phone.sees("Part 2 of")
    phone.page.get_by_role("button", name="Back").click()
    phone.sees("Part 1 of")
    back(phone)
    expect(phone.page.get_by_role("heading", level=1, name="Today")).to_be_visible()


def test_a_question_over_a_screen_is_closed_and_the_screen_stays(phone: Phone) -> None:
    phone.go("today")
    phone.go("settings")
    phone.tap("Delete my account")
    dialog = phone.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    back(phone)
    expect(dialog).to_be_hidden()
    phone.sees("Settings")
    back(phone)
    expect(phone.page.get_by_role("heading", level=1, name="Today")).to_be_visible()
