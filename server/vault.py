"""Encrypts what opens other people's doors: provider tokens, PKCE verifiers, the address of a Nightscout site."""

import json
from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Unreadable(ValueError):
    """It was sealed with a key that is gone. The patient connects again; nothing else is lost."""


class Vault:
    """The first key seals, all of them open: a new one goes in front, the old ones stay until all is resealed."""

    def __init__(self, keys: Sequence[str]) -> None:
        """`keys`: 32 bytes each, as base64url with or without its padding. Raises ValueError."""
        self._fernet = MultiFernet([Fernet(padded(key)) for key in keys])

    def seal(self, values: dict[str, Any]) -> bytes:
        return self._fernet.encrypt(json.dumps(values).encode())

    def open(self, sealed: bytes | None) -> dict[str, Any]:
        """Raises Unreadable."""
        if sealed is None:
            raise Unreadable
        try:
            opened: dict[str, Any] = json.loads(self._fernet.decrypt(sealed))
        except (InvalidToken, ValueError):
            raise Unreadable from None
        return opened

    def reseal(self, sealed: bytes) -> bytes:
        """The same content under the first key. Raises Unreadable."""
        try:
            return self._fernet.rotate(sealed)
        except InvalidToken:
            raise Unreadable from None


def padded(key: str) -> str:
    """Base64 as Fernet wants it."""
    return key + "=" * (-len(key) % 4)
