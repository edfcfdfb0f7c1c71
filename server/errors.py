"""What a service may refuse, each with the stable word that the phone acts on; and what a log may say of a fault."""

from typing import Any


def where(error: BaseException) -> Any:
    """`exc_info` for a log: what failed and where, without the text, which may repeat what a patient wrote."""
    return type(error), type(error).__new__(type(error)), error.__traceback__


class DomainError(Exception):
    """A refusal with plain words. `status` is the meaning in HTTP's terms; `api/base.py` alone answers with it."""

    status = 400
    code = "bad_request"

    def __init__(self, detail: str, *, code: str | None = None, errors: dict[str, list[str]] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).code
        self.errors = errors
        self.headers: dict[str, str] = {}


class NotFound(DomainError):
    """No such record, or another patient's: the two must look alike."""

    status = 404
    code = "not_found"

    def __init__(self, detail: str = "There is no such record.") -> None:
        super().__init__(detail)


class NotSignedIn(DomainError):
    """Nobody is signed in, or the sign-in ended."""

    status = 401
    code = "not_signed_in"

    def __init__(self, detail: str = "Sign in first.", *, code: str | None = None) -> None:
        super().__init__(detail, code=code)


class NotAllowed(DomainError):
    """Signed in, but not for this."""

    status = 403
    code = "not_allowed"


class Conflict(DomainError):
    """Something that already exists stands in the way."""

    status = 409
    code = "conflict"


class Stale(DomainError):
    """The record changed since the version that `If-Match` names."""

    status = 412
    code = "stale"


class Invalid(DomainError):
    """Well-formed, but not possible; `errors` says which member and why."""

    status = 422
    code = "invalid_fields"


class TooManyAttempts(DomainError):
    """Wait `seconds`, then try again."""

    status = 429
    code = "too_many_attempts"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many tries. Wait {seconds} seconds, then try again.")
        self.headers = {"Retry-After": str(seconds)}
