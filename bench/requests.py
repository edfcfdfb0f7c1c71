"""Requests a second on the real server with its worker running, beside a bare hello and a minimal Flask read."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from bench.compared import make_rows
from bench.patient import Patient, session_log
from bench.processes import Running, footwell, free_port, running
from server.bootstrap import ROOT

CONNECTIONS = 16
ROUNDS = 3


@dataclass(frozen=True)
class Case:
    """One kind of request to one server."""

    name: str
    server: Running
    method: str = "GET"
    path: str = "/"
    cookie: str = ""
    body: str = ""


@dataclass(frozen=True)
class Rate:
    """What one kind of request did: medians of the rounds, and the errors of all of them."""

    name: str
    per_second: float
    spread: float
    p50_ms: float
    p99_ms: float
    errors: int
    cpu_us: float


@dataclass(frozen=True)
class Requests:
    """All kinds, and the memory of the real server before and after the load."""

    rates: Sequence[Rate]
    idle: dict[str, int]
    loaded: dict[str, int]


def measure(folder: Path, *, seconds: int) -> Requests:
    """Rounds take turns, so that a machine that slows down slows everything."""
    with ExitStack() as stack:
        server = stack.enter_context(footwell(folder / "data"))
        patient = Patient(server.url)
        patient.fill()
        cases = [*_footwell_cases(server, patient), *_compared_cases(stack, folder)]
        for case in cases:
            _wrk(case, seconds=1, seed=0)  # fills caches: a first request costs what no later one does
        idle = server.memory()
        found: dict[str, list[dict[str, float]]] = {case.name: [] for case in cases}
        for round_number in range(1, ROUNDS + 1):
            for case in cases:
                found[case.name].append(_wrk(case, seconds=seconds, seed=round_number))
        return Requests([_rate(case.name, found[case.name]) for case in cases], idle, server.memory())


def _footwell_cases(server: Running, patient: Patient) -> list[Case]:
    log = json.dumps(session_log(datetime.now(UTC) - timedelta(days=3)))
    return [
        Case("list of 20 logs", server, path="/api/v1/session-logs?limit=20", cookie=patient.cookie),
        Case("today", server, path="/api/v1/today", cookie=patient.cookie),
        Case("PUT of a log", server, "PUT", "/api/v1/session-logs/{id}", patient.cookie, log),
    ]


def _compared_cases(stack: ExitStack, folder: Path) -> list[Case]:
    rows = folder / "compared.db"
    make_rows(rows)
    cases = []
    for name, target in (("bare WSGI hello", "hello"), ("minimal Flask, 20 rows", "make_flask_app")):
        port = free_port()
        command = [sys.executable, "-m", "bench.compared", target, str(port), str(rows)]
        cases.append(Case(name, stack.enter_context(running(command, port))))
    return cases


def _wrk(case: Case, *, seconds: int, seed: int) -> dict[str, float]:
    env = {
        **os.environ,
        "BENCH_METHOD": case.method,
        "BENCH_PATH": case.path,
        "BENCH_COOKIE": case.cookie,
        "BENCH_BODY": case.body,
        "BENCH_SEED": str(seed),
    }
    before = case.server.cpu_seconds()
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(ROOT / "bench/load.lua"), case.server.url]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    used = case.server.cpu_seconds() - before
    return {**figures, "cpu_us": used / max(figures["requests"], 1) * 1e6}


def _rate(name: str, rounds: Sequence[dict[str, float]]) -> Rate:
    rates = [figures["requests"] / figures["seconds"] for figures in rounds]
    return Rate(
        name,
        per_second=median(rates),
        spread=(max(rates) - min(rates)) / median(rates),
        p50_ms=median(figures["p50_ms"] for figures in rounds),
        p99_ms=median(figures["p99_ms"] for figures in rounds),
        errors=sum(int(figures["errors"]) for figures in rounds),
        cpu_us=median(figures["cpu_us"] for figures in rounds),
    )
