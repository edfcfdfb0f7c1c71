"""A patient's phone: Chromium at 390×844 with touch, and the taps that a patient makes."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol, Self

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.care.answers import NO_FLAG
from tests.factories import PASSWORD

SIZE = {"width": 390, "height": 844}
ZONE = "Europe/Berlin"
CONTROLLED = "() => navigator.serviceWorker.controller !== null"
REPEAT_GUARD_MS = 420  # a tap so soon after another is taken for a tremor (content brief §13)


def midday_zone() -> str:
    """Where it is noon now, on the day that it is in UTC: a clock that a story turns does not cross a midnight."""
    return f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"  # west of Greenwich is plus there


def answered_now(**answers: str) -> dict[str, object]:
    """A profile that was answered this minute: after three months it is asked again."""
    at = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    return {"answers": NO_FLAG | answers, "answered_at": at, "decision": None}


class Address(Protocol):
    """Anything that runs at an address."""

    @property
    def url(self) -> str: ...


class Contexts(Protocol):
    """A browser, as far as a phone needs it."""

    def new_context(self, **options: Any) -> BrowserContext: ...


class Phone:
    """One browser profile. Errors that the page did not expect fail the test when the phone is put away."""

    def __init__(self, browser: Browser | Contexts, site: Address, **options: object) -> None:
        given = {"viewport": SIZE, "is_mobile": True, "has_touch": True, "locale": "en-US", "timezone_id": ZONE}
        self.context: BrowserContext = browser.new_context(**{**given, **options})
        self.site = site
        self.errors: list[str] = []
        self.page = self.open_tab()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failed: object, *_: object) -> None:
        self.context.close()
        if failed is None:
            assert self.errors == [], self.errors

    def open_tab(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page = page
        return page

    def go(self, screen: str) -> None:
        """Open a screen by its address; the app itself stays loaded when it is."""
        self.page.goto(f"{self.site.url}/#/{screen}")

    def tap(self, name: str) -> None:
        """The button or link of this name, wherever it is on the screen."""
        self.page.wait_for_timeout(REPEAT_GUARD_MS)
        button, link = (self.page.get_by_role(role, name=name) for role in ("button", "link"))  # type: ignore[arg-type]
        button.or_(link).first.click()

    def choose(self, selector: str) -> None:
        """Tap the tile around a radio button or a tick; the button itself is drawn by the tile."""
        control = self.page.locator(selector).first
        control.locator("xpath=ancestor::label").click()
        expect(control).to_be_checked()

    def sees(self, text: str | re.Pattern[str], within: float = 5) -> None:
        expect(self.page.locator("body")).to_contain_text(text, timeout=within * 1000)

    def sign_up(self, email: str) -> None:
        self.go("sign-up")
        self.page.get_by_label("E-mail").fill(email)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.tap("Continue")
        self.sees("We found this on your phone")
        self.tap("Continue")
        for part in ("disclaimer", "adult", "health_data"):
            self.choose(f"input[name={part}]")
        self.page.locator("button[type=submit]").click()
        expect(self.page.get_by_role("heading", level=1, name="Today")).to_be_visible()

    def sign_in(self, email: str) -> None:
        self.go("sign-in")
        self.page.get_by_label("E-mail").fill(email)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("button[type=submit]").click()
        expect(self.page.get_by_role("heading", level=1, name="Today")).to_be_visible()

    def answer_profile(self, answers: Mapping[str, str] = NO_FLAG) -> None:
        self.go("profile")
        while True:
            self.page.locator("main input[type=radio]").first.wait_for()
            names = self.page.eval_on_selector_all("fieldset[data-name]", "all => all.map(one => one.dataset.name)")
            for name in names:
                self.choose(f"fieldset[data-name={name}] input[value={answers[name]}]")
            if self.page.get_by_role("button", name="Save my answers").count():
                self.tap("Save my answers")
                expect(self.page.locator("fieldset")).to_have_count(0)
                return
            number = self.page.get_by_text(re.compile(r"Part \d+ of")).inner_text()
            self.tap("Next")
            expect(self.page.get_by_text(number, exact=True)).to_have_count(0)

    def keep_profile(self) -> None:
        """All questions once more, each answer as it was."""
        while not (last := self.page.get_by_role("button", name="Yes, save my answers")).count():
            number = self.page.get_by_text(re.compile(r"Part \d+ of")).inner_text()
            self.tap("Next")
            expect(self.page.get_by_text(number, exact=True)).to_have_count(0)
        self.tap("Yes, save my answers")
        expect(last).to_have_count(0)

    def start_session(self, script: str = "S8") -> None:
        """A foot check without anything, then the massage runs."""
        self.go("session")
        self.choose(f"fieldset[data-name=script] input[value={script}]")
        self.tap("Start with a foot check")
        self.tap("None of these today")
        self.choose("fieldset input[value='4']")
        self.tap("Continue")
        self.tap("Start the massage")

    def type_sugar(
        self, value: str, unit: str = "mg/dL", context: str = "other", feels: str = "fine", signs: Sequence[str] = ()
    ) -> None:
        """A number on the open form, or LO or HI, and "Save"."""
        shown = value if value in ("LO", "HI") else "number"
        self.choose(f"[data-name=shown] input[value={shown}]")
        if shown == "number":
            self.page.get_by_label("Your number").fill(value)
            self.choose(f"[data-name=unit] input[value='{unit}']")
        self.choose(f"[data-name=context] input[value={context}]")
        if context != "unwell":
            self.choose(f"[data-name=feels] input[value={feels}]")
        for sign in signs:
            self.choose(f"input[name={sign}]")
        self.tap("Save")

    def worker_ready(self) -> None:
        """The service worker controls the page, so the app opens without a network."""
        for _ in range(3):
            for _ in range(100):
                if self.page.evaluate(CONTROLLED):
                    return
                self.page.wait_for_timeout(100)
            # It took over while this page was on its way, and missed it: the next page is its own.
            self.page.reload()
        raise AssertionError("the service worker does not take over")
