"""The sugar diary: readings as typed, what to do, ketones, before a walk, and a low one that stops a massage."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.phone import Phone, answered_now
from tests.browser.site import ApiClient, Site, eventually
from tests.factories import glucose_reading, reminder

SERVER = {"FOOTWELL_CLINIC_PHONE": "+49 30 1234567", "FOOTWELL_CLINIC_OUT_OF_HOURS_PHONE": "+49 30 7654321"}
CALL, CLOSED, EMERGENCY = "tel:+49301234567", "tel:+49307654321", "tel:112"


def log(phone: Phone, value: str, unit: str = "mg/dL", **told: Any) -> None:
    phone.go("today")  # so that the form is a new one
    phone.go("log/glucose")
    phone.type_sugar(value, unit, **told)


def kept(api: ApiClient, matching: Callable[[dict[str, Any]], object] = lambda _one: True) -> dict[str, Any]:
    """The one reading like that, once it has arrived."""
    found = eventually(lambda: [one for one in api.call("GET", "/glucose-readings")["items"] if matching(one)])
    assert len(found) == 1
    reading: dict[str, Any] = found[0]
    return reading


def heading(phone: Phone, name: str) -> None:
    expect(phone.page.get_by_role("heading", level=1, name=name)).to_be_visible()


def calls(phone: Phone) -> list[str]:
    links = phone.page.eval_on_selector_all("main a[href^=tel]", "all => all.map((one) => one.getAttribute('href'))")
    return [str(href) for href in links]


def test_a_reading_is_kept_as_typed_and_shown_in_the_other_unit_too(phone: Phone, api: ApiClient) -> None:
    phone.go("log")
    phone.tap("What your meter shows")
    phone.type_sugar("5,6", "mmol/L", context="fasting")
    heading(phone, "In the target")
    phone.sees("Follow your own care plan first.")
    phone.sees("5,6 mmol/L")
    phone.sees("About 101 mg/dL")
    phone.sees("Your clinic may set a different target.")
    reading = kept(api)
    assert (reading["value"], reading["unit"], reading["signs"], reading["rules_differ"]) == (
        "5,6",
        "mmol/L",
        [],
        False,
    )
    assert reading["decision"]["outcome"]["label"] == "in_target"
    phone.go("log/glucose")  # the unit is the one of the last reading
    expect(phone.page.locator("[data-name=unit] input[value='mmol/L']")).to_be_checked()


def test_what_is_missing_is_said_and_what_is_typed_stays(phone: Phone) -> None:
    phone.go("log/glucose")
    phone.page.get_by_label("Your number").fill("abc")
    phone.tap("Save")
    for words in ("3 answers need a look", "like 110 or 5.6", "Please tap when it was", "Please tap how you feel"):
        phone.sees(words)
    phone.choose("[data-name=context] input[value=bedtime]")
    phone.choose("[data-name=time] input[value=earlier]")
    phone.page.get_by_label("Day").fill("2099-01-01")
    phone.tap("Save")
    phone.sees("Please choose now or a time before.")
    phone.page.reload()
    expect(phone.page.get_by_label("Your number")).to_have_value("abc")
    expect(phone.page.locator("[data-name=context] input[value=bedtime]")).to_be_checked()


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [("700", "mg/dL", "If it says HI, tap HI"), ("0.9", "mmol/L", "If it says LO, tap LO"), ("0", "mg/dL", "tap LO")],
)
def test_what_no_meter_shows_is_not_kept(phone: Phone, api: ApiClient, value: str, unit: str, words: str) -> None:
    log(phone, value, unit)
    phone.sees(words)
    assert api.call("GET", "/glucose-readings")["items"] == []


def test_a_number_of_the_wrong_unit_is_asked_about_and_low_sugar_helped_meanwhile(phone: Phone, api: ApiClient) -> None:
    log(phone, "25")
    phone.sees("Did you mean 25 mmol/L?")
    phone.sees("Take 15 g of fast sugar now.")
    eventually(lambda: calls(phone) == [EMERGENCY])
    doubtful = kept(api)
    assert (doubtful["value"], doubtful["unit"], doubtful["confirmed"]) == ("25", "mg/dL", False)
    phone.go("session")
    phone.sees("Type my new reading")
    phone.go("today")
    phone.sees("Until you answer, it counts as low.")
    phone.tap("Answer now")
    phone.sees("Did you mean 25 mmol/L?")
    phone.tap("Yes, mmol/L")
    phone.sees("You typed 25 mmol/L. Is that right?")
    phone.tap("Yes, that is right")
    heading(phone, "Very high sugar")
    reading = kept(api, lambda one: one["confirmed"])
    assert (reading["value"], reading["unit"], reading["id"]) == ("25", "mmol/L", doubtful["id"])
    phone.go("today")
    expect(phone.page.get_by_text("Until you answer, it counts as low.")).to_have_count(0)


def test_the_way_back_from_what_a_reading_means_is_no_empty_form(phone: Phone) -> None:
    phone.go("log")
    phone.tap("What your meter shows")
    phone.type_sugar("50")
    heading(phone, "Very low sugar")
    phone.page.go_back()
    heading(phone, "Log")
    phone.sees("You were told: Call today")
    phone.page.get_by_role("link", name="See Sugar").click()
    heading(phone, "Very low sugar")


def test_mmol_that_must_be_mgdl_is_asked_about(phone: Phone, api: ApiClient) -> None:
    log(phone, "110", "mmol/L")
    phone.sees("Did you mean 110 mg/dL?")
    phone.tap("Yes, mg/dL")
    heading(phone, "Your reading")
    assert (kept(api)["value"], kept(api)["unit"]) == ("110", "mg/dL")


def test_a_low_goes_in_rounds_and_three_that_do_not_help_are_urgent(phone: Phone, api: ApiClient) -> None:
    now = datetime.now(UTC)
    for minutes in (45, 30):
        at = now - timedelta(minutes=minutes)
        api.call("PUT", f"/glucose-readings/{uuid4()}", moment(at, value="60"))
    phone.page.reload()
    phone.go("log")
    expect(phone.page.get_by_text("60 mg/dL")).to_have_count(2)
    log(phone, "62")
    heading(phone, "Low sugar")
    for words in (
        "Round 3 of 3",
        "Take 15 g of fast sugar now",
        "Wait 15 minutes",
        "Still under 70 mg/dL?",
        "Check again at",
    ):
        phone.sees(words)
    later(phone, 16)
    phone.sees("It is time to check again.")
    phone.tap("Type my next reading")
    phone.type_sugar("65")
    phone.sees("Your sugar did not come up after 3 rounds. Get urgent help now.")
    assert {CALL, EMERGENCY} <= set(calls(phone))


def test_lo_awake_has_sugar_first_and_not_awake_is_an_emergency(phone: Phone, api: ApiClient) -> None:
    log(phone, "LO")
    heading(phone, "Very low sugar")
    phone.sees("Tell someone near you.")
    phone.sees("Had your sugar? Then call your diabetes team or doctor.")
    phone.tap("How do you feel now?")
    phone.choose("[data-name=feels] input[value=unwell]")
    phone.choose("input[name=cannot_swallow]")
    phone.tap("This is how I feel")
    heading(phone, "Get help now")
    phone.sees("Give nothing by mouth.")
    expect(phone.page.get_by_text("Take 15 g of fast sugar")).to_have_count(0)
    assert calls(phone) == [EMERGENCY]
    reading = kept(api, lambda one: one["signs"])
    assert (reading["special"], reading["value"], reading["rules_differ"]) == ("LO", None, False)


def test_hi_is_repeated_once_and_then_an_emergency(phone: Phone) -> None:
    log(phone, "HI")
    heading(phone, "Extremely high sugar")
    phone.sees("Wash and dry your hands. Check again now.")
    assert {CALL, EMERGENCY} <= set(calls(phone))
    phone.tap("Type my next reading")
    phone.type_sugar("HI")
    heading(phone, "Get help now")
    assert calls(phone) == [EMERGENCY]


def test_any_number_with_a_sign_of_ketoacidosis_is_an_emergency(phone: Phone) -> None:
    log(phone, "110", context="unwell", signs=["belly_pain"])
    heading(phone, "Get help now")
    assert calls(phone) == [EMERGENCY]


def test_high_sugar_asks_for_ketones_where_it_matters(phone: Phone, api: ApiClient) -> None:
    log(phone, "260")
    heading(phone, "High sugar")
    phone.sees("Drink water.")
    expect(phone.page.get_by_text("Which test?")).to_have_count(0)
    api.call("PATCH", "/me", {"profile": answered_now(sglt2_inhibitor="yes")})
    phone.page.reload()
    phone.page.wait_for_timeout(1500)  # the answers of the other phone come along
    log(phone, "260")
    phone.sees("Check your ketones now.")
    phone.choose("[data-name=kind] input[value=blood]")
    phone.page.get_by_label("Ketones in mmol/L").fill("16")
    phone.tap("Save the test")
    phone.sees("Please type a number from 0 to 15")
    phone.page.get_by_label("Ketones in mmol/L").fill("1,6")
    phone.tap("Save the test")
    phone.sees("Your ketones are high. Call now.")
    assert CALL in calls(phone)
    assert kept(api, lambda one: one["ketones"])["ketones"] == {"blood": "1,6", "strip": None}
    expect(phone.page.get_by_text("Check your ketones now.")).to_have_count(0)
    phone.sees("Check your ketones again in 4–6 hours.")
    phone.tap("Change the ketone test")
    phone.page.get_by_label("Ketones in mmol/L").fill("3.0")
    phone.tap("Save the test")
    heading(phone, "Get help now")
    assert calls(phone) == [EMERGENCY]


def test_before_a_walk(phone: Phone, api: ApiClient) -> None:
    api.call("PATCH", "/me", {"profile": answered_now(low_sugar_medicine="yes")})
    phone.page.reload()
    phone.page.wait_for_timeout(1500)  # the answers of the other phone come along
    phone.go("glucose/before-walk")
    phone.sees("A reading of the last 30 minutes is needed.")
    for value, words in (("84", "Eat first"), ("110", "You can go"), ("260", "Check ketones first")):
        phone.tap("Type" if value == "84" else "Type a new reading")
        phone.type_sugar(value, context="exercise")
        phone.sees(words)
        phone.sees("Follow your own care plan first.")
    phone.choose("[data-name=kind] input[value=strip]")
    phone.choose("[data-name=strip] input[value=negative]")
    phone.tap("Save the test")
    phone.sees("Only a light walk")
    phone.tap("Type a new reading")
    phone.type_sugar("60", context="exercise")
    heading(phone, "Low sugar")
    phone.go("glucose/before-walk")
    phone.sees("Do not start yet")
    later(phone, 31)
    phone.page.reload()
    phone.sees("A reading of the last 30 minutes is needed.")


def test_a_low_reading_stops_a_massage_and_a_good_one_lets_it_start(phone: Phone, api: ApiClient) -> None:
    log(phone, "65")
    heading(phone, "Low sugar")
    phone.go("today")
    phone.sees("No massage for now")
    phone.go("session")
    phone.sees("Low-sugar feeling or a low reading")
    expect(phone.page.get_by_text("Start with a foot check")).to_have_count(0)
    assert api.call("GET", "/blocks")["items"] == []
    phone.tap("Type my new reading")
    phone.type_sugar("70")
    phone.sees("Start with a foot check")


def test_what_a_meter_showed_a_meter_ends(phone: Phone) -> None:
    log(phone, "65")
    heading(phone, "Low sugar")
    later(phone, 16)
    phone.go("session")
    phone.sees("Type my new reading")
    expect(phone.page.get_by_role("button", name="I feel well now")).to_have_count(0)


def test_without_a_meter_somebody_feels_well_a_quarter_of_an_hour_later(phone: Phone, api: ApiClient) -> None:
    phone.go("session")
    phone.tap("Start with a foot check")
    phone.tap("Low-sugar feeling")
    phone.tap("Continue with 1")
    phone.tap("Yes, that is right")
    phone.sees("You can tell us at")
    later(phone, 16)
    phone.tap("I feel well now")
    phone.sees("Start with a foot check")
    (block,) = eventually(lambda: [one for one in api.call("GET", "/blocks")["items"] if one["end_reason"]])
    assert (block["warning"], block["end_reason"]) == ("low_sugar", "felt_well")


def test_a_cold_start_without_a_network_takes_a_reading_and_says_what_to_do(
    phone: Phone, site: Site, api: ApiClient
) -> None:
    phone.go("help")
    phone.page.wait_for_timeout(1000)  # the clinic's numbers come along
    phone.worker_ready()
    site.stop()
    try:
        phone.page.close()
        phone.open_tab()
        log(phone, "2.8", "mmol/L")
        heading(phone, "Very low sugar")
        assert {CALL, CLOSED, EMERGENCY} <= set(calls(phone))
        phone.go("log")
        phone.sees("Waiting to send")
    finally:
        site.start()
    phone.page.reload()
    assert kept(api)["decision"]["outcome"]["label"] == "very_low"


def test_a_reading_is_changed_deleted_and_brought_back(phone: Phone, api: ApiClient) -> None:
    log(phone, "110", context="fasting")
    first = kept(api)
    phone.tap("Change this reading")
    phone.page.get_by_label("Your number").fill("150")
    phone.tap("Save")
    heading(phone, "Above the target")
    changed = kept(api, lambda one: one["value"] == "150")
    assert (changed["id"], changed["recorded_at"]) == (first["id"], first["recorded_at"])
    phone.go("log")
    phone.tap("Delete Sugar")
    expect(phone.page.get_by_text("150 mg/dL")).to_have_count(0)
    phone.tap("Undo")
    phone.sees("150 mg/dL")


def test_a_target_of_ones_own_is_what_counts(phone: Phone, api: ApiClient) -> None:
    phone.go("glucose/targets")
    phone.page.get_by_label("Before a meal, from").fill("60")
    phone.tap("Save")
    phone.sees("Please type a number from 70 to 110.")
    phone.page.get_by_label("Before a meal, from").fill("90")
    phone.page.get_by_label("Before a meal, up to").fill("110")
    phone.tap("Save")
    log(phone, "120", context="before_meal")
    heading(phone, "Above the target")
    targets = {"unit": "mg/dL", "before_low": 90, "before_high": 110, "after_below": 180}
    assert eventually(lambda: api.call("GET", "/me")["glucose_targets"]) == targets
    log(phone, "6.6", "mmol/L", context="before_meal")
    heading(phone, "Your reading")
    assert kept(api, lambda one: one["value"] == "120")["rules_differ"] is False


def test_a_reminder_that_is_tapped_leads_to_the_form_and_is_answered_by_a_reading(phone: Phone, api: ApiClient) -> None:
    at = phone.page.evaluate("() => new Date(Date.now() + 25 * 60e3).toLocaleTimeString('de-DE').slice(0, 5)")
    on = phone.page.evaluate("() => new Date(Date.now() + 25 * 60e3).toLocaleDateString('sv-SE')")
    api.call(
        "PUT",
        f"/reminders/{uuid4()}",
        reminder(kind="glucose", times=[at], weekdays=[1, 2, 3, 4, 5, 6, 7], starts_on=on),
    )
    phone.page.reload()
    phone.page.wait_for_timeout(1500)  # the moments come along
    phone.page.clock.set_fixed_time(datetime.now(UTC) + timedelta(minutes=25))
    phone.go("log")
    phone.go("today")
    phone.sees("Sugar check")
    phone.tap("Type it in")
    phone.type_sugar("110")
    heading(phone, "Your reading")
    done = eventually(
        lambda: [one for one in api.call("GET", f"/occurrences?from={on}&to={on}")["items"] if one["state"] == "done"]
    )
    assert [one["kind"] for one in done] == ["glucose"]


def test_a_visit_and_its_summary(phone: Phone, api: ApiClient) -> None:
    now = datetime.now(UTC)
    for days in (1, 3):
        api.call("PUT", f"/glucose-readings/{uuid4()}", moment(now - timedelta(days=days), value="60"))
    phone.page.reload()
    phone.page.wait_for_timeout(1500)  # the readings of the other phone come along
    phone.go("book")
    phone.sees("You had 2 or more low sugar levels in a week.")
    expect(phone.page.get_by_text("60 mg/dL")).to_have_count(0)
    phone.page.get_by_role("checkbox", name="My last 2 sugar readings").check()
    expect(phone.page.locator("[data-summary]")).to_contain_text("60 mg/dL")


def test_the_diary_can_be_hidden_and_shown_again(phone: Phone) -> None:
    phone.go("log/glucose")
    phone.tap("Hide it")
    heading(phone, "Log")
    expect(phone.page.get_by_text("What your meter shows")).to_have_count(0)
    phone.go("settings")
    phone.choose("[data-name=glucose_on] input[value=yes]")
    phone.go("log")
    phone.sees("What your meter shows")


def moment(at: datetime, **changes: Any) -> dict[str, Any]:
    return glucose_reading(on=at.date().isoformat(), recorded_at=at.isoformat().replace("+00:00", "Z"), **changes)


def later(phone: Phone, minutes: int) -> None:
    """The phone's clock goes on, and the app is looked at again."""
    phone.page.clock.set_fixed_time(datetime.now(UTC) + timedelta(minutes=minutes))
    phone.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
