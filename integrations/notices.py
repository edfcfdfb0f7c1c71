"""Messages that do not go to a browser: to an e-mail address, or to a topic that the patient's app listens to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol


@dataclass(frozen=True)
class Notice:
    """One message. `to` is an address or a topic; `link` is where a tap leads, `stop_link` where these are turned off.

    The text of an e-mail says both, since there is nothing else to tap.
    """

    id: str
    to: str = field(repr=False)
    title: str
    text: str
    link: str
    stop_link: str
    language: str


@dataclass(frozen=True)
class NoticeResult:
    """What became of a notice. `failed` for good; `retry` later, after `retry_after` seconds where they are known."""

    outcome: Literal["sent", "retry", "failed"]
    retry_after: float | None = None


class NoticeSender(Protocol):
    """Sends a few notices; one result each, in the same order. Never raises for a notice."""

    def send(self, notices: Sequence[Notice]) -> list[NoticeResult]: ...
