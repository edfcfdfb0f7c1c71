"""The WebPusher sender against the strict push service: every answer of a push service, and what it does to a batch."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from integrations.push import MAX_PAYLOAD, PushMessage, Subscription, Urgency
from integrations.push_encryption import encode_base64url
from integrations.vapid import generate_vapid_key, public_key
from integrations.web_push import FAULT_AFTER, PER_HOST, UNREACHABLE_AFTER, Pusher, WebPushSender
from tests.fakes.push_service import Answer, PushService

KEY = generate_vapid_key()
SUBJECT = "mailto:ops@example.org"


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as running:
        yield running


@pytest.fixture
def sender(service: PushService) -> Iterator[WebPushSender]:
    running = WebPushSender(KEY, SUBJECT, extra_hosts=[service.host])
    yield running
    running.close()


def message(
    subscription: Subscription,
    delivery_id: str = "d1",
    *,
    payload: bytes = b'{"v":1}',
    ttl: int = 60,
    urgency: Urgency = "high",
    topic: str | None = "massage",
) -> PushMessage:
    return PushMessage(delivery_id, subscription, payload, ttl, urgency, topic)


def test_a_message_arrives_as_the_strict_service_wants_it(service: PushService, sender: WebPushSender) -> None:
    result = sender.send_now(message(service.subscribe(public_key(KEY)), payload="Grüß".encode()))
    assert (result.outcome, result.status, result.delivery_id) == ("accepted", 201, "d1")
    received = service.messages[0]
    assert received.plaintext == "Grüß".encode()
    assert received.headers["TTL"] == "60"
    assert received.headers["Urgency"] == "high"
    assert received.headers["Topic"] == "massage"
    assert service.refusals == []


def test_results_come_in_the_order_of_the_messages(service: PushService, sender: WebPushSender) -> None:
    gone = service.subscribe()
    service.forget(gone)
    batch = [message(gone if i == 7 else service.subscribe(), f"d{i}") for i in range(150)]
    results = sender.send(batch)
    assert [result.delivery_id for result in results] == [f"d{i}" for i in range(150)]
    assert [i for i, result in enumerate(results) if result.outcome != "accepted"] == [7]
    assert results[7].outcome == "gone"
    assert len(service.messages) == 149


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, "accepted"),
        (201, "accepted"),
        (202, "accepted"),
        (204, "accepted"),
        (301, "needs_resubscribe"),
        (307, "needs_resubscribe"),
        (308, "needs_resubscribe"),
        (400, "rejected"),
        (401, "needs_resubscribe"),
        (403, "needs_resubscribe"),
        (404, "gone"),
        (405, "rejected"),
        (406, "retry"),
        (408, "retry"),
        (410, "gone"),
        (413, "too_large"),
        (415, "rejected"),
        (429, "retry"),
        (500, "retry"),
        (502, "retry"),
        (503, "retry"),
    ],
)
def test_each_answer_of_a_push_service(service: PushService, sender: WebPushSender, status: int, outcome: str) -> None:
    service.script(Answer(status, {"Location": f"{service.url}/push/elsewhere"} if 300 <= status < 400 else {}))
    result = sender.send_now(message(service.subscribe()))
    assert (result.outcome, result.status) == (outcome, status)
    assert service.requests == 1, "a redirect was followed"


@pytest.mark.parametrize(
    ("header", "low", "high"),
    [
        ("7", 7, 7),
        ("900", 900, 900),
        ("in ten minutes", 500, 600),
        ("soon", 60, 60),
        ("99999999999", 86400, 86400),
    ],
)
def test_throttling_pauses_the_whole_host(
    service: PushService, sender: WebPushSender, header: str, low: float, high: float
) -> None:
    if header == "in ten minutes":
        header = (datetime.now(UTC) + timedelta(minutes=10)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    service.script(Answer(429, {"Retry-After": header}))
    first = sender.send_now(message(service.subscribe()))
    assert first.outcome == "retry"
    assert first.retry_after is not None
    assert low <= first.retry_after <= high
    second = sender.send_now(message(service.subscribe()))
    assert (second.outcome, second.status, second.detail) == ("retry", None, "host_paused")
    assert service.requests == 1


def test_a_paused_host_is_tried_again_when_the_pause_is_over(service: PushService) -> None:
    time = [100.0]
    sender = WebPushSender(KEY, SUBJECT, extra_hosts=[service.host], monotonic=lambda: time[0])
    service.script(Answer(429, {"Retry-After": "7"}))
    assert sender.send_now(message(service.subscribe())).outcome == "retry"
    time[0] += 7.1
    assert sender.send_now(message(service.subscribe())).outcome == "accepted"
    sender.close()


def test_one_host_paused_leaves_the_others_alone(service: PushService) -> None:
    with PushService() as other:
        sender = WebPushSender(KEY, SUBJECT, extra_hosts=[service.host, other.host])
        service.script(Answer(429, {"Retry-After": "7"}))
        sender.send_now(message(service.subscribe()))
        results = sender.send([message(service.subscribe(), "a"), message(other.subscribe(), "b")])
        assert [result.outcome for result in results] == ["retry", "accepted"]
        sender.close()


def test_a_dropped_connection_is_retry(service: PushService, sender: WebPushSender) -> None:
    service.script(Answer(drop="before"), Answer(drop="after"))
    results = [sender.send_now(message(service.subscribe())) for _ in range(3)]
    assert [(result.outcome, result.status) for result in results] == [
        ("retry", None),
        ("retry", None),
        ("accepted", 201),
    ]


def test_a_slow_service_times_out(service: PushService, sender: WebPushSender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.push_transport.TOTAL_SECONDS", 0.2)
    service.script(Answer(delay=1.0))
    result = sender.send_now(message(service.subscribe()))
    assert (result.outcome, result.status) == ("retry", None)


def test_a_hanging_host_does_not_hold_a_batch_for_ever(
    service: PushService, sender: WebPushSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("integrations.push_transport.TOTAL_SECONDS", 0.3)
    service.always(Answer(delay=1.0))
    results = sender.send([message(service.subscribe(), str(i)) for i in range(300)])
    assert {result.outcome for result in results} == {"retry"}
    tried = sum(result.detail != "host_paused" for result in results)
    assert UNREACHABLE_AFTER <= tried <= PER_HOST + UNREACHABLE_AFTER


def test_no_more_than_64_requests_at_once(service: PushService, sender: WebPushSender) -> None:
    service.always(Answer(delay=0.05))
    results = sender.send([message(service.subscribe(), str(i)) for i in range(200)])
    assert {result.outcome for result in results} == {"accepted"}
    assert 32 <= service.most_at_once <= PER_HOST


def test_a_closed_port_is_retry() -> None:
    with PushService() as service:
        subscription = service.subscribe()
        sender = WebPushSender(KEY, SUBJECT, extra_hosts=[service.host])
    assert sender.send_now(message(subscription)).outcome == "retry"
    sender.close()


def test_one_key_mismatch_is_not_a_fault(service: PushService, sender: WebPushSender) -> None:
    other = service.subscribe(public_key(generate_vapid_key()))
    assert sender.send_now(message(other)).outcome == "needs_resubscribe"
    assert service.refusals == [(403, "the subscription belongs to another key")]


def test_a_whole_audience_refusing_is_a_configuration_fault(service: PushService, sender: WebPushSender) -> None:
    service.always(Answer(403))
    batch = [message(service.subscribe(), str(i)) for i in range(FAULT_AFTER)]
    assert {result.outcome for result in sender.send(batch)} == {"config_fault"}
    service.always(None)
    assert {result.outcome for result in sender.send(batch)} == {"accepted"}
    service.script(Answer(403))
    assert sender.send_now(batch[0]).outcome == "needs_resubscribe", "an acceptance ends the fault"


def test_a_fault_is_seen_over_single_messages_too(service: PushService, sender: WebPushSender) -> None:
    service.always(Answer(401))
    outcomes = [sender.send_now(message(service.subscribe())).outcome for _ in range(FAULT_AFTER + 1)]
    assert outcomes == ["needs_resubscribe"] * (FAULT_AFTER - 1) + ["config_fault"] * 2


def test_the_same_browser_refused_often_is_no_fault(service: PushService, sender: WebPushSender) -> None:
    subscription = service.subscribe(public_key(generate_vapid_key()))
    assert {sender.send_now(message(subscription)).outcome for _ in range(5)} == {"needs_resubscribe"}


def test_mixed_answers_are_no_fault(service: PushService, sender: WebPushSender) -> None:
    other = public_key(generate_vapid_key())
    batch = [message(service.subscribe(other if i < 4 else None), str(i)) for i in range(5)]
    assert [result.outcome for result in sender.send(batch)] == ["needs_resubscribe"] * 4 + ["accepted"]


def test_our_own_limit_is_2048_bytes(service: PushService, sender: WebPushSender) -> None:
    fits, too_large = (message(service.subscribe(), payload=b"x" * size) for size in (MAX_PAYLOAD, MAX_PAYLOAD + 1))
    assert [result.outcome for result in sender.send([fits, too_large])] == ["accepted", "too_large"]
    assert service.requests == 1


def test_ttl_is_never_0(service: PushService, sender: WebPushSender) -> None:
    sender.send_now(message(service.subscribe(), ttl=0))
    assert service.messages[0].headers["TTL"] == "1"


def test_a_host_that_is_not_listed_is_not_called(service: PushService) -> None:
    sender = WebPushSender(KEY, SUBJECT)
    result = sender.send_now(message(service.subscribe()))
    assert (result.outcome, result.detail) == ("rejected", "not_https")
    assert service.requests == 0
    sender.close()


def test_keys_that_are_none_spoil_only_their_own_message(service: PushService, sender: WebPushSender) -> None:
    good = service.subscribe()
    bad = Subscription(good.endpoint, encode_base64url(b"\x04" + b"\x01" * 64), good.auth)
    results = sender.send([message(bad, "bad"), message(good, "good")])
    assert [result.outcome for result in results] == ["rejected", "accepted"]


def test_a_name_that_leads_into_the_private_network_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    async def resolve(self: object, host: str, port: int, family: int) -> list[dict[str, object]]:
        return [{"hostname": host, "host": "10.0.0.5", "port": port, "family": 2, "proto": 6, "flags": 4}]

    monkeypatch.setattr("aiohttp.ThreadedResolver.resolve", resolve)
    sender = WebPushSender(KEY, SUBJECT)
    with PushService() as service:
        known = service.subscribe()
    result = sender.send_now(message(Subscription("https://fcm.googleapis.com/fcm/send/x", known.p256dh, known.auth)))
    assert (result.outcome, result.detail) == ("rejected", "NotGlobal")
    sender.close()


def test_the_overridden_encode_is_what_the_library_calls(service: PushService) -> None:
    subscription = service.subscribe()
    keys = {"p256dh": subscription.p256dh, "auth": subscription.auth}
    encoded = Pusher({"endpoint": subscription.endpoint, "keys": keys}).encode(b"hello")
    assert len(encoded["body"]) == 5 + 103


def test_endpoints_reach_no_log_and_no_repr(
    service: PushService, sender: WebPushSender, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    subscription = service.subscribe()
    secret = subscription.endpoint.rsplit("/", 1)[1]
    service.script(Answer(drop="before"), Answer(500), Answer(410))
    results = [sender.send_now(message(subscription)) for _ in range(4)]
    seen = caplog.text + repr(results) + repr(message(subscription)) + repr(subscription)
    assert secret not in seen
    assert subscription.auth not in seen


def test_a_closed_sender_opens_again(service: PushService, sender: WebPushSender) -> None:
    sender.send_now(message(service.subscribe()))
    sender.close()
    assert sender.send_now(message(service.subscribe())).outcome == "accepted"


def test_connections_are_kept(service: PushService, sender: WebPushSender) -> None:
    assert sender.send([]) == []
    for _ in range(3):
        sender.send_now(message(service.subscribe()))
    assert len(service.messages) == 3
