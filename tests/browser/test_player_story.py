"""The player in the hand: pace, timer, words, comfort, and what happens out of sight."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.phone import Phone, answered_now
from tests.browser.playing import CLOSE, SCROLLS, SMALL, clock_shows, finish, player_phone, tap
from tests.browser.site import ApiClient, Site, eventually

HIDE = """(state) => {
  Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}"""
HAND = "document.getAnimations().find((one) => one.effect.target.classList.contains('layer'))"


@pytest.fixture
def phone(chromium: Browser, site: Site, api: ApiClient, email: str) -> Iterator[Phone]:
    with player_phone(chromium, site, api, email) as phone:
        yield phone


def choose_setting(phone: Phone, *chosen: tuple[str, str]) -> None:
    phone.go("session-settings")
    for name, value in chosen:
        phone.choose(f"fieldset[data-name={name}] input[value='{value}']")


def line(phone: Phone) -> str:
    return phone.page.locator(".player p.line").inner_text()


def test_the_speed_changes_the_pace_and_never_the_seconds_of_a_hold(phone: Phone) -> None:
    phone.start_session()
    phone.page.clock.run_for(1_000)
    tap(phone, "Pause")
    before = phone.page.locator(".player .clock").inner_text()
    for speed in ("1.25", "1.5", "2"):
        tap(phone, "Faster")
        phone.sees(f"Speed {speed}×")
    expect(phone.page.get_by_role("button", name="Faster", exact=True)).to_be_disabled()
    assert phone.page.locator(".player .clock").inner_text() < before
    tap(phone, "Go on")
    for _ in range(2):
        tap(phone, "Next")
    assert "Hold your left foot" in line(phone)  # a hold of 9 seconds
    phone.page.clock.run_for(8_000)
    assert "Hold your left foot" in line(phone)
    phone.page.clock.run_for(1_500)
    assert "Slide your hands" in line(phone)  # a move of 36 seconds, 18 at this speed
    phone.page.clock.run_for(15_500)
    assert "Slide your hands" in line(phone)
    phone.page.clock.run_for(2_500)
    assert "circles on the heel" in line(phone)
    phone.page.reload()
    phone.sees("Speed 2×")


def test_the_hand_goes_on_from_second_to_second_and_rests_with_a_pause(phone: Phone) -> None:
    phone.start_session()
    for _ in range(3):
        tap(phone, "Next")
    phone.page.evaluate(f"() => {{ window.hand = {HAND} }}")
    phone.page.clock.run_for(3_000)
    going_on = f"() => {HAND} === window.hand && window.hand.playState"
    assert phone.page.evaluate(going_on) == "running"
    tap(phone, "Pause")
    assert phone.page.evaluate(going_on) == "paused"
    tap(phone, "Go on")
    assert phone.page.evaluate(going_on) == "running"


def test_no_message_ever_lies_over_stop(phone: Phone) -> None:
    phone.page.locator(".toaster").dispatch_event("pointerenter")  # a finger on it keeps the message
    phone.start_session()
    phone.sees("Welcome back.")
    boxes = [phone.page.locator(one).bounding_box() for one in (".toast", "button:has-text('STOP')")]
    message, stop = (box or pytest.fail("not on the screen") for box in boxes)
    assert message["y"] + message["height"] <= stop["y"]


def test_slow_reading_and_loudness_are_as_chosen_and_the_pressure_is_spoken(phone: Phone) -> None:
    choose_setting(phone, ("rate", "0.75"), ("volume", "0.3"), ("speed", "1.5"))
    phone.start_session()
    for _ in range(2):
        tap(phone, "Next")
    said = phone.page.evaluate("() => window.said")
    assert said[-1]["text"].endswith("Press no harder than 2 out of 10.")
    assert (round(said[-1]["rate"], 3), said[-1]["volume"]) == (round(0.95 * 0.75 * 1.5, 3), 0.3)
    assert "Press" not in line(phone)


def test_without_the_timer_each_step_waits(phone: Phone) -> None:
    choose_setting(phone, ("timer", "no"))
    phone.start_session()
    first = line(phone)
    phone.page.clock.run_for(65_000)
    assert line(phone) == first
    phone.sees("The time of this step is over. Tap Next.")
    clock_shows(phone, "1:05")
    tap(phone, "Next")
    assert line(phone) != first
    finish(phone)


def test_repeat_begins_the_step_again(phone: Phone) -> None:
    phone.start_session()
    phone.page.clock.run_for(35_000)
    clock_shows(phone, "7:25")
    tap(phone, "Repeat")
    clock_shows(phone, "7:31")  # the second step of the left foot, from its start
    tap(phone, "Repeat")
    clock_shows(phone, "7:31")


@pytest.mark.parametrize("event", ["hidden", "freeze", "pagehide"])
def test_out_of_sight_it_rests_at_that_second(phone: Phone, event: str) -> None:
    phone.start_session()
    phone.page.clock.run_for(10_000)
    if event == "hidden":
        phone.page.evaluate(HIDE, "hidden")
    elif event == "freeze":
        phone.page.evaluate("() => document.dispatchEvent(new Event('freeze'))")
    else:
        phone.page.evaluate("() => dispatchEvent(new Event('pagehide'))")
    shown = phone.page.locator(".player .clock").inner_text()
    phone.page.clock.run_for(20_000)
    phone.page.evaluate(HIDE, "visible")
    phone.sees("Paused while you were away.")
    clock_shows(phone, shown)


def test_a_clock_that_jumps_pauses_and_skips_nothing(phone: Phone) -> None:
    phone.start_session()
    phone.page.clock.run_for(10_000)
    shown = phone.page.locator(".player .clock").inner_text()
    phone.page.clock.fast_forward(600_000)
    phone.sees("Paused: your phone was asleep.")
    clock_shows(phone, shown)


def test_keys_pause_and_step(phone: Phone) -> None:
    phone.start_session()
    first = line(phone)
    expect(phone.page.get_by_role("heading", name="Both feet")).to_be_focused()
    phone.page.keyboard.press("Space")
    phone.sees("Paused. Your place is kept.")
    phone.page.keyboard.press("Space")
    expect(phone.page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    phone.page.keyboard.press("ArrowRight")
    assert line(phone) != first
    phone.page.keyboard.press("ArrowLeft")
    assert line(phone) == first


def test_words_steer_when_they_are_on_and_the_voice_does_not_hear_itself(phone: Phone) -> None:
    choose_setting(phone, ("hands_free", "yes"))
    phone.start_session()
    phone.sees("Listening for your words")
    first = line(phone)
    hear = "(words) => window.hear(words)"
    phone.page.evaluate(hear, "next")
    assert line(phone) != first
    phone.page.evaluate(hear, "I think this is the next big thing in my life")
    phone.page.evaluate(hear, "back")
    assert line(phone) == first
    phone.page.evaluate(hear, "pause")
    phone.sees("Paused. Your place is kept.")
    phone.page.evaluate(hear, "go on")
    expect(phone.page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    phone.page.evaluate("() => window.recogniser.onerror({ error: 'network' })")
    phone.sees("Listening needs the internet here. Use the buttons.")
    tap(phone, "Pause")
    tap(phone, "Go on")
    phone.sees("Listening for your words")
    phone.page.evaluate(hear, "stop")
    phone.sees("Why did you stop?")
    assert phone.page.evaluate("() => window.recogniser.running") is False


def test_words_are_off_unless_somebody_wants_them(phone: Phone) -> None:
    phone.start_session()
    assert phone.page.evaluate("() => window.recogniser === undefined")
    assert "Listening" not in phone.page.locator("main").inner_text()


def test_a_helper_is_asked_every_minute_how_it_feels(phone: Phone, api: ApiClient) -> None:
    api.call("PATCH", "/me", {"profile": answered_now(reaches_feet="no", has_helper="yes")})
    phone.page.reload()
    phone.go("session")
    phone.choose("input[name=helper]")
    phone.start_session()
    question = phone.page.get_by_role("group", name="Comfort, 0 to 10?")
    phone.page.clock.run_for(57_000)
    expect(question).to_have_count(0)
    phone.page.clock.run_for(3_000)
    expect(question).to_be_visible()
    assert phone.page.evaluate("() => window.said.at(-1).text") == "Comfort, 0 to 10?"
    assert phone.page.evaluate(SMALL) == []
    assert phone.page.evaluate(CLOSE) == []
    assert phone.page.evaluate(SCROLLS) <= 0
    tap(phone, "8")
    expect(question).to_have_count(0)
    expect(phone.page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    phone.page.clock.run_for(61_000)
    expect(question).to_be_visible()  # left unanswered
    phone.page.clock.run_for(60_000)
    tap(phone, "5")
    finish(phone)
    (log,) = eventually(lambda: api.call("GET", "/session-logs")["items"])
    assert [entry["score"] for entry in log["comfort"]] == [8, 5]
    assert 60 <= log["comfort"][0]["second"] <= 62
    assert 180 <= log["comfort"][1]["second"] <= 184
