"""`footwell serve`: web and worker in one process group, both kept alive, ended together."""

import contextlib
import multiprocessing
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from server.settings import Settings

if TYPE_CHECKING:
    from granian.server.mp import MPServer
    from granian.server.mt import MTServer

ROOT = Path(__file__).parent.parent
MIGRATIONS = Path(__file__).parent / "migrations" / "versions"
# Measured on two cores: 1 to 4 threads serve alike; 8 serve a tenth less, with three times the p99, because they take
# turns. Not fewer than two a core: hashing a password or trying a push must not keep the others waiting.
THREADS = min(8, 2 * (os.cpu_count() or 1))
RESPAWN_AFTER = 2.0
STOP_WITHIN = 15.0


def serve(settings: Settings, *, dev: bool) -> None:
    """Bring the database up to date, start everything, and wait for Ctrl-C. Raises RuntimeError in plain words."""
    _check_port(settings.host, settings.port)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _is_prepared(settings):
        _run_footwell("prepare")
    if dev:
        _serve_dev(settings)
    else:
        _serve(settings)


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise RuntimeError(
                f"Port {port} on {host} cannot be used ({error.strerror}). Set PORT to another."
            ) from None


def _is_prepared(settings: Settings) -> bool:
    """Whether an embedded database needs nothing done, asked with the standard library to keep the start short."""
    if not settings.database_url.startswith("sqlite:///"):
        return False
    from integrations.vapid import public_key

    path = settings.database_url.removeprefix("sqlite:///")
    newest = max(file.stem.split("_")[0] for file in MIGRATIONS.glob("[0-9]*.py"))
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            version = db.execute("SELECT version_num FROM alembic_version").fetchone()
            key = db.execute("SELECT value FROM server_facts WHERE name = 'vapid_public_key'").fetchone()
    except sqlite3.Error:
        return False
    return (version, key) == ((newest,), (public_key(settings.vapid_private_key),))


def _run_footwell(*arguments: str) -> None:
    done = subprocess.run([*_footwell(), *arguments], check=False)
    if done.returncode:
        raise RuntimeError("The database could not be made ready; see above.")


def _footwell() -> list[str]:
    return [sys.executable, "-c", "from server.cli import main; main()"]


class KeptAlive(threading.Thread):
    """A child process that is started again when it ends by itself."""

    def __init__(self, command: list[str], env: Mapping[str, str] | None = None, cwd: Path | None = None) -> None:
        super().__init__(daemon=True)
        self._command, self._env, self._cwd = command, env, cwd
        self._stopping = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        while not self._stopping.is_set():
            self._child = subprocess.Popen(self._command, env=self._env, cwd=self._cwd)
            if self._stopping.is_set():  # asked to stop while it was starting
                self._child.terminate()
            self._child.wait()
            self._stopping.wait(RESPAWN_AFTER)

    def restart(self) -> None:
        """End the child; the thread starts another."""
        if self._child is not None:
            self._child.terminate()

    def stop(self) -> None:
        """End the child for good."""
        self._stopping.set()
        if self._child is not None:
            self._child.terminate()
            try:
                self._child.wait(STOP_WITHIN)
            except subprocess.TimeoutExpired:
                self._child.kill()


def web_server(target: str, host: str, port: int, *, factory: bool) -> "MPServer | MTServer":
    """The HTTP server as Footwell sets it; what the benchmarks compare with runs on the same."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    # granian forks on Linux. A fork in a process with threads copies locks that nobody will open: the web process
    # then waits for ever for a module that another thread was just importing.
    multiprocessing.set_start_method("spawn", force=True)
    return Granian(
        target,
        factory=factory,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=int(STOP_WITHIN),
        log_level=LogLevels.warning,
    )


def _serve(settings: Settings) -> None:
    worker = KeptAlive([*_footwell(), "worker"])
    granian = web_server("server.app:create_app", settings.host, settings.port, factory=True)
    granian.on_startup(worker.start)
    threading.Thread(target=_announce, args=(settings,), daemon=True).start()
    try:
        granian.serve()
    finally:
        worker.stop()


def _announce(settings: Settings) -> None:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104
    for _ in range(600):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://{host}:{settings.port}/healthz", timeout=1).close()
            print(f"Footwell runs at {settings.public_url}  (Ctrl-C ends it)", flush=True)
            return
        time.sleep(0.05)


def _serve_dev(settings: Settings) -> None:
    """The phone app by vite on the usual port, which passes `/api` on to a web process beside it."""
    from pwa.hatch_build import node

    api_port = settings.port + 1
    api = {**os.environ, "PORT": str(api_port), "FOOTWELL_PUBLIC_URL": settings.public_url}
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--port", str(api_port)]
    halves = [
        KeptAlive([*granian, "--blocking-threads", str(THREADS), "server.app:create_app"], api, ROOT),
        KeptAlive([*_footwell(), "worker"], api, ROOT),
    ]
    pwa_env = {**os.environ, "FOOTWELL_DEV_API": f"http://127.0.0.1:{api_port}"}
    vite = [str(node()), "node_modules/vite/bin/vite.js", "--port", str(settings.port), "--strictPort"]
    front = KeptAlive(vite, pwa_env, ROOT / "pwa")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that both ways to end it end the children too
    for child in (*halves, front):
        child.start()
    print(f"Footwell runs at {settings.public_url} and reloads what you change  (Ctrl-C ends it)", flush=True)
    try:
        for _ in _changes():
            print("Changed; starting the server again", flush=True)
            for child in halves:
                child.restart()
    except KeyboardInterrupt:
        pass
    finally:
        for child in (*halves, front):
            child.stop()


def _changes() -> Iterator[None]:
    """Once each time a Python or JSON file of the server changes."""

    def stamps() -> dict[Path, int]:
        folders = (ROOT / "server", ROOT / "integrations")
        files = (file for folder in folders for pattern in ("*.py", "*.json") for file in folder.rglob(pattern))
        return {file: file.stat().st_mtime_ns for file in files if "web" not in file.parts}

    before = stamps()
    while True:
        time.sleep(0.5)
        now = stamps()
        if now != before:
            before = now
            yield
