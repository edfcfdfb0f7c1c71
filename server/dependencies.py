"""What views and jobs are given instead of reaching for it: clock, database, sender, parser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from integrations.phone_values import Ingest
from integrations.push import PushSender
from server.database import Database
from server.settings import Settings
from server.tokens import SignedIds

if TYPE_CHECKING:
    from integrations.notices import NoticeSender
    from integrations.provider import NoticeReader, ReadingSource, StepProvider
    from server.connecting import Connecting
    from server.vault import Vault

EXTENSION = "footwell"


def clock() -> datetime:
    """The only place that reads the clock."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Dependencies:
    """Joined once, in `server/wiring.py` or by a test. `parse_ingest(body, zone=, now=)` raises IngestError.

    What only some processes need, and what it imports, is made when it is first asked for.
    """

    settings: Settings
    database: Database
    push_sender: PushSender
    vapid_public_key: str
    parse_ingest: Callable[[object, ZoneInfo, datetime], Ingest]
    make_providers: Callable[[], Mapping[str, StepProvider]]
    make_nightscout: Callable[[], ReadingSource]
    make_notices: Callable[[], NoticeReader]
    make_second_ways: Callable[[], Mapping[str, NoticeSender]]
    clock: Callable[[], datetime] = clock
    message_tokens: SignedIds = field(init=False)
    stop_tokens: SignedIds = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "message_tokens", SignedIds(self.settings.secret_key, "push message"))
        object.__setattr__(self, "stop_tokens", SignedIds(self.settings.secret_key, "stop e-mails"))

    @cached_property
    def providers(self) -> Mapping[str, StepProvider]:
        """Those that this server can connect, by id."""
        off = self.settings.wearables.off
        return {name: provider for name, provider in self.make_providers().items() if name not in off}

    @cached_property
    def nightscout(self) -> ReadingSource:
        """Reads Nightscout sites."""
        return self.make_nightscout()

    @cached_property
    def notices(self) -> NoticeReader:
        """Reads what Google Health sends by itself."""
        return self.make_notices()

    @cached_property
    def second_ways(self) -> Mapping[str, NoticeSender]:
        """How this server can reach a patient beside web push: `email`, `ntfy`, or neither."""
        return self.make_second_ways()

    @cached_property
    def vault(self) -> Vault:
        """What opens and seals tokens."""
        from server.vault import Vault

        return Vault(self.settings.token_keys)

    @cached_property
    def connecting(self) -> Connecting:
        """Consents: from the first tap to a sealed token."""
        from server.connecting import Connecting

        return Connecting(self.providers, self.nightscout, self.vault, self.settings.public_url)


def dependencies() -> Dependencies:
    """Those of the app that answers this request."""
    from flask import current_app  # here: the worker has no use for Flask

    return cast(Dependencies, current_app.extensions[EXTENSION])
