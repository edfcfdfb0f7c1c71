"""A strict Google on loopback: consent page, tokens, Health v4, Fit v1, keys and notices.

    with Google() as google:
        provider = build_providers(google.credentials())["google_health"]
        google.account.days[date(2026, 11, 22)] = 1830
        token = google.grant([STEPS_SCOPE])
        google.script("steps", google_answer(429, "RESOURCE_EXHAUSTED"), Answer(drop="before"))
        …
        assert google.problems == []     # every request was one that the published reference allows

`consent(url)` goes the patient's way through the pages without a browser; a real browser can go it too.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from integrations.provider import Credentials
from tests.fakes.google_data import DATA_ROUTES
from tests.fakes.google_notices import Notices
from tests.fakes.google_oauth import OAUTH_ROUTES, go_through_consent
from tests.fakes.google_rules import Problem
from tests.fakes.google_world import Answer, Call, World
from tests.fakes.loop import OnLoopback

__all__ = ["Answer", "Google"]

Handler = Callable[[World, Call], web.Response]


class Google(OnLoopback, World):
    """Use as a context manager."""

    def __init__(self, port: int = 0) -> None:
        super().__init__()
        self.port = port
        self.notices = Notices()

    def credentials(self, *, health: bool = True, fit: bool = True) -> Credentials:
        """Its clients, as `build_providers` wants them."""
        secrets = self.clients
        return Credentials(
            google_client_id="health-client" if health else "",
            google_client_secret=secrets["health-client"] if health else "",
            google_fit_client_id="fit-client" if fit else "",
            google_fit_client_secret=secrets["fit-client"] if fit else "",
            google_auth_url=f"{self.url}/o/oauth2/v2/auth",
            google_token_url=f"{self.url}/token",
            google_revoke_url=f"{self.url}/revoke",
            google_health_url=self.url,
            google_fit_url=self.url,
        )

    @property
    def keyset_url(self) -> str:
        """Where the keys of its notices are."""
        return f"{self.url}/keyset.json"

    def environment(self) -> dict[str, str]:
        """The variables that point a server of ours here."""
        given = self.credentials()
        members = {name: getattr(given, name) for name in Credentials.__dataclass_fields__}
        members["google_keyset_url"] = self.keyset_url
        return {f"FOOTWELL_{name.upper()}": value for name, value in members.items()}

    def consent(self, url: str, *, untick: tuple[str, ...] = (), deny: bool = False) -> str:
        """Open the consent page as a browser would, answer it, and return the address that it leads back to."""
        return go_through_consent(url, untick=untick, deny=deny)

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=1 << 20)
        for verb, path, name, handler in [*OAUTH_ROUTES, *DATA_ROUTES, ("GET", "/keyset.json", "keyset", self._keyset)]:
            app.router.add_route(verb, path, self._served(name, handler))
        app.router.add_route("*", "/{rest:.*}", self._not_found)
        return app

    def _served(self, name: str, handler: Handler) -> Callable[[web.Request], Any]:
        async def serve(request: web.Request) -> web.StreamResponse:
            call = await self._note(name, request)
            answer = self.next_answer(name)
            await asyncio.sleep(answer.delay)
            if answer.drop == "before":
                return _cut(request)
            if answer.status is not None:
                response = _scripted(answer)
            else:
                try:
                    response = handler(self, call)
                except Problem as problem:
                    response = self._refuse(name, problem)
            if answer.drop == "after":
                return _cut(request)
            if answer.drop or answer.drip:
                return await _write_badly(request, response, answer)
            return response

        return serve

    async def _note(self, name: str, request: web.Request) -> Call:
        is_json = request.content_type == "application/json"
        sent = await request.read()
        try:
            body = (json.loads(sent) if is_json else dict(await request.post())) if sent else None
        except ValueError:
            self.problems.append(f"{name}: a body that is no JSON")
            body = None
        query = {key: ",".join(request.query.getall(key)) for key in request.query}
        call = Call({key.lower(): value for key, value in request.headers.items()}, query, body)
        self.calls[name].append(call)
        if name not in ("consent", "answer"):  # those are for browsers
            if "cookie" in call.headers:
                self.problems.append(f"{name}: a cookie")
            if len(request.query) != len(query):
                self.problems.append(f"{name}: a query parameter twice")
        return call

    def _refuse(self, name: str, problem: Problem) -> web.Response:
        self.problems.append(f"{name}: {problem}")
        error = {"code": 400, "message": str(problem), "status": "INVALID_ARGUMENT"}
        return web.json_response({"error": error}, status=400)

    def _keyset(self, _: World, __: Call) -> web.Response:
        return web.json_response(self.notices.keyset())

    async def _not_found(self, request: web.Request) -> web.Response:
        self.problems.append(f"no such address: {request.method} {request.path}")
        page = "<!DOCTYPE html><html lang=en><title>Error 404 (Not Found)!!1</title><p>That’s all we know.</html>"
        return web.Response(status=404, text=page, content_type="text/html")


def _scripted(answer: Answer) -> web.Response:
    headers = dict(answer.headers)
    if isinstance(answer.body, (dict, list)):
        headers.setdefault("Content-Type", "application/json; charset=UTF-8")
        body = json.dumps(answer.body).encode()
    else:
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
    assert answer.status is not None
    return web.Response(status=answer.status, headers=headers, body=body)


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def _write_badly(request: web.Request, response: web.Response, answer: Answer) -> web.Response:
    """Half of an answer, or all of it very slowly."""
    assert isinstance(response.body, bytes)
    assert request.transport is not None
    kind = response.headers.get("Content-Type", "text/plain")
    head = f"HTTP/1.1 {response.status} OK\r\nContent-Type: {kind}\r\nContent-Length: {len(response.body)}\r\n\r\n"
    if answer.drop == "within":
        request.transport.write(head.encode() + response.body[: len(response.body) // 2])
        await asyncio.sleep(0.05)
        return _cut(request)
    at_once, slowly = ("", head.encode() + response.body) if answer.drip == "head" else (head, response.body)
    request.transport.write(at_once.encode())
    for index in range(len(slowly)):
        if request.transport is None or request.transport.is_closing():
            break
        request.transport.write(slowly[index : index + 1])
        await asyncio.sleep(answer.pace)
    return _cut(request)
