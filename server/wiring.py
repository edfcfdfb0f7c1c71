"""The real parts, joined once for the web process and once for the worker, which has no use for Flask."""

from collections.abc import Sequence
from functools import cached_property

from integrations.phone import parse_ingest
from integrations.push import PushMessage, PushResult, PushSender
from integrations.vapid import public_key
from server.database import Database
from server.dependencies import Dependencies
from server.settings import Settings


class WebPushLater:
    """The real sender, made for the first message: what it imports takes 15 MB, and most web processes never send."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def _sender(self) -> PushSender:
        from integrations.web_push import WebPushSender

        settings = self._settings
        return WebPushSender(settings.vapid_private_key, settings.vapid_subject, extra_hosts=settings.push_hosts)

    def send(self, messages: Sequence[PushMessage]) -> list[PushResult]:
        return self._sender.send(messages)

    def close(self) -> None:
        if "_sender" in self.__dict__:
            self._sender.close()


def build_dependencies(settings: Settings) -> Dependencies:
    """The real ones."""
    return Dependencies(
        settings=settings,
        database=Database(settings.database_url),
        push_sender=WebPushLater(settings),
        vapid_public_key=public_key(settings.vapid_private_key),
        parse_ingest=lambda body, zone, now: parse_ingest(body, zone=zone, now=now),
    )
