"""The buttons of a reminder on a page of their own, for browsers whose notifications have none. Works offline."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.phone import Phone
from tests.browser.site import ApiClient, eventually
from tests.factories import reminder


def first_moment(api: ApiClient, kind: str) -> str:
    today = datetime.now(UTC).date().isoformat()
    rule = reminder(kind=kind, weekdays=[1, 2, 3, 4, 5, 6, 7], starts_on=today)
    made = api.call("PUT", f"/reminders/{uuid4()}", rule)
    return next(str(one["id"]) for one in api.call("GET", "/occurrences")["items"] if one["reminder_id"] == made["id"])


def press(phone: Phone, name: str) -> None:
    phone.page.wait_for_timeout(420)
    phone.page.get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def moments(api: ApiClient) -> dict[str, str]:
    """Before the phone reads what there is."""
    return {kind: first_moment(api, kind) for kind in ("massage", "foot_check")}


def answer(api: ApiClient, moment: str) -> dict[str, Any]:
    return next(one for one in api.call("GET", "/occurrences")["items"] if one["id"] == moment)


def test_done_and_later_are_answered_offline_and_may_be_changed(
    moments: dict[str, str], phone: Phone, api: ApiClient
) -> None:
    moment = moments["foot_check"]
    phone.worker_ready()
    phone.sees("All sent")
    phone.context.set_offline(True)
    phone.go(f"answer?occurrence={moment}")
    phone.sees("Time for your foot check")
    violations = Axe().run(phone.page).response["violations"]
    assert violations == [], violations
    press(phone, "Done")
    phone.sees("That is kept. Thank you.")
    phone.tap("Go to Today")
    expect(phone.page.get_by_role("heading", level=1, name="Today")).to_be_visible()
    phone.go(f"answer?occurrence={moment}")
    phone.sees("Already done")
    expect(phone.page.get_by_role("button", name="Done", exact=True)).to_have_count(0)
    phone.context.set_offline(False)
    eventually(lambda: answer(api, moment)["state"] == "done")


def test_a_session_is_started_or_put_off_for_half_an_hour(
    moments: dict[str, str], phone: Phone, api: ApiClient
) -> None:
    moment = moments["massage"]
    phone.sees("All sent")
    phone.go(f"answer?occurrence={moment}")
    press(phone, "Later")
    phone.sees("Footwell asks again at")
    eventually(lambda: answer(api, moment)["state"] == "snoozed")
    press(phone, "Change my answer")
    phone.tap("Start")
    expect(phone.page).to_have_url(f"{phone.site.url}/#/session?occurrence={moment}")
