"""The plan: chosen after the questions, kept without a network, moved when missed, paused, reviewed and ended."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from server.services.records import daily_id
from tests.browser.phone import ZONE, Phone, answered_now
from tests.browser.site import ApiClient, Site, eventually
from tests.care.answers import NO_FLAG
from tests.factories import plan, session_log

TODAY = datetime.now(ZoneInfo(ZONE)).date()
MONDAY = TODAY - timedelta(days=TODAY.weekday()) + timedelta(days=7)


def next_week(name: str) -> date:
    return MONDAY + timedelta(days=["mon", "tue", "wed", "thu", "fri", "sat", "sun"].index(name))


def planned(api: ApiClient, **changes: Any) -> None:
    api.call("PUT", "/me/plan", plan(starts_on=str(TODAY), **changes))


def on_day(phone: Phone, on: date, screen: str = "today", at: str = "09:00") -> None:
    """The same phone on another day; everything it shows comes from its own records."""
    phone.page.clock.set_fixed_time(datetime.fromisoformat(f"{on}T{at}").replace(tzinfo=ZoneInfo(ZONE)))
    phone.go(screen)
    phone.page.reload()
    phone.page.locator("main h1").wait_for()


def kept_plan(api: ApiClient) -> Any:
    return api.call("GET", "/me/plan")


def synced(phone: Phone) -> None:
    phone.go("today")
    phone.sees("All sent", within=30)


def test_after_the_questions_a_plan_is_chosen_with_a_day_of_rest_between(
    chromium: Browser, site: Site, email: str
) -> None:
    with Phone(chromium, site) as phone:
        phone.sign_up(email)
        phone.sees("A few questions first")
        phone.answer_profile()
        phone.tap("Choose my plan")
        phone.sees("A good start for you")
        expect(phone.page.locator("input[value=standard]")).to_be_checked()
        phone.tap("Next")
        monday, saturday = (phone.page.get_by_role("button", name=name) for name in ("Monday", "Saturday"))
        expect(monday).to_have_attribute("aria-pressed", "true")
        phone.tap("Friday")
        phone.tap("Sunday")
        phone.tap("Save my plan")
        phone.sees("Sunday and Monday are next to each other")
        phone.page.reload()  # what was chosen is not lost
        phone.tap("Next")
        phone.tap("Sunday")
        phone.tap("Save my plan")
        phone.sees("Please choose 3 days")
        phone.tap("Saturday")
        expect(saturday).to_have_attribute("aria-pressed", "true")
        phone.page.get_by_label("At what time?").fill("08:30")
        phone.tap("Save my plan")
        expect(phone.page.get_by_role("heading", level=1, name="My plan")).to_be_visible()
        phone.sees("Monday, Wednesday, and Saturday, 8:30")
        phone.sees("no phone gets them yet")
        expect(phone.page.get_by_role("link", name="Turn on reminders")).to_be_visible()
        client = ApiClient(site)
        client.sign_in(email)
        kept = eventually(lambda: client.call("GET", "/changes") and kept_plan(client))
        assert (kept["weekdays"], kept["time"], kept["remind"]) == ([1, 3, 6], "08:30", True)
        phone.go("reminders")
        phone.page.get_by_text("The next ten reminders").click()
        expect(phone.page.locator("details li")).to_have_count(10)


def test_a_plan_chosen_without_a_network_shows_its_days_and_reaches_the_server_later(
    phone: Phone, site: Site, api: ApiClient
) -> None:
    phone.worker_ready()
    site.stop()
    try:
        phone.page.reload()
        phone.tap("Choose a plan")
        phone.choose("input[value=daily_short]")
        phone.tap("Next")
        phone.sees("Every day")
        phone.choose("input[name=remind]") if not phone.page.locator("input[name=remind]").is_checked() else None
        phone.tap("Save my plan")
        phone.sees("Waiting to send")
        expect(phone.page.locator("ol li")).to_have_count(14)
        phone.go("today")
        phone.sees("Time for your feet")
    finally:
        site.start()
    synced(phone)
    kept = kept_plan(api)
    assert (kept["programme_id"], len(kept["days"])) == ("daily_short", 14)
    assert {item["kind"] for item in api.call("GET", "/reminders")["items"]} == {"massage"}


def test_a_missed_day_moves_to_the_next_and_says_so_without_a_network_too(phone: Phone, api: ApiClient) -> None:
    planned(api)
    phone.worker_ready()
    phone.page.reload()
    phone.sees("All sent", within=30)
    expect(phone.page.get_by_text(re.compile("Next session|Time for your feet")).first).to_be_visible()
    phone.context.set_offline(True)
    on_day(phone, next_week("tue"))
    phone.sees("Time for your feet")
    phone.sees("Moved from Monday")
    phone.go("plan")
    expect(phone.page.locator("ol li")).to_have_count(7)
    expect(phone.page.locator("ol li").nth(0)).to_contain_text("Today")
    expect(phone.page.locator("ol li").nth(1)).to_contain_text("Moved from Wednesday")
    on_day(phone, next_week("sun"), at="23:50")
    phone.sees("Moved from Friday")
    on_day(phone, next_week("mon") + timedelta(days=7))
    phone.sees("Time for your feet")
    expect(phone.page.get_by_text("Moved from")).to_have_count(0)  # a new week starts clean
    phone.context.set_offline(False)


def test_a_session_done_is_counted_against_the_plan_and_the_day_after_is_one_of_rest(
    phone: Phone, api: ApiClient
) -> None:
    week = TODAY - timedelta(days=TODAY.weekday() + 7)
    api.call("PATCH", "/me", {"profile": {**answered_now(), "answered_at": f"{week}T06:00:00Z"}})
    api.call("PUT", "/me/plan", plan(starts_on=str(week)))
    for on in (week, week + timedelta(days=3)):
        at = f"{on}T08:00:00Z"
        api.call("PUT", f"/session-logs/{uuid4()}", session_log(on=str(on), started_at=at, ended_at=at))
    phone.page.reload()
    on_day(phone, week + timedelta(days=4), "progress")
    phone.sees("2 of 2 planned sessions in the last 28 days")
    phone.tap("See my plan")
    phone.sees("Moved from Friday")
    on_day(phone, week + timedelta(days=4))
    phone.sees("Nothing due now")
    on_day(phone, week + timedelta(days=6), "progress")
    phone.sees("2 of 3 planned sessions in the last 28 days")


def test_a_pause_with_a_reason_takes_the_days_away_until_the_patient_goes_on(
    phone: Phone, site: Site, api: ApiClient
) -> None:
    planned(api, programme_id="daily_short", weekdays=[1, 2, 3, 4, 5, 6, 7])
    phone.worker_ready()
    phone.page.reload()
    phone.sees("Time for your feet", within=30)
    phone.context.set_offline(True)
    phone.go("plan")
    phone.tap("Pause my plan")
    phone.tap("Pause")
    phone.sees("Please choose one")
    phone.choose("input[value=away]")
    phone.page.get_by_label("Until which day?").fill(str(TODAY - timedelta(days=1)))
    phone.tap("Pause")
    phone.sees("Please pick today or a later day")
    phone.page.get_by_label("Until which day?").fill(str(TODAY + timedelta(days=3)))
    phone.tap("Pause")
    phone.sees("Your plan is paused")
    expect(phone.page.locator("ol li")).to_have_count(10)
    phone.go("today")
    phone.sees("Your plan is paused")
    phone.context.set_offline(False)
    synced(phone)
    assert kept_plan(api)["pause"] == {
        "from_on": str(TODAY),
        "until_on": str(TODAY + timedelta(days=3)),
        "reason": "away",
    }
    phone.tap("See my plan")
    phone.tap("Go on now")
    expect(phone.page.locator("ol li")).to_have_count(14)
    synced(phone)
    assert kept_plan(api)["pause"] is None


@pytest.mark.parametrize(
    ("days", "question", "answer", "said"),
    [
        (14, "for 2 weeks", "Yes, it helps", "You can go on as you like"),
        (28, "for 4 weeks", "Not sure", "You can go on as you like"),
        (28, "for 4 weeks", "No", "It is fine to stop. Talk to your clinic about other options."),
    ],
)
def test_after_two_and_four_weeks_the_patient_is_asked_whether_it_helps(
    phone: Phone, api: ApiClient, days: int, question: str, answer: str, said: str
) -> None:
    api.call("PUT", "/me/plan", plan(starts_on=str(TODAY - timedelta(days=days))))
    phone.page.reload()
    phone.sees(question, within=30)
    phone.page.get_by_role("button", name=answer, exact=True).click()
    phone.sees(said)
    books = phone.page.get_by_role("link", name="Book or call")
    expect(books).to_have_count(1 if answer == "No" else 0)
    (review,) = eventually(lambda: kept_plan(api)["reviews"])
    assert (review["week"], review["on"]) == (days // 7, str(TODAY))
    phone.page.reload()
    phone.sees("Today")
    phone.page.wait_for_timeout(1000)
    expect(phone.page.get_by_text(question)).to_have_count(0)


def test_with_strong_pain_the_clinic_comes_first_and_only_the_short_plan_is_offered(
    phone: Phone, api: ApiClient
) -> None:
    entry_id = daily_id(UUID(api.call("GET", "/me")["id"]), "symptom_entry", TODAY)
    noted_at = datetime.now(ZoneInfo("UTC")).isoformat()
    api.call("PUT", f"/symptom-entries/{entry_id}", {"on": str(TODAY), "recorded_at": noted_at, "pain": 8})
    planned(api, programme_id="daily_short", weekdays=[1, 2, 3, 4, 5, 6, 7])
    phone.page.reload()
    phone.sees("Your pain is strong now", within=30)
    phone.go("plan/choose")
    phone.sees("Call your clinic first")
    expect(phone.page.locator("fieldset input[type=radio]")).to_have_count(1)
    phone.tap("Next")
    phone.sees("Please talk to your clinic first")
    phone.choose("input[name=acknowledged]")
    phone.tap("Next")
    phone.tap("Save my plan")
    phone.sees("Short and gentle")
    assert eventually(lambda: kept_plan(api)["programme_id"] == "severe")


def test_who_may_run_nothing_is_sent_to_the_clinic_and_may_choose_no_plan(
    chromium: Browser, site: Site, email: str
) -> None:
    with Phone(chromium, site) as phone:
        phone.sign_up(email)
        phone.go("plan/choose")
        phone.sees("First answer a few questions")
        phone.answer_profile(NO_FLAG | {"blood_clot": "yes"})
        phone.go("plan/choose")
        phone.sees("best to ask your clinic first")
        expect(phone.page.get_by_role("button", name="Next")).to_have_count(0)


def test_ending_is_fine_and_a_new_plan_may_begin(phone: Phone, api: ApiClient) -> None:
    planned(api)
    phone.page.reload()
    phone.go("plan")
    phone.tap("End my plan")
    phone.sees("It is fine to stop")
    phone.tap("Keep it")
    phone.tap("End my plan")
    phone.tap("End it")
    phone.sees("Your plan has ended")
    synced(phone)
    assert kept_plan(api)["ended_on"] == str(TODAY)
    assert api.call("GET", "/occurrences")["items"] == []
    phone.tap("Choose a plan")
    phone.tap("Next")
    phone.tap("Save my plan")
    phone.sees("The next two weeks")
    synced(phone)
    assert kept_plan(api)["ended_on"] is None


def test_a_red_flag_makes_the_plan_wait(phone: Phone, api: ApiClient) -> None:
    planned(api)
    now = datetime.now(ZoneInfo("UTC")).isoformat()
    warned = {"on": str(TODAY), "started_at": now, "warning": "open_sore", "level": "same_day"}
    api.call("PUT", f"/blocks/{uuid4()}", warned)
    phone.page.reload()
    phone.sees("No massage for now", within=30)
    phone.sees("Your plan and its reminders wait until this is over")
    phone.go("plan")
    phone.sees("No massage for now")
    phone.sees("Your plan and its reminders wait until this is over")
    expect(phone.page.get_by_text("The next two weeks")).to_have_count(0)
    phone.tap("See what to do")
    phone.sees("Open sore")
