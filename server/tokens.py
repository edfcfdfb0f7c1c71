"""Secrets that the server hands out: made once, kept as a hash; and signed ids, kept nowhere at all."""

import hashlib
import secrets
from uuid import UUID

from itsdangerous import BadSignature, Signer


def new_secret() -> str:
    """32 random bytes as text that may stand in a header or a link."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> bytes:
    """What the database keeps. A random secret needs no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).digest()


class SignedIds:
    """Tokens that are an id, signed for one purpose: of a push message (its delivery), or to stop e-mails (a patient).

    Sending a message again makes the same token.
    """

    def __init__(self, secret_key: str, purpose: str) -> None:
        self._signer = Signer(secret_key, salt=purpose, key_derivation="hmac", digest_method=hashlib.sha256)

    def make(self, signed_id: UUID) -> str:
        return self._signer.sign(signed_id.hex).decode()

    def read(self, token: str) -> UUID | None:
        """The id that `token` speaks for, or None when we did not sign it."""
        try:
            return UUID(hex=self._signer.unsign(token).decode())
        except (BadSignature, ValueError, UnicodeError):
            return None
