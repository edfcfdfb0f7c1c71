"""Real processes that are killed and started again, and waiting for what they bring about."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from server.bootstrap import ROOT

STOPS_WITHIN = 20.0


class Process:
    """A command in a process group of its own. What it prints is added to `log`."""

    def __init__(self, command: Sequence[str], log: Path, env: Mapping[str, str] | None = None) -> None:
        self._command, self._log, self._env = command, log, env
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Does not wait until it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._env, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """`kill -9`, with all that it started."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def terminate(self) -> None:
        """Tell it to end, as whoever runs it does."""
        if self._process is not None:
            self._process.terminate()

    def stop(self) -> None:
        """Tell it to end and wait; with a `kill -9` if it does not hear."""
        self.terminate()
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(STOPS_WITHIN)
            self.kill()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(what: str, is_so: Callable[[], object], *, within: float, every: float = 0.2) -> None:
    """Returns once it is so; AssertionError after `within` seconds. What cannot be asked yet is not so."""
    until = time.monotonic() + within
    problem: object = "no"
    while time.monotonic() < until:
        try:
            if is_so():
                return
            problem = "no"
        except Exception as error:  # whoever is asked restarts just now
            problem = error
        time.sleep(every)
    raise AssertionError(f"after {within:.0f} s not yet: {what} ({problem})")
