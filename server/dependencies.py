"""What views and jobs are given instead of reaching for it: clock, database, sender, parser."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast
from zoneinfo import ZoneInfo

from integrations.phone_values import Ingest
from integrations.push import PushSender
from server.database import Database
from server.settings import Settings
from server.tokens import MessageTokens

EXTENSION = "footwell"


def clock() -> datetime:
    """The only place that reads the clock."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Dependencies:
    """Joined once, in `server/wiring.py` or by a test. `parse_ingest(body, zone=, now=)` raises IngestError."""

    settings: Settings
    database: Database
    push_sender: PushSender
    vapid_public_key: str
    parse_ingest: Callable[[object, ZoneInfo, datetime], Ingest]
    clock: Callable[[], datetime] = clock
    message_tokens: MessageTokens = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "message_tokens", MessageTokens(self.settings.secret_key))


def dependencies() -> Dependencies:
    """Those of the app that answers this request."""
    from flask import current_app  # here: the worker has no use for Flask

    return cast(Dependencies, current_app.extensions[EXTENSION])
