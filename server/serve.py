"""`footwell serve`: web and worker in one process group, both kept alive, ended together; and each of them alone."""

import contextlib
import gc
import multiprocessing
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING

from server.settings import Settings

if TYPE_CHECKING:
    from granian.server.mp import MPServer
    from granian.server.mt import MTServer

MIGRATIONS = Path(__file__).parent / "migrations" / "versions"
# Threads of one process take turns, and passing the interpreter's lock around costs as much as a short request does:
# two processes of two threads serve twice what one of four does. Not one: a slow phone holds a thread while it sends.
WEB_PROCESSES = min(2, os.cpu_count() or 1)
THREADS = 2
START_METHOD = "fork" if sys.platform == "linux" else "spawn"
FOOTWELL = (sys.executable, "-c", "from server.cli import main; main()")
RESPAWN_AFTER = 2.0
STOP_WITHIN = 15.0
# granian does not hear a signal in the moment before it serves. What is cut off here is sent again by phone or worker.
WEB_STOPS_WITHIN = 3


def serve(settings: Settings, *, dev: bool) -> None:
    """Bring the database up to date, start everything, and wait for Ctrl-C. Raises RuntimeError in plain words."""
    _check_port(settings.host, settings.port)
    make_ready(settings)
    if dev:
        from server.serve_dev import serve_dev

        serve_dev(settings)
    else:
        _serve(settings)


def serve_web(settings: Settings) -> None:
    """Answer requests alone: workers run elsewhere, on this machine or another. Raises RuntimeError in plain words."""
    _check_port(settings.host, settings.port)
    make_ready(settings)
    _import_once()
    _web(settings).serve()


def make_ready(settings: Settings) -> None:
    """The folder, and a database that is up to date; several may do so at once. Raises RuntimeError in plain words."""
    os.umask(0o077)  # the database holds health records: its owner's alone, wherever the folder is
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _is_prepared(settings):
        _run_footwell("prepare")


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
    done = subprocess.run([*FOOTWELL, *arguments], check=False)
    if done.returncode:
        raise RuntimeError("The database could not be made ready; see above.")


class Worker:
    """The worker process. It shares the memory of what this one has imported; a thread starts another when it ends."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stopping = threading.Event()
        self._process = self._started()

    def watch(self) -> None:
        """From now on, whenever the process ends by itself, start another."""
        threading.Thread(target=self._watch, daemon=True).start()

    def stop(self) -> None:
        """End it for good."""
        self._stopping.set()
        self._process.terminate()
        self._process.join(STOP_WITHIN)
        self._process.kill()

    def _watch(self) -> None:
        while True:
            self._process.join()
            if self._stopping.wait(RESPAWN_AFTER):
                return
            self._process = self._started()

    def _started(self) -> BaseProcess:
        process = multiprocessing.Process(target=_work, args=(self._settings,))
        process.start()
        return process


def _work(settings: Settings) -> None:
    from server.jobs import run_worker
    from server.queue import make_queue
    from server.wiring import build_dependencies

    run_worker(make_queue(settings), build_dependencies(settings))


def web_server(target: str, host: str, port: int, *, factory: bool) -> "MPServer | MTServer":
    """The HTTP server as Footwell sets it; what the benchmarks compare with runs on the same."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    return Granian(
        target,
        factory=factory,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=WEB_PROCESSES,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=WEB_STOPS_WITHIN,
        log_level=LogLevels.warning,
    )


def _web(settings: Settings) -> "MPServer | MTServer":
    granian = web_server("server.app:create_app", settings.host, settings.port, factory=True)
    granian.on_startup(partial(print, f"Footwell runs at {settings.public_url}  (Ctrl-C ends it)", flush=True))
    return granian


def _import_once() -> None:
    # Here, so that the processes share the memory and start at once. Nothing may run beside a fork: a lock that another
    # thread holds at that moment (an import's is enough) stays locked in the child for good.
    import server.app
    import server.jobs  # noqa: F401

    multiprocessing.set_start_method(START_METHOD)
    if START_METHOD == "fork":  # else a child that is told to end before it has handlers of its own would not hear it
        os.register_at_fork(after_in_child=partial(signal.signal, signal.SIGTERM, signal.SIG_DFL))
    gc.collect()
    gc.freeze()


def _serve(settings: Settings) -> None:
    _import_once()
    worker = Worker(settings)
    granian = _web(settings)
    threading.Thread(target=_watch_when_forked, args=(granian, worker), daemon=True).start()
    try:
        granian.serve()
    finally:
        worker.stop()


def _watch_when_forked(granian: "MPServer | MTServer", worker: Worker) -> None:
    while len(granian.wrks) < WEB_PROCESSES:
        time.sleep(0.05)
    worker.watch()
