"""Who is sending: the VAPID key pair and the signed header of RFC 8292."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from integrations.push_encryption import decode_base64url, encode_base64url, public_point

# RFC 8292 §2 allows 24 h; half of it leaves room for a clock that is wrong.
LIFETIME = timedelta(hours=12)
RENEW_BEFORE = timedelta(hours=1)

_MAILTO = re.compile(r"mailto:[^@\s,?]+@(?P<host>[A-Za-z0-9.-]+)")


def generate_vapid_key() -> str:
    """A new private key: base64url of its 32 bytes. Changing the key of a server kills all its subscriptions."""
    secret = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return encode_base64url(secret.to_bytes(32, "big"))


def load_private_key(text: str) -> ec.EllipticCurvePrivateKey:
    """A private key given as base64url of 32 bytes or as PEM; raises ValueError without repeating it."""
    if text.lstrip().startswith("-----BEGIN"):
        try:
            key = load_pem_private_key(text.encode(), None)
        except (ValueError, TypeError):
            raise ValueError("the VAPID key is not a readable PEM private key") from None
        if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
            raise ValueError("the VAPID key is not on the curve P-256")
        return key
    try:
        secret = decode_base64url(text.strip())
        if len(secret) != 32:
            raise ValueError
        return ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1())
    except ValueError:
        raise ValueError("the VAPID key must be base64url of 32 bytes, or PEM") from None


def public_key(private: str) -> str:
    """What browsers subscribe with: base64url of the 65 bytes of the public point."""
    return encode_base64url(public_point(load_private_key(private).public_key()))


def check_subject(subject: str) -> None:
    """Raises ValueError unless the contact is a mailto: or https: address (RFC 8292 §2.1)."""
    if _MAILTO.fullmatch(subject):
        return
    parts = urlsplit(subject)
    if parts.scheme != "https" or not parts.hostname or any(c.isspace() for c in subject):
        raise ValueError("the VAPID subject must be mailto:you@example.org or an https address")


def is_public_subject(subject: str) -> bool:
    """False for contacts that Apple answers with 403 BadJwtToken: localhost, .local, .invalid, no domain at all."""
    mail = _MAILTO.fullmatch(subject)
    host = (mail["host"] if mail else urlsplit(subject).hostname or "").lower()
    name, _, top = host.rpartition(".")
    return bool(name) and top.isalpha() and top not in ("local", "localhost", "invalid", "test", "internal", "lan")


class VapidSigner:
    """Signs once per audience and hands the same header out until it has less than an hour left."""

    def __init__(self, private: str, subject: str) -> None:
        check_subject(subject)
        self._key = load_private_key(private)
        self._subject = subject
        self._headers: dict[str, tuple[datetime, str]] = {}
        self.public_key = encode_base64url(public_point(self._key.public_key()))

    def authorization(self, origin: str, now: datetime) -> str:
        """The value of the Authorization header for this push service."""
        expires_at, header = self._headers.get(origin, (now, ""))
        # A clock that was set back must not leave a token with more than a day to live.
        if not now + RENEW_BEFORE <= expires_at <= now + LIFETIME:
            expires_at = now + LIFETIME
            header = f"vapid t={self._sign(origin, expires_at)},k={self.public_key}"
            self._headers[origin] = (expires_at, header)
        return header

    def _sign(self, origin: str, expires_at: datetime) -> str:
        claims = {"aud": origin, "exp": int(expires_at.timestamp()), "sub": self._subject}
        token = _segment({"typ": "JWT", "alg": "ES256"}) + "." + _segment(claims)
        r, s = decode_dss_signature(self._key.sign(token.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{token}.{encode_base64url(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def _segment(part: Mapping[str, object]) -> str:
    return encode_base64url(json.dumps(part, separators=(",", ":")).encode())
