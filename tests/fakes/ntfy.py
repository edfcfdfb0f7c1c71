"""A strict ntfy server on loopback: publishing as JSON, as its documentation says."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web

from tests.fakes.loop import OnLoopback

KNOWN = {"topic", "message", "title", "tags", "priority", "actions", "click", "attach", "icon", "delay", "email"}
TOPIC = re.compile(r"[-_A-Za-z0-9]{1,64}")


class NtfyServer(OnLoopback):
    """Use as a context manager. `published` is what came; `script` says what happens to the next requests."""

    def __init__(self) -> None:
        self.published: list[dict[str, Any]] = []
        self.problems: list[str] = []
        self._script: list[tuple[int, dict[str, str]]] = []

    def script(self, *answers: tuple[int, dict[str, str]]) -> None:
        self._script.extend(answers)

    def _app(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        return app

    async def _answer(self, request: web.Request) -> web.Response:
        if self._script:
            status, headers = self._script.pop(0)
            return web.Response(status=status, headers=headers)
        body = await request.json()
        if (request.method, request.path) != ("POST", "/"):
            self.problems.append(f"{request.method} {request.path}")
        if set(body) - KNOWN or not TOPIC.fullmatch(body.get("topic", "")):
            self.problems.append(f"members {sorted(body)}")
            return web.json_response({"code": 40024, "http": 400, "error": "invalid request"}, status=400)
        self.published.append(body)
        return web.json_response({"id": "abc", "event": "message", "topic": body["topic"]})
