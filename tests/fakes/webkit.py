"""WebKitGTK, driven over WebDriver (w3.org/TR/webdriver2): the engine of Safari, without push, as in an iPhone's tab.

with WebKit() as webkit:
    webkit.open("http://localhost:8000/#/today")
    webkit.click("button[type=submit]")
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from typing import Any, Self

import requests

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
START_SECONDS = 30


class WebKit:
    """Use as a context manager."""

    def __enter__(self) -> Self:
        programs = [shutil.which(name) for name in ("xvfb-run", "WebKitWebDriver")]
        assert all(programs), "WebKitGTK is missing: apt install webkit2gtk-driver xvfb"
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self._driver = f"http://127.0.0.1:{port}"
        self._home = tempfile.mkdtemp(prefix="fw-webkit-")
        self._process = subprocess.Popen(
            ["xvfb-run", "-a", "WebKitWebDriver", f"--port={port}"],
            env={**os.environ, "HOME": self._home, "XDG_RUNTIME_DIR": self._home},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            self._session = f"/session/{self._start()['sessionId']}"
        except BaseException:
            self._kill()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._ask("DELETE", "")
        self._kill()

    def open(self, url: str) -> None:
        """Go to a page and wait until it has loaded."""
        self._ask("POST", "/url", {"url": url})

    def evaluate(self, function: str, *arguments: Any) -> Any:
        """What a JavaScript function answers in the page; waits for its promise."""
        told = "(value) => done({ value }), (error) => done({ error: String(error) })"
        script = f"const done = [].pop.call(arguments); ({function})(...arguments).then({told})"
        answer = self._ask("POST", "/execute/async", {"script": script, "args": list(arguments)})
        assert "error" not in answer, answer["error"]
        return answer.get("value")

    def wait_for(self, function: str, *arguments: Any, timeout: float = 15.0) -> Any:
        """Call an async function again and again until it returns something truthy; returns that."""
        ends = time.monotonic() + timeout
        while not (value := self.evaluate(function, *arguments)):
            assert time.monotonic() < ends, f"not true after {timeout} s: {function}\n{self.text()}"
            time.sleep(0.1)
        return value

    def sees(self, text: str) -> None:
        """Until the page says so."""
        self.wait_for("async (text) => document.body.innerText.includes(text)", text)

    def text(self) -> str:
        """All text a person can see."""
        return str(self.evaluate("async () => document.body.innerText"))

    def click(self, selector: str) -> None:
        """As a finger would: the event is trusted."""
        self._ask("POST", f"/element/{self._find(selector)}/click", {})

    def fill(self, selector: str, text: str) -> None:
        """Type into a field."""
        self._ask("POST", f"/element/{self._find(selector)}/value", {"text": text})

    def _find(self, selector: str) -> str:
        self.wait_for("async (selector) => document.querySelector(selector) !== null", selector)
        found = self._ask("POST", "/element", {"using": "css selector", "value": selector})
        return str(found[ELEMENT])

    def _start(self) -> Any:
        ends = time.monotonic() + START_SECONDS
        while True:
            try:
                return self._send("POST", "/session", {"capabilities": {}})
            except requests.ConnectionError:
                assert time.monotonic() < ends, "WebKitWebDriver did not start"
                time.sleep(0.1)

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        return self._send(method, self._session + path, body)

    def _send(self, method: str, path: str, body: object = None) -> Any:
        reply = requests.request(method, self._driver + path, json=body, timeout=60)
        value = reply.json()["value"]
        assert reply.ok, value
        return value

    def _kill(self) -> None:
        os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait(10)
        shutil.rmtree(self._home, ignore_errors=True)
