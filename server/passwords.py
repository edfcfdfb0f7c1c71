"""Password hashes: argon2id with the memory and time that OWASP's cheat sheet asks for (19 MiB, 2 passes)."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Checked when the account does not exist, so that the time of an answer does not tell.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXRoaW5nIHJhbmRvbQ$Y6NpmVYBBKbHGAhCd4h3yqVnaSTbSJxwGUzhp+UI4e4"


def hash_password(password: str) -> str:
    """About 17 ms; never inside a transaction."""
    return _hasher.hash(password)


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password fits; as slow for an account that is not there."""
    try:
        return _hasher.verify(password_hash or _NOBODY, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False
