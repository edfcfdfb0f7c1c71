"""Our encryption against that of http_ece."""

from __future__ import annotations

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from integrations.push_encryption import MAX_PLAINTEXT, encrypt, public_point


@pytest.mark.parametrize("size", [1, 2, 100, 2048, MAX_PLAINTEXT])
def test_our_encryption_is_read_by_http_ece(size: int) -> None:
    receiver, auth = ec.generate_private_key(ec.SECP256R1()), b"a" * 16
    plaintext = bytes(i % 251 for i in range(size))
    body = encrypt(plaintext, public_point(receiver.public_key()), auth)
    assert len(body) == size + 103
    assert http_ece.decrypt(body, private_key=receiver, auth_secret=auth) == plaintext


def test_our_encryption_equals_that_of_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same ephemeral key and salt give the same bytes as http_ece."""
    receiver, sender_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    auth = b"b" * 16
    point = public_point(receiver.public_key())
    monkeypatch.setattr("integrations.push_encryption.ec.generate_private_key", lambda curve: sender_key)
    monkeypatch.setattr("os.urandom", lambda size: b"s" * size)
    theirs = http_ece.encrypt(
        b"hello", salt=b"s" * 16, private_key=sender_key, dh=point, auth_secret=auth, version="aes128gcm"
    )
    assert encrypt(b"hello", point, auth) == theirs


def test_a_second_record_is_never_made() -> None:
    point = public_point(ec.generate_private_key(ec.SECP256R1()).public_key())
    with pytest.raises(ValueError, match="3993"):
        encrypt(b"x" * (MAX_PLAINTEXT + 1), point, b"a" * 16)
