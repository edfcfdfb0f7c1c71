"""A screen for eyes that do not see well and fingers that are not steady: axe, reflow, size of targets."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.browser.phone import Phone

TOO_SMALL = """() => ['main button', 'main a', 'main input', 'main select', 'main textarea', 'main summary', 'nav a']
  .flatMap((kind) => [...document.querySelectorAll(kind)])
  .map((target) => (target.matches('[type=radio], [type=checkbox]') && target.closest('label')) || target)
  .filter((target) => target.checkVisibility() && !target.closest('.unseen, .skip'))
  .map((target) => ({ name: target.textContent.trim() || target.name, box: target.getBoundingClientRect() }))
  .filter(({ box }) => box.width > 0 && (box.height < 56 || box.width < 56))
  .map(({ name, box }) => `${name}: ${Math.round(box.width)} × ${Math.round(box.height)}`)"""
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def look(phone: Phone) -> None:
    """At the screen as it is now."""
    phone.page.locator("main h1").wait_for()
    phone.page.wait_for_timeout(250)
    found: list[dict[str, Any]] = Axe().run(phone.page).response["violations"]
    assert [(finding["id"], [node["html"][:120] for node in finding["nodes"]]) for finding in found] == []
    assert phone.page.evaluate(TOO_SMALL) == []
    for width, text in ((320, "100%"), (390, "200%")):
        phone.page.set_viewport_size({"width": width, "height": 844})
        phone.page.evaluate("(size) => { document.documentElement.style.fontSize = size }", text)
        # With less motion every change of style takes a moment: measured at once, the letters have their old size.
        phone.page.wait_for_timeout(100)
        assert phone.page.evaluate(OVERFLOW) <= 0, f"scrolls sideways at {width} px with {text} text"
    phone.page.evaluate("() => { document.documentElement.style.fontSize = '' }")
    phone.page.set_viewport_size({"width": 390, "height": 844})
