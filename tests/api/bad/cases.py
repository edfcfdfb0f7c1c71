"""A request that is refused, and short ways to write many of them."""

from collections.abc import Callable
from typing import Any

# method, path, body, code, the member that is named
Case = tuple[str, str, Any, str, str | None]

NAIVE, AHEAD = "2026-11-22T08:00:00", "2026-11-22T09:30:00Z"
NO_DECISION = {"rules_version": "1", "inputs": {}, "outcome": {}}
HUGE = 2**70

Make = Callable[..., dict[str, Any]]


def bad(path: str, make: Make, *members: tuple[Any, ...]) -> list[Case]:
    """A body for each member with this value; the member that is named comes third where it is another."""
    return [
        ("PUT", path, make(**{member: value}), "invalid_fields", named[0] if named else member)
        for member, value, *named in members
    ]


def ahead(path: str, make: Make, *members: str) -> list[Case]:
    """A body for each of these moments that lies ahead."""
    return [("PUT", path, make(**{member: AHEAD}), "time_in_future", member) for member in members]


def lacking(path: str, make: Make, *members: str) -> list[Case]:
    """A body for each of these members that is left out."""
    return [("PUT", path, without(make(), member), "invalid_fields", member) for member in members]


def without(body: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in names}
