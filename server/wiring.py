"""The real parts, joined once for the web process and once for the worker, which has no use for Flask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from integrations.phone import parse_ingest
from integrations.push import PushMessage, PushResult, PushSender
from integrations.vapid import public_key
from server.database import Database
from server.dependencies import Dependencies
from server.settings import Settings

if TYPE_CHECKING:
    from integrations.notices import NoticeSender
    from integrations.provider import Notice, ReadingSource, StepProvider


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


def make_providers(settings: Settings) -> Mapping[str, StepProvider]:
    """Those that this server has a client of its own for."""
    from integrations import build_providers
    from integrations.provider import Credentials

    here = settings.wearables
    credentials = Credentials(
        google_client_id=here.google_client_id,
        google_client_secret=here.google_client_secret,
        google_fit_client_id=here.google_fit_client_id,
        google_fit_client_secret=here.google_fit_client_secret,
        google_auth_url=here.google_auth_url,
        google_token_url=here.google_token_url,
        google_revoke_url=here.google_revoke_url,
        google_health_url=here.google_health_url,
        google_fit_url=here.google_fit_url,
    )
    return build_providers(credentials)


class GoogleNotices:
    """Google Health's notices; the keys of their signatures are fetched when the first one comes."""

    def __init__(self, settings: Settings) -> None:
        from integrations.google_webhooks import NoticeSignature
        from integrations.http import ApiClient

        self._signature = NoticeSignature(settings.wearables.google_keyset_url, ApiClient())

    def is_verification(self, body: object) -> bool:
        from integrations.google_webhooks import is_verification

        return is_verification(body)

    def is_signed(self, body: bytes, signature: str) -> bool:
        return self._signature.is_valid(body, signature)

    def parse(self, body: object) -> Sequence[Notice]:
        from integrations.google_webhooks import parse_notices

        return parse_notices(body)


def make_nightscout(settings: Settings) -> ReadingSource:
    """The reader of patients' own sites."""
    from integrations.nightscout import Nightscout

    return Nightscout(settings.wearables.nightscout_private_hosts)


def make_second_ways(settings: Settings) -> Mapping[str, NoticeSender]:
    """Those that whoever runs the server set up."""
    here, found = settings.second_ways, dict[str, "NoticeSender"]()
    if here.smtp_url:
        from integrations.mail import Mailer, parse_sender, parse_smtp_url

        found["email"] = Mailer(parse_smtp_url(here.smtp_url), parse_sender(here.mail_from))
    if here.ntfy_url:
        from integrations.ntfy import Ntfy

        found["ntfy"] = Ntfy(here.ntfy_url)
    return found


def build_dependencies(settings: Settings) -> Dependencies:
    """The real ones."""
    return Dependencies(
        settings=settings,
        database=Database(settings.database_url),
        push_sender=WebPushLater(settings),
        vapid_public_key=public_key(settings.vapid_private_key),
        parse_ingest=lambda body, zone, now: parse_ingest(body, zone=zone, now=now),
        make_providers=lambda: make_providers(settings),
        make_nightscout=lambda: make_nightscout(settings),
        make_notices=lambda: GoogleNotices(settings),
        make_second_ways=lambda: make_second_ways(settings),
    )
