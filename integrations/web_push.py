"""Sends push messages with pywebpush's WebPusher: one loop, one connection pool, one signed header an audience."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import aiohttp
from pywebpush import CaseInsensitiveDict, WebPusher

from integrations.push import (
    MAX_PAYLOAD,
    Audience,
    EndpointRefused,
    PushMessage,
    PushResult,
    check_endpoint,
    classify,
    parse_retry_after,
)
from integrations.push_encryption import encrypt
from integrations.push_transport import Answer, PushTransport
from integrations.safe_resolver import NotGlobal
from integrations.vapid import VapidSigner

PER_HOST = 64
# After so many failures to reach a host in a row, the rest of its messages wait without being tried.
UNREACHABLE_AFTER = 8
UNREACHABLE_SECONDS = 30.0
THROTTLED_SECONDS = 60.0
# So many different browsers refused and none accepted: our key or subject is wrong, not the subscriptions.
FAULT_AFTER = 3


class Pusher(WebPusher):
    """WebPusher with an encryption of its own, which exports each key once and derives with HMAC alone."""

    def encode(self, data: bytes, content_encoding: str = "aes128gcm") -> CaseInsensitiveDict:
        assert content_encoding == "aes128gcm"
        assert self.receiver_key is not None
        assert self.auth_key is not None
        body = encrypt(data, self.receiver_key, self.auth_key)
        return CaseInsensitiveDict({"body": body})


@dataclass
class _Host:
    """What this process has learnt about one push service."""

    paused_until: float = 0.0
    failures: int = 0
    refused: set[str] = field(default_factory=set)


class WebPushSender:
    """A PushSender over HTTP. May be used from any thread; the loop runs in a thread of its own, made at first use."""

    def __init__(
        self,
        private_key: str,
        subject: str,
        *,
        extra_hosts: Collection[str] = (),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._signer = VapidSigner(private_key, subject)
        self._extra_hosts = frozenset(extra_hosts)
        self._clock = clock
        self._monotonic = monotonic
        self._hosts: defaultdict[str, _Host] = defaultdict(_Host)
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._loop_pid = 0
        self._thread: threading.Thread | None = None
        self._transport: PushTransport | None = None

    @property
    def public_key(self) -> str:
        """What browsers must have subscribed with."""
        return self._signer.public_key

    def send(self, messages: Sequence[PushMessage]) -> list[PushResult]:
        """Send a batch and wait for it. One result a message, in the same order; never raises for a message."""
        if not messages:
            return []
        return asyncio.run_coroutine_threadsafe(self.send_all(messages), self._running_loop()).result()

    def send_now(self, message: PushMessage) -> PushResult:
        """Send one message and wait for the answer, as "send me a test" does."""
        return self.send([message])[0]

    async def send_all(self, messages: Sequence[PushMessage]) -> list[PushResult]:
        """As `send`, inside the loop of this sender."""
        results: list[PushResult | None] = [None] * len(messages)
        waiting: defaultdict[Audience, list[int]] = defaultdict(list)
        for index, message in enumerate(messages):
            try:
                audience = check_endpoint(message.subscription.endpoint, self._extra_hosts)
            except EndpointRefused as error:
                results[index] = PushResult(message.delivery_id, "rejected", detail=error.reason)
                continue
            if len(message.payload) > MAX_PAYLOAD:
                results[index] = PushResult(message.delivery_id, "too_large", host=audience.host)
                continue
            waiting[audience].append(index)

        async def work(audience: Audience, indexes: Iterator[int]) -> None:
            for index in indexes:
                results[index] = await self._send_one(messages[index], audience)

        async with asyncio.TaskGroup() as group:
            for audience, indexes in waiting.items():
                shared = iter(indexes)
                for _ in range(min(PER_HOST, len(indexes))):
                    group.create_task(work(audience, shared))
        done = [result for result in results if result is not None]
        for audience, indexes in waiting.items():
            self._judge_audience(audience, messages, done, indexes)
        return done

    async def _send_one(self, message: PushMessage, audience: Audience) -> PushResult:
        host = self._hosts[audience.origin]
        wait = host.paused_until - self._monotonic()
        if wait > 0:
            return PushResult(message.delivery_id, "retry", None, wait, audience.host, "host_paused")
        try:
            answer = await self._post(message, audience)
        except Exception as error:  # whatever one message meets, the others are sent
            return self._failed(message, audience, host, error)
        outcome = classify(answer.status)
        retry_after = parse_retry_after(answer.headers.get("Retry-After"), self._clock())
        host.failures = host.failures + 1 if answer.status >= 500 else 0
        if answer.status in (406, 429):
            retry_after = retry_after if retry_after is not None else THROTTLED_SECONDS
        if outcome == "retry" and (retry_after or host.failures >= UNREACHABLE_AFTER):
            self._pause(host, retry_after or UNREACHABLE_SECONDS)
        return PushResult(
            message.delivery_id, outcome, answer.status, retry_after if outcome == "retry" else None, audience.host
        )

    async def _post(self, message: PushMessage, audience: Audience) -> Answer:
        if self._transport is None:
            self._transport = PushTransport(self._extra_hosts, PER_HOST)
        subscription = message.subscription
        pusher = Pusher(
            {"endpoint": subscription.endpoint, "keys": {"p256dh": subscription.p256dh, "auth": subscription.auth}},
            aiohttp_session=self._transport,  # type: ignore[arg-type]  # it only calls post()
        )
        headers = {
            "Authorization": self._signer.authorization(audience.origin, self._clock()),
            "Content-Type": "application/octet-stream",
            "Urgency": message.urgency,
        }
        if message.topic:
            headers["Topic"] = message.topic
        # TTL 0 drops the message when the phone sleeps, and Windows answers it with 400.
        answer: Any = await pusher.send_async(message.payload, headers, max(1, message.ttl))
        assert isinstance(answer, Answer)
        return answer

    def _failed(self, message: PushMessage, audience: Audience, host: _Host, error: Exception) -> PushResult:
        """The name of the error's class only: its text may hold the endpoint."""
        detail = type(error).__name__
        cause = getattr(error, "os_error", error)
        if isinstance(cause, NotGlobal):
            return PushResult(message.delivery_id, "rejected", None, None, audience.host, "NotGlobal")
        if not isinstance(error, aiohttp.ClientError | OSError | TimeoutError):
            return PushResult(message.delivery_id, "rejected", None, None, audience.host, detail)
        host.failures += 1
        if host.failures >= UNREACHABLE_AFTER:
            self._pause(host, UNREACHABLE_SECONDS)
        return PushResult(message.delivery_id, "retry", None, None, audience.host, detail)

    def _pause(self, host: _Host, seconds: float) -> None:
        host.paused_until = max(host.paused_until, self._monotonic() + seconds)

    def _judge_audience(
        self, audience: Audience, messages: Sequence[PushMessage], done: list[PushResult], indexes: list[int]
    ) -> None:
        """Turn 401/403 into a configuration fault when the whole audience refuses us (A4: keep the subscriptions)."""
        host = self._hosts[audience.origin]
        if any(done[index].outcome == "accepted" for index in indexes):
            host.refused.clear()
            return
        refused = [index for index in indexes if done[index].status in (401, 403)]
        host.refused.update(messages[index].subscription.endpoint for index in refused)
        if len(host.refused) >= FAULT_AFTER:
            for index in refused:
                done[index] = replace(done[index], outcome="config_fault")

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None or self._loop_pid != os.getpid():
                # After a fork the parent's loop, sockets and thread are not ours: start afresh.
                self._transport = None
                self._loop = asyncio.new_event_loop()
                self._loop_pid = os.getpid()
                self._thread = threading.Thread(target=_run, args=(self._loop,), name="web-push", daemon=True)
                self._thread.start()
            return self._loop

    def close(self) -> None:
        """Close the connections and end the thread. Sending again opens them anew."""
        with self._lock:
            loop, thread, transport = self._loop, self._thread, self._transport
            self._loop = self._thread = self._transport = None
            if loop is None or thread is None or self._loop_pid != os.getpid():
                return
        if transport is not None:
            asyncio.run_coroutine_threadsafe(transport.close(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)


def _run(loop: asyncio.AbstractEventLoop) -> None:
    loop.run_forever()
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
