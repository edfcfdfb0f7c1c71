"""Google's notices: signed as Google signs them, and sent to a server of ours."""

from __future__ import annotations

import base64
import json
import secrets
from datetime import date, datetime, time, timedelta
from typing import Any

import requests
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

USER_AGENT = "Google-Health-API-Webhooks/1.0"
SIGNATURE_HEADER = "GOOGLE-HEALTH-API-SIGNATURE"
_ECDSA = "type.googleapis.com/google.crypto.tink.EcdsaPublicKey"


def notice(
    health_user_id: str, first: date, last: date, *, operation: str = "UPSERT", data_type: str = "steps", **extra: Any
) -> dict[str, Any]:
    """A notice of whole days, in all three forms of time; `extra` are members of its data."""
    start, end = (datetime.combine(day, time()) for day in (first, last + timedelta(days=1)))
    interval = {
        "physicalTimeInterval": {"startTime": f"{start.isoformat()}Z", "endTime": f"{end.isoformat()}Z"},
        "civilDateTimeInterval": {"startDateTime": _civil(start), "endDateTime": _civil(end)},
        "civilIso8601TimeInterval": {"startTime": start.isoformat(), "endTime": end.isoformat()},
    }
    data = {
        "version": "1",
        "clientProvidedSubscriptionName": "0d6a0d0c-3c55-4f0e-9a8e-3b5f8e3a1a77",
        "healthUserId": health_user_id,
        "operation": operation,
        "dataType": data_type,
        "intervals": [interval],
    }
    return {"data": data | extra}


def _civil(moment: datetime) -> dict[str, Any]:
    at = {name: value for name, value in (("hours", moment.hour), ("minutes", moment.minute)) if value}
    return {"date": {"year": moment.year, "month": moment.month, "day": moment.day}, "time": at}


class Notices:
    """Signs and sends. `turn_key` is what Google does now and then."""

    def __init__(self) -> None:
        self._keys: dict[int, ec.EllipticCurvePrivateKey] = {}
        self.turn_key()

    def turn_key(self) -> None:
        """From now on another key signs; the older ones stay in the set."""
        self.key_id = secrets.randbits(32)
        self._keys[self.key_id] = ec.generate_private_key(ec.SECP256R1())

    def keyset(self) -> dict[str, Any]:
        """The public keys, as Tink writes them."""
        keys = []
        for key_id, private in self._keys.items():
            data = {"typeUrl": _ECDSA, "value": _message(private), "keyMaterialType": "ASYMMETRIC_PUBLIC"}
            keys.append({"keyData": data, "status": "ENABLED", "keyId": key_id, "outputPrefixType": "TINK"})
        return {"primaryKeyId": self.key_id, "key": keys}

    def sign(self, body: bytes) -> str:
        """The header's value."""
        signature = self._keys[self.key_id].sign(body, ec.ECDSA(SHA256()))
        return base64.b64encode(b"\x01" + self.key_id.to_bytes(4, "big") + signature).decode()

    def send(self, url: str, body: Any, *, secret: str | None, signature: str | None = None) -> int:
        """POST a notice or a list of them; the status. A signature of ours unless another is given."""
        raw = json.dumps(body).encode()
        headers = {"User-Agent": USER_AGENT, "Content-Type": "application/json"}
        headers[SIGNATURE_HEADER] = self.sign(raw) if signature is None else signature
        if secret is not None:
            headers["Authorization"] = secret
        return requests.post(url, data=raw, headers=headers, timeout=10, allow_redirects=False).status_code

    def verify_address(self, url: str, secret: str) -> tuple[int, int]:
        """The handshake before an address is accepted: with the secret (201), and without (401 or 403)."""
        body = {"type": "verification"}
        return self.send(url, body, secret=secret), self.send(url, body, secret=None)


def _message(private: ec.EllipticCurvePrivateKey) -> str:
    """EcdsaPublicKey as protobuf: parameters {SHA-256, P-256, DER}, x and y with Tink's leading zero."""
    numbers = private.public_key().public_numbers()
    parts = b"\x12\x06\x08\x03\x10\x02\x18\x02"
    for field, number in ((3, numbers.x), (4, numbers.y)):
        parts += bytes([field << 3 | 2, 33]) + number.to_bytes(33, "big")
    return base64.b64encode(parts).decode()
