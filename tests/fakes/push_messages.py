"""What the push service of the tests keeps: scripted answers, accepted messages, subscribed browsers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec

from tests.fakes.push_rules import Refusal


@dataclass(frozen=True)
class Answer:
    """What the service does with one request. Without a status it does its work, after the delay.

    `drop="before"` cuts the connection and takes nothing; `drop="after"` takes the message and then cuts, so that
    the sender never learns of it.
    """

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drop: Literal["before", "after"] | None = None
    body: bytes = b""


@dataclass
class Message:
    """A message that was accepted with 201."""

    subscription: str
    headers: Mapping[str, str]
    body: bytes
    plaintext: bytes | None
    at: float
    expires_at: float
    version: str
    ack: int | None = None
    """The code of the browser's ack: 100 shown or handled, 302 the handler failed; None while undelivered."""

    def json(self) -> Any:
        """The payload of a message that could be decrypted here."""
        assert self.plaintext is not None, "this subscription belongs to a browser"
        return json.loads(self.plaintext)


@dataclass
class Channel:
    endpoint: str
    vapid_key: str | None
    browser: str | None = None
    channel_id: str = ""
    private: ec.EllipticCurvePrivateKey | None = None
    auth: bytes = b""

    def decrypt(self, body: bytes) -> bytes:
        """What the browser would read; a body it cannot read is a refusal here, so that no test misses it."""
        try:
            plaintext: bytes = http_ece.decrypt(body, private_key=self.private, auth_secret=self.auth)
        except (http_ece.ECEException, ValueError):
            raise Refusal(400, "a browser could not decrypt this body") from None
        return plaintext
