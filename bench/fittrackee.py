"""FitTrackee, a Flask server of the same kind (https://docs.fittrackee.org), as its documentation says to run it."""

import json
import os
import secrets
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from bench import pypi
from bench.patient import LOGS, NOTE
from bench.postgresql import Cluster
from bench.processes import Running, free_port, running
from server.bootstrap import ROOT
from server.serve import WEB_PROCESSES
from tests import machine

VERSION = "1.3.6"
VENV = ROOT / ".cache" / "fittrackee"
LIST, WRITE = "/api/workouts?per_page=20", "/api/workouts/no_gpx"
EMAIL = "bench@example.org"


@dataclass(frozen=True)
class FitTrackee:
    """One that runs, and the headers of somebody who is signed in, good for 15 minutes."""

    server: Running
    headers: Mapping[str, str]


@contextmanager
def fittrackee(folder: Path, cluster: Cluster) -> Iterator[FitTrackee]:
    """With a database of its own in the cluster, and as many workouts as our patient has logs.

    Raises RuntimeError when it cannot be installed or does not run.
    """
    pypi.install("fittrackee", VERSION, VENV)
    address = _database(cluster)
    port, password = free_port(), secrets.token_urlsafe()
    # No Redis: it carries e-mails and archives, which nothing here sends.
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "APP_SETTINGS": "fittrackee.config.ProductionConfig",
        "APP_SECRET_KEY": secrets.token_urlsafe(),
        "DATABASE_URL": address,
        "UI_URL": f"http://localhost:{port}",
        "UPLOAD_FOLDER": str(folder),
        "REDIS_URL": f"redis://localhost:{free_port()}",
    }
    _command(env, "db", "upgrade")
    _command(env, "users", "create", "bench", "--email", EMAIL, "--password", password)
    gunicorn = [str(VENV / "bin" / "gunicorn"), "-w", str(WEB_PROCESSES), "-b", f"127.0.0.1:{port}"]
    with running([*gunicorn, "fittrackee:create_app()"], port, "/api/ping", env) as server:
        headers = _sign_in(server, password)
        for number in range(LOGS + 1):
            _post(server, WRITE, headers, workout(datetime.now(UTC) - timedelta(days=1 + number / 2)))
        yield FitTrackee(server, headers)


def workout(at: datetime) -> dict[str, Any]:
    """One without a track, with a note as long as that of our log."""
    return {
        "sport_id": 1,
        "duration": 1800,
        "distance": 5.0,
        "workout_date": at.strftime("%Y-%m-%d %H:%M"),
        "notes": NOTE,
    }


def _database(cluster: Cluster) -> str:
    address = cluster.create("fittrackee").replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(address, autocommit=True) as connection:
        major = connection.info.server_version // 10_000

        def there() -> object:
            return connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'postgis'").fetchone()

        try:
            machine.prepare({f"postgresql-{major}-postgis-3": there})
        except machine.MissingError as problem:
            raise RuntimeError(f"its database needs PostGIS: {problem}") from None
        connection.execute("CREATE EXTENSION postgis")
    return address


def _command(env: Mapping[str, str], *arguments: str) -> None:
    done = subprocess.run([str(VENV / "bin" / "ftcli"), *arguments], env=env, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"ftcli {' '.join(arguments[:2])} failed: {done.stderr[-500:]}")


def _sign_in(server: Running, password: str) -> dict[str, str]:
    body = {"email": EMAIL, "password": password}
    reply = _post(server, "/api/auth/login", {}, body)
    pairs = [cookie.partition(";")[0] for cookie in reply.headers.get_all("Set-Cookie")]
    csrf = next(pair.partition("=")[2] for pair in pairs if pair.startswith("csrf_"))
    return {"Cookie": "; ".join(pairs), "X-CSRF-TOKEN": csrf}


def _post(server: Running, path: str, headers: Mapping[str, str], body: Any) -> Any:
    head = {"Content-Type": "application/json", **headers}
    request = urllib.request.Request(server.url + path, json.dumps(body).encode(), head)
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:
            return reply
    except OSError as error:
        raise RuntimeError(f"it refuses POST {path}: {error}") from None
