"""A Footwell that runs as its operator runs it: `footwell serve` in a process group of its own, on a free port."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import requests

from server.settings import Settings
from tests.factories import PASSWORD, sign_up_body

ROOT = Path(__file__).parents[2]
SERVE = [sys.executable, "-c", "from server.cli import main; main(['serve'])"]
START_WITHIN = 60.0

T = TypeVar("T")


def eventually(look: Callable[[], T], within: float = 15.0) -> T:
    """What `look` finds as soon as it finds something."""
    ends = time.monotonic() + within
    while not (found := look()):
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.1)
    return found


class Site:
    """Start, stop and start again: stopping it is how a test takes the network away."""

    def __init__(self, folder: Path, **env: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("FOOTWELL_", "DATABASE_"))},
            "PORT": str(self.port),
            "FOOTWELL_DATA_DIR": str(folder / "data"),
            **env,
        }
        self.log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                SERVE, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
            )
        ends = time.monotonic() + START_WITHIN
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=1).close()
                return
            except OSError:
                assert self._process.poll() is None, self.log.read_text()
                assert time.monotonic() < ends, self.log.read_text()
                time.sleep(0.05)

    def stop(self) -> None:
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGTERM)
            try:
                self._process.wait(30)
            finally:
                if self._process.poll() is None:
                    os.killpg(self._process.pid, signal.SIGKILL)
            self._process = None

    @property
    def settings(self) -> Settings:
        """As the running server reads them, for a worker of the test's own."""
        return Settings.from_env(self.env)


class ApiClient:
    """What a browser on the page sends, without a browser."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.session = requests.Session()
        self.session.headers.update({"Origin": site.url, "Sec-Fetch-Site": "same-origin"})

    def call(self, method: str, path: str, body: Any = None, **kwargs: Any) -> Any:
        reply = self.session.request(method, f"{self.site.url}/api/v1{path}", json=body, timeout=20, **kwargs)
        assert reply.ok, reply.text
        return reply.json() if reply.content else None

    def sign_up(self, email: str, **changes: Any) -> Any:
        return self.call("POST", "/auth/sign-up", sign_up_body(email, **changes))

    def sign_in(self, email: str) -> Any:
        return self.call("POST", "/auth/sign-in", {"email": email, "password": PASSWORD})
