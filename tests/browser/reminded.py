"""A phone with reminders on, in each real browser that can have them, so that one story is told of both."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import BrowserContext, Playwright

from integrations.push import PushSender
from server import jobs
from server.wiring import build_dependencies
from tests.browser.phone import Phone
from tests.browser.site import Site
from tests.factories import PASSWORD
from tests.fakes.fcm import Fcm, Led
from tests.fakes.firefox import Firefox
from tests.fakes.notification_daemon import NotificationDaemon
from tests.fakes.push_service import PushService

REPEAT_GUARD_SECONDS = 0.42


class Reminded(Protocol):
    """What the stories do with a browser."""

    def pages(self) -> list[str]:
        """The addresses of all tabs."""

    def open_app(self) -> None:
        """Today, in a tab."""

    def close_app(self) -> None:
        """No tab of ours is left; the browser stays."""

    def sign_out(self) -> None:
        """In Settings, and yes to the question."""

    def evaluate(self, function: str, *arguments: Any) -> Any:
        """What a function answers in the app."""

    def led(self, sender: PushSender) -> PushSender:
        """Our sender, as it reaches the push service of this browser."""


def work_at(site: Site, moment: datetime, led: Callable[[PushSender], PushSender] = lambda sender: sender) -> int:
    """One look of a worker whose clock shows `moment`; how many messages it tried to send."""
    deps = build_dependencies(site.settings)
    deps = replace(deps, clock=lambda: moment, push_sender=led(deps.push_sender))
    try:
        return jobs.send_due(deps)
    finally:
        deps.push_sender.close()
        deps.database.engine.dispose()


class InFirefox:
    """A Reminded."""

    def __init__(self, firefox: Firefox, site: Site) -> None:
        self.firefox = firefox
        self.site = site

    def sign_in(self, email: str) -> None:
        firefox = self.firefox
        firefox.open(f"{self.site.url}/#/sign-in")
        firefox.wait_for("() => document.querySelector('input[name=password]') !== null")
        firefox.fill("input[name=email]", email)
        firefox.fill("input[name=password]", PASSWORD)
        firefox.click("button[type=submit]")
        firefox.wait_for("() => document.querySelector('h1')?.textContent === 'Today'")

    def go(self, screen: str) -> None:
        self.firefox.evaluate("(screen) => { location.hash = `#/${screen}` }", screen)
        self.firefox.wait_for("() => document.querySelector('main h1') !== null")

    def tap(self, text: str, among: str = "button") -> None:
        """A trusted tap on the button that says so, a little after the one before."""
        time.sleep(REPEAT_GUARD_SECONDS)
        self.firefox.wait_for(
            """(text, among) => {
              for (const old of document.querySelectorAll('[data-tap]')) delete old.dataset.tap
              const found = [...document.querySelectorAll(among)].find((button) => button.textContent.includes(text))
              found?.scrollIntoView({ block: 'center' })
              if (found) found.dataset.tap = 'yes'
              return found !== undefined
            }""",
            text,
            among,
        )
        self.firefox.click("[data-tap]")

    def pages(self) -> list[str]:
        return self.firefox.pages()

    def open_app(self) -> None:
        self.firefox.open(f"{self.site.url}/#/today")
        self.firefox.wait_for("() => document.querySelector('h1')?.textContent === 'Today'")

    def close_app(self) -> None:
        self.firefox.open("about:blank")

    def sign_out(self) -> None:
        self.go("settings")
        self.tap("Sign out")
        self.firefox.wait_for("() => document.querySelector('dialog[open]') !== null")
        self.tap("Sign out", "dialog[open] button")

    def evaluate(self, function: str, *arguments: Any) -> Any:
        return self.firefox.evaluate(function, *arguments)

    def led(self, sender: PushSender) -> PushSender:
        return sender


class InChromium:
    """A Reminded."""

    def __init__(self, phone: Phone, fcm: Fcm) -> None:
        self.phone = phone
        self._fcm = fcm
        self._blank = phone.context.pages[0]

    def pages(self) -> list[str]:
        self._blank.wait_for_timeout(50)  # hears of new tabs meanwhile
        return [page.url for page in self.phone.context.pages]

    def open_app(self) -> None:
        self.close_app()
        self.phone.open_tab()
        self.phone.go("today")
        self.phone.sees("Today")

    def close_app(self) -> None:
        for page in self.phone.context.pages[1:]:
            page.close()

    def sign_out(self) -> None:
        self.phone.go("settings")
        self.phone.tap("Sign out")
        self.phone.page.locator("dialog[open] button", has_text="Sign out").click()

    def evaluate(self, function: str, *arguments: Any) -> Any:
        return self.phone.page.evaluate(f"(all) => ({function})(...all)", list(arguments))

    def led(self, sender: PushSender) -> PushSender:
        return Led(sender, self._fcm)


class ProfileOnDisk:
    """Makes the one context of a browser that keeps its profile: a private window can have no subscription."""

    def __init__(
        self, playwright: Playwright, folder: Path, program: str, args: list[str], env: dict[str, str]
    ) -> None:
        self._start = lambda options: playwright.chromium.launch_persistent_context(
            folder, executable_path=program, args=args, env=env, **options
        )

    def new_context(self, **options: Any) -> BrowserContext:
        return self._start(options)


@contextmanager
def in_firefox(site: Site, email: str, service: PushService, desktop: NotificationDaemon) -> Iterator[InFirefox]:
    """Firefox, signed in, with reminders turned on by tapping."""
    with Firefox(push_service=service, system_notifications=True, environment=desktop.environment) as firefox:
        reminded = InFirefox(firefox, site)
        reminded.sign_in(email)
        reminded.go("reminders")
        reminded.tap("Turn on reminders")
        firefox.wait_for("() => document.body.textContent.includes('Reminders are on, on this phone.')")
        yield reminded


@contextmanager
def in_chromium(profile: ProfileOnDisk, site: Site, email: str, fcm: Fcm) -> Iterator[InChromium]:
    """Chromium, the same."""
    with Phone(profile, site) as phone:
        phone.context.grant_permissions(["notifications"], origin=site.url)
        phone.sign_in(email)
        phone.go("reminders")
        phone.tap("Turn on reminders")
        phone.sees("Reminders are on, on this phone.")
        yield InChromium(phone, fcm)
