"""What a strict push service checks of a request: RFC 8030 headers, RFC 8188 body, RFC 8292 VAPID token."""

from __future__ import annotations

import base64
import json
import re
import struct
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

MAX_BODY = 4096
MAX_TTL = 2_592_000


class Refusal(Exception):
    """The request breaks a rule; `status` is what a push service answers."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def unbase64(text: str) -> bytes:
    """Base64url without padding, nothing else."""
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        raise Refusal(400, "not base64url without padding")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def check_headers(headers: Mapping[str, str]) -> int:
    """TTL, Urgency, Topic, Content-Encoding; returns the TTL."""
    ttl = headers.get("TTL", "")
    if not re.fullmatch(r"[0-9]{1,7}", ttl) or int(ttl) > MAX_TTL:
        raise Refusal(400, f"TTL must be a whole number of seconds, is {ttl!r}")
    if headers.get("Urgency", "normal") not in ("very-low", "low", "normal", "high"):
        raise Refusal(400, "Urgency is not one of the four")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,32}", headers.get("Topic", "x")):
        raise Refusal(400, "Topic must be at most 32 characters of base64url")
    if headers.get("Content-Encoding") != "aes128gcm":
        raise Refusal(400, "Content-Encoding must be aes128gcm")
    return int(ttl)


def check_body(body: bytes) -> None:
    """One aes128gcm record with the sender's key in its header."""
    if len(body) > MAX_BODY:
        raise Refusal(413, f"body has {len(body)} bytes")
    if len(body) < 21 + 65 + 18:
        raise Refusal(400, "body is too short for aes128gcm")
    record_size, key_length = struct.unpack("!LB", body[16:21])
    if key_length != 65 or body[21] != 4:
        raise Refusal(400, "body does not begin with an uncompressed key")
    if len(body) - 21 - 65 > record_size:
        raise Refusal(400, "body has more than one record")


def check_vapid(authorization: str, origin: str, now: float | None = None) -> str:
    """The VAPID token, verified with the key it comes with; returns that key (base64url)."""
    match = re.fullmatch(r"vapid t=([\w-]+\.[\w-]+)\.([\w-]+), ?k=([\w-]+)", authorization)
    if match is None:
        raise Refusal(401, "Authorization is not vapid t=…,k=…")
    signed, signature, key = match.groups()
    try:
        head, claims = (json.loads(unbase64(part)) for part in signed.split("."))
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unbase64(key))
        raw = unbase64(signature)
        if head.get("alg") != "ES256" or len(raw) != 64 or len(unbase64(key)) != 65:
            raise Refusal(401, "token is not ES256")
        pair = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        point.verify(pair, signed.encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise Refusal(401, "signature does not match") from None
    except (ValueError, AttributeError):
        raise Refusal(401, "token cannot be read") from None
    now = time.time() if now is None else now
    if claims.get("aud") != origin:
        raise Refusal(403, f"aud is {claims.get('aud')!r}, not {origin!r}")
    if not isinstance(claims.get("exp"), int) or not now < claims["exp"] <= now + 86400:
        raise Refusal(403, "exp is over, or more than 24 h ahead")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not (subject.startswith("mailto:") or urlsplit(subject).scheme == "https"):
        raise Refusal(403, "sub must be mailto: or https:")
    return key
