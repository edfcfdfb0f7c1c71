"""After a save: the patient is back where they came from before they are told, so nothing moves them afterwards."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.phone import Phone
from tests.browser.site import Site

# Faster than any thumb: goes elsewhere in the very moment in which "Saved." is shown.
GO_ON_AT_ONCE = """() => new MutationObserver((_, watcher) => {
  if (!document.body.innerText.includes('Saved.')) return;
  watcher.disconnect();
  window.toldAt = location.hash;
  location.hash = '#/progress';
}).observe(document.body, { childList: true, subtree: true, characterData: true })"""


@pytest.fixture
def phone(chromium: Browser, site: Site) -> Phone:
    return Phone(chromium, site)


def test_who_goes_on_at_once_after_a_save_is_not_taken_back(phone: Phone) -> None:
    with phone:
        phone.sign_up("saving@example.org")
        phone.go("log/symptoms")
        phone.choose("fieldset input[value='6']")
        phone.page.evaluate(GO_ON_AT_ONCE)
        phone.tap("Save")
        expect(phone.page.get_by_role("heading", level=1, name="Progress")).to_be_visible()
        phone.page.wait_for_timeout(1500)
        assert phone.page.evaluate("[window.toldAt, location.hash]") == ["#/today", "#/progress"]


def test_a_save_on_the_first_screen_of_all_still_leads_to_the_log(phone: Phone) -> None:
    with phone:
        phone.sign_up("first@example.org")
        tab = phone.open_tab()
        tab.goto(f"{phone.site.url}/#/log/symptoms")
        phone.go("progress")
        tab.go_back()
        phone.choose("fieldset input[value='6']")
        phone.tap("Save")
        expect(tab.get_by_role("heading", level=1, name="Log", exact=True)).to_be_visible()
