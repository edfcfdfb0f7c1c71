"""The sugar diary: readings as typed, asked about, changed, compared with a target, and taken to a visit."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.phone import Phone
from tests.browser.site import ApiClient, eventually
from tests.browser.sugar import CLINIC, EMERGENCY, calls, heading, kept, log, moment
from tests.factories import reminder

SERVER = CLINIC


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
