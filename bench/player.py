"""The player on a slow phone: what the page's own thread does in each frame, and how true its seconds are."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import sync_playwright

from bench.patient import Patient
from bench.processes import footwell
from tests.browser.phone import Phone, answered_now
from tests.machine import chromium

THROTTLE = 4
FRAME_US = 1_000_000 / 60
LIMIT_US = 8000
HALF_AN_HOUR = 30
FEW = 30  # seconds at the beginning and at the end
CATEGORIES = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"]
SCRIPT = "E30"  # half an hour, the longest run there is
FIRST_STEPS = 45  # seconds from the start, where steps of all kinds follow each other
WATCH_CLOCK = """() => {
  const clock = document.querySelector('.player .clock');
  const seen = { childList: true, characterData: true, subtree: true };
  new MutationObserver(() => window.shows(clock.textContent)).observe(clock, seen);
}"""


@dataclass(frozen=True)
class Frames:
    """Milliseconds of the page's main thread at a throttled processor, by sixtieths of a second."""

    seconds: float
    usual: float
    p99: float
    worst: float
    over_8: int
    frames: int
    longest_task: float
    tasks_over_50: int


@dataclass(frozen=True)
class Drift:
    """Seconds by which the player's clock is behind the machine's own: at the end, and at the worst second."""

    minutes: float
    at_the_end: float
    worst: float


def frames(folder: Path, *, seconds: float = FIRST_STEPS) -> Frames:
    """A trace of the running player, with the processor slowed down as Lighthouse does for a phone."""
    with _player(folder) as phone:
        session = phone.context.new_cdp_session(phone.page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
        browser = phone.context.browser
        assert browser is not None
        phone.page.wait_for_timeout(3000)  # the screen before is gone
        browser.start_tracing(page=phone.page, categories=CATEGORIES)
        phone.page.wait_for_timeout(seconds * 1000)
        trace = json.loads(browser.stop_tracing())
    return _of_trace(trace["traceEvents"])


def drift(folder: Path, *, minutes: float = HALF_AN_HOUR) -> Drift:
    """Real minutes. Each second that the player shows is compared with when it showed the ones at the beginning."""
    behind: list[float] = []

    def shows(clock: str) -> None:
        minute, _, second = clock.partition(":")
        behind.append(time.monotonic() + int(minute) * 60 + int(second))

    with _player(folder) as phone:
        phone.page.expose_function("shows", shows)
        phone.page.evaluate(WATCH_CLOCK)
        ends = time.monotonic() + minutes * 60
        while time.monotonic() < ends and phone.page.locator(".player").count():
            phone.page.wait_for_timeout(500)
    if len(behind) < minutes * 60 - 10:
        raise RuntimeError(f"The clock of the player changed {len(behind)} times in {minutes} minutes.")
    first = min(behind[:FEW])
    return Drift(minutes, min(behind[-FEW:]) - first, max(behind) - first)


@contextmanager
def _player(folder: Path) -> Iterator[Phone]:
    """Somebody without a flag has just begun the longest session."""
    with footwell(folder / "data") as server, sync_playwright() as playwright:
        patient = Patient(server.url)
        patient.call("PATCH", "/me", {"profile": answered_now()})
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        with Phone(browser, server) as phone:
            phone.sign_in(patient.email)
            phone.start_session(SCRIPT)
            phone.page.locator(".player .clock").wait_for()
            yield phone
        browser.close()


def _of_trace(events: Sequence[dict[str, Any]]) -> Frames:
    """Whole tasks of the busiest page's main thread, cut at the borders of sixtieths of a second."""
    mains = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    tasks: dict[tuple[int, int], list[tuple[float, float]]] = {main: [] for main in mains}
    for event in events:
        if event["name"] == "RunTask" and event["ph"] == "X" and (event["pid"], event["tid"]) in tasks:
            tasks[event["pid"], event["tid"]].append((event["ts"], event.get("dur", 0)))
    ours = max(tasks.values(), key=lambda one: sum(duration for _, duration in one))
    if not ours:
        raise RuntimeError("The trace has no task of a page.")
    begin = min(start for start, _ in ours)
    end = max(start + duration for start, duration in ours)
    busy = [0.0] * (int((end - begin) / FRAME_US) + 1)
    for start, duration in ours:
        at, left = start - begin, duration
        while left > 0:
            frame = int(at / FRAME_US)
            part = max(min(left, (frame + 1) * FRAME_US - at), 1e-3)
            busy[frame] += part
            at, left = at + part, left - part
    busy.sort()
    lengths = [duration / 1000 for _, duration in ours]
    return Frames(
        seconds=(end - begin) / 1e6,
        usual=median(busy) / 1000,
        p99=busy[int(len(busy) * 0.99)] / 1000,
        worst=busy[-1] / 1000,
        over_8=sum(one > LIMIT_US for one in busy),
        frames=len(busy),
        longest_task=max(lengths),
        tasks_over_50=sum(length > 50 for length in lengths),
    )
