"""Other ways of a reminder: e-mail, ntfy and a calendar, each from a tap; and why nothing came to the phone."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import icalendar
import pytest
import requests
from playwright.sync_api import expect

from tests.browser.phone import Phone
from tests.browser.site import ApiClient, Site, eventually
from tests.fakes.mail_server import MailServer
from tests.fakes.ntfy import NtfyServer


@pytest.fixture(scope="module")
def mail() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture(scope="module")
def ntfy() -> Iterator[NtfyServer]:
    with NtfyServer() as server:
        yield server
        assert server.problems == []


@pytest.fixture(scope="module")
def site(mail: MailServer, ntfy: NtfyServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("site")
    ways = {"SMTP_URL": f"smtp://127.0.0.1:{mail.port}", "FOOTWELL_NTFY_URL": ntfy.url}
    site = Site(folder, FOOTWELL_MAIL_FROM="Footwell <no-reply@example.org>", **ways)
    site.start()
    yield site
    site.stop()


def choose(phone: Phone, question: str, answer: str) -> None:
    group = phone.page.get_by_role("group", name=question)
    group.locator(f"input[value={answer}]").locator("xpath=ancestor::label").click()
    expect(group.locator(f"input[value={answer}]")).to_be_checked()


def due_soon(api: ApiClient) -> None:
    """A foot check of the next minute, by the patient's clock."""
    zone = ZoneInfo(api.call("GET", "/me")["time_zone"])
    at = (datetime.now(UTC) + timedelta(minutes=1)).astimezone(zone)
    rule = {"kind": "foot_check", "weekdays": [1, 2, 3, 4, 5, 6, 7], "times": [f"{at:%H:%M}"]}
    api.call("PUT", f"/reminders/{uuid4()}", {**rule, "starts_on": f"{at - timedelta(days=1):%Y-%m-%d}"})


def test_without_a_phone_that_gets_messages_it_comes_by_the_other_ways(
    phone: Phone, api: ApiClient, email: str, mail: MailServer, ntfy: NtfyServer
) -> None:
    phone.go("reminders")
    choose(phone, "By e-mail?", "when_missed")
    choose(phone, "With the ntfy app?", "always")
    phone.sees("Your ntfy address", within=15)
    assert api.call("GET", "/me")["email_reminders"] == "when_missed"
    due_soon(api)
    (letter,) = eventually(lambda: mail.letters, within=75)
    (note,) = eventually(lambda: ntfy.published)
    assert letter["To"] == email
    assert letter["Subject"] == note["title"] == "Footwell: it is time"
    assert phone.page.get_by_text(re.compile(note["topic"])).count() == 1
    eventually(
        lambda: {one["reason"] for one in api.call("GET", "/push/deliveries")["items"] if one["way"]} == {"sent"}
    )
    phone.go("reminders/why")
    phone.sees("Messages are turned off on this phone.")
    phone.sees("Not sent: no phone gets messages.")
    phone.sees("E-mail: sent")
    phone.sees("ntfy: sent")
    (link,) = re.findall(r"http\S+/#/mail-stop/\S+", letter.get_content())
    phone.page.goto(link)
    phone.tap("Stop the e-mails")
    phone.sees("no more e-mails to this address")
    assert api.call("GET", "/me")["email_reminders"] == "never"


def test_a_calendar_reads_what_the_tap_gave(phone: Phone, site: Site, api: ApiClient) -> None:
    due_soon(api)
    phone.go("reminders")
    phone.tap("Make a calendar address")
    phone.sees("This address is shown only now.")
    (address,) = phone.page.get_by_text(re.compile(r"/calendar/.+\.ics$")).all_inner_texts()
    calendar = icalendar.Calendar.from_ical(requests.get(address, timeout=10).content)
    assert len(calendar.walk("VEVENT")) > 50
    phone.tap("Stop this address")
    phone.tap("Stop it")
    phone.sees("The address no longer works.")
    assert requests.get(address, timeout=10).status_code == 404


def test_the_page_of_reasons_works_without_a_network(phone: Phone, site: Site) -> None:
    phone.worker_ready()
    phone.go("reminders/why")
    phone.sees("There were none in the last two weeks.")
    site.stop()
    try:
        phone.page.reload()
        phone.sees("You are offline. This is how it was on")
        phone.sees("Messages are turned off on this phone.")
    finally:
        site.start()
