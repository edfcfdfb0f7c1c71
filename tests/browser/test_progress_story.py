"""Progress: empty, with little and with much; read by touch, by keyboard and as a table; and without a network."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.for_everybody import look
from tests.browser.phone import Phone, answered_now
from tests.browser.records import ago, just_now, put_massages, put_note, put_reading
from tests.browser.site import ApiClient, Site
from tests.factories import plan


@pytest.fixture
def api(site: Site) -> ApiClient:
    return ApiClient(site)


@pytest.fixture
def me(api: ApiClient, email: str) -> dict[str, Any]:
    found: dict[str, Any] = api.sign_up(email)
    return found


@pytest.fixture(params=["light", "dark"])
def phone(
    request: pytest.FixtureRequest, chromium: Browser, site: Site, me: dict[str, Any], email: str
) -> Iterator[Phone]:
    with Phone(chromium, site, color_scheme=request.param, reduced_motion="reduce") as phone:
        phone.sign_in(email)
        yield phone


def card(phone: Phone, title: str) -> Locator:
    return phone.page.locator("section.card").filter(has=phone.page.get_by_role("heading", level=2, name=title))


def fill(api: ApiClient, me: dict[str, Any]) -> None:
    """Four weeks of a plan, a massage every third day, a note and steps on each day."""
    api.call("PUT", "/me/plan", plan(starts_on=ago(27)))
    put_massages(api, range(1, 28, 3), pain_before=6, pain_after=4)
    for days in range(28):
        put_note(api, me, days, 3 + days % 3, 2)
        if days:
            api.call("PUT", f"/step-counts/{ago(days)}", {"steps": 4000 + 100 * days, "recorded_at": just_now()})


def show(phone: Phone) -> None:
    phone.page.reload()
    phone.go("progress")
    phone.page.get_by_role("heading", level=1, name="Progress").wait_for()


def test_who_has_written_nothing_is_told_how_to_begin(phone: Phone) -> None:
    show(phone)
    phone.sees("Not enough days yet: 0 of 4.")
    phone.sees("You have not chosen a plan yet.")
    phone.sees("No steps in these days yet.")
    phone.sees("No entries in these days yet.")
    phone.sees("Nothing to say yet. It takes some weeks of notes.")
    look(phone)


def test_little_says_how_much_is_missing(phone: Phone, api: ApiClient, me: dict[str, Any]) -> None:
    put_massages(api, [2, 4, 6], pain_before=5, pain_after=4)
    put_note(api, me, 1, 4)
    show(phone)
    phone.sees("Pain before and after a massage. Not enough massages yet: 3 of 6.", within=20)
    phone.sees("Not enough days yet: 1 of 4.")
    look(phone)


def test_a_week_that_the_clinic_should_hear_of_says_so(phone: Phone, api: ApiClient, me: dict[str, Any]) -> None:
    put_massages(api, [20])
    for days in range(20, 15, -1):
        put_note(api, me, days, 9, 2)
    for days in range(5):
        put_note(api, me, days, 7, 4)
    show(phone)
    week = card(phone, "My last 7 days")
    expect(week).to_contain_text("Your pain was 7 or more on average this week.", timeout=20_000)
    expect(week).to_contain_text("Less pain does not always mean nerves are better.")
    expect(week).to_contain_text("Call your clinic in the next 1–2 working days.")
    look(phone)
    put_note(api, me, 0, 3, 4)
    show(phone)
    expect(week).not_to_contain_text("Your pain was 7 or more on average this week.", timeout=20_000)


def test_insights_say_what_they_rest_on_and_claim_no_cause(phone: Phone, api: ApiClient, me: dict[str, Any]) -> None:
    fill(api, me)
    show(phone)
    said = card(phone, "What your notes add up to")
    expect(said).to_contain_text("Your pain was 6 before a massage and 4 after it.", timeout=20_000)
    expect(said).to_contain_text("That is the average of 9 massages. This can be chance.")
    expect(said).to_contain_text("It does not show that a massage did this.")
    look(phone)


def test_the_last_insights_can_be_read_offline_with_their_date(
    phone: Phone, site: Site, api: ApiClient, me: dict[str, Any]
) -> None:
    fill(api, me)
    show(phone)
    said = card(phone, "What your notes add up to")
    expect(said).to_contain_text("As of", timeout=20_000)
    phone.worker_ready()
    site.stop()
    try:
        phone.page.close()
        phone.open_tab()
        phone.go("progress")
        said = card(phone, "What your notes add up to")
        expect(said).to_contain_text("Footwell cannot be reached now. This is from")
        expect(said).to_contain_text("Your pain was 6 before a massage and 4 after it.")
        expect(card(phone, "Sessions")).to_contain_text(re.compile(r"9 (of \d+ planned )?sessions"))
        look(phone)
    finally:
        site.start()


def test_the_pain_chart_is_read_by_keyboard_and_as_a_table(phone: Phone, api: ApiClient, me: dict[str, Any]) -> None:
    fill(api, me)
    show(phone)
    pain = card(phone, "Pain")
    words = pain.locator("[aria-live=polite]")
    expect(words).to_contain_text("Diary: 3, Mean of 7 days: 3.9", timeout=20_000)
    pain.get_by_role("button", name="Day before").focus()
    phone.page.keyboard.press("ArrowLeft")
    expect(words).to_contain_text("Diary: 4, Mean of 7 days: 4, Before a massage: 6, After a massage: 4")
    phone.page.keyboard.press("Home")
    expect(pain.get_by_role("button", name="Day before")).to_have_attribute("aria-disabled", "true")
    phone.page.keyboard.press("End")
    expect(words).to_contain_text("Diary: 3")
    pain.get_by_text("Show as a table").click()
    rows = pain.get_by_role("row")
    expect(rows).to_have_count(8)
    expect(rows.nth(2)).to_contain_text(re.compile(r"4\s*4\s*6\s*4$"))
    phone.choose("input[value='28']")
    pain.get_by_text("Show as a table").click()
    expect(rows).to_have_count(29)
    phone.choose("input[value='90']")
    look(phone)


def test_the_massages_of_four_weeks_are_read_by_touch_by_keyboard_and_as_a_table(
    phone: Phone, api: ApiClient, me: dict[str, Any]
) -> None:
    fill(api, me)
    show(phone)
    sessions = card(phone, "Sessions")
    words = sessions.locator("[aria-live=polite]")
    expect(sessions.locator("[data-at] .done")).to_have_count(9, timeout=20_000)
    sessions.locator("[data-at='26']").tap()
    expect(words).to_contain_text("a massage")
    sessions.get_by_role("button", name="Day before").focus()
    phone.page.keyboard.press("Home")
    phone.page.keyboard.press("ArrowRight")
    expect(words).not_to_contain_text("a massage")
    sessions.get_by_text("Show as a table").click()
    expect(sessions.get_by_role("row")).to_have_count(5)
    done = sessions.locator("tbody td:nth-child(2)").all_inner_texts()
    assert sum(map(int, done)) == 9
    look(phone)


def test_sugar_is_shown_in_the_patients_unit_with_the_target_behind_it(
    phone: Phone, api: ApiClient, me: dict[str, Any]
) -> None:
    api.call("PATCH", "/me", {"profile": answered_now(), "glucose_unit": "mg/dL", "glucose_on": True})
    show(phone)
    sugar = card(phone, "Sugar")
    expect(sugar).to_contain_text("No readings in these days yet.", timeout=20_000)
    look(phone)
    put_reading(api, 0, "110")
    put_reading(api, 0, None, special="LO")
    put_reading(api, 2, "5,6", "mmol/L", context="after_meal")
    put_reading(api, 3, "320", context="other")
    show(phone)
    expect(sugar).to_contain_text("4 readings in these days.", timeout=20_000)
    expect(sugar.locator("svg[role=img] circle")).to_have_count(4)
    expect(sugar).to_contain_text("Target before a meal: 80 to 130 mg/dL")
    expect(sugar).to_contain_text("Target 1–2 hours after a meal began: below 180 mg/dL.")
    expect(sugar).to_contain_text("LO stands at the lower edge, HI at the upper one.")
    words = sugar.locator("[aria-live=polite]")
    expect(words).to_contain_text("110 mg/dL")
    expect(words).to_contain_text("Meter says LO")
    sugar.get_by_role("button", name="Day before").focus()
    phone.page.keyboard.press("ArrowLeft")
    expect(words).to_contain_text("no reading")
    phone.page.keyboard.press("ArrowLeft")
    expect(words).to_contain_text("5,6 mmol/L (About 101 mg/dL)")
    sugar.get_by_text("Show as a table").click()
    expect(sugar.get_by_role("row")).to_have_count(5)
    look(phone)
    api.call("PATCH", "/me", {"glucose_on": False})
    show(phone)
    expect(sugar).to_have_count(0, timeout=20_000)
