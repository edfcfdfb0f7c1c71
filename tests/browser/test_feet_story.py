"""The daily foot check on the phone: seen, measured, compared, without a network, put right; and the yearly exam."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from playwright.sync_api import expect

from tests.browser.phone import Phone
from tests.browser.site import ApiClient, Site, eventually
from tests.factories import block, foot_check, reminder

SERVER = {"FOOTWELL_CLINIC_PHONE": "+49 30 1234567"}
CALL = "tel:+49301234567"
RASH = {"warning": "skin_problem", "level": "within_days", "areas": ["left.between_toes"]}


def days_ago(phone: Phone, days: int) -> dict[str, str]:
    """The members of a record that was made that many days before the phone's own day."""
    at = phone.page.evaluate("(days) => new Date(Date.now() - days * 24 * 3600 * 1000).toISOString()", days)
    on = phone.page.evaluate("(days) => new Date(Date.now() - days * 86400000).toLocaleDateString('en-CA')", days)
    return {"on": str(on), "recorded_at": str(at)}


def checks(api: ApiClient) -> list[dict[str, Any]]:
    return list(api.call("GET", "/foot-checks")["items"])


def blocks(api: ApiClient) -> list[dict[str, Any]]:
    return list(api.call("GET", "/blocks")["items"])


def see(phone: Phone, area: str, *signs: str) -> None:
    phone.page.locator(f"[data-area='{area}']").click()
    dialog = phone.page.get_by_role("dialog")
    for sign in signs:
        dialog.get_by_role("button", name=sign, exact=True).click()
    dialog.get_by_role("button", name="Done").click()


def answer(phone: Phone, name: str) -> None:
    phone.page.wait_for_timeout(420)
    phone.page.get_by_role("button", name=name, exact=True).click()


def open_check(phone: Phone) -> None:
    phone.go("log/foot-check")
    phone.sees("What to look at")


def test_a_clear_check_is_kept_counts_and_answers_the_reminder(phone: Phone, api: ApiClient) -> None:
    on = days_ago(phone, 0)["on"]
    rule = reminder(kind="foot_check", weekdays=[1, 2, 3, 4, 5, 6, 7], times=["23:59"], starts_on=on)
    api.call("PUT", f"/reminders/{uuid4()}", rule)
    phone.page.reload()
    phone.sees("Foot check, 11:59", within=30)
    phone.tap("Check my feet")
    for point in ("Between all the toes", "Your socks", "New pain, tingling or numbness"):
        phone.sees(point)
    phone.tap("All clear")
    expect(phone.page.get_by_role("heading", level=1, name="All clear")).to_be_focused()
    (check,) = eventually(lambda: checks(api))
    assert (check["result"], check["level"], check["rules_differ"]) == ("all_clear", None, False)
    assert check["decision"]["outcome"]["clear"] is True
    (moment,) = eventually(
        lambda: [one for one in api.call("GET", f"/occurrences?from={on}&to={on}")["items"] if one["state"] == "done"]
    )
    assert moment["kind"] == "foot_check"
    phone.go("book")
    phone.sees("Book")
    phone.page.go_back()
    expect(phone.page.get_by_role("heading", level=1, name="All clear")).to_be_visible()
    phone.tap("Go to Today")
    phone.sees("Foot check: all clear")


def test_today_asks_for_a_look_at_the_feet_without_a_reminder_until_one_is_kept(phone: Phone) -> None:
    asked = phone.page.get_by_text("Look at your feet today")
    expect(asked).to_be_visible()
    phone.tap("Check my feet")
    phone.tap("All clear")
    phone.tap("Go to Today")
    phone.sees("Foot check: all clear")
    expect(asked).to_have_count(0)


def test_what_is_seen_is_read_back_and_leads_to_the_clinic(phone: Phone, api: ApiClient) -> None:
    open_check(phone)
    phone.tap("I see something")
    see(phone, "left.heel", "Open sore, blister or cut")
    phone.tap("Continue")
    answer(phone, "No")
    phone.sees("You said: Heel, Left foot: Open sore, blister or cut. Is that right?")
    phone.tap("No, let me change it")
    phone.tap("Continue")
    answer(phone, "No")
    phone.tap("Yes, that is right")
    expect(phone.page.get_by_role("heading", level=1, name="Call today")).to_be_focused()
    expect(phone.page.locator("main a.button").first).to_have_attribute("href", CALL)
    (check,) = eventually(lambda: checks(api))
    assert check["findings"] == [{"area": "left.heel", "sign": "open_sore"}]
    assert (check["result"], check["level"], check["rules_differ"]) == ("seen", "same_day", False)
    (stop,) = eventually(lambda: blocks(api))
    assert (stop["warning"], stop["level"], stop["rules_differ"]) == ("open_sore", "same_day", False)
    (event,) = eventually(lambda: api.call("GET", "/triage-events")["items"])
    assert (event["id"], event["signs"]) == (check["id"], ["open_sore"])
    phone.tap("See how it ends")
    phone.sees("No massage for now")
    open_check(phone)
    phone.tap("All clear")
    eventually(lambda: len(checks(api)) == 2)
    assert blocks(api)[0]["ended_at"] is None


def test_a_clear_check_ends_what_was_left_out(phone: Phone, api: ApiClient) -> None:
    when = days_ago(phone, 1)
    api.call("PUT", f"/blocks/{uuid4()}", block(on=when["on"], started_at=when["recorded_at"], **RASH))
    phone.page.reload()
    phone.page.wait_for_timeout(1500)  # the block comes along
    open_check(phone)
    phone.tap("All clear")
    phone.sees("can be massaged again")
    (ended,) = eventually(lambda: [one for one in blocks(api) if one["ended_at"]])
    assert ended["end_reason"] == "check_clear"


def test_feet_that_could_not_be_seen_are_not_clear(phone: Phone, api: ApiClient) -> None:
    open_check(phone)
    phone.tap("I could not see well")
    phone.sees("Ask a helper to look")
    phone.tap("Look again")
    phone.tap("I could not see well")
    phone.tap("Write down that I could not see well")
    phone.sees("This does not count as a clear check.")
    (check,) = eventually(lambda: checks(api))
    assert (check["result"], check["decision"]["outcome"]["clear"]) == ("not_seen_well", False)
    phone.go("today")
    phone.sees("you could not see well")
    phone.tap("Look again")
    phone.sees("What to look at")


def test_without_a_network_it_compares_with_yesterday_and_keeps_what_is_told(
    phone: Phone, site: Site, api: ApiClient
) -> None:
    findings = [{"area": "left.heel", "sign": "cracks"}, {"area": "right.toe_1", "sign": "ingrown_nail"}]
    api.call("PUT", f"/foot-checks/{uuid4()}", foot_check(result="seen", findings=findings, **days_ago(phone, 1)))
    phone.page.reload()
    open_check(phone)
    phone.sees("Yesterday you saw", within=30)
    phone.worker_ready()
    site.stop()
    try:
        phone.page.close()
        phone.open_tab()
        open_check(phone)
        phone.sees("Heel, Left foot: Cracks in the skin")
        phone.tap("I see something")
        expect(phone.page.locator("path.before")).to_have_count(
            4
        )  # the heel to its edge: two lines; a toe in two views
        phone.tap("Still the same: Heel, Left foot: Cracks in the skin")
        phone.sees("Added")
        see(phone, "left.whole", "New tingling")
        phone.page.reload()  # nothing that was tapped is lost
        phone.sees("New tingling")
        phone.tap("Continue")
        answer(phone, "No")
        phone.tap("Yes, that is right")
        expect(phone.page.get_by_role("heading", level=1, name="Call this week")).to_be_visible()
    finally:
        site.start()
    phone.page.reload()
    today = days_ago(phone, 0)["on"]
    (check,) = eventually(lambda: [one for one in checks(api) if one["on"] == today], within=60)
    assert {finding["sign"] for finding in check["findings"]} == {"cracks", "new_tingling"}
    assert blocks(api) == []


def test_a_foot_that_is_warmer_on_two_days_rests(phone: Phone, api: ApiClient) -> None:
    warm = {"temperature_unit": "F", "temperatures": [{"spot": "heel", "left": 90.1, "right": 86}]}
    api.call("PUT", f"/foot-checks/{uuid4()}", foot_check(result="seen", **warm, **days_ago(phone, 1)))
    phone.page.reload()
    phone.page.wait_for_timeout(1500)  # yesterday's check comes along
    open_check(phone)
    phone.tap("Type skin temperatures")
    expect(phone.page.get_by_role("radio", name="°F")).to_be_checked()
    phone.choose("input[value=C]")
    phone.page.locator("[name='heel.left']").fill("88")
    phone.tap("Done")
    phone.sees("Is this in °F?")
    phone.page.locator("[name='heel.left']").fill("34,2")
    phone.page.locator("[name='heel.right']").fill("31.9")
    phone.sees("It was warmer yesterday too.")
    phone.tap("Done")
    phone.tap("All clear")
    answer(phone, "No")
    phone.sees("Heel: the left foot was warmer")
    phone.tap("Yes, that is right")
    expect(phone.page.get_by_role("heading", level=1, name="Call today")).to_be_visible()
    phone.sees("Rest that foot.")
    (check,) = eventually(lambda: [one for one in checks(api) if one["temperature_unit"] == "C"])
    assert check["temperatures"] == [{"spot": "heel", "left": 34.2, "right": 31.9}]
    assert (check["result"], check["level"]) == ("seen", "same_day")
    (stop,) = eventually(lambda: blocks(api))
    assert stop["warning"] == "red_hot_swollen"


def test_the_drawing_and_the_keyboard_lead_to_the_same_place(phone: Phone) -> None:
    open_check(phone)
    phone.tap("I see something")
    heel = phone.page.locator("path[data-region=heel]").first.bounding_box()
    assert heel is not None
    phone.page.locator("path[data-region=heel]").first.click(position={"x": heel["width"] / 2, "y": heel["height"] / 2})
    dialog = phone.page.get_by_role("dialog", name="Heel, Left foot")
    expect(dialog).to_be_visible()
    phone.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    ball = phone.page.get_by_role("button", name="Ball of the foot, Left foot: nothing chosen")
    ball.focus()
    phone.page.keyboard.press("Enter")
    sign = phone.page.get_by_role("dialog").get_by_role("button", name="Dry skin", exact=True)
    sign.focus()
    phone.page.keyboard.press("Space")
    expect(sign).to_have_attribute("aria-pressed", "true")
    phone.page.keyboard.press("Escape")
    expect(phone.page.get_by_role("button", name="Ball of the foot, Left foot: Dry skin")).to_be_focused()


def test_a_check_is_changed_deleted_and_brought_back(phone: Phone, api: ApiClient) -> None:
    open_check(phone)
    phone.tap("I see something")
    see(phone, "left.heel", "Dry skin")
    phone.page.get_by_label("Note").fill("A little.")
    phone.tap("Continue")
    phone.tap("Yes, that is right")
    phone.sees("Put cream on the tops and soles.")
    eventually(lambda: checks(api))
    phone.go("log")
    phone.sees("Heel, Left foot: Dry skin")
    phone.tap("Edit Foot check")
    expect(phone.page.get_by_label("Note")).to_have_value("A little.")
    phone.tap("All clear")
    (check,) = eventually(lambda: [one for one in checks(api) if one["result"] == "all_clear"])
    assert (check["findings"], check["note"]) == ([], "A little.")
    phone.go("log")
    phone.tap("Delete Foot check")
    phone.sees("Nothing here yet.")
    phone.tap("Undo")
    phone.sees("A little.")
    assert len(checks(api)) == 1


def test_a_foot_exam_that_is_overdue_is_a_reason_to_book(phone: Phone, api: ApiClient) -> None:
    phone.go("book")
    phone.sees("Everyone needs one once a year.")
    long_ago = (datetime.now(UTC) - timedelta(days=400)).date().isoformat()
    phone.page.locator("[name=foot_exam]").fill(long_ago)
    phone.page.get_by_role("button", name="Save", exact=True).click()
    phone.sees("Your next foot exam is due.")
    exam = eventually(lambda: api.call("GET", "/me")["foot_exam"])
    assert exam["on"] == long_ago
    phone.page.get_by_role("button", name=re.compile("^Edit$")).click()
    phone.page.locator("[name=foot_exam]").fill((datetime.now(UTC) - timedelta(days=3)).date().isoformat())
    phone.page.get_by_role("button", name="Save", exact=True).click()
    phone.sees("The next one is due by")
    expect(phone.page.get_by_text("Your next foot exam is due.")).to_have_count(0)
