"""Chromium, and a Footwell to visit."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.phone import Phone, answered_now
from tests.browser.site import ApiClient, Site

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


LONGEST_SECONDS = 300  # a page that never answers fails one test and not the whole run


def chromium_path() -> str:
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(LONGEST_SECONDS))


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(driver: Playwright) -> Iterator[Browser]:
    browser = driver.chromium.launch(executable_path=chromium_path(), args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A module's `SERVER` is what its server finds in the environment."""
    site = Site(tmp_path_factory.mktemp("site"), **getattr(request.module, "SERVER", {}))
    site.start()
    yield site
    site.stop()


@pytest.fixture
def email() -> str:
    return f"patient-{uuid4().hex[:12]}@example.org"


@pytest.fixture
def api(site: Site, email: str) -> ApiClient:
    """The patient of this test, profile answered without a flag."""
    client = ApiClient(site)
    client.sign_up(email)
    client.call("PATCH", "/me", {"profile": answered_now()})
    return client


@pytest.fixture
def phone(chromium: Browser, site: Site, api: ApiClient, email: str) -> Iterator[Phone]:
    """That patient's phone, signed in."""
    with Phone(chromium, site) as phone:
        phone.sign_in(email)
        yield phone
