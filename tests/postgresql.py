"""A PostgreSQL of the tests' own: a temporary cluster on a socket, gone when they end."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
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


@contextmanager
def running() -> Iterator[str]:
    """The address of the cluster's maintenance database."""
    programs = postgresql_programs()
    if programs is None:
        raise RuntimeError("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="footwell-pg-", dir="/tmp"))  # a socket's path may have 107 bytes at most
    process = None
    try:
        as_owner: dict[str, Any] = {"cwd": folder, "stdin": subprocess.DEVNULL, "start_new_session": True}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(folder, "postgres", "postgres")
            as_owner |= {"user": "postgres", "group": "postgres", "extra_groups": []}
        _initdb(programs, folder, as_owner)
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        with (folder / "log").open("w") as log:
            command = [programs / "postgres", "-D", folder / "data", "-k", folder, *options]
            process = subprocess.Popen([str(part) for part in command], stdout=log, stderr=log, **as_owner)
        address = f"postgresql://{OWNER}@/postgres?host={folder}"
        _wait_until_ready(process, address, folder / "log")
        yield address
    finally:
        if process:
            _stop(process)
        shutil.rmtree(folder, ignore_errors=True)


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
