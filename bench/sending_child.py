"""One process that sends, and what a message costs part by part: `python -m bench.sending_child KIND workload.json`."""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from integrations.push import PushMessage, Subscription
from integrations.push_encryption import decode_base64url, encrypt
from integrations.push_transport import PushTransport
from integrations.web_push import PER_HOST, WebPushSender
from server.jobs import BATCH

Subscriptions = Sequence[Sequence[str]]


def messages(work: dict[str, Any], count: int) -> list[PushMessage]:
    """As the worker makes them."""
    subscriptions: Subscriptions = work["subscriptions"]
    payload = work["payload"].encode()
    return [
        PushMessage(f"{n}", Subscription(*subscriptions[n % len(subscriptions)]), payload, 3600, "high", work["topic"])
        for n in range(count)
    ]


def make_sender(work: dict[str, Any]) -> WebPushSender:
    """As the worker makes it."""
    return WebPushSender(work["private_key"], work["subject"], extra_hosts={work["host"]})


def send(sender: WebPushSender, prepared: Sequence[PushMessage], at_once: int) -> None:
    """Any answer but an acceptance ends the measuring."""
    for first in range(0, len(prepared), at_once):
        results = sender.send(prepared[first : first + at_once])
        if refused := [result for result in results if result.outcome != "accepted"]:
            raise SystemExit(f"a message was not accepted: {refused[0]}")


def rate(work: dict[str, Any], at_once: int) -> dict[str, float]:
    """Says that it is ready, waits for a line, sends."""
    sender, prepared = make_sender(work), messages(work, work["messages"])
    send(sender, prepared[: work["warm_up"]], at_once)
    print("ready", flush=True)
    sys.stdin.readline()
    cpu, begun = time.process_time(), time.monotonic()
    send(sender, prepared, at_once)
    return {"seconds": time.monotonic() - begun, "cpu": time.process_time() - cpu}


def parts(work: dict[str, Any]) -> dict[str, float]:
    """Microseconds of CPU for a message: the whole, and what is part of it by itself. Turns, so that all slow alike."""
    count = work["messages"]
    sender, prepared = make_sender(work), messages(work, count)
    keys = [(decode_base64url(point), decode_base64url(auth)) for _, point, auth in work["subscriptions"]]
    points = [ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point) for point, _ in keys]
    payload = work["payload"].encode()
    body = encrypt(payload, *keys[0])

    def agree() -> None:
        for n in range(count):
            ec.generate_private_key(ec.SECP256R1()).exchange(ec.ECDH(), points[n % len(points)])

    def encrypt_all() -> None:
        for n in range(count):
            encrypt(payload, *keys[n % len(keys)])

    steps: dict[str, Callable[[], float]] = {
        "agreement": lambda: _cpu(agree),
        "encryption": lambda: _cpu(encrypt_all),
        "transport": lambda: asyncio.run(_post_all(work, body, count)),
        "whole": lambda: _cpu(lambda: send(sender, prepared, count)),
    }
    send(sender, prepared[: work["warm_up"]], count)
    rounds = [{name: step() / count * 1e6 for name, step in steps.items()} for _ in range(3)]
    found = {name: [figures[name] for figures in rounds] for name in steps}
    return {name: sorted(times)[1] for name, times in found.items()}


def _cpu(step: Callable[[], None]) -> float:
    begun = time.process_time()
    step()
    return time.process_time() - begun


async def _post_all(work: dict[str, Any], body: bytes, count: int) -> float:
    """A body that is encrypted already, with the headers of a real message, on connections that are open."""
    transport = PushTransport({work["host"]}, PER_HOST)
    headers = {
        "Authorization": "vapid t=" + "x" * 200,
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "Urgency": "high",
        "Topic": work["topic"],
        "TTL": "3600",
    }

    async def post(numbers: Iterator[int]) -> None:
        for n in numbers:
            url = work["subscriptions"][n % len(work["subscriptions"])][0]
            answer = await transport.post(url, data=body, headers=headers)
            assert answer.status == 201

    async def post_all(numbers: Iterator[int]) -> None:
        await asyncio.gather(*(post(numbers) for _ in range(PER_HOST)))

    await post_all(iter(range(work["warm_up"])))
    begun = time.process_time()
    await post_all(iter(range(count)))
    used = time.process_time() - begun
    await transport.close()
    return used


if __name__ == "__main__":
    kind, workload = sys.argv[1], json.loads(Path(sys.argv[2]).read_text())
    if kind == "parts":
        print(json.dumps(parts(workload)))
    else:
        print(json.dumps(rate(workload, BATCH if kind == "batches" else workload["messages"])))
