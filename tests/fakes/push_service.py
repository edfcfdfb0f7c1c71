"""A strict push service on loopback, for unit tests and for a real Firefox.

    with PushService() as service:
        sender = WebPushSender(key, "mailto:ops@example.org", extra_hosts=[service.host])
        subscription = service.subscribe()          # keys made here: messages are decrypted and kept
        service.script(Answer(429, {"Retry-After": "7"}), Answer(drop="before"))
        sender.send([...])
        assert service.messages[0].plaintext == b"…"

One port speaks both sides: the WebSocket of Mozilla's autopush (hello, register, notification, ack, unregister) for the
browser, and RFC 8030 with RFC 8188, 8291 and 8292 for the sender. Firefox needs the preferences of `firefox.py`.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import secrets
import ssl
import threading
import time
import uuid
from typing import Any

from aiohttp import WSMsgType, web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from integrations.push import Subscription
from tests.fakes.loop import OnLoopback
from tests.fakes.push_messages import Answer, Channel, Message
from tests.fakes.push_rules import Refusal, check_body, check_headers, check_vapid

__all__ = ["Answer", "Message", "PushService"]


class PushService(OnLoopback):
    """Use as a context manager; `host` goes into FOOTWELL_PUSH_HOSTS, `web_socket_url` into Firefox's preferences.

    Another name than loopback's, `web.push.apple.com` say, needs `tls`, and a sender to whom the name leads here.
    """

    def __init__(self, port: int = 0, *, name: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.port, self.name, self.tls = port, name, tls
        self.messages: list[Message] = []
        """Accepted messages, oldest first."""
        self.refusals: list[tuple[int, str]] = []
        """Status and reason of every request that broke a rule; empty in a healthy test."""
        self.requests = 0
        """Requests that reached the endpoint, whatever became of them."""
        self.most_at_once = 0
        """The greatest number of requests that were open at the same time."""
        self._at_once = 0
        self._channels: dict[str, Channel] = {}
        self._gone: set[str] = set()
        self._browsers: dict[str, web.WebSocketResponse | None] = {}
        self._script: list[Answer] = []
        self._always: Answer | None = None
        self._changed = threading.Condition()

    @property
    def web_socket_url(self) -> str:
        """Firefox's `dom.push.serverURL`."""
        return f"ws://{self.host}/"

    def subscribe(self, vapid_key: str | None = None) -> Subscription:
        """A browser that exists only here. With a VAPID key (base64url), messages of another key are 403."""
        private = ec.generate_private_key(ec.SECP256R1())
        auth = secrets.token_bytes(16)
        channel = self._new_channel(Channel("", vapid_key, private=private, auth=auth))
        point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return Subscription(channel.endpoint, _base64(point), _base64(auth))

    def forget(self, subscription: Subscription | str) -> None:
        """From now on this subscription answers 410."""
        endpoint = subscription if isinstance(subscription, str) else subscription.endpoint
        self._gone.add(endpoint.rsplit("/", 1)[1])

    def script(self, *answers: Answer) -> None:
        """What happens to the next requests, one answer each; afterwards the service works again."""
        self._script.extend(answers)

    def always(self, answer: Answer | None) -> None:
        """What happens to every request that has no scripted answer; None ends it."""
        self._always = answer

    def wait_for(self, count: int, timeout: float = 10.0, *, acked: bool = False) -> list[Message]:
        """The messages, once there are that many (acknowledged by a browser, if asked); else AssertionError."""

        def ready() -> list[Message]:
            return [message for message in self.messages if not acked or message.ack is not None]

        with self._changed:
            arrived = self._changed.wait_for(lambda: len(ready()) >= count, timeout)
        assert arrived, f"{len(ready())} of {count} messages after {timeout} s; refusals: {self.refusals}"
        return ready()

    def browser_endpoints(self) -> list[str]:
        """The endpoints of real browsers that are subscribed now."""
        return [c.endpoint for token, c in self._channels.items() if c.browser and token not in self._gone]

    def disconnect_browsers(self, *, forget: bool = False) -> None:
        """Close the WebSockets. With `forget` the browsers have lost their subscriptions when they come back."""
        self._call(self._disconnect(forget))

    async def _disconnect(self, forget: bool) -> None:
        for browser, socket in list(self._browsers.items()):
            if forget:
                del self._browsers[browser]
                self._gone.update(token for token, c in self._channels.items() if c.browser == browser)
            if socket is not None:
                await socket.close()

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=1 << 20)
        app.router.add_get("/", self._web_socket)
        app.router.add_post("/push/{token}", self._push)
        return app

    async def _stop(self) -> None:
        await self._disconnect(forget=False)
        await super()._stop()

    def _new_channel(self, channel: Channel) -> Channel:
        token = secrets.token_urlsafe(24)
        channel.endpoint = f"{self.url}/push/{token}"
        self._channels[token] = channel
        return channel

    def _note(self) -> None:
        with self._changed:
            self._changed.notify_all()

    # The sender's side

    async def _push(self, request: web.Request) -> web.StreamResponse:
        self.requests += 1
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            answer = self._script.pop(0) if self._script else self._always or Answer()
            await asyncio.sleep(answer.delay)
            if answer.drop == "before":
                return _cut(request)
            if answer.status is not None:
                return web.Response(status=answer.status, headers=answer.headers, body=answer.body)
            message = await self._accept(request)
            if answer.drop == "after":
                return _cut(request)
            return web.Response(status=201, headers={"Location": f"{self.url}/m/{message.version}", "TTL": "0"})
        except Refusal as refusal:
            self.refusals.append((refusal.status, refusal.reason))
            return web.json_response({"code": refusal.status, "message": refusal.reason}, status=refusal.status)
        finally:
            self._at_once -= 1

    async def _accept(self, request: web.Request) -> Message:
        token = request.match_info["token"]
        channel = self._channels.get(token)
        if channel is None:
            raise Refusal(404, "no such subscription")
        key = check_vapid(request.headers.get("Authorization", ""), self.url)
        if token in self._gone:
            raise Refusal(410, "the browser is gone")
        if channel.vapid_key is not None and channel.vapid_key != key:
            raise Refusal(403, "the subscription belongs to another key")
        ttl = check_headers(request.headers)
        body = await request.read()
        check_body(body)
        plaintext = channel.decrypt(body) if channel.private is not None else None
        now = time.time()
        message = Message(token, request.headers, body, plaintext, now, now + ttl, uuid.uuid4().hex)
        topic = message.headers.get("Topic")
        for older in self.messages:
            if topic and older.ack is None and (older.subscription, older.headers.get("Topic")) == (token, topic):
                older.expires_at = now  # RFC 8030 §5.4: replaced while undelivered
        self.messages.append(message)
        self._note()
        await self._deliver(channel, message)
        return message

    # The browser's side

    async def _deliver(self, channel: Channel, message: Message) -> None:
        socket = self._browsers.get(channel.browser or "")
        if socket is None or socket.closed:
            return
        notification = {
            "messageType": "notification",
            "channelID": channel.channel_id,
            "version": message.version,
            "data": _base64(message.body),
            "headers": {"encoding": "aes128gcm"},
        }
        with contextlib.suppress(ConnectionError):
            await socket.send_json(notification)

    async def _web_socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(protocols=("push-notification",))
        await socket.prepare(request)
        browser = ""
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                break
            said = json.loads(frame.data)
            kind = said.get("messageType")
            if kind == "hello":
                known = said.get("uaid") in self._browsers
                browser = said["uaid"] if known else uuid.uuid4().hex
                self._browsers[browser] = socket
                await socket.send_json({"messageType": "hello", "status": 200, "uaid": browser, "use_webpush": True})
                await self._deliver_waiting(browser)
            elif kind == "register":
                key = said.get("key")  # Firefox pads it
                channel = Channel("", key and key.rstrip("="), browser, said["channelID"])
                self._new_channel(channel)
                reply = {"messageType": "register", "status": 200, "channelID": channel.channel_id}
                await socket.send_json(reply | {"pushEndpoint": channel.endpoint})
            elif kind == "unregister":
                self._gone.update(t for t, c in self._channels.items() if c.channel_id == said["channelID"])
                await socket.send_json({"messageType": kind, "status": 200, "channelID": said["channelID"]})
            elif kind in ("ack", "nack"):
                self._acknowledge(said)
            elif not said:
                await socket.send_str("{}")
        if self._browsers.get(browser) is socket:
            self._browsers[browser] = None
        return socket

    async def _deliver_waiting(self, browser: str) -> None:
        for message in list(self.messages):
            channel = self._channels[message.subscription]
            if channel.browser == browser and message.ack is None and message.expires_at > time.time():
                await self._deliver(channel, message)

    def _acknowledge(self, said: dict[str, Any]) -> None:
        for update in said.get("updates", [said]):
            for message in self.messages:
                if message.version == update["version"]:
                    message.ack = update.get("code", 100)
        self._note()


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
