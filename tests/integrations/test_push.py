"""Which subscriptions are accepted, and what the words of a push service mean."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.push import (
    KNOWN_DOMAINS,
    KNOWN_HOSTS,
    EndpointRefused,
    KeysRefused,
    check_endpoint,
    check_keys,
    message_topic,
    parse_retry_after,
)
from integrations.push_encryption import decode_base64url, encode_base64url, public_point
from integrations.safe_hosts import check_host

P256DH = encode_base64url(public_point(ec.derive_private_key(5, ec.SECP256R1()).public_key()))
AUTH = encode_base64url(b"a" * 16)


@pytest.mark.parametrize(
    ("endpoint", "origin", "is_apple"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc:def", "https://fcm.googleapis.com", False),
        ("https://jmt17.google.com/fcm/send/abc", "https://jmt17.google.com", False),
        ("https://updates.push.services.mozilla.com/wpush/v2/gAAA", "https://updates.push.services.mozilla.com", False),
        ("https://web.push.apple.com/QGuQ", "https://web.push.apple.com", True),
        ("https://wns2-par02p.notify.windows.com/w/?token=a%3d", "https://wns2-par02p.notify.windows.com", False),
        ("HTTPS://FCM.googleapis.com:443/fcm/send/abc", "https://fcm.googleapis.com", False),
    ],
)
def test_known_push_services(endpoint: str, origin: str, is_apple: bool) -> None:
    audience = check_endpoint(endpoint)
    assert (audience.origin, audience.is_apple, audience.is_extra) == (origin, is_apple, False)


@pytest.mark.parametrize(
    ("endpoint", "reason"),
    [
        ("http://fcm.googleapis.com/fcm/send/abc", "not_https"),
        ("ftp://fcm.googleapis.com/x", "not_https"),
        ("https://fcm.googleapis.com:8443/x", "unusual_port"),
        ("https://fcm.googleapis.com:80/x", "unusual_port"),
        ("https://fcm.googleapis.com:99999/x", "not_a_url"),
        ("https://fcm.googleapis.com:/x", "not_a_url"),
        ("https://fcm.googleapis.com:0443/x", "not_a_url"),
        ("https://user@fcm.googleapis.com/x", "has_user_information"),
        ("https://fcm.googleapis.com@127.0.0.1/x", "has_user_information"),
        ("https://fcm.googleapis.com/x#fragment", "has_a_fragment"),
        ("https://fcm.googleapis.com/x#", "has_a_fragment"),
        ("https://fcm.googleapis.com", "names_no_subscription"),
        ("https://fcm.googleapis.com/", "names_no_subscription"),
        ("https://127.0.0.1:8080/x.push.apple.com/", "unusual_port"),
        ("https://127.0.0.1/x.push.apple.com/", "unknown_push_service"),
        ("https://[::1]/x", "unknown_push_service"),
        ("https://[::1", "not_a_url"),
        ("https://2130706433/x", "unknown_push_service"),
        ("https://.push.apple.com/x", "unknown_push_service"),
        ("https://push.apple.com/x", "unknown_push_service"),
        ("https://evil.com/.push.apple.com/", "unknown_push_service"),
        ("https://evilpush.apple.com/x", "unknown_push_service"),
        ("https://web.push.apple.com.evil.com/x", "unknown_push_service"),
        ("https://web.push.apple.com./x", "unknown_push_service"),
        ("https://web..push.apple.com/x", "unknown_push_service"),
        ("https://-a.push.apple.com/x", "unknown_push_service"),
        ("https://a_b.push.apple.com/x", "unknown_push_service"),
        ("https://sub.fcm.googleapis.com/x", "unknown_push_service"),
        ("https://metadata.google.internal/x", "unknown_push_service"),
        ("https://fcm.googleapis.com\\@evil.com/x", "not_a_url"),
        ("https://fcm.googleapis.com\t/x", "not_a_url"),
        (" https://fcm.googleapis.com/x", "not_a_url"),
        ("https://fcm.googleapis.com/x\n", "not_a_url"),
        ("https://fcm。googleapis.com/x", "not_a_url"),
        ("https://fcm.googleapis.com/\x00", "not_a_url"),
        ("https:///x", "not_a_url"),
        ("//fcm.googleapis.com/x", "not_https"),
        ("fcm.googleapis.com/x", "not_a_url"),
        ("", "not_a_url"),
        ("https://fcm.googleapis.com/" + "x" * 2100, "too_long"),
    ],
)
def test_hostile_endpoints(endpoint: str, reason: str) -> None:
    with pytest.raises(EndpointRefused) as caught:
        check_endpoint(endpoint)
    assert caught.value.reason == reason
    assert len(endpoint) < 5 or endpoint not in str(caught.value)


@pytest.mark.parametrize(
    ("endpoint", "extra", "origin"),
    [
        ("http://127.0.0.1:9001/push/a", "127.0.0.1:9001", "http://127.0.0.1:9001"),
        ("http://localhost/push/a", "localhost", "http://localhost"),
        ("http://[::1]:9001/push/a", "[::1]:9001", "http://[::1]:9001"),
        ("https://push.example.org/up?a=b", "push.example.org", "https://push.example.org"),
        ("https://push.example.org:8443/up", "push.example.org:8443", "https://push.example.org:8443"),
        ("https://push.example.org/up", "push.example.org:443", "https://push.example.org"),
    ],
)
def test_further_hosts_of_the_settings(endpoint: str, extra: str, origin: str) -> None:
    audience = check_endpoint(endpoint, [check_host(extra)])
    assert (audience.origin, audience.is_extra) == (origin, True)


@pytest.mark.parametrize(
    ("endpoint", "extra"),
    [
        ("http://push.example.org/up", "push.example.org"),  # http is for loopback alone
        ("http://127.0.0.1:9002/x", "127.0.0.1:9001"),
        ("http://127.0.0.1:9001/x", "127.0.0.1"),
        ("https://push.example.org:8443/x", "push.example.org"),
        ("https://a.push.example.org/x", "push.example.org"),
        ("http://10.0.0.1:9001/x", "10.0.0.1:9001"),
        ("ws://127.0.0.1:9001/x", "127.0.0.1:9001"),
        ("http://user@127.0.0.1:9001/x", "127.0.0.1:9001"),
    ],
)
def test_further_hosts_mean_exactly_themselves(endpoint: str, extra: str) -> None:
    with pytest.raises(EndpointRefused):
        check_endpoint(endpoint, [check_host(extra)])


def test_push_hosts_of_the_settings_are_brought_to_one_form() -> None:
    assert check_host(" Push.Example.org:0443 ") == "push.example.org:443"
    assert check_host("[0:0::1]:80") == "[::1]:80"
    for entry in (
        "",
        "https://a.org",
        "a.org/x",
        "a b",
        "a.org:",
        "a.org:0",
        "a.org:70000",
        "u@a.org",
        ".a",
        "*.a",
        "[zz]",
    ):
        with pytest.raises(ValueError):
            check_host(entry)


@given(st.text(max_size=60) | st.from_regex(r"https?://[a-z.@:/\[\]0-9-]{0,40}", fullmatch=True))
@settings(max_examples=500, deadline=None)
def test_an_accepted_endpoint_is_at_a_known_host(endpoint: str) -> None:
    try:
        audience = check_endpoint(endpoint)
    except EndpointRefused:
        return
    assert audience.host in KNOWN_HOSTS or audience.host.endswith(tuple("." + domain for domain in KNOWN_DOMAINS))


def test_good_keys() -> None:
    check_keys(P256DH, AUTH)
    check_keys(P256DH + "=", AUTH + "==")


POINT = decode_base64url(P256DH)


@pytest.mark.parametrize(
    ("p256dh", "auth", "field"),
    [
        ("", AUTH, "p256dh"),
        ("!" * 87, AUTH, "p256dh"),
        (base64.b64encode(b"\x04" + b"\xff\xfe" * 32).decode(), AUTH, "p256dh"),
        (encode_base64url(POINT[:-1]), AUTH, "p256dh"),
        (encode_base64url(POINT + b"x"), AUTH, "p256dh"),
        (encode_base64url(b"\x02" + POINT[1:33]), AUTH, "p256dh"),
        (encode_base64url(b"\x04" + b"\x01" * 64), AUTH, "p256dh"),
        (encode_base64url(bytes(65)), AUTH, "p256dh"),
        (P256DH[:-1] + "é", AUTH, "p256dh"),
        (P256DH, "", "auth"),
        (P256DH, "abc", "auth"),
        (P256DH, encode_base64url(b"a" * 15), "auth"),
        (P256DH, encode_base64url(b"a" * 17), "auth"),
        (P256DH, "a b" * 8, "auth"),
    ],
)
def test_keys_that_no_message_can_be_encrypted_with(p256dh: str, auth: str, field: str) -> None:
    with pytest.raises(KeysRefused) as caught:
        check_keys(p256dh, auth)
    assert caught.value.field == field


def test_a_topic_is_short_stable_and_its_own() -> None:
    assert message_topic("reminder-1") == message_topic("reminder-1") != message_topic("reminder-2")
    assert len(message_topic("x" * 1000)) == 32


NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None), ("", None), ("soon", None), ("-5", None), ("1.5", None), ("7", 7), (" 120 ", 120), ("0", 0),
        ("999999999", 86400), ("9" * 400, None), ("Sun, 22 Nov 2026 09:10:00 GMT", 600),
        ("Sun, 22 Nov 2026 08:00:00 GMT", 0), ("Sun, 22 Nov 2099 08:00:00 GMT", 86400), ("Sun, 99 Nov 2026", None),
        ("Sun, 22 Nov 2026 09:10:00 -0000", 600),
    ],
)  # fmt: skip
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, NOW) == seconds
    assert parse_retry_after(value, NOW.astimezone(timezone(timedelta(hours=5)))) == seconds
