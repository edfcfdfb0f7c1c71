"""How fast an export of Apple Health is read and in how much memory, beside an XML parser that does nothing with it."""

import json
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from xml.parsers import expat

from server.bootstrap import ROOT

PIECE = 256 * 1024
FIRST = date(2016, 11, 23)
RECORD = (
    ' <Record type="HKQuantityTypeIdentifier{}" sourceName="{}" sourceVersion="18.1" device="&lt;&lt;HKDevice: '
    '0x{:09x}&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch6,2&gt;" unit="count" '
    'creationDate="{day} {:02}:{:02}:30 +0100" startDate="{day} {:02}:{:02}:00 +0100" '
    'endDate="{day} {:02}:{:02}:00 +0100" value="{}"/>\n'
)


@dataclass(frozen=True)
class Reading:
    """Of one reader: megabytes of XML in a second, and the most memory of its process."""

    mb_per_second: float
    peak: int


@dataclass(frozen=True)
class Readings:
    """Ours and the parser alone, each in a process of its own on the same file, and what of a person is in the file."""

    xml_mb: float
    zip_mb: float
    step_records: int
    days: int
    ours: Reading
    alone: Reading


def measure(folder: Path, *, megabytes: int) -> Readings:
    """Write the file, then read it twice; the first reading also brings it into the system's cache."""
    path = folder / "export.zip"
    size, step_records = _write(path, megabytes * 1_000_000)
    _run("alone", path)
    alone, _ = _run("alone", path)
    ours, days = _run("ours", path)
    mb = size / 1e6
    return Readings(
        mb,
        path.stat().st_size / 1e6,
        step_records,
        days,
        Reading(mb / ours["seconds"], ours["peak"]),
        Reading(mb / alone["seconds"], alone["peak"]),
    )


def _write(path: Path, size: int) -> tuple[int, int]:
    """Whole days of a watch, a phone and what else a watch measures; bytes of XML, and how many records are steps."""
    written = step_records = 0
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("apple_health_export/export.xml", "w", force_zip64=True) as xml,
    ):
        written += xml.write(b'<HealthData locale="en_GB"><ExportDate value="2026-11-22 20:00:00 +0100"/>\n')
        for number in range(100_000):
            if written >= size:
                break
            for text, steps in _day(FIRST + timedelta(days=number % 3650)):
                written += xml.write(text.encode())
                step_records += steps
        written += xml.write(b"</HealthData>")
    return written, step_records


def _day(day: date) -> Iterator[tuple[str, bool]]:
    """1 060 records, 520 of them steps: a minute each by the watch for seven hours, the phone in pieces of 5."""
    for minute in range(8 * 60, 15 * 60):
        yield _record("StepCount", "Ada’s Apple\xa0Watch", day, minute, 1, 20 + minute % 90), True
    for minute in range(10 * 60, 18 * 60 + 20, 5):
        yield _record("StepCount", "Ada’s iPhone", day, minute, 5, 100 + minute % 300), True
    for minute in range(7 * 60, 16 * 60):
        yield _record("HeartRate", "Ada’s Apple\xa0Watch", day, minute, 1, 60 + minute % 40), False


def _record(kind: str, source: str, day: date, minute: int, length: int, value: int) -> str:
    begin, end = divmod(minute, 60), divmod(minute + length, 60)
    return RECORD.format(kind, source, minute * 7919 + day.toordinal(), *end, *begin, *end, value, day=day)


def _run(reader: str, path: Path) -> tuple[dict[str, float], int]:
    command = [sys.executable, "-m", "bench.apple_export", reader, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout)
    return figures, figures["days"]


def _parse_alone(path: Path) -> int:
    parser = expat.ParserCreate("UTF-8")
    with zipfile.ZipFile(path) as archive, archive.open(archive.infolist()[0]) as xml:
        while piece := xml.read(PIECE):
            parser.Parse(piece, False)
    parser.Parse(b"", True)
    return 0


def _read(path: Path) -> int:
    from integrations.apple_export import read_export

    return len(read_export(path, lambda _done, _total: True).days)


if __name__ == "__main__":
    started = time.perf_counter()
    found = {"ours": _read, "alone": _parse_alone}[sys.argv[1]](Path(sys.argv[2]))
    seconds = time.perf_counter() - started
    # Not getrusage: what it calls the most is carried over from whoever started this.
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(json.dumps({"seconds": seconds, "peak": int(peak.split()[1]) * 1024, "days": found}))
