"""A PostgreSQL of the tests' own: a temporary cluster on a socket, gone when they end."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.machine import postgresql_programs

OWNER = "footwell"
# Nothing here has to survive a power cut, and every test is faster for it.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "log_min_messages": "fatal",
}


class Cluster:
    """One that can be stopped and started again; its data stay meanwhile."""

    def __init__(self, programs: Path, folder: Path, settings: Mapping[str, str]) -> None:
        self.address = f"postgresql://{OWNER}@/postgres?host={folder}"
        self._programs, self._folder, self._settings = programs, folder, settings
        self._as_owner: dict[str, Any] = {"cwd": folder, "stdin": subprocess.DEVNULL, "start_new_session": True}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(folder, "postgres", "postgres")
            self._as_owner |= {"user": "postgres", "group": "postgres", "extra_groups": []}
        _initdb(programs, folder, self._as_owner)
        self._process: subprocess.Popen[Any] | None = None

    def start(self) -> None:
        """Returns when it answers."""
        options = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        command = [self._programs / "postgres", "-D", self._folder / "data", "-k", self._folder, *options]
        with (self._folder / "log").open("w") as log:
            self._process = subprocess.Popen([str(part) for part in command], stdout=log, stderr=log, **self._as_owner)
        _wait_until_ready(self._process, self.address, self._folder / "log")

    def stop(self) -> None:
        """Ends every connection."""
        if self._process:
            _stop(self._process)

    def crash(self) -> None:
        """Ends at once and tidies nothing up: the next start recovers what was committed."""
        if self._process:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(30)


@contextmanager
def cluster(settings: Mapping[str, str] = SETTINGS) -> Iterator[Cluster]:
    """A cluster that runs."""
    programs = postgresql_programs()
    if programs is None:
        raise RuntimeError("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="footwell-pg-", dir="/tmp"))  # a socket's path may have 107 bytes at most
    try:
        made = Cluster(programs, folder, settings)
        try:
            made.start()
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running() -> Iterator[str]:
    """The address of a cluster's maintenance database."""
    with cluster() as made:
        yield made.address


def _initdb(programs: Path, folder: Path, as_owner: dict[str, Any]) -> None:
    options = ["-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    command = [str(programs / "initdb"), "-D", str(folder / "data"), *options]
    done = subprocess.run(command, capture_output=True, text=True, **as_owner)
    if done.returncode:
        raise RuntimeError(f"initdb failed: {done.stderr.strip()}")


def _wait_until_ready(process: "subprocess.Popen[Any]", address: str, log: Path) -> None:
    for _ in range(300):
        try:
            psycopg.connect(address).close()
            return
        except psycopg.OperationalError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text().strip()}")


def _stop(process: "subprocess.Popen[Any]") -> None:
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # fast, at once, never mind
        process.send_signal(number)
        try:
            process.wait(10)
            return
        except subprocess.TimeoutExpired:
            continue
