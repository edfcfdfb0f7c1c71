"""Requests a second on the real server with its worker running, on SQLite and on PostgreSQL, beside its peers."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from bench.compared import make_rows
from bench.fittrackee import LIST, WRITE, fittrackee, workout
from bench.patient import Patient, session_log
from bench.postgresql import Cluster, cluster
from bench.processes import Running, footwell, free_port, running, shared_keys
from server.bootstrap import ROOT

CONNECTIONS = 16
ROUNDS = 3


@dataclass(frozen=True)
class Case:
    """One kind of request to one server; `database` when that is processes of its own."""

    name: str
    server: Running
    method: str = "GET"
    path: str = "/"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    database: Cluster | None = None

    def cpu_seconds(self) -> float:
        """What server and database have used so far."""
        return self.server.cpu_seconds() + (self.database.cpu_seconds() if self.database else 0)


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
    """All kinds, the memory of the real server on SQLite before and after the load, and what could not be measured."""

    rates: Sequence[Rate]
    idle: dict[str, int]
    loaded: dict[str, int]
    notes: Sequence[str] = ()


def measure(folder: Path, *, seconds: int) -> Requests:
    """Rounds take turns, so that a machine that slows down slows everything."""
    with ExitStack() as stack:
        server = stack.enter_context(footwell(folder / "data"))
        postgresql = stack.enter_context(cluster())
        settings = {"DATABASE_URL": postgresql.create("footwell"), **shared_keys()}
        other = stack.enter_context(footwell(folder / "data-postgresql", settings=settings))
        cases = [*_footwell_cases(server), *_footwell_cases(other, postgresql)]
        notes = []
        try:
            cases += _fittrackee_cases(stack, folder, postgresql)
        except RuntimeError as problem:
            notes.append(f"FitTrackee was not measured: {problem}")
        cases += _compared_cases(stack, folder)
        for case in cases:
            _wrk(case, seconds=1, seed=0)  # fills caches: a first request costs what no later one does
        idle = server.memory()
        found: dict[str, list[dict[str, float]]] = {case.name: [] for case in cases}
        for round_number in range(1, ROUNDS + 1):
            for case in cases:
                found[case.name].append(_wrk(case, seconds=seconds, seed=round_number))
        rates = [_rate(case.name, found[case.name]) for case in cases]
        return Requests(rates, idle, server.memory(), notes)


def _footwell_cases(server: Running, database: Cluster | None = None) -> list[Case]:
    patient = Patient(server.url)
    patient.fill()
    headers = {"Cookie": patient.cookie, "Sec-Fetch-Site": "same-origin"}
    log = json.dumps(session_log(datetime.now(UTC) - timedelta(days=3)))
    kinds = {
        "list of 20 logs": ("GET", "/api/v1/session-logs?limit=20", ""),
        "today": ("GET", "/api/v1/today", ""),
        "PUT of a log": ("PUT", "/api/v1/session-logs/{id}", log),
    }
    on = ", PostgreSQL" if database else ""
    return [
        Case(name + on, server, method, path, headers, body, database) for name, (method, path, body) in kinds.items()
    ]


def _fittrackee_cases(stack: ExitStack, folder: Path, database: Cluster) -> list[Case]:
    own = folder / "fittrackee"
    own.mkdir()
    peer = stack.enter_context(fittrackee(own, database))
    body = json.dumps(workout(datetime.now(UTC) - timedelta(days=3)))
    return [
        Case("FitTrackee: list of 20 workouts", peer.server, "GET", LIST, peer.headers, database=database),
        Case("FitTrackee: POST of a workout", peer.server, "POST", WRITE, peer.headers, body, database),
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
        "BENCH_HEADERS": "\n".join(f"{name}: {value}" for name, value in case.headers.items()),
        "BENCH_BODY": case.body,
        "BENCH_SEED": str(seed),
    }
    before = case.cpu_seconds()
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(ROOT / "bench/load.lua"), case.server.url]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    used = case.cpu_seconds() - before
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
