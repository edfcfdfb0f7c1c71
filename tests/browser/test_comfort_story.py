"""Heat and cold: refused at once, refused after a question, and the bath of the few it is for."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.for_everybody import look
from tests.browser.phone import Phone, answered_now, midday_zone
from tests.browser.site import ApiClient, Site, eventually

CALM = {
    "way": "lukewarm_water",
    "warning": "no",
    "sensation_test": "yes",
    "cold_illness": "no",
    "cream_or_oil": "no",
    "drowsy_or_alcohol": "no",
    "thermometer": "yes",
}
REFUSAL = "Heat and ice can injure feet that do not feel well. You may not notice a burn."


@pytest.fixture
def phone(chromium: Browser, site: Site, api: ApiClient, email: str) -> Iterator[Phone]:
    """A phone whose clock the test turns."""
    with Phone(chromium, site) as phone:
        phone.page.clock.install()
        api.call("PATCH", "/me", {"time_zone": midday_zone()})
        phone.sign_in(email)
        yield phone


def tap(phone: Phone, name: str) -> None:
    phone.page.clock.run_for(500)
    button = phone.page.get_by_role("button", name=name, exact=True)
    button.or_(phone.page.get_by_role("link", name=name, exact=True)).first.click()


def answer(phone: Phone, **changes: str) -> None:
    for name, value in (CALM | changes).items():
        phone.choose(f"fieldset[data-name={name}] input[value={value}]")
    tap(phone, "Go on")


def cleared(api: ApiClient) -> None:
    now = datetime.now(UTC)
    word = {"reasons": ["heat"], "clinician_name": "Dr Okafor", "clinician_on": str(now.date() - timedelta(days=2))}
    api.call("PUT", f"/clearances/{uuid4()}", {"on": str(now.date()), "recorded_at": now.isoformat(), **word})


def begin(phone: Phone, api: ApiClient) -> None:
    """As far as the water, in the warm bowl."""
    cleared(api)
    phone.page.reload()
    phone.page.clock.run_for(2000)
    phone.go("comfort")
    answer(phone)
    fill(phone, "34,5", "24")
    tap(phone, "Start, feet in the water")
    phone.sees("Both feet in the warm bowl")


def fill(phone: Phone, warm: str, cool: str) -> None:
    phone.choose("fieldset[data-name=unit] input[value=C]")
    phone.page.locator("input[name=warm]").fill(warm)
    phone.page.locator("input[name=cool]").fill(cool)
    if not phone.page.locator("input[name=elbow]").is_checked():
        phone.choose("input[name=elbow]")


def logs(api: ApiClient) -> Any:
    return api.call("GET", "/comfort-logs")["items"]


def test_numb_feet_are_refused_at_once_with_what_is_safe_instead_offline(
    phone: Phone, api: ApiClient, site: Site
) -> None:
    api.call("PATCH", "/me", {"profile": answered_now(numb_feet="not_sure")})
    phone.worker_ready()
    phone.go("comfort")
    phone.page.reload()
    phone.page.clock.run_for(2000)
    phone.sees("Your feet may be numb", within=15)
    site.stop()
    try:
        phone.go("log")
        tap(phone, "Warm or cool feet What is safe for you, and what is not.")
        phone.sees(REFUSAL)
        phone.sees("Your feet may be numb")
        phone.sees("Loose warm socks, a warm room, a blanket")
        phone.sees("Ice, frozen bottle, gel pack")
        phone.sees("Do they still burn? Call your clinic in the next 1–2 working days")
        expect(phone.page.locator("fieldset")).to_have_count(0)
        look(phone)
        tap(phone, "Book or call my clinic")
        phone.sees("Book")
    finally:
        site.start()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"way": "device"}, "We guide nobody with them"),
        ({"warning": "not_sure"}, "There is a warning sign. Get help for it first."),
        ({"sensation_test": "not_sure"}, "was not tested in the last 12 months"),
        ({"cold_illness": "yes"}, "Cold can harm you more than others"),
        ({"cream_or_oil": "yes"}, "Creams and oils can burn with heat"),
        ({"drowsy_or_alcohol": "yes"}, "You must be wide awake"),
        ({"thermometer": "no"}, "Without a bath thermometer there is no timer"),
    ],
)
def test_one_answer_is_enough_to_refuse(phone: Phone, changes: dict[str, str], said: str) -> None:
    phone.go("comfort")
    tap(phone, "Go on")
    phone.sees("Please answer")
    answer(phone, **changes)
    phone.sees(said)
    phone.sees(REFUSAL)
    expect(phone.page.get_by_label("The warm bowl")).to_have_count(0)
    assert phone.page.get_by_role("link", name="Something wrong with my foot").count() == 1


def test_the_clinic_is_asked_before_the_first_bath(phone: Phone) -> None:
    phone.go("comfort")
    look(phone)
    answer(phone)
    phone.sees("Your foot clinic must say OK first")
    look(phone)
    tap(phone, "My clinic said OK")
    phone.page.get_by_label("Who said OK?").fill("Dr Okafor")
    tap(phone, "Save the OK")
    phone.sees("Fill two bowls")
    look(phone)


@pytest.mark.parametrize(
    ("warm", "cool", "said"),
    [
        ("37.1", "24", "Too hot. Keep your feet out."),
        ("36", "24", "Too warm. Add cool water"),
        ("31.9", "24", "Too cool. Add a little warm water"),
        ("92", "24", "Too hot. Keep your feet out."),
        ("34", "19,9", "Too cool. Add a little warm water"),
        ("34", "33", "Too warm. Add cool water"),
        ("warm", "24", "Please measure again"),
        ("", "", "Please measure again"),
    ],
)
def test_no_foot_goes_into_water_that_is_not_right(
    phone: Phone, api: ApiClient, warm: str, cool: str, said: str
) -> None:
    cleared(api)
    phone.page.reload()
    phone.page.clock.run_for(2000)
    phone.go("comfort")
    answer(phone)
    fill(phone, warm, cool)
    tap(phone, "Start, feet in the water")
    phone.sees(said)
    expect(phone.page.get_by_role("button", name="STOP")).to_have_count(0)


def test_eight_minutes_with_a_look_at_the_skin_once_a_day_without_a_network(
    phone: Phone, api: ApiClient, site: Site
) -> None:
    phone.worker_ready()
    begin(phone, api)
    site.stop()
    try:
        look_at = phone.page.get_by_role("button", name="Same as before")
        phone.page.clock.run_for(118_000)
        expect(look_at).to_have_count(0)
        phone.page.clock.run_for(3_000)
        phone.sees("Lift your feet out. Look at your skin.")
        tap(phone, "Same as before")
        phone.sees("Back into the warm bowl")
        phone.page.clock.run_for(45_000)
        phone.sees("Both feet in the cool bowl")
        phone.page.clock.run_for(62_000)
        phone.sees("Both feet in the warm bowl")
        phone.page.clock.run_for(245_000)
        phone.sees("Dry between your toes")
        tap(phone, "Save")
        phone.sees("Please say how your skin looks")
        look(phone)
        phone.choose("fieldset[data-name=skin] input[value=same]")
        tap(phone, "Save")
        phone.sees("34,5 and 24 °C")
        phone.go("comfort")
        phone.sees("Once a day is enough")
    finally:
        site.start()
    phone.page.clock.resume()
    phone.page.reload()
    (log,) = eventually(lambda: logs(api), within=60)
    assert (log["state"], log["skin"], log["warm_temperature"], log["rules_differ"]) == (
        "finished",
        "same",
        "34,5",
        False,
    )


def test_stop_is_one_tap_and_skin_that_looks_different_means_a_call(phone: Phone, api: ApiClient) -> None:
    begin(phone, api)
    phone.page.clock.run_for(30_000)
    look(phone)
    tap(phone, "Pause")
    phone.sees("Take your feet out of the water")
    tap(phone, "STOP")
    phone.sees("Why did you stop?")
    phone.choose("fieldset[data-name=why] input[value=pain]")
    phone.choose("fieldset[data-name=skin] input[value=changed]")
    tap(phone, "Save")
    expect(phone.page.get_by_role("heading", name="Call today")).to_be_focused()
    look(phone)
    phone.go("book")
    phone.sees("Heat or cold hurt your skin")
    phone.go("comfort")
    phone.sees("Once a day is enough")
    (log,) = eventually(lambda: logs(api), within=30)
    assert (log["state"], log["stop_reason"], log["skin"]) == ("stopped", "pain", "changed")
    phone.go("log")
    phone.page.clock.run_for(500)
    phone.page.get_by_role("link", name=re.compile("^Edit Lukewarm comfort")).click()
    phone.page.get_by_label("Note").fill("It stung.")
    look(phone)
    tap(phone, "Save")
    phone.sees("It stung.")
    phone.page.clock.run_for(500)
    phone.page.get_by_role("button", name=re.compile("^Delete Lukewarm comfort")).click()
    expect(phone.page.get_by_text("It stung.")).to_have_count(0)
    tap(phone, "Undo")
    phone.sees("It stung.")


def test_what_was_interrupted_goes_on_within_ten_minutes_and_not_after(phone: Phone, api: ApiClient) -> None:
    begin(phone, api)
    phone.page.clock.run_for(60_000)
    phone.page.wait_for_timeout(1000)  # a minute in an instant: its last seconds are still being kept
    phone.page.reload()
    phone.go("comfort")
    phone.sees("Take your feet out of the water")
    tap(phone, "Go on")
    expect(phone.page.get_by_role("button", name="Pause")).to_be_visible()
    phone.page.clock.run_for(10_000)
    tap(phone, "Pause")
    phone.page.clock.run_for(10 * 60_000)
    phone.sees("10 minutes are over")
    phone.choose("fieldset[data-name=skin] input[value=same]")
    tap(phone, "Save")
    (log,) = eventually(lambda: logs(api), within=30)
    assert (log["state"], log["stop_reason"]) == ("stopped", "too_long")
    assert 60 <= log["seconds_done"] <= 80


def test_a_warning_that_comes_while_the_feet_are_in_the_water_ends_the_bath(phone: Phone, api: ApiClient) -> None:
    begin(phone, api)
    phone.page.clock.run_for(10_000)
    now = datetime.now(UTC)
    warned = {"on": str(now.date()), "started_at": now.isoformat(), "warning": "open_sore", "level": "same_day"}
    api.call("PUT", f"/blocks/{uuid4()}", warned)
    phone.page.reload()
    phone.page.clock.run_for(2000)
    phone.go("comfort")
    phone.sees("Dry between your toes", within=20)
    phone.choose("fieldset[data-name=skin] input[value=same]")
    tap(phone, "Save")
    phone.sees("Your entries")
    phone.go("comfort")
    phone.sees("There is a warning sign. Get help for it first.")
