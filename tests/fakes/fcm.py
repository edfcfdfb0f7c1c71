"""A strict Google push service on loopback for a real Chromium: check-in, registration, MCS over TLS, and `/fcm/send`.

    with Fcm() as fcm:
        …  # Chromium(args=fcm.flags) with a profile on disk, and a sender made by fcm.sender(…)

The endpoints that it gives name Google's host, as Chromium writes them; `Led` leads a sender of ours here instead. What
Chromium speaks is written down in its source alone (google_apis/gcm/protocol/mcs.proto and checkin.proto).
"""

from __future__ import annotations

import asyncio
import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from aiohttp import web

from integrations.push import PushMessage, PushResult, PushSender
from tests.fakes.certificate import self_signed, server_context
from tests.fakes.protobuf import field, fields, varint
from tests.fakes.push_messages import Channel, Message
from tests.fakes.push_service import PushService

GOOGLE = "https://jmt17.google.com"
VERSION = 41
PING, PONG, LOGIN, LOGGED_IN, DATA = 0, 1, 2, 3, 8


class Fcm(PushService):
    """Use as a context manager."""

    @property
    def flags(self) -> list[str]:
        """What leads Chromium here."""
        return [
            f"--gcm-checkin-url={self.url}/checkin",
            f"--gcm-registration-url={self.url}/register",
            f"--gcm-mcs-endpoint=https://localhost:{self._mcs_port}",
            "--ignore-certificate-errors",
        ]

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=1 << 20)
        app.router.add_post("/checkin", self._check_in)
        app.router.add_post("/register", self._register)
        app.router.add_post("/fcm/send/{token}", self._push)
        return app

    async def _start(self) -> None:
        await super()._start()
        self._phones: dict[str, asyncio.StreamWriter] = {}
        with tempfile.TemporaryDirectory() as folder:
            context = server_context(self_signed(Path(folder) / "certificate.pem", "127.0.0.1"))
        self._mcs = await asyncio.start_server(self._talk, "127.0.0.1", 0, ssl=context)
        self._mcs_port = self._mcs.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        self._mcs.close()
        await super()._stop()

    def _new_channel(self, channel: Channel) -> Channel:
        token = secrets.token_urlsafe(24)
        channel.endpoint = f"{GOOGLE}/fcm/send/{token}"
        self._channels[token] = channel
        return channel

    # The browser's side

    async def _check_in(self, request: web.Request) -> web.Response:
        """A new device, or the one that says who it is; `stats_ok`, `android_id` and `security_token`."""
        said = dict(fields(await request.read()))
        device = int.from_bytes(secrets.token_bytes(7)) if not said.get(2) else said[2]
        body = field(1, 1) + field(7, device.to_bytes(8, "little"), 1) + field(8, bytes([7] * 8), 1)
        return web.Response(body=body, content_type="application/x-protobuf")

    async def _register(self, request: web.Request) -> web.Response:
        """A new subscription of one page, or the end of it."""
        form = await request.post()
        app, device, key = (str(form.get(name, "")) for name in ("X-subtype", "device", "sender"))
        if form.get("delete") == "true":
            self._gone.update(
                token for token, c in self._channels.items() if (c.browser, c.channel_id) == (device, app)
            )
            return web.Response(text=f"token={app}")
        if not app.startswith("wp:"):
            return web.Response(text="token=own")  # Chromium's own, for nothing that we do
        channel = self._new_channel(Channel("", key, device, app))
        return web.Response(text="token=" + channel.endpoint.rsplit("/", 1)[1])

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readexactly(1) == bytes([VERSION])
        writer.write(bytes([VERSION]))
        try:
            while True:
                tag = (await reader.readexactly(1))[0]
                said = await reader.readexactly(await _size(reader))
                if tag == LOGIN:
                    device = bytes(dict(fields(said))[4]).decode()  # `resource`
                    self._phones[device] = writer
                    self._browsers[device] = None
                    _write(writer, LOGGED_IN, field(1, b"1") + field(5, 1))
                    await self._deliver_waiting(device)
                elif tag == PING:
                    _write(writer, PONG, b"")
        except (asyncio.IncompleteReadError, ConnectionError):
            self._phones = {device: other for device, other in self._phones.items() if other is not writer}
        finally:
            writer.close()

    async def _deliver(self, channel: Channel, message: Message) -> None:
        writer = self._phones.get(channel.browser or "")
        if writer is None:
            return
        data = {"content-encoding": "aes128gcm", "subtype": channel.channel_id}
        stanza = field(3, (channel.vapid_key or "").encode()) + field(5, b"org.chromium.linux")
        for name, value in data.items():
            stanza += field(7, field(1, name.encode()) + field(2, value.encode()))
        stanza += field(9, message.version.encode()) + field(21, message.body)
        _write(writer, DATA, stanza)
        message.ack = 100


class Led:
    """A PushSender for endpoints that name Google's host: they lead to the stand-in, and are signed for it."""

    def __init__(self, sender: PushSender, fcm: Fcm) -> None:
        self._sender = sender
        self._fcm = fcm

    def send(self, messages: Sequence[PushMessage]) -> list[PushResult]:
        """As the sender that it leads."""
        return self._sender.send([self._led(message) for message in messages])

    def close(self) -> None:
        """As the sender that it leads."""
        self._sender.close()

    def _led(self, message: PushMessage) -> PushMessage:
        endpoint = message.subscription.endpoint.replace(GOOGLE, self._fcm.url)
        return replace(message, subscription=replace(message.subscription, endpoint=endpoint))


def _write(writer: asyncio.StreamWriter, tag: int, body: bytes) -> None:
    writer.write(bytes([tag]) + varint(len(body)) + body)


async def _size(reader: asyncio.StreamReader) -> int:
    size = shift = 0
    while True:
        byte = (await reader.readexactly(1))[0]
        size |= (byte & 127) << shift
        if byte < 128:
            return size
        shift += 7
