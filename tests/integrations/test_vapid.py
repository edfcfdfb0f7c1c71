"""VAPID keys and headers, checked by the strict rules and by the library."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from py_vapid import Vapid02

from integrations.push_encryption import decode_base64url
from integrations.vapid import (
    VapidSigner,
    check_subject,
    generate_vapid_key,
    is_public_subject,
    load_private_key,
    public_key,
)
from tests.fakes.push_rules import Refusal, check_vapid

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ORIGIN = "https://fcm.googleapis.com"


def pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def test_a_key_is_the_same_as_text_and_as_pem() -> None:
    text = generate_vapid_key()
    assert len(decode_base64url(text)) == 32
    assert len(decode_base64url(public_key(text))) == 65
    assert public_key(pem(load_private_key(text))) == public_key(text)


@pytest.mark.parametrize(
    "text",
    ["", "secret-that-is-none", "A" * 43, "A" * 44, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
     pem(ec.derive_private_key(5, ec.SECP384R1()))],
)  # fmt: skip
def test_a_key_that_is_none_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(ValueError, match="VAPID key") as caught:
        load_private_key(text)
    assert not text or text not in str(caught.value)


def test_the_header_passes_the_strict_rules_and_the_library() -> None:
    key = generate_vapid_key()
    header = VapidSigner(key, "mailto:ops@example.org").authorization(ORIGIN, NOW)
    assert check_vapid(header, ORIGIN, NOW.timestamp()) == public_key(key)
    assert Vapid02.verify(header)
    with pytest.raises(Refusal, match="aud"):
        check_vapid(header, "https://web.push.apple.com", NOW.timestamp())
    with pytest.raises(Refusal, match="exp"):
        check_vapid(header, ORIGIN, (NOW + timedelta(hours=12)).timestamp())


def test_the_header_is_kept_per_audience_until_an_hour_before_its_end() -> None:
    signer = VapidSigner(generate_vapid_key(), "https://feet.example.org/contact")
    first = signer.authorization(ORIGIN, NOW)
    assert signer.authorization(ORIGIN, NOW + timedelta(hours=11)) == first
    assert signer.authorization(ORIGIN, NOW + timedelta(hours=11, seconds=1)) != first
    assert signer.authorization("https://web.push.apple.com", NOW) != first


def test_a_clock_set_back_does_not_keep_a_token_that_lasts_too_long() -> None:
    signer = VapidSigner(generate_vapid_key(), "mailto:ops@example.org")
    first = signer.authorization(ORIGIN, NOW)
    earlier = NOW - timedelta(days=2)
    again = signer.authorization(ORIGIN, earlier)
    assert again != first
    check_vapid(again, ORIGIN, earlier.timestamp())


@pytest.mark.parametrize(
    ("subject", "is_public"),
    [
        ("mailto:ops@example.org", True), ("https://feet.example.org", True), ("https://feet.example.org:8443/x", True),
        ("mailto:ops@localhost", False), ("https://localhost:8000", False), ("mailto:a@home.local", False),
        ("https://pi.lan", False), ("mailto:a@b.invalid", False), ("https://192.168.1.5", False),
    ],
)  # fmt: skip
def test_subjects(subject: str, is_public: bool) -> None:
    check_subject(subject)
    assert is_public_subject(subject) is is_public


@pytest.mark.parametrize(
    "subject",
    ["", "ops@example.org", "mailto:", "mailto:ops", "http://example.org", "https://", "tel:5", "mailto:a b@c.de",
     "https://a.org/ x"],
)  # fmt: skip
def test_subjects_that_are_none(subject: str) -> None:
    with pytest.raises(ValueError, match="subject"):
        check_subject(subject)
