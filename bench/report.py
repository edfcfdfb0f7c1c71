"""The tables: as text for the terminal, as Markdown for `docs/benchmarks.md`."""

import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.apple_export import Readings
from bench.ingest import Ingest
from bench.lighthouse import Scores
from bench.page import FirstLoad
from bench.player import THROTTLE, Drift, Frames
from bench.requests import CONNECTIONS, ROUNDS, Requests
from bench.start import Starts
from bench.sync import ANSWER_SECONDS, Sync
from server.bootstrap import ROOT

DOCUMENT = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- figures: written by `python3 -m bench --write` -->", "<!-- end of figures -->"
HELLO, FLASK = "bare WSGI hello", "minimal Flask, 20 rows"
RATE_AIMS = {"list of 20 logs": "≥ 1500/s, p99 < 25 ms", "PUT of a log": "≥ 1000/s"}


@dataclass(frozen=True)
class Table:
    """Rows of text under a title; `errors` are what makes its figures worthless, `notes` what is missing in it."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    errors: Sequence[str] = ()
    block: str = ""  # lines as they are, below
    notes: Sequence[str] = ()


def of_rates(found: Requests) -> Table:
    """Requests a second, and as ratios to what they are compared with."""
    rates = {rate.name: rate.per_second for rate in found.rates}
    rows = [
        [
            rate.name,
            f"{rate.per_second:.0f}",
            f"±{rate.spread * 50:.0f} %",
            f"{rate.p50_ms:.1f}",
            f"{rate.p99_ms:.1f}",
            f"{rate.cpu_us:.0f}",
            f"{rates[HELLO] / rate.per_second:.1f}×",
            f"{rate.per_second / rates[FLASK]:.2f}×",
            str(rate.errors),
            RATE_AIMS.get(rate.name, ""),
        ]
        for rate in found.rates
    ]
    head = (
        "request",
        "per second",
        "spread",
        "p50 ms",
        "p99 ms",
        "CPU µs",
        "hello makes",
        "of Flask's",
        "errors",
        "aim",
    )
    title = f"Requests: {CONNECTIONS} connections kept open, medians of {ROUNDS} rounds that take turns"
    errors = [f"{rate.errors} errors: {rate.name}" for rate in found.rates if rate.errors]
    return Table(title, head, rows, errors, notes=found.notes)


def of_memory(found: Requests) -> Table:
    """The whole process group on SQLite: supervisor, web processes, worker."""
    rows = [
        [when, _mb(memory["Pss"]), _mb(memory["Rss"]), "< 200 MB proportional"]
        for when, memory in (("after the first requests", found.idle), ("after the load", found.loaded))
    ]
    return Table("Memory of the process group", ("when", "proportional", "resident", "aim"), rows)


def of_starts(found: Starts) -> Table:
    """Seconds."""
    rows = [
        ["empty data folder", f"{found.cold:.2f} s", ""],
        ["second start", f"{found.second:.2f} s", "< 1.5 s"],
        ["second start with `python3 -m server`", f"{found.whole:.2f} s", "< 1.5 s"],
    ]
    return Table("From the command to the first answer", ("start", "takes", "aim"), rows)


def of_page(found: FirstLoad) -> Table:
    """Bytes, 1 kB = 1000."""
    rows = [
        [f"first load, {found.requests} responses, with headers", _kb(found.total), "≤ 100 kB"],
        [f"its JS, {found.js_files} files, over the wire with headers", _kb(found.js_wire), ""],
        ["its JS, gzip", _kb(found.js_gzip), "≤ 50 kB"],
        ["its JS, brotli", _kb(found.js_brotli), "≤ 50 kB"],
        [f"fetched afterwards for offline, {found.precached_files} files, brotli", _kb(found.precached), ""],
    ]
    return Table("Bytes of a first visit", ("what", "size", "aim"), rows)


def of_scores(found: Scores) -> Table:
    """Scores, then the times behind the first of them, then what was not passed."""
    rows = [
        [name, f"{score:.2f}", "≥ 0.98" if name == "performance" else "1.00"] for name, score in found.scores.items()
    ]
    rows += [[name.replace("-", " "), value, ""] for name, value in found.metrics.items()]
    rows += [["not passed", audit, ""] for audit in found.failed]
    return Table("Lighthouse on the first page, mobile", ("what", "score", "aim"), rows)


def of_screens(found: Mapping[str, Sequence[str]]) -> Table:
    """Each screen with what it did not pass."""
    rows = [
        [screen, "1.00, 1.00" if not failed else ", ".join(failed), "1.00, 1.00"] for screen, failed in found.items()
    ]
    return Table("Lighthouse on each screen: accessibility, best practices", ("screen", "found", "aim"), rows)


def of_frames(found: Frames) -> Table:
    """Milliseconds of work in a sixtieth of a second."""
    rows = [
        ["work in a frame, usual", f"{found.usual:.2f} ms", "≤ 8 ms"],
        ["work in a frame, 99 of 100", f"{found.p99:.1f} ms", "≤ 8 ms"],
        ["frames with more than 8 ms", f"{found.over_8} of {found.frames}", ""],
        ["the busiest frame", f"{found.worst:.1f} ms", ""],
        ["longest task", f"{found.longest_task:.1f} ms", "≤ 50 ms"],
        ["tasks over 50 ms", str(found.tasks_over_50), "0"],
    ]
    title = f"The player's main thread, {found.seconds:.0f} s of E30, processor {THROTTLE}× slower"
    return Table(title, ("what", "takes", "aim"), rows)


def of_export(found: Readings) -> Table:
    """Megabytes of XML a second, and megabytes of memory."""
    rows = [
        ["read and merged", f"{found.ours.mb_per_second:.0f} MB/s", _mb(found.ours.peak), "≥ 30 MB/s, < 100 MB"],
        ["the parser alone", f"{found.alone.mb_per_second:.0f} MB/s", _mb(found.alone.peak), ""],
    ]
    title = f"An Apple Health export: {found.xml_mb:.0f} MB of XML in a zip of {found.zip_mb:.0f} MB, {found.days} days"
    return Table(f"{title}, {found.step_records} records of steps", ("what", "speed", "memory", "aim"), rows)


def of_sync(found: Sync) -> Table:
    """Pulls a minute, and the CPU of one by who uses it."""
    idle = ["before the first", "", "", "", "", _mb(found.idle), ""]
    rounds = [
        [
            made.name,
            f"{made.per_minute:.0f}",
            f"{made.requests_per_pull:.2f}",
            f"{made.worker_ms:.1f}",
            f"{made.google_ms:.1f}",
            _mb(made.memory),
            "≥ 1667 a minute, 1 request",
        ]
        for made in found.rounds
    ]
    alone = [
        ["the client alone, without a database", "", "", f"{found.client_ms:.2f}", "", "", ""],
        ["the parser alone", "", "", f"{found.parser_ms:.3f}", "", "", ""],
    ]
    head = ("each connection read once", "a minute", "requests", "CPU ms", "provider's CPU ms", "memory", "aim")
    title = f"One worker and {found.connections} connections, answers after {ANSWER_SECONDS * 1000:.0f} ms, per pull"
    return Table(title, head, [idle, *rounds, *alone], found.errors)


def of_ingest(found: Ingest) -> Table:
    """Bodies a second, and what the largest costs."""
    week = f"{found.per_second:.0f} a second, p50 {found.p50_ms:.1f} ms, p99 {found.p99_ms:.1f} ms"
    large = f"{found.large_mb:.1f} MB, {found.large_records} records"
    rows = [
        ["a week by day", week, ""],
        ["CPU of one", f"{found.cpu_ms:.1f} ms", ""],
        [large, f"{found.large_ms:.0f} ms", "< 150 ms"],
        ["the same, CPU", f"{found.large_cpu_ms:.0f} ms", ""],
        ["the same, memory on top", _mb(found.large_memory), "< 50 MB"],
    ]
    return Table("Health Auto Export, 8 connections", ("body", "takes", "aim"), rows)


def of_drift(found: Drift) -> Table:
    """Seconds behind the machine's clock."""
    rows = [
        ["behind at the end", f"{found.at_the_end:.3f} s", "< 0.2 s"],
        ["behind at the worst second", f"{found.worst:.3f} s", ""],
    ]
    return Table(f"The player's clock after {found.minutes:g} real minutes", ("what", "is", "aim"), rows)


def as_text(table: Table) -> str:
    """Columns under each other."""
    lines = [list(table.head), *(list(row) for row in table.rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(table.head))]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join([table.title, *(text if table.rows else ()), *table.notes, table.block, ""])


def as_markdown(table: Table) -> str:
    """A table for the document."""
    if table.block:
        return f"**{table.title}**\n\n```text\n{table.block}\n```\n"
    lines = [table.head, ["---"] * len(table.head), *table.rows]
    notes = [line for note in table.notes for line in ("", note)]
    return "\n".join([f"**{table.title}**", "", *(f"| {' | '.join(line)} |" for line in lines), *notes, ""])


def write(tables: Sequence[Table], document: Path = DOCUMENT, command: str = "--write") -> None:
    """Replace what is between the marks in the document."""
    begin = BEGIN.replace("--write", command)
    text = document.read_text()
    before, _, rest = text.partition(begin)
    after = rest.partition(END)[2]
    figures = "\n".join(as_markdown(table) for table in tables)
    document.write_text(f"{before}{begin}\n{_circumstances(command)}\n\n{figures}{END}{after}")


def _circumstances(command: str) -> str:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    cpu = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    memory = int(next(line for line in _lines("/proc/meminfo") if line.startswith("MemTotal")).split()[1]) / 1e6
    machine = f"{os.cpu_count()} cores ({cpu}), {memory:.0f} GB, Linux {platform.release()}"
    day = datetime.now(UTC).date()
    python = platform.python_version()
    return f"`python3 -m bench {command}` on {day}, commit {commit.stdout.strip()}. {machine}, Python {python}."


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()


def _mb(size: int) -> str:
    return f"{size / 1e6:.0f} MB"


def _kb(size: int) -> str:
    return f"{size / 1e3:.1f} kB"
