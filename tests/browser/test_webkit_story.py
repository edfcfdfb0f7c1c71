"""The engine of Safari, in a tab where no push can be had: nothing breaks, and the app works without a network."""

from collections.abc import Iterator

import pytest

from tests.browser.phone import answered_now
from tests.browser.site import ApiClient, Site, eventually
from tests.factories import PASSWORD
from tests.fakes.webkit import WebKit

EMAIL = "webkit@example.org"
GO = "async (screen) => { location.hash = `#/${screen}` }"
CONTROLLED = "async () => navigator.serviceWorker.controller !== null"
BUTTONS = "async () => [...document.querySelectorAll('main button')].map((button) => button.textContent.trim())"


@pytest.fixture(scope="module")
def api(site: Site) -> ApiClient:
    client = ApiClient(site)
    client.sign_up(EMAIL)
    client.call("PATCH", "/me", {"profile": answered_now()})
    return client


@pytest.fixture(scope="module")
def webkit(site: Site, api: ApiClient) -> Iterator[WebKit]:
    with WebKit() as webkit:
        webkit.open(f"{site.url}/#/sign-in")
        webkit.fill("input[name=email]", EMAIL)
        webkit.fill("input[name=password]", PASSWORD)
        webkit.click("button[type=submit]")
        webkit.sees("How are your feet?")
        yield webkit


def test_reminders_says_what_cannot_be_had_here_and_asks_for_nothing(webkit: WebKit, api: ApiClient) -> None:
    assert webkit.evaluate("async () => 'PushManager' in window") is False
    webkit.evaluate(GO, "reminders")
    webkit.sees("This browser cannot show reminders")
    webkit.sees("Try Chrome or Firefox on Android. On an iPhone, use Safari.")
    webkit.sees("Everything else works here.")
    webkit.sees("No phone gets reminders yet.")
    assert not {"Turn on reminders", "Send me a test"} & set(webkit.evaluate(BUTTONS))
    assert api.call("GET", "/push/subscriptions")["items"] == []


def test_what_is_written_without_a_network_is_sent_later(webkit: WebKit, api: ApiClient, site: Site) -> None:
    webkit.open(f"{site.url}/?again#/today")
    webkit.wait_for(CONTROLLED)
    site.stop()
    webkit.open(f"{site.url}/#/log/symptoms")
    webkit.click("label:has(input[type=radio][value='4'])")
    webkit.evaluate("async () => document.querySelector('main form button[type=submit]').click()")
    webkit.wait_for("async () => !location.hash.includes('log/symptoms')")
    site.start()
    webkit.open(f"{site.url}/?later#/today")
    [entry] = eventually(lambda: api.call("GET", "/symptom-entries")["items"])
    assert entry["pain"] == 4
