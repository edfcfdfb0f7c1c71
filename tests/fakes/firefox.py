"""The system's Firefox ESR, headless, driven over WebDriver BiDi (w3c.github.io/webdriver-bidi), without geckodriver.

with Firefox(push_service=service) as firefox:
    firefox.open("http://localhost:8000/#/today")
    firefox.click("button[type=submit]")                      # a trusted click
    assert firefox.evaluate("async () => (await navigator.serviceWorker.ready).active.state") == "activated"
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import aiohttp

from tests.fakes.push_service import PushService

PHONE = (390, 844)
START_SECONDS = 60
COMMAND_SECONDS = 60

_PREFERENCES: dict[str, bool | int | str] = {
    "remote.active-protocols": 1,
    "remote.prefs.recommended": True,
    "app.update.disabledForTesting": True,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.aboutwelcome.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "browser.safebrowsing.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "extensions.update.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "intl.accept_languages": "en-US, en",
    "permissions.default.desktop-notification": 1,
    "dom.push.connection.enabled": False,
}


class ScriptError(AssertionError):
    """A script threw in the page."""


class Firefox:
    """Use as a context manager. `push_service` lets it subscribe; `system_notifications` sends them to the desktop."""

    def __init__(
        self,
        *,
        push_service: PushService | None = None,
        system_notifications: bool = False,
        environment: Mapping[str, str] | None = None,
        preferences: Mapping[str, bool | int | str] | None = None,
        viewport: tuple[int, int] = PHONE,
    ) -> None:
        self._preferences = _PREFERENCES | {"alerts.useSystemBackend": system_notifications}
        if push_service is not None:
            self._preferences |= {
                "dom.push.connection.enabled": True,
                "dom.push.serverURL": push_service.web_socket_url,
                "dom.push.testing.allowInsecureServerURL": True,
                "dom.push.retryBaseInterval": 200,  # seconds matter in a test
            }
        self._preferences |= dict(preferences or {})
        self._environment = dict(environment or {})
        self._viewport = viewport
        self._ids = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.console: list[str] = []
        """What pages and workers wrote to the console, and uncaught errors."""

    def __enter__(self) -> Self:
        program = os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
        assert program, "Firefox is missing: apt install firefox-esr"
        self._folder = Path(tempfile.mkdtemp(prefix="fw-firefox-"))
        profile = self._folder / "profile"
        profile.mkdir()
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in self._preferences.items()]
        (profile / "user.js").write_text("\n".join(lines))
        environment = os.environ | {"HOME": str(self._folder), "MOZ_CRASHREPORTER_DISABLE": "1"} | self._environment
        self._log = (self._folder / "log").open("w+")
        self._process = subprocess.Popen(
            [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"],
            env=environment,
            stdout=self._log,
            stderr=self._log,
        )
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="firefox", daemon=True)
        self._thread.start()
        try:
            self._call(self._connect(self._find_address()))
            self._command("session.subscribe", events=["log.entryAdded"])
            self._context = self._command("browsingContext.getTree")["contexts"][0]["context"]
            self.set_viewport(*self._viewport)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._call(self._disconnect())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def open(self, url: str) -> None:
        """Go to a page and wait until it has loaded."""
        self._command("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def reload(self) -> None:
        """Load the page again."""
        self._command("browsingContext.reload", context=self._context, wait="complete")

    @property
    def url(self) -> str:
        """The address of the page, with its hash."""
        return str(self.evaluate("() => location.href"))

    def pages(self) -> list[str]:
        """The addresses of all tabs; a notification may have opened one."""
        return [context["url"] for context in self._command("browsingContext.getTree")["contexts"]]

    def use_page(self, part: str) -> None:
        """Go on in the tab whose address contains this."""
        for context in self._command("browsingContext.getTree")["contexts"]:
            if part in context["url"]:
                self._context = context["context"]
                return
        raise AssertionError(f"no tab with {part!r} among {self.pages()}")

    def evaluate(self, function: str, *arguments: Any) -> Any:
        """Call a JavaScript function in the page with JSON arguments; waits for its promise, returns JSON."""
        source = f"async () => JSON.stringify({{value: await ({function})(...{json.dumps(list(arguments))}) ?? null}})"
        answer = self._command(
            "script.callFunction",
            functionDeclaration=source,
            awaitPromise=True,
            userActivation=True,
            target={"context": self._context},
        )
        if answer["type"] != "success":
            raise ScriptError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])["value"]

    def wait_for(self, function: str, *arguments: Any, timeout: float = 10.0) -> Any:
        """Call a function again and again until it returns something truthy; returns that."""
        ends = time.monotonic() + timeout
        while not (value := self.evaluate(function, *arguments)):
            assert time.monotonic() < ends, f"not true after {timeout} s: {function}\nconsole: {self.console}"
            time.sleep(0.05)
        return value

    def text(self) -> str:
        """All text a person can see."""
        return str(self.evaluate("() => document.body.innerText"))

    def click(self, selector: str) -> None:
        """Click the middle of the first element, as a finger would: the event is trusted."""
        x, y = self.wait_for(
            "s => { const e = document.querySelector(s); if (!e) return null; e.scrollIntoView({block: 'center'});"
            " const r = e.getBoundingClientRect();"
            " return r.width ? [Math.floor(r.x + r.width / 2), Math.floor(r.y + r.height / 2)] : null }",
            selector,
        )
        actions = [
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._perform({"type": "pointer", "id": "finger", "actions": actions})

    def fill(self, selector: str, text: str) -> None:
        """Click a field, empty it and type."""
        self.click(selector)
        self.evaluate("s => document.querySelector(s).select?.()", selector)
        keys = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self._perform({"type": "key", "id": "keys", "actions": keys})

    def screenshot(self, path: Path) -> None:
        """The visible part of the page as PNG."""
        data = self._command("browsingContext.captureScreenshot", context=self._context)["data"]
        path.write_bytes(base64.b64decode(data))

    def set_viewport(self, width: int, height: int) -> None:
        """The size of the page in CSS pixels."""
        size = {"width": width, "height": height}
        self._command("browsingContext.setViewport", context=self._context, viewport=size)

    def _perform(self, source: dict[str, Any]) -> None:
        self._command("input.performActions", context=self._context, actions=[source])

    def _find_address(self) -> str:
        ends = time.monotonic() + START_SECONDS
        while time.monotonic() < ends and self._process.poll() is None:
            if match := re.search(r"WebDriver BiDi listening on (ws://\S+)", (self._folder / "log").read_text()):
                return match[1]
            time.sleep(0.05)
        raise AssertionError(f"Firefox did not start:\n{(self._folder / 'log').read_text()[-2000:]}")

    def _call(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(COMMAND_SECONDS)

    def _command(self, method: str, **parameters: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self._call(self._ask(method, parameters))
        return answer

    async def _connect(self, address: str) -> None:
        self._session = aiohttp.ClientSession()
        self._socket = await self._session.ws_connect(f"{address}/session", max_msg_size=0)
        self._reader = asyncio.create_task(self._read())
        await self._ask("session.new", {"capabilities": {}})

    async def _disconnect(self) -> None:
        if hasattr(self, "_socket"):
            await self._socket.close()
            await self._reader
        if hasattr(self, "_session"):
            await self._session.close()

    async def _ask(self, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        number = next(self._ids)
        waiting = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        answer = await waiting
        del self._answers[number]
        assert answer["type"] == "success", f"{method}: {answer.get('error')}: {answer.get('message')}"
        result: dict[str, Any] = answer["result"]
        return result

    async def _read(self) -> None:
        async for frame in self._socket:
            said = json.loads(frame.data)
            if said.get("id") in self._answers:
                self._answers[said["id"]].set_result(said)
            elif said.get("method") == "log.entryAdded":
                self.console.append(f"{said['params']['level']}: {said['params']['text']}")
        for waiting in self._answers.values():
            if not waiting.done():
                waiting.set_exception(ConnectionError("Firefox went away"))
