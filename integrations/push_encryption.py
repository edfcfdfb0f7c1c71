"""Encryption of one push message, aes128gcm in a single record: RFC 8291 over RFC 8188."""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import re
import struct

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD_SIZE = 4096
# 4096 less the header (16 salt, 4 record size, 1 + 65 key), the delimiter and the tag (RFC 8291 §4).
MAX_PLAINTEXT = 3993
POINT_LENGTH = 65
AUTH_LENGTH = 16

_BASE64URL = re.compile(r"[A-Za-z0-9_-]*={0,2}")


def decode_base64url(text: str) -> bytes:
    """Base64url with or without padding; raises ValueError for anything else."""
    if not _BASE64URL.fullmatch(text):
        raise ValueError("not base64url")
    bare = text.rstrip("=")
    try:
        return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except binascii.Error:
        raise ValueError("not base64url") from None


def encode_base64url(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def public_point(key: ec.EllipticCurvePublicKey) -> bytes:
    """The 65 bytes of an uncompressed point."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def encrypt(plaintext: bytes, receiver_point: bytes, auth_secret: bytes) -> bytes:
    """The body to send. Raises ValueError for a point off the curve and for a text that needs a second record.

    HKDF is written out as HMAC: each output is one block, so one call extracts and one expands.
    """
    if len(plaintext) > MAX_PLAINTEXT:
        raise ValueError(f"a push message holds at most {MAX_PLAINTEXT} bytes")
    receiver = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), receiver_point)
    sender = ec.generate_private_key(ec.SECP256R1())
    sender_point = public_point(sender.public_key())
    salt = os.urandom(16)
    shared = hmac.digest(auth_secret, sender.exchange(ec.ECDH(), receiver), "sha256")
    secret = hmac.digest(shared, b"WebPush: info\x00" + receiver_point + sender_point + b"\x01", "sha256")
    extracted = hmac.digest(salt, secret, "sha256")
    key = hmac.digest(extracted, b"Content-Encoding: aes128gcm\x00\x01", "sha256")[:16]
    nonce = hmac.digest(extracted, b"Content-Encoding: nonce\x00\x01", "sha256")[:12]
    header = salt + struct.pack("!LB", RECORD_SIZE, POINT_LENGTH) + sender_point
    return header + AESGCM(key).encrypt(nonce, plaintext + b"\x02", None)
