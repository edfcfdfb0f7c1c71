"""The session: to the second, across a reload and a cut network, on to a second phone; and what stops it."""

from playwright.sync_api import Browser, expect

from server.care.content import scripts
from tests.browser.phone import Phone
from tests.browser.playing import clock_shows
from tests.browser.site import ApiClient, Site, eventually
from tests.care.answers import NO_FLAG


def test_the_player_keeps_time_to_the_second_and_over_a_reload(phone: Phone) -> None:
    clock = phone.page.clock
    clock.install()
    phone.page.reload()
    phone.start_session()
    clock.run_for(60_000)
    clock_shows(phone, "7:00")
    phone.sees("Left foot")
    phone.tap("Pause")
    clock.run_for(30_000)
    clock_shows(phone, "7:00")
    phone.page.reload()
    phone.tap("Go on")
    clock.run_for(30_000)
    clock_shows(phone, "6:30")
    phone.tap("Next")
    phone.tap("Back")
    phone.sees("Left foot")
    clock.run_for(480_000)
    phone.sees("Save my session")


def test_a_cut_network_loses_nothing_and_the_second_phone_shows_it_once(
    phone: Phone, chromium: Browser, site: Site, api: ApiClient, email: str
) -> None:
    phone.worker_ready()
    phone.start_session()
    phone.tap("Next")
    site.stop()
    try:
        for _ in scripts()["S8"].steps[1:]:
            phone.tap("Next")
        phone.tap("Save my session")
        phone.sees("Waiting to send")
        phone.page.close()
        phone.open_tab()
        phone.go("log")
        phone.sees("Waiting to send")
    finally:
        site.start()
    phone.go("today")
    phone.sees("All sent", within=60)  # by itself: a phone that lost its server tries again after 5, 10, 20 … seconds
    logs = api.call("GET", "/session-logs")["items"]
    assert [log["state"] for log in logs] == ["finished"]
    with Phone(chromium, site) as second:
        second.sign_in(email)
        second.go("log")
        second.sees("Massage")
    assert api.call("GET", "/session-logs")["items"] == logs


def test_a_warning_blocks_until_the_clinic_says_ok(phone: Phone, api: ApiClient) -> None:
    phone.go("session")
    phone.tap("Start with a foot check")
    phone.tap("Open sore")
    phone.tap("Continue with 1")
    phone.sees("You said: Open sore")
    phone.tap("Yes, that is right")
    expect(phone.page.get_by_role("heading", name="Call today")).to_be_focused()
    phone.page.reload()
    phone.go("session")
    phone.sees("No massage for now")
    expect(phone.page.get_by_text("Start with a foot check")).to_have_count(0)
    (block,) = eventually(lambda: api.call("GET", "/blocks")["items"])
    assert (block["warning"], block["level"], block["ended_at"]) == ("open_sore", "same_day", None)
    assert block["rules_differ"] is False
    phone.tap("My clinic said OK")
    phone.page.get_by_label("Who said OK?").fill("Nurse Kim")
    phone.page.get_by_label("On which day?").fill(block["on"])
    phone.tap("Save")
    phone.sees("You had a warning sign. Please look at your answers again.")
    phone.tap("Look at my answers")
    phone.keep_profile()
    phone.go("session")
    phone.sees("Start with a foot check")
    ended = eventually(lambda: [b for b in api.call("GET", "/blocks")["items"] if b["ended_at"]])
    assert (ended[0]["end_reason"], ended[0]["clinician_name"]) == ("clinic_ok", "Nurse Kim")


def test_after_low_sugar_the_feet_are_looked_at_again(phone: Phone) -> None:
    phone.go("session")
    phone.tap("Start with a foot check")
    phone.tap("None of these today")
    phone.sees("How do your feet feel?")
    phone.tap("Back")
    phone.tap("Start with a foot check")
    phone.tap("Low-sugar feeling")
    phone.tap("Continue with 1")
    phone.tap("Yes, that is right")
    phone.sees("No massage for now")
    for reading, answer in (("60", "Low sugar"), ("110", "foot check")):
        phone.go("session")
        phone.tap("Type my new reading")
        phone.type_sugar(reading)
        phone.sees(answer)
    expect(phone.page.get_by_text("How do your feet feel?")).to_have_count(0)
    phone.tap("Start with a foot check")
    phone.sees("Look at both feet")


def test_a_flag_in_the_profile_ends_with_ask_your_clinic(chromium: Browser, site: Site, email: str) -> None:
    with Phone(chromium, site) as phone:
        phone.sign_up(email)
        phone.answer_profile(NO_FLAG | {"past_ulcer_or_shape": "yes"})
        phone.sees("Ask your clinic first")
        phone.go("session")
        phone.sees("Ask your clinic first")
        expect(phone.page.get_by_text("Start with a foot check")).to_have_count(0)


def test_strong_pain_leads_to_the_clinic_and_leaves_what_is_short(phone: Phone) -> None:
    phone.go("session")
    phone.choose("fieldset[data-name=script] input[value=S20]")
    phone.tap("Start with a foot check")
    phone.tap("None of these today")
    phone.choose("fieldset input[value='8']")
    phone.tap("Continue")
    phone.sees("Call your clinic first")
    expect(phone.page.locator("input[value=S8]")).to_have_count(1)
    expect(phone.page.locator("input[value=S20], input[value=E30], input[value=OWN]")).to_have_count(0)
    phone.tap("Start")  # the feet were looked at a moment ago
    phone.sees("How do your feet feel?")
    phone.choose("fieldset input[value='8']")
    phone.tap("Continue")
    expect(phone.page.get_by_role("button", name="Start the massage")).to_be_visible()
    phone.page.get_by_role("button", name="Back").click()
    expect(phone.page.locator("input[value=S8]")).to_have_count(1)
