"""A sign-in that ended: the app still opens, keeps what was typed, and sends it after the next sign-in."""

import contextlib
import sqlite3

from playwright.sync_api import Browser

from tests.browser.phone import Phone
from tests.browser.site import ApiClient, Site, eventually
from tests.factories import PASSWORD

EMAIL = "expired@example.org"


def end_all_sign_ins(site: Site) -> None:
    with contextlib.closing(sqlite3.connect(site.settings.data_dir / "footwell.db")) as db, db:
        db.execute("UPDATE sign_ins SET expires_at = '2020-01-01 00:00:00.000000'")


def test_an_ended_sign_in_keeps_the_app_open_and_the_entry_waiting(chromium: Browser, site: Site) -> None:
    api = ApiClient(site)
    api.sign_up(EMAIL)
    with Phone(chromium, site) as phone:
        phone.sign_in(EMAIL)
        end_all_sign_ins(site)
        phone.page.reload()
        phone.go("log/symptoms")
        phone.choose("fieldset input[value='6']")
        phone.tap("Save")
        phone.sees("Saved.")
        phone.sees("Sign in again to send")
        phone.go("log")
        phone.sees("Waiting to send")
        phone.tap("Sign in")
        phone.page.get_by_label("E-mail").fill(EMAIL)
        phone.page.locator("input[name=password]").fill(PASSWORD)
        phone.page.locator("button[type=submit]").click()
        phone.sees("All sent")
        api.sign_in(EMAIL)
        (entry,) = eventually(lambda: api.call("GET", "/symptom-entries")["items"])
        assert entry["pain"] == 6
