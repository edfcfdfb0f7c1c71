"""What sending costs without a database: our sender beside node's web-push, and beside the cryptography alone."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from bench import npm
from bench.sink import Sink, sink
from integrations.push import message_topic
from integrations.push_encryption import encode_base64url, public_point
from integrations.vapid import generate_vapid_key, public_key
from integrations.web_push import PER_HOST
from pwa import hatch_build
from server.bootstrap import ROOT

VERSION = "3.6.7"
FOLDER = ROOT / ".cache" / "web-push"
OURS, BATCHES, NODE, CACHED = "ours", "batches", "default", "cached"
KINDS = (OURS, BATCHES, NODE, CACHED)
SUBSCRIPTIONS, PAYLOAD_BYTES, WARM_UP = 2000, 249, 300
ROUNDS = 3


@dataclass(frozen=True)
class Sent:
    """Medians of the rounds: messages a second, and microseconds of CPU for one, the sender's and the sink's."""

    kind: str
    processes: int
    slow: bool
    per_second: float
    spread: float
    cpu_us: float
    sink_us: float


@dataclass(frozen=True)
class Sending:
    """All kinds, and microseconds of CPU for a message of ours by part."""

    sent: Sequence[Sent]
    parts: dict[str, float]

    def of(self, kind: str, processes: int, *, slow: bool) -> Sent:
        """One of them."""
        return next(one for one in self.sent if (one.kind, one.processes, one.slow) == (kind, processes, slow))


def measure(folder: Path, *, messages: int, rounds: int = ROUNDS) -> Sending:
    """Rounds take turns, so that a machine that slows down slows everything. Each process sends `messages`."""
    npm.install("web-push", VERSION, FOLDER)
    with sink(folder) as service:
        work = {slow: _workload(folder, service, messages, slow=slow) for slow in (False, True)}
        cases = [(kind, processes, slow) for slow in (False, True) for processes in (1, 2) for kind in KINDS]
        found: dict[tuple[str, int, bool], list[dict[str, float]]] = {case: [] for case in cases}
        for _ in range(rounds):
            for case in cases:
                kind, processes, slow = case
                found[case].append(_round(service, kind, processes, work[slow], messages))
        done = subprocess.run(
            _command("parts", work[False]), env=_environment(service), cwd=ROOT, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"the parts could not be measured: {done.stderr[-2000:]}")
    return Sending([_sent(*case, found[case]) for case in cases], json.loads(done.stdout))


def _workload(folder: Path, service: Sink, messages: int, *, slow: bool) -> Path:
    """Browsers with a key each, in a file that both languages read."""
    private = generate_vapid_key()
    work: dict[str, Any] = {
        "host": service.host,
        "subscriptions": [_browser(service.endpoint(f"{n}", slow=slow)) for n in range(SUBSCRIPTIONS)],
        "payload": "x" * PAYLOAD_BYTES,
        "topic": message_topic("bench"),
        "subject": "mailto:bench@example.org",
        "private_key": private,
        "public_key": public_key(private),
        "messages": messages,
        "warm_up": min(WARM_UP, messages),
        "at_once": PER_HOST,
    }
    path = folder / f"workload-{slow}.json"
    path.write_text(json.dumps(work))
    return path


def _browser(endpoint: str) -> tuple[str, str, str]:
    point = public_point(ec.generate_private_key(ec.SECP256R1()).public_key())
    return endpoint, encode_base64url(point), encode_base64url(secrets.token_bytes(16))


def _command(kind: str, work: Path) -> list[str]:
    if kind in (NODE, CACHED):
        return [str(hatch_build.node()), str(ROOT / "bench" / "web_push.js"), kind, str(work)]
    return [sys.executable, "-m", "bench.sending_child", kind, str(work)]


def _environment(service: Sink) -> dict[str, str]:
    return os.environ | service.trust | {"NODE_PATH": str(FOLDER / "node_modules")}


def _round(service: Sink, kind: str, processes: int, work: Path, messages: int) -> dict[str, float]:
    """All start to send at the same moment; the slowest ends the round."""
    pipe = subprocess.PIPE
    started = [
        subprocess.Popen(
            _command(kind, work), cwd=ROOT, env=_environment(service), stdin=pipe, stdout=pipe, stderr=pipe, text=True
        )
        for _ in range(processes)
    ]
    for process in started:
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise RuntimeError(f"{kind} does not send: {process.communicate()[1][-2000:]}")
    before = service.server.cpu_seconds()
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate() for process in started]
    if any(process.returncode for process in started):
        raise RuntimeError(f"{kind} failed: {said[0][1][-2000:]}")
    figures = [json.loads(out) for out, _ in said]
    total = messages * processes
    return {
        "per_second": total / max(figure["seconds"] for figure in figures),
        "cpu_us": sum(figure["cpu"] for figure in figures) / total * 1e6,
        "sink_us": (service.server.cpu_seconds() - before) / total * 1e6,
    }


def _sent(kind: str, processes: int, slow: bool, rounds: Sequence[dict[str, float]]) -> Sent:
    rates = [figures["per_second"] for figures in rounds]
    return Sent(
        kind,
        processes,
        slow,
        median(rates),
        (max(rates) - min(rates)) / median(rates),
        median(figures["cpu_us"] for figures in rounds),
        median(figures["sink_us"] for figures in rounds),
    )
