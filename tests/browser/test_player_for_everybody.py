"""Every part of a massage for eyes that do not see well and fingers that are not steady."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.phone import Phone
from tests.browser.playing import CLOSE, SCROLLS, SMALL
from tests.browser.site import ApiClient, Site

SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def look(phone: Phone, what: str) -> None:
    """Axe, and nothing that scrolls sideways on a small screen or with large text."""
    found: list[dict[str, Any]] = Axe().run(phone.page).response["violations"]
    assert [(what, one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found] == []
    for width, text in ((320, "100%"), (390, "200%")):
        phone.page.set_viewport_size({"width": width, "height": 844})
        phone.page.evaluate("(size) => { document.documentElement.style.fontSize = size }", text)
        assert phone.page.evaluate(SIDEWAYS) <= 0, f"{what} scrolls sideways at {width} px with {text} text"
    phone.page.evaluate("() => { document.documentElement.style.fontSize = '' }")
    phone.page.set_viewport_size({"width": 390, "height": 844})


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_part_is_for_everybody(chromium: Browser, site: Site, api: ApiClient, email: str, theme: str) -> None:
    with Phone(chromium, site, color_scheme=theme, reduced_motion="reduce") as phone:
        phone.sign_in(email)
        phone.go("session")
        tap_later = phone.tap
        tap_later("Start with a foot check")
        tap_later("None of these today")
        phone.choose("fieldset input[value='4']")
        tap_later("Continue")
        phone.sees("Get ready")
        look(phone, "ready")
        tap_later("Start the massage")
        for part in ("running", "paused"):
            assert phone.page.evaluate(SMALL) == [], part
            assert phone.page.evaluate(CLOSE) == [], part
            assert phone.page.evaluate(SCROLLS) <= 0, part
            look(phone, part)
            if part == "running":
                tap_later("Pause")
        phone.page.locator(".tap").click()
        phone.sees("Why did you stop?")
        look(phone, "why")
        tap_later("I have had enough")
        phone.sees("Before you stand up")
        look(phone, "after")
        tap_later("Save my session")
        phone.sees("Your session is saved")
        look(phone, "saved")
