"""Starts what is measured, each in a process group of its own, and asks the kernel what the group uses."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from integrations.vapid import generate_vapid_key
from server.bootstrap import ROOT

STARTS_WITHIN = 60.0
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Running:
    """A server that answers, and how long it took until it did."""

    group: int
    url: str
    seconds_to_answer: float

    def processes(self) -> list[int]:
        """The ids of the group's processes."""
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and (fields := _stat(int(folder.name))) and int(fields[2]) == self.group:
                found.append(int(folder.name))
        return found

    def cpu_seconds(self) -> float:
        """What the whole group has used so far, in user and kernel mode."""
        stats = [fields for process in self.processes() if (fields := _stat(process))]
        return sum(int(fields[11]) + int(fields[12]) for fields in stats) / TICKS

    def memory(self) -> dict[str, int]:
        """Bytes: `Pss`, where a page that n processes share counts 1/n in each, and `Rss`."""
        totals = {"Pss": 0, "Rss": 0}
        for process in self.processes():
            for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]:
                name, _, rest = line.partition(":")
                if name in totals:
                    totals[name] += int(rest.split()[0]) * 1024
        return totals


def _stat(process: int) -> list[str] | None:
    """The fields of /proc/…/stat after the name, which may hold anything."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def family_cpu_seconds(parent: int) -> float:
    """What a process and its children have used so far, those that have ended too."""
    ours = 0
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (fields := _stat(int(folder.name))):
            if int(folder.name) == parent:
                ours += sum(map(int, fields[11:15]))
            elif int(fields[1]) == parent:
                ours += int(fields[11]) + int(fields[12])
    return ours / TICKS


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def footwell(
    data: Path, command: Sequence[str] = (), port: int | None = None, settings: Mapping[str, str] | None = None
) -> Iterator[Running]:
    """The real server with its worker, on a data folder of its own and, unless `settings` say otherwise, SQLite."""
    port = port or free_port()
    serve = [sys.executable, "-c", "from server.cli import main; main()", "serve"]
    env = environment(data) | {"PORT": str(port), **(settings or {})}
    with running(command or serve, port, "/healthz", env) as server:
        yield server


def environment(data: Path) -> dict[str, str]:
    """Nothing of whoever runs this may reach the server: no database, no keys, no clinic."""
    ours = ("FOOTWELL_", "DATABASE_URL", "REDIS_URL", "HOST", "PORT")
    env = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return env | {"FOOTWELL_DATA_DIR": str(data)}


def shared_keys() -> dict[str, str]:
    """What the processes of one server have in common, and cannot make for themselves on a database of their own."""
    secret, private = "t" * 43, generate_vapid_key()
    return {"FOOTWELL_SECRET_KEY": secret, "FOOTWELL_TOKEN_KEYS": secret, "FOOTWELL_VAPID_PRIVATE_KEY": private}


@contextmanager
def running(
    command: Sequence[str], port: int, path: str = "/", env: Mapping[str, str] | None = None
) -> Iterator[Running]:
    """A server that has answered once; ended with everything it started."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as said, started(command, env, said) as process:
        url = f"http://localhost:{port}"
        if not _answers(process, url + path, began + STARTS_WITHIN):
            said.seek(0)
            raise RuntimeError(f"{' '.join(command)} does not answer:\n{said.read().decode(errors='replace')[-2000:]}")
        yield Running(process.pid, url, time.monotonic() - began)


@contextmanager
def started(
    command: Sequence[str], env: Mapping[str, str] | None, said: IO[bytes] | int = subprocess.DEVNULL
) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own; ended with everything it started."""
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=said, stderr=said, start_new_session=True)
    try:
        yield process
    finally:
        _end(process)


def _answers(process: subprocess.Popen[bytes], url: str, until: float) -> bool:
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return True
        except OSError:  # nobody listens yet
            time.sleep(0.005)
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
    with suppress(ProcessLookupError):  # the group is ours; what is left of it would disturb the next figure
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
