"""How many connections one worker reads in a minute from a provider that takes 50 ms, and where its time goes.

The strict Google of the tests is in the measuring process; it shares the machine's cores with the worker.
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, update

from bench.processes import Running, environment, started
from server.bootstrap import ROOT
from server.database import Database
from server.migrate import upgrade
from server.models import WearableConnection
from server.vault import Vault
from tests.factories import make_patient
from tests.fakes.google import Answer, Google
from tests.fakes.google_world import SETTINGS_SCOPE, STEPS_SCOPE, Account, Grant

ANSWER_SECONDS = 0.05
SCOPES = [STEPS_SCOPE, SETTINGS_SCOPE]
KEY = "t" * 43
WORKER = (sys.executable, "-c", "from server.cli import main; main()", "worker")
ROUNDS = ("the first week of each", "today has moved on", "today again")
ALONE, AT_ONCE = 2000, 32


@dataclass(frozen=True)
class Round:
    """All connections read once. CPU is milliseconds of one pull; memory is of the worker, proportional, at the end."""

    name: str
    per_minute: float
    requests_per_pull: float
    worker_ms: float
    google_ms: float
    memory: int


@dataclass(frozen=True)
class Sync:
    """The rounds, the worker's memory before them, and one answer with parts left out, in milliseconds of CPU."""

    connections: int
    idle: int
    rounds: Sequence[Round]
    client_ms: float
    parser_ms: float
    errors: Sequence[str]


class Walking(dict[date, int]):
    """Days of somebody who walks on: today is more whenever it is asked for."""

    def items(self) -> Any:
        self[max(self)] += 10
        return super().items()


def measure(folder: Path, *, connections: int) -> Sync:
    """Every connection is due at once, again and again."""
    database = _database(folder)
    with Google() as google:
        google.always("steps", Answer(delay=ANSWER_SECONDS))
        _connect(database, google, connections)
        env = environment(folder) | google.environment() | {"FOOTWELL_TOKEN_KEYS": KEY}
        with started(WORKER, env) as process:
            worker = Running(process.pid, "", 0)
            time.sleep(10)  # what it does when it starts
            idle = worker.memory()["Pss"]
            rounds = [_round(name, worker, google, database, connections) for name in ROUNDS]
        alone = _alone(google)
        errors = list(dict.fromkeys(google.problems))
    states = {row.state for row in _rows(database)}
    errors += [f"connections are {state}" for state in states - {"active"}]
    return Sync(connections, idle, rounds, alone["client"], alone["parser"], errors)


def _database(folder: Path) -> Database:
    url = f"sqlite:///{folder / 'footwell.db'}"
    upgrade(url)
    return Database(url)


def _connect(database: Database, google: Google, connections: int) -> None:
    """Patients whose history is read and who have a week of steps at Google."""
    now, vault = datetime.now(UTC), Vault([KEY])
    today = now.date()
    blank: dict[str, Any] = {column.name: None for column in WearableConnection.__table__.c}
    blank |= {"provider": "google_health", "state": "active", "scopes": SCOPES, "missing": [], "glucose": False}
    blank |= {"generation": 1, "claims": 0, "failures": 0, "connected_at": now, "device_read_at": now}
    blank |= {"token_expires_at": now + timedelta(days=1), "read_from": today - timedelta(days=100)}
    rows = []
    with database.write() as db:
        for number in range(connections):
            owner = make_patient(db, f"{number}@example.org", now=now, time_zone="UTC")
            account = Account(f"{number}", Walking({today - timedelta(days=back): 6000 for back in range(7)}))
            google.access[_token(number)] = Grant(account, "health-client", tuple(SCOPES))
            sealed = vault.seal({"access_token": _token(number), "refresh_token": "none"})
            own = {"patient_id": owner.id, "provider_user_id": f"{number}", "sealed": sealed, "month_read_on": today}
            rows.append(blank | own)
        db.execute(insert(WearableConnection), rows)


def _token(number: int) -> str:
    return f"ya29.{number:064}"


def _round(name: str, worker: Running, google: Google, database: Database, connections: int) -> Round:
    calls, worker_cpu, google_cpu = google.counts, worker.cpu_seconds(), time.process_time()
    begun = datetime.now(UTC)
    with database.write() as db:
        db.execute(update(WearableConnection).values(next_sync_at=begun))
    while (seconds := (datetime.now(UTC) - begun).total_seconds()) < 1800:
        with database.read() as db:
            done = select(func.count()).where(WearableConnection.last_ok_at >= begun)
            if db.execute(done).scalar_one() == connections:
                break
        time.sleep(0.5)
    else:
        raise RuntimeError("half an hour was not enough to read every connection once")
    return Round(
        name,
        connections / seconds * 60,
        (google.counts - calls).total() / connections,
        (worker.cpu_seconds() - worker_cpu) / connections * 1000,
        (time.process_time() - google_cpu) / connections * 1000,
        worker.memory()["Pss"],
    )


def _rows(database: Database) -> Sequence[Any]:
    with database.read() as db:
        return db.execute(select(WearableConnection.state)).all()


def _alone(google: Google) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.sync", google.url]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _client_and_parser(url: str) -> dict[str, float]:
    """The client without a database, as many at once as the worker has; and the parser alone on one answer."""
    from integrations.google_health import GoogleHealth, parse_daily_steps
    from integrations.http import ApiClient, Reply, parse_object
    from integrations.oauth import OAuthClient

    api = ApiClient()
    provider = GoogleHealth(OAuthClient("health-client", "", "", "", "", api=api), api, url)
    today = datetime.now(UTC).date()
    week = today - timedelta(days=6)

    def ask(number: int) -> None:
        assert len(provider.fetch_daily_steps(_token(number), week, today, zone="UTC")) == 7

    body = {"range": {name: {"date": _parts(on)} for name, on in (("start", week), ("end", today + timedelta(days=1)))}}
    path = f"{url}/v4/users/me/dataTypes/steps/dataPoints:dailyRollUp"
    answer = api.send("POST", path, token=_token(0), body=body).body
    begun = time.process_time()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(ask, (number % 100 for number in range(ALONE))))
    client = time.process_time() - begun
    begun = time.process_time()
    for _ in range(ALONE):
        assert len(list(parse_daily_steps(parse_object(Reply(200, {}, answer))))) == 7
    return {"client": client / ALONE * 1000, "parser": (time.process_time() - begun) / ALONE * 1000}


def _parts(on: date) -> dict[str, int]:
    return {"year": on.year, "month": on.month, "day": on.day}


if __name__ == "__main__":
    print(json.dumps(_client_and_parser(sys.argv[1])))
