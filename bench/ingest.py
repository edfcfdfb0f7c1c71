"""Bodies of Health Auto Export on the real server: how many in a second, and what the largest one costs."""

import http.client
import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench.patient import Patient
from bench.processes import Running, footwell

CONNECTIONS, PATIENTS, TOKENS, EACH = 8, 6, 10, 50  # below what one token may send in a minute
DAYS, LARGE = 7, 2_000_000
ROUNDS = 5
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Ingest:
    """Bodies with a week each; then one of two megabytes: milliseconds, and the most memory that a process grew by."""

    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    large_mb: float
    large_records: int
    large_ms: float
    large_cpu_ms: float
    large_memory: int


def measure(folder: Path, *, each: int = EACH) -> Ingest:
    """Every token sends its week `each` times; today grows."""
    with footwell(folder / "data") as server:
        tokens = [token for _ in range(PATIENTS) for token in _tokens(Patient(server.url))]
        lines = [tokens[first::CONNECTIONS] for first in range(CONNECTIONS)]
        cpu, begun = server.cpu_seconds(), time.monotonic()
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            times = [seconds for line in pool.map(lambda own: _send_all(server, own, each), lines) for seconds in line]
        seconds, cpu = time.monotonic() - begun, server.cpu_seconds() - cpu
        body, records = _large()
        taken, grown, before_large = [], [], server.cpu_seconds()
        for number in range(ROUNDS):
            before = _reset_peaks(server)
            taken += _send(server, tokens[number], [body])
            grown.append(max(_status(process, "VmHWM") - size for process, size in before.items()))
        cpu_large = server.cpu_seconds() - before_large
    return Ingest(
        per_second=len(times) / seconds,
        p50_ms=median(times) * 1000,
        p99_ms=quantiles(times, n=100)[98] * 1000,
        cpu_ms=cpu / len(times) * 1000,
        large_mb=len(body) / 1e6,
        large_records=records,
        large_ms=median(taken) * 1000,
        large_cpu_ms=cpu_large / ROUNDS * 1000,
        large_memory=max(grown),
    )


def _tokens(patient: Patient) -> list[str]:
    wanted = {"label": "My phone", "scope": "ingest"}
    return [patient.read("POST", "/me/access-tokens", wanted)["token"] for _ in range(TOKENS)]


def _send_all(server: Running, tokens: Sequence[str], each: int) -> list[float]:
    bodies = [_week(number) for number in range(each)]
    return [seconds for token in tokens for seconds in _send(server, token, bodies)]


def _send(server: Running, token: str, bodies: Sequence[bytes]) -> list[float]:
    """The seconds that each took, one after the other on one connection; any answer but 200 ends the measuring."""
    line = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=60)
    taken = []
    for body in bodies:
        begun = time.monotonic()
        line.request("POST", "/api/v1/ingest", body, {"Authorization": f"Bearer {token}", **JSON})
        reply = line.getresponse()
        said = reply.read()
        taken.append(time.monotonic() - begun)
        if reply.status != 200:
            raise RuntimeError(f"a body was answered with {reply.status} {said[:200]!r}")
    line.close()
    return taken


def _body(records: Sequence[dict[str, Any]]) -> bytes:
    return json.dumps({"data": {"metrics": [{"name": "step_count", "units": "count", "data": records}]}}).encode()


def _week(number: int) -> bytes:
    today = datetime.now(UTC).date()
    days = [today - timedelta(days=back) for back in range(DAYS)]
    return _body([_record(f"{on} 00:00:00 +0000", 6000 + (number if on == today else 0)) for on in days])


def _large() -> tuple[bytes, int]:
    """Steps by the minute, as the app sends them when it is not told to sum them up by day."""
    today = datetime.now(UTC).date()
    size = len(json.dumps(_record(f"{today} 00:00:00 +0000", 100))) + 2
    count = LARGE // size
    records = []
    for number in range(count):
        back, minute = divmod(number, 1440)
        at = f"{today - timedelta(days=back + 1)} {minute // 60:02}:{minute % 60:02}:00 +0000"
        records.append(_record(at, 100 + number % 9))
    return _body(records), count


def _record(at: str, steps: int) -> dict[str, Any]:
    return {"qty": steps + 0.25, "date": at, "source": "iPhone|Apple Watch"}


def _reset_peaks(server: Running) -> dict[int, int]:
    """What each process has now; from here on the kernel's peaks begin anew."""
    for process in server.processes():
        Path(f"/proc/{process}/clear_refs").write_text("5")
    return {process: _status(process, "VmRSS") for process in server.processes()}


def _status(process: int, name: str) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1]) * 1024
