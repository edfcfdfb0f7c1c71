"""The symptom diary on a phone: once a day, changed later, taken back, without a network; and what a week says."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.phone import Phone
from tests.browser.records import ago, put_massages, put_note
from tests.browser.site import ApiClient, Site, eventually


@pytest.fixture
def api(site: Site) -> ApiClient:
    return ApiClient(site)


@pytest.fixture
def me(api: ApiClient, email: str) -> dict[str, Any]:
    found: dict[str, Any] = api.sign_up(email)
    return found


@pytest.fixture
def phone(chromium: Browser, site: Site, me: dict[str, Any], email: str) -> Iterator[Phone]:
    with Phone(chromium, site) as phone:
        phone.sign_in(email)
        yield phone


def entries(api: ApiClient) -> list[dict[str, Any]]:
    return list(api.call("GET", "/symptom-entries")["items"])


def score(phone: Phone, name: str, value: int | str) -> None:
    phone.choose(f"fieldset[data-name={name}] input[value='{value}']")


def open_diary(phone: Phone, query: str = "") -> None:
    phone.go("log")
    phone.page.get_by_role("heading", level=1, name="Log").wait_for()
    phone.go(f"log/symptoms{query}")
    phone.page.get_by_role("heading", level=1, name="Symptom diary").wait_for()


def test_a_day_has_one_note_that_can_be_changed(phone: Phone, api: ApiClient) -> None:
    open_diary(phone)
    phone.sees("Pain in your feet, the last 24 hours on average")
    phone.tap("Save")
    phone.sees("Please tap a number for pain.")
    score(phone, "pain", 6)
    score(phone, "numbness", 4)
    phone.tap("Save")
    (made,) = eventually(lambda: entries(api))
    assert (made["on"], made["pain"], made["numbness"], made["tingling"]) == (ago(0), 6, 4, None)
    open_diary(phone)
    expect(phone.page.locator("fieldset[data-name=pain] input[value='6']")).to_be_checked()
    score(phone, "pain", 3)
    phone.page.locator("fieldset[data-name=numbness] label.skip").click()
    phone.tap("Save")
    changed = eventually(lambda: [one for one in entries(api) if one["pain"] == 3])
    assert [(one["id"], one["numbness"]) for one in changed] == [(made["id"], None)]
    assert len(entries(api)) == 1


def test_an_earlier_day_is_written_and_changed_by_its_date(phone: Phone, api: ApiClient) -> None:
    open_diary(phone)
    score(phone, "pain", 5)
    phone.page.get_by_label("Which day?").fill(ago(2))
    expect(phone.page.locator("fieldset[data-name=pain] input:checked")).to_have_count(0)
    score(phone, "pain", 8)
    phone.sees("Pain of 7 or more: call your clinic in the next 1–2 working days.")
    phone.tap("Save")
    (made,) = eventually(lambda: entries(api))
    assert (made["on"], made["pain"]) == (ago(2), 8)
    phone.tap("Edit")
    expect(phone.page.locator("fieldset[data-name=pain] input[value='8']")).to_be_checked()
    score(phone, "pain", 7)
    phone.tap("Save")
    assert eventually(lambda: [one for one in entries(api) if (one["on"], one["pain"]) == (ago(2), 7)])
    open_diary(phone)  # what was typed for today is still there
    expect(phone.page.locator("fieldset[data-name=pain] input[value='5']")).to_be_checked()


def test_a_day_to_come_is_refused_in_plain_words(phone: Phone, api: ApiClient) -> None:
    open_diary(phone)
    score(phone, "pain", 5)
    phone.page.get_by_label("Which day?").evaluate("(field) => field.removeAttribute('max')")
    phone.page.get_by_label("Which day?").fill(ago(-3))
    phone.tap("Save")
    phone.sees("Please choose today or a day before.")
    assert entries(api) == []


def test_a_note_is_deleted_and_comes_back_by_undo(phone: Phone, api: ApiClient, me: dict[str, Any]) -> None:
    open_diary(phone)
    score(phone, "pain", 4)
    phone.tap("Save")
    eventually(lambda: entries(api))
    phone.go("log")
    phone.sees("Pain 4")
    phone.tap("Delete")
    expect(phone.page.get_by_text("Pain 4")).to_have_count(0)
    phone.tap("Undo")
    phone.sees("Pain 4")
    phone.tap("Delete")
    expect(phone.page.get_by_text("Pain 4")).to_have_count(0)
    assert eventually(lambda: entries(api) == [], within=30)


def test_without_a_network_a_note_is_kept_and_counted_and_sent_later(
    phone: Phone, site: Site, api: ApiClient, me: dict[str, Any]
) -> None:
    for days in (1, 2, 3):
        put_note(api, me, days, 6)
    phone.page.reload()
    phone.go("progress")
    phone.sees("Not enough days yet: 3 of 4.", within=20)
    phone.worker_ready()
    site.stop()
    try:
        phone.page.close()
        phone.open_tab()
        open_diary(phone)
        score(phone, "pain", 2)
        phone.tap("Save")
        phone.go("progress")
        phone.sees("of 10: pain on average, from 4 days.")
        expect(phone.page.locator(".figure").first).to_have_text("5")
        phone.sees("That is from 4 up to 7: medium pain.")
        phone.page.reload()
        phone.sees("of 10: pain on average, from 4 days.")
    finally:
        site.start()
    phone.page.reload()
    assert eventually(lambda: [one for one in entries(api) if one["on"] == ago(0)], within=60)


def test_less_pain_with_more_numbness_leads_to_the_clinic(phone: Phone, api: ApiClient, me: dict[str, Any]) -> None:
    put_massages(api, [20])
    for days in range(20, 15, -1):
        put_note(api, me, days, 6, 2)
    for days in range(5):
        put_note(api, me, days, 3, 4)
    phone.page.reload()
    phone.go("progress")
    phone.sees("Your pain went down, but numbness went up.", within=20)
    phone.sees("Tell your clinic. Less pain does not always mean nerves are better.")
    phone.sees("That is clearly less pain than in your first week. It does not show why.")
    phone.tap("Book a visit")
    phone.page.get_by_role("heading", level=1, name="Book").wait_for()
    phone.sees("Your pain went down, but numbness went up.")


def test_a_change_is_not_shown_in_the_first_two_weeks(phone: Phone, api: ApiClient, me: dict[str, Any]) -> None:
    put_massages(api, [10])
    for days in range(11):
        put_note(api, me, days, 8 if days > 5 else 2)
    phone.page.reload()
    phone.go("progress")
    phone.sees("After your second week you can see what changed.", within=20)
    expect(phone.page.get_by_text("In your first week")).to_have_count(0)
