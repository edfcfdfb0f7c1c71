"""Measures part by part, each on a server of its own, and puts the tables together."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import (
    apple_export,
    claiming,
    growth,
    ingest,
    lighthouse,
    page,
    player,
    reminding,
    report,
    report_growth,
    report_push,
    requests,
    sending,
    start,
    sync,
)
from bench.report import Table
from tests.browser.screens import SCREENS

SECONDS = 8  # of each round of each kind of request


def run(parts: Sequence[str], *, short: bool, write: bool) -> int:
    """The exit code: 1 when a request was answered with an error, since its figures then mean nothing."""
    tables: list[Table] = []
    with tempfile.TemporaryDirectory(prefix="footwell-bench-") as folder:
        for part in parts:
            print(f"bench: {part}", flush=True)
            own = Path(folder) / part
            own.mkdir()
            try:
                made = PARTS[part](own, short)
            except RuntimeError as problem:
                print(f"bench: {problem}", flush=True)
                return 1
            for table in made:
                print("\n" + report.as_text(table), flush=True)
            tables += made
    if write and parts == ["growth"]:
        report.write(tables, report_growth.DOCUMENT, "growth --write")
    elif write:
        report.write(tables)
    errors = [line for table in tables for line in table.errors]
    for line in errors:
        print(f"bench: {line}", flush=True)
    return 1 if errors else 0


def _start(_folder: Path, short: bool) -> list[Table]:
    return [report.of_starts(start.measure(rounds=1 if short else 5))]


def _requests(folder: Path, short: bool) -> list[Table]:
    found = requests.measure(folder, seconds=2 if short else SECONDS)
    return [report.of_rates(found), report.of_memory(found)]


def _page(folder: Path, _short: bool) -> list[Table]:
    return [report.of_page(page.measure(folder))]


def _lighthouse(folder: Path, short: bool) -> list[Table]:
    return [report.of_scores(lighthouse.measure(folder, rounds=1 if short else 3))]


def _screens(folder: Path, short: bool) -> list[Table]:
    screens = SCREENS[:3] if short else SCREENS
    return [report.of_screens(lighthouse.measure_screens(folder, screens))]


def _frames(folder: Path, short: bool) -> list[Table]:
    return [report.of_frames(player.frames(folder, seconds=15 if short else player.FIRST_STEPS))]


def _export(folder: Path, short: bool) -> list[Table]:
    return [report.of_export(apple_export.measure(folder, megabytes=100 if short else 1000))]


def _sync(folder: Path, short: bool) -> list[Table]:
    return [report.of_sync(sync.measure(folder, connections=1000 if short else 10_000))]


def _ingest(folder: Path, short: bool) -> list[Table]:
    return [report.of_ingest(ingest.measure(folder, each=5 if short else ingest.EACH))]


def _push(folder: Path, short: bool) -> list[Table]:
    found = sending.measure(folder, messages=300, rounds=1) if short else sending.measure(folder, messages=2000)
    return report_push.of_sending(found)


def _claims(folder: Path, short: bool) -> list[Table]:
    sizes = claiming.SHORT_SIZES if short else claiming.SIZES
    return [report_push.of_claims(claiming.measure(folder, sizes=sizes))]


def _reminders(folder: Path, short: bool) -> list[Table]:
    return [report_push.of_reminding(reminding.measure(folder, messages=1000 if short else reminding.MESSAGES))]


def _growth(folder: Path, short: bool) -> list[Table]:
    sizes = growth.SHORT_SIZES if short else growth.SIZES
    return report_growth.of_growth(growth.measure(folder, sizes=sizes))


def _drift(folder: Path, short: bool) -> list[Table]:
    return [report.of_drift(player.drift(folder, minutes=2 if short else player.HALF_AN_HOUR))]


PARTS: dict[str, Callable[[Path, bool], list[Table]]] = {
    "start": _start,
    "requests": _requests,
    "page": _page,
    "lighthouse": _lighthouse,
    "screens": _screens,
    "frames": _frames,
    "export": _export,
    "ingest": _ingest,
    "push": _push,
    "claims": _claims,
    "reminders": _reminders,
    "sync": _sync,
    "drift": _drift,
    "growth": _growth,
}
# All but what takes many minutes by itself and does not depend on the machine.
USUAL = [part for part in PARTS if part not in ("screens", "sync", "drift", "growth")]
