"""The strict push service refuses what real ones refuse: a fake that is kind would prove nothing."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
import requests
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from integrations.push import Subscription
from integrations.push_encryption import decode_base64url, encode_base64url, encrypt
from integrations.vapid import VapidSigner, generate_vapid_key, load_private_key, public_key
from tests.fakes.push_service import Answer, PushService

KEY = generate_vapid_key()


@pytest.fixture(scope="module")
def service() -> Iterator[PushService]:
    with PushService() as running:
        yield running


def body(subscription: Subscription, text: bytes = b"hello") -> bytes:
    return encrypt(text, decode_base64url(subscription.p256dh), decode_base64url(subscription.auth))


def token(service: PushService, key: str = KEY, head: dict[str, Any] | None = None, **claims: Any) -> str:
    """A VAPID header with these claims put over good ones; None takes a claim away."""
    good = {"aud": service.url, "exp": int(time.time()) + 3600, "sub": "mailto:ops@example.org"} | claims
    parts = (head or {"alg": "ES256"}, {name: value for name, value in good.items() if value is not None})
    signed = ".".join(encode_base64url(json.dumps(part).encode()) for part in parts)
    r, s = decode_dss_signature(load_private_key(key).sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = encode_base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={public_key(KEY)}"


def post(service: PushService, subscription: Subscription, data: bytes | None = None, **headers: Any) -> int:
    """The status of a request that is good but for these headers; None takes one away."""
    good = {"Authorization": token(service), "TTL": "60", "Content-Encoding": "aes128gcm"} | headers
    sent = {name: value for name, value in good.items() if value is not None}
    answer = requests.post(
        subscription.endpoint,
        body(subscription) if data is None else data,
        headers=sent,
        timeout=5,
        allow_redirects=False,
    )
    return answer.status_code


def test_a_good_request(service: PushService) -> None:
    assert post(service, service.subscribe(), Urgency="low", Topic="a_B-9") == 201
    assert service.messages[-1].plaintext == b"hello"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"TTL": None}, 400),
        ({"TTL": ""}, 400),
        ({"TTL": "-1"}, 400),
        ({"TTL": "1.5"}, 400),
        ({"TTL": "2592001"}, 400),
        ({"Urgency": "urgent"}, 400),
        ({"Topic": "x" * 33}, 400),
        ({"Topic": "a b"}, 400),
        ({"Topic": ""}, 400),
        ({"Content-Encoding": None}, 400),
        ({"Content-Encoding": "aesgcm"}, 400),
        ({"Authorization": None}, 401),
        ({"Authorization": "Bearer x"}, 401),
        ({"Authorization": "vapid t=a.b.c,k=d"}, 401),
    ],
)
def test_headers_that_are_refused(service: PushService, headers: dict[str, Any], status: int) -> None:
    assert post(service, service.subscribe(), **headers) == status
    assert service.refusals[-1][0] == status


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"aud": "https://fcm.googleapis.com"}, 403),
        ({"aud": None}, 403),
        ({"exp": 0}, 403),
        ({"exp": int(time.time()) + 25 * 3600}, 403),
        ({"exp": None}, 403),
        ({"exp": "soon"}, 403),
        ({"sub": None}, 403),
        ({"sub": "ops@example.org"}, 403),
        ({"head": {"alg": "HS256"}}, 401),
        ({"key": generate_vapid_key()}, 401),
    ],
    ids=["aud", "no aud", "over", "25 h", "no exp", "exp text", "no sub", "bare sub", "HS256", "another signer"],
)
def test_tokens_that_are_refused(service: PushService, claims: dict[str, Any], status: int) -> None:
    assert post(service, service.subscribe(), Authorization=token(service, **claims)) == status


def test_bodies_that_are_refused(service: PushService) -> None:
    subscription = service.subscribe()
    good = body(subscription)
    assert post(service, subscription, b"") == 400
    assert post(service, subscription, b"x" * 4097) == 413
    assert post(service, subscription, good[:-1] + bytes([good[-1] ^ 1])) == 400
    assert post(service, subscription, body(service.subscribe())) == 400, "encrypted for another browser"
    assert post(service, subscription, good[:16] + (20).to_bytes(4, "big") + good[20:]) == 400, "two records"
    assert post(service, subscription, good[:20] + b"\x00" + good[21:]) == 400
    assert post(service, subscription, body(subscription, b"x" * 3993)) == 201


def test_subscriptions_that_are_not_there(service: PushService) -> None:
    subscription = service.subscribe(public_key(KEY))
    assert post(service, subscription) == 201
    unknown = Subscription(subscription.endpoint + "x", subscription.p256dh, subscription.auth)
    assert post(service, unknown) == 404
    service.forget(subscription)
    assert post(service, subscription) == 410
    assert post(service, service.subscribe(public_key(generate_vapid_key()))) == 403


def test_scripted_answers(service: PushService) -> None:
    subscription = service.subscribe()
    service.script(Answer(429, {"Retry-After": "7"}), Answer(drop="before"), Answer(503, delay=0.1))
    assert post(service, subscription) == 429
    with pytest.raises(requests.ConnectionError):
        post(service, subscription)
    began = time.monotonic()
    assert post(service, subscription) == 503
    assert time.monotonic() - began >= 0.1
    before = len(service.messages)
    service.script(Answer(drop="after"))
    with pytest.raises(requests.ConnectionError):
        post(service, subscription)
    assert len(service.messages) == before + 1, "taken, though the sender never heard of it"
    service.always(Answer(500))
    assert [post(service, subscription) for _ in range(2)] == [500, 500]
    service.always(None)
    assert post(service, subscription) == 201


async def _browser(service: PushService, *, uaid: str = "", register: bool = True) -> tuple[Any, ...]:
    """A browser's hello and register, by hand; returns session, socket, its id and the endpoint."""
    session = aiohttp.ClientSession()
    socket = await session.ws_connect(service.web_socket_url, protocols=("push-notification",))
    await socket.send_json({"messageType": "hello", "uaid": uaid, "use_webpush": True})
    hello = await socket.receive_json(timeout=5)
    endpoint = ""
    if register:
        await socket.send_json({"messageType": "register", "channelID": "c1", "key": public_key(KEY) + "="})
        endpoint = (await socket.receive_json(timeout=5))["pushEndpoint"]
    return session, socket, hello["uaid"], endpoint


async def _leave_and_come_back(service: PushService) -> None:
    session, socket, uaid, endpoint = await _browser(service)
    await session.close()
    keys = service.subscribe()
    away = Subscription(endpoint, keys.p256dh, keys.auth)
    for ttl, topic in (("60", "a"), ("60", "a"), ("60", "b"), ("0", "c")):
        await asyncio.to_thread(post, service, away, TTL=ttl, Topic=topic)
    session, socket, again, _ = await _browser(service, uaid=uaid, register=False)
    assert again == uaid
    first, second = await socket.receive_json(timeout=5), await socket.receive_json(timeout=5)
    assert {first["messageType"], second["messageType"]} == {"notification"}
    versions = {m.version: m.headers["Topic"] for m in service.messages if m.subscription == endpoint.rsplit("/", 1)[1]}
    assert [versions[first["version"]], versions[second["version"]]] == ["a", "b"]
    await socket.send_json(
        {"messageType": "ack", "updates": [{"channelID": "c1", "version": first["version"], "code": 100}]}
    )
    await socket.send_str("{}")
    assert await socket.receive_str(timeout=5) == "{}"
    await session.close()
    acked = [m.version for m in service.messages if m.ack == 100]
    assert acked == [first["version"]]


def test_topic_and_ttl_while_a_browser_is_away(service: PushService) -> None:
    asyncio.run(_leave_and_come_back(service))


def test_our_own_signer_is_accepted(service: PushService) -> None:
    header = VapidSigner(KEY, "mailto:ops@example.org").authorization(service.url, datetime.now(UTC))
    assert post(service, service.subscribe(public_key(KEY)), Authorization=header) == 201
