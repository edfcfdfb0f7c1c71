"""The player in the hand: pace, timer, words, comfort, what happens out of sight, and the look for redness."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.phone import Phone, answered_now, midday_zone
from tests.browser.site import ApiClient, Site, eventually
from tests.browser.test_session_story import clock_shows

FAKE_RECOGNISER = """
window.SpeechRecognition = class {
  constructor() { window.recogniser = this; this.heard = 0 }
  start() { this.running = true }
  abort() { this.running = false; this.onend?.() }
};
window.hear = (transcript) => {
  const one = window.recogniser;
  const results = [...Array(one.heard + 1)].map(() => [{ transcript }]);
  one.onresult({ resultIndex: one.heard, results });
  one.heard += 1;
};
"""
FAKE_VOICE = """
window.said = [];
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text } };
Object.defineProperty(window, 'speechSynthesis', { value: {
  cancel() {}, getVoices: () => [], addEventListener() {}, removeEventListener() {},
  speak: (one) => window.said.push({ text: one.text, rate: one.rate, volume: one.volume }),
} });
"""
HIDE = """(state) => {
  Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}"""
HAND = "document.getAnimations().find((one) => one.effect.target.classList.contains('layer'))"
SMALL = """() => [...document.querySelectorAll('.player button, .player a')]
  .filter((target) => target.checkVisibility())
  .map((target) => ({ name: target.textContent.trim(), box: target.getBoundingClientRect() }))
  .filter(({ box }) => box.height < 72 || box.width < 72)
  .map(({ name, box }) => `${name}: ${Math.round(box.width)} × ${Math.round(box.height)}`)"""
CLOSE = """() => {
  const boxes = [...document.querySelectorAll('.player button:not(.tap), .player a')]
    .filter((target) => target.checkVisibility()).map((target) => target.getBoundingClientRect());
  return boxes.flatMap((a, at) => boxes.slice(at + 1)
    .map((b) => Math.max(b.left - a.right, a.left - b.right, b.top - a.bottom, a.top - b.bottom)))
    .filter((gap) => gap < 11.9);
}"""
NEXT = """() => {
  const next = [...document.querySelectorAll('.player button')].find((one) => one.textContent.trim() === 'Next');
  next?.click();
  return next !== undefined;
}"""
SCROLLS = "() => document.documentElement.scrollHeight - document.documentElement.clientHeight"
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def phone(chromium: Browser, site: Site, api: ApiClient, email: str) -> Iterator[Phone]:
    """A phone whose clock the test turns."""
    with Phone(chromium, site) as phone:
        phone.context.add_init_script(FAKE_VOICE + FAKE_RECOGNISER)
        phone.page.clock.install()
        api.call("PATCH", "/me", {"time_zone": midday_zone()})
        phone.sign_in(email)
        yield phone


def choose_setting(phone: Phone, *chosen: tuple[str, str]) -> None:
    phone.go("session-settings")
    for name, value in chosen:
        phone.choose(f"fieldset[data-name={name}] input[value='{value}']")


def tap(phone: Phone, name: str) -> None:
    """As `phone.tap`, with a clock that stands still unless it is turned."""
    phone.page.clock.run_for(500)
    button = phone.page.get_by_role("button", name=name, exact=True)
    button.or_(phone.page.get_by_role("link", name=name, exact=True)).first.click()


def line(phone: Phone) -> str:
    return phone.page.locator(".player p.line").inner_text()


def finish(phone: Phone) -> None:
    """Through all steps that are left, then save."""
    while phone.page.evaluate(NEXT):
        phone.page.clock.run_for(500)
    tap(phone, "Save my session")
    phone.sees("Well done")


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


def test_fifteen_minutes_later_somebody_asks_about_the_skin_offline_and_still_red_stops_massage(
    phone: Phone, site: Site, api: ApiClient
) -> None:
    phone.worker_ready()
    phone.start_session()
    finish(phone)
    tap(phone, "Go to Today")
    phone.page.clock.run_for(14 * 60_000)
    expect(phone.page.get_by_text("Please look at your feet again")).to_have_count(0)
    site.stop()
    try:
        phone.page.clock.run_for(2 * 60_000)
        phone.sees("Please look at your feet again")
        tap(phone, "Look now")
        phone.sees("Is the skin red where you rubbed?")
        tap(phone, "Not sure")
        expect(phone.page.get_by_role("heading", name="Let your feet rest")).to_be_focused()
        expect(phone.page.get_by_text("Please look at your feet again")).to_have_count(0)
        phone.go("session")
        phone.sees("Skin still red after a massage")
        phone.page.clock.run_for(24 * 3_600_000)
        phone.go("today")
        phone.sees("Please look at your feet again")
        tap(phone, "Look now")
        phone.sees("Is the skin still red today?")
        tap(phone, "Yes, it is still red")
        expect(phone.page.get_by_role("heading", name="Call today")).to_be_focused()
    finally:
        site.start()
    phone.page.clock.resume()
    phone.page.reload()
    blocks = eventually(lambda: len(found := api.call("GET", "/blocks")["items"]) == 2 and found, within=60)
    assert {(block["warning"], block["level"]) for block in blocks} == {("redness", None), ("redness", "same_day")}
    assert api.call("GET", "/session-logs")["items"][0]["redness"] == "still_red"


def test_skin_that_looks_normal_ends_the_asking(phone: Phone, api: ApiClient) -> None:
    phone.start_session()
    finish(phone)
    phone.page.clock.run_for(16 * 60_000)
    phone.page.reload()
    phone.go("log")
    tap(phone, "Look now")
    tap(phone, "No, it looks normal")
    phone.sees("Your skin looks normal.")
    assert api.call("GET", "/blocks")["items"] == []
    log = eventually(lambda: [log for log in api.call("GET", "/session-logs")["items"] if log["redness"]])
    assert log[0]["redness"] == "gone"


def look(phone: Phone, what: str) -> None:
    """Axe, and nothing that scrolls sideways on a small screen or with large text."""
    found: list[dict[str, Any]] = Axe().run(phone.page).response["violations"]
    assert [(what, one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found] == []
    for width, text in ((320, "100%"), (390, "200%")):
        phone.page.set_viewport_size({"width": width, "height": 844})
        phone.page.evaluate("(size) => { document.documentElement.style.fontSize = size }", text)
        assert phone.page.evaluate(SIDEWAYS) <= 0, f"{what} scrolls sideways at {width} px with {text} text"
    phone.page.evaluate("() => { document.documentElement.style.fontSize = '' }")
    phone.page.set_viewport_size({"width": 390, "height": 844})


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_part_is_for_everybody(chromium: Browser, site: Site, api: ApiClient, email: str, theme: str) -> None:
    with Phone(chromium, site, color_scheme=theme, reduced_motion="reduce") as phone:
        phone.sign_in(email)
        phone.go("session")
        tap_later = phone.tap
        tap_later("Start with a foot check")
        tap_later("None of these today")
        phone.choose("fieldset input[value='4']")
        tap_later("Continue")
        phone.sees("Get ready")
        look(phone, "ready")
        tap_later("Start the massage")
        for part in ("running", "paused"):
            assert phone.page.evaluate(SMALL) == [], part
            assert phone.page.evaluate(CLOSE) == [], part
            assert phone.page.evaluate(SCROLLS) <= 0, part
            look(phone, part)
            if part == "running":
                tap_later("Pause")
        phone.page.locator(".tap").click()
        phone.sees("Why did you stop?")
        look(phone, "why")
        tap_later("I have had enough")
        phone.sees("Before you stand up")
        look(phone, "after")
        tap_later("Save my session")
        phone.sees("Your session is saved")
        look(phone, "saved")
