"""`python3 -m server --dev`: both halves reload what you change."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from server.serve import FOOTWELL, RESPAWN_AFTER, STOP_WITHIN, THREADS
from server.settings import Settings

ROOT = Path(__file__).parent.parent


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


def serve_dev(settings: Settings) -> None:
    """The phone app by vite on the usual port, which passes `/api` on to a web process beside it."""
    from pwa.hatch_build import node

    api_port = settings.port + 1
    api = {**os.environ, "PORT": str(api_port), "FOOTWELL_PUBLIC_URL": settings.public_url}
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--port", str(api_port)]
    halves = [
        KeptAlive([*granian, "--blocking-threads", str(THREADS), "server.app:create_app"], api, ROOT),
        KeptAlive([*FOOTWELL, "worker"], api, ROOT),
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
