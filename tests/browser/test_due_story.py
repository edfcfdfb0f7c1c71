"""What a reminder asks for stands on Today, can be done or put off there, with no network too; and the one question
after a journey."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.phone import Phone, answered_now, midday_zone
from tests.browser.site import ApiClient, Site, eventually

WORDS = "Cream on both heels"


@pytest.fixture
def due(api: ApiClient) -> datetime:
    """In a moment: what has passed is not reminded of."""
    due = (datetime.now(UTC) + timedelta(minutes=2)).replace(second=0, microsecond=0)
    api.call("PATCH", "/me", {"time_zone": midday_zone(), "profile": answered_now()})
    local = due.astimezone(ZoneInfo(midday_zone()))
    rule = {"weekdays": [1, 2, 3, 4, 5, 6, 7], "times": [f"{local:%H:%M}"], "starts_on": str(local.date())}
    api.call("PUT", f"/reminders/{uuid4()}", {"kind": "own", "text": WORDS, **rule})
    api.call("PUT", f"/reminders/{uuid4()}", {"kind": "shoe_check", **rule})
    return due


@pytest.fixture
def phone(chromium: Browser, site: Site, due: datetime, email: str) -> Iterator[Phone]:
    """A phone whose clock says that the moment has passed by a minute."""
    with Phone(chromium, site, timezone_id=midday_zone()) as phone:
        phone.page.clock.install(time=due + timedelta(minutes=1))
        phone.sign_in(email)
        yield phone


def tap(phone: Phone, name: str) -> None:
    phone.page.clock.run_for(500)
    button = phone.page.get_by_role("button", name=name, exact=True)
    button.or_(phone.page.get_by_role("link", name=name, exact=True)).first.click()


def states(api: ApiClient) -> dict[str, Any]:
    today = api.call("GET", "/today")["occurrences"]
    return {one["kind"]: one for one in today}


def test_a_reminder_of_ones_own_is_put_off_and_done(phone: Phone, api: ApiClient) -> None:
    phone.sees(WORDS)
    card = phone.page.locator("section", has_text=WORDS)
    phone.page.clock.run_for(500)
    card.get_by_role("button", name="Later").click()
    tap(phone, "In 30 minutes")
    phone.sees("Put off until")
    eventually(lambda: states(api)["own"]["state"] == "snoozed")
    until = datetime.fromisoformat(states(api)["own"]["until"])
    assert timedelta(minutes=28) < until - datetime.now(UTC) < timedelta(minutes=32)  # by the right clock
    tap(phone, "Done")
    expect(phone.page.locator("body")).not_to_contain_text(WORDS)
    eventually(lambda: states(api)["own"]["state"] == "done")


def test_with_no_network_not_today_waits_on_the_phone(phone: Phone, api: ApiClient) -> None:
    phone.sees("Look at your shoes")
    phone.context.set_offline(True)
    phone.page.clock.run_for(500)
    phone.page.locator("section", has_text="Look at your shoes").get_by_role("button", name="Later").click()
    tap(phone, "Not today")
    expect(phone.page.locator("body")).not_to_contain_text("Look at your shoes")
    assert states(api)["shoe_check"]["state"] == "open"
    phone.context.set_offline(False)
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.page.clock.run_for(10_000)
    eventually(lambda: states(api)["shoe_check"]["state"] == "skipped")


def zone_of(api: ApiClient) -> tuple[str, str | None]:
    me = api.call("GET", "/me")
    return me["time_zone"], me["home_kept_in"]


@pytest.mark.parametrize(
    ("button", "kept"),
    [("Follow this phone", ("Asia/Tokyo", None)), ("Keep Berlin time", ("Europe/Berlin", "Asia/Tokyo"))],
)
def test_after_a_journey_it_is_asked_once(
    chromium: Browser, site: Site, api: ApiClient, email: str, button: str, kept: tuple[str, str | None]
) -> None:
    api.call("PATCH", "/me", {"time_zone": "Europe/Berlin", "profile": answered_now()})
    with Phone(chromium, site, timezone_id="Asia/Tokyo") as phone:
        phone.sign_in(email)
        phone.sees("This phone shows Tokyo time. Your reminders come by Berlin time.")
        phone.tap(button)
        eventually(lambda: zone_of(api) == kept)
        phone.page.reload()
        phone.sees("Steps")
        expect(phone.page.locator("body")).not_to_contain_text("journey")
    with Phone(chromium, site, timezone_id="Europe/Berlin") as phone:  # home again: the next journey is asked about
        phone.sign_in(email)
        if button == "Keep Berlin time":
            eventually(lambda: zone_of(api) == ("Europe/Berlin", None))
        else:
            phone.sees("This phone shows Berlin time. Your reminders come by Tokyo time.")
