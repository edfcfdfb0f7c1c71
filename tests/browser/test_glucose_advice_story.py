"""What to do about a sugar reading: rounds, ketones, before a walk, and a low one that stops a massage."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from playwright.sync_api import expect

from tests.browser.phone import Phone, answered_now
from tests.browser.site import ApiClient, Site, eventually
from tests.browser.sugar import CALL, CLINIC, CLOSED, EMERGENCY, calls, heading, kept, later, log, moment

SERVER = CLINIC


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
