"""What must not get lost around a massage: why it was stopped, what was tapped before a call came, the one of today."""

from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.phone import Phone
from tests.browser.records import ago, just_now
from tests.browser.site import ApiClient, eventually
from tests.factories import session_log

CALM = {
    "way": "lukewarm_water",
    "sensation_test": "yes",
    "cold_illness": "no",
    "cream_or_oil": "no",
    "drowsy_or_alcohol": "no",
    "thermometer": "yes",
}


def answer(phone: Phone, reply: str) -> None:
    phone.page.wait_for_timeout(500)
    phone.page.get_by_role("button", name=reply, exact=True).click()


def items(api: ApiClient, path: str) -> list[dict[str, Any]]:
    return list(api.call("GET", path)["items"])


def stop(phone: Phone, reason: str) -> None:
    phone.start_session()
    phone.tap("STOP")
    phone.sees("Why did you stop?")
    phone.tap(reason)


def test_blood_is_told_to_the_ladder_and_blocks_both_feet(phone: Phone, api: ApiClient) -> None:
    stop(phone, "I see blood")
    phone.sees("Do you have a fever, or are you confused?")
    phone.page.reload()
    answer(phone, "No")
    phone.sees("Open sore")
    phone.tap("Yes, that is right")
    expect(phone.page.get_by_role("heading", level=1, name="Call today")).to_be_focused()
    (event,) = eventually(lambda: items(api, "/triage-events"))
    assert (event["level"], event["signs"], event["rules_differ"]) == ("same_day", ["open_sore"], False)
    (block,) = eventually(lambda: items(api, "/blocks"))
    assert (block["warning"], block["level"]) == ("open_sore", "same_day")
    # It would lead to where the patient already is.
    expect(phone.page.get_by_role("link", name="See how it ends")).to_have_count(0)
    phone.tap("Continue")
    phone.sees("Before you stand up")
    phone.sees("Call today")
    phone.page.get_by_label("A note, if you like").press_sequentially("It was a nail.")
    phone.page.wait_for_timeout(500)
    phone.page.reload()
    expect(phone.page.get_by_label("A note, if you like")).to_have_value("It was a nail.")
    phone.tap("Save my session")
    phone.sees("Your session is saved")
    (log,) = eventually(lambda: items(api, "/session-logs"))
    assert (log["id"], log["stop_reason"], log["note"]) == (event["id"], "bleeding", "It was a nail.")
    phone.go("today")
    phone.go("session")
    phone.sees("You told us on")


def test_blood_tapped_by_mistake_is_asked_again(phone: Phone, api: ApiClient) -> None:
    stop(phone, "I see blood")
    answer(phone, "No")
    phone.tap("No, let me change it")
    phone.sees("Why did you stop?")
    phone.tap("I have had enough")
    phone.sees("You can do a session another day")
    phone.tap("Save my session")
    (log,) = eventually(lambda: items(api, "/session-logs"))
    assert log["stop_reason"] == "enough"
    assert items(api, "/blocks") == items(api, "/triage-events") == []


def test_skin_that_looks_different_at_the_end_is_told_before_it_is_saved(phone: Phone, api: ApiClient) -> None:
    stop(phone, "I have had enough")
    phone.choose("fieldset input[value='not_sure']")
    phone.sees("Your skin looks different.")
    phone.tap("Save my session")
    phone.sees("Is the foot suddenly cold or pale, or is any skin black?")
    answer(phone, "Not sure")
    phone.tap("Yes, that is right")
    expect(phone.page.get_by_role("heading", level=1, name="Get help now")).to_be_focused()
    (block,) = eventually(lambda: items(api, "/blocks"))
    assert (block["warning"], block["level"]) == ("cold_or_discoloured", "emergency")
    phone.tap("Continue")
    phone.tap("Save my session")
    phone.sees("Your session is saved")
    assert len(eventually(lambda: items(api, "/triage-events"))) == 1


def test_who_feels_unwell_is_led_to_the_sugar_and_back(phone: Phone, api: ApiClient) -> None:
    me = api.call("GET", "/me")
    answers = {**me["profile"]["answers"], "low_sugar_medicine": "yes"}
    api.call("PATCH", "/me", {"profile": {**me["profile"], "answers": answers}})
    phone.page.reload()
    phone.go("session")
    phone.tap("Start with a foot check")
    phone.tap("None of these today")
    phone.choose("fieldset input[value='4']")
    phone.tap("Continue")
    phone.tap("Start the massage")
    phone.tap("STOP")
    phone.tap("I feel unwell")
    phone.sees("Feeling unwell can come from low sugar.")
    phone.tap("Check my sugar")
    phone.sees("Your number")
    phone.go("session")
    phone.sees("Before you stand up")


def test_a_massage_that_was_deleted_is_still_the_one_of_today(phone: Phone, api: ApiClient) -> None:
    stop(phone, "It hurts more")
    phone.tap("Save my session")
    phone.sees("Your session is saved")
    eventually(lambda: items(api, "/session-logs"))
    phone.go("log")
    phone.tap("Delete")
    phone.sees("Deleted")
    phone.go("session")
    phone.sees("You have done a session today.")
    phone.page.reload()
    phone.sees("You have done a session today.")


def test_the_skin_is_looked_at_before_the_next_massage(phone: Phone, api: ApiClient) -> None:
    at = {"started_at": f"{ago(2)}T08:00:00Z", "ended_at": f"{ago(2)}T08:08:20Z"}
    api.call("PUT", f"/session-logs/{uuid4()}", session_log(on=ago(2), **at))
    phone.page.reload()
    phone.go("session")
    phone.sees("How does your skin look since your last massage?")
    expect(phone.page.get_by_role("button", name="Start with a foot check")).to_have_count(0)
    phone.page.locator("main").get_by_role("link", name="Look now").last.click()
    phone.tap("No, it looks normal")
    phone.tap("Go on to the massage")
    phone.sees("Start with a foot check")


def test_a_draft_ends_when_another_phone_has_logged_a_massage(phone: Phone, api: ApiClient) -> None:
    phone.start_session()
    phone.tap("Pause")
    phone.go("today")
    api.call("PUT", f"/session-logs/{uuid4()}", session_log(on=ago(0), started_at=just_now(), ended_at=just_now()))
    phone.page.reload()
    phone.go("session")
    phone.sees("You have done a session today.")
    expect(phone.page.get_by_role("button", name="Go on")).to_have_count(0)


@pytest.mark.parametrize("screen", ["session", "help"])
def test_a_warning_that_was_tapped_is_offered_again(phone: Phone, screen: str) -> None:
    phone.go(screen)
    if screen == "session":
        phone.tap("Start with a foot check")
    phone.tap("Open sore")
    tapped = phone.page.locator("main [aria-pressed=true]")
    expect(tapped).to_have_count(1)
    phone.page.wait_for_timeout(500)
    phone.page.reload()
    expect(tapped).to_have_count(1)
    phone.sees("1")
    phone.tap("Open sore")
    expect(tapped).to_have_count(0)
    phone.page.wait_for_timeout(500)
    phone.page.reload()
    phone.sees("None of these" if screen == "help" else "Start with a foot check")
    expect(tapped).to_have_count(0)


def test_a_warning_before_a_bath_is_kept_and_gets_its_name(phone: Phone, api: ApiClient) -> None:
    phone.go("comfort")
    for name, value in CALM.items():
        phone.choose(f"fieldset[data-name={name}] input[value={value}]")
    phone.page.wait_for_timeout(500)
    phone.page.reload()
    expect(phone.page.locator("fieldset[data-name=way] input[value=lukewarm_water]")).to_be_checked()
    phone.choose("fieldset[data-name=warning] input[value=yes]")
    answer(phone, "Go on")
    phone.sees("There is a warning sign. Get help for it first.")
    (event,) = eventually(lambda: items(api, "/triage-events"))
    assert (event["worried"], event["signs"]) == (True, [])
    phone.page.reload()
    phone.sees("There is a warning sign. Get help for it first.")
    phone.page.locator("main").get_by_role("link", name="Something wrong with my foot").click()
    phone.tap("Open sore")
    phone.tap("Continue with 1")
    answer(phone, "No")
    phone.tap("Yes, that is right")
    phone.sees("Call today")
    told = eventually(lambda: [one for one in items(api, "/triage-events") if one["signs"]])
    assert [(one["id"], one["level"]) for one in told] == [(event["id"], "same_day")]
    (block,) = eventually(lambda: items(api, "/blocks"))
    assert block["warning"] == "open_sore"
