"""A phone on which a massage runs: its clock, voice and ears are the test's; and what its screen must never be."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, expect

from tests.browser.phone import Phone, midday_zone
from tests.browser.site import ApiClient, Site

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


@contextmanager
def player_phone(chromium: Browser, site: Site, api: ApiClient, email: str) -> Iterator[Phone]:
    """A phone whose clock the test turns, and whose voice and ears it can read and feed."""
    with Phone(chromium, site) as phone:
        phone.context.add_init_script(FAKE_VOICE + FAKE_RECOGNISER)
        phone.page.clock.install()
        api.call("PATCH", "/me", {"time_zone": midday_zone()})
        phone.sign_in(email)
        yield phone


def clock_shows(phone: Phone, text: str) -> None:
    expect(phone.page.get_by_text(text, exact=True)).to_be_visible()


def tap(phone: Phone, name: str) -> None:
    """As `phone.tap`, with a clock that stands still unless it is turned."""
    phone.page.clock.run_for(500)
    button = phone.page.get_by_role("button", name=name, exact=True)
    button.or_(phone.page.get_by_role("link", name=name, exact=True)).first.click()


def finish(phone: Phone) -> None:
    """Through all steps that are left, then save."""
    while phone.page.evaluate(NEXT):
        phone.page.clock.run_for(500)
    tap(phone, "Save my session")
    phone.sees("Well done")
