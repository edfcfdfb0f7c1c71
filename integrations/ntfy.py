"""Publishes to topics of an ntfy server (docs.ntfy.sh/publish, "publish as JSON"): the topic stays out of addresses."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from integrations.http import ApiClient, Reply
from integrations.notices import Notice, NoticeResult
from integrations.provider import ProviderError

SILENT_SECONDS = 5.0
MAX_BODY = 64 * 1024

log = logging.getLogger(__name__)


class Ntfy:
    """A NoticeSender. `url` is the server's address, without a path."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = ApiClient(silent_seconds=SILENT_SECONDS, max_body=MAX_BODY)

    def send(self, notices: Sequence[Notice]) -> list[NoticeResult]:
        return [self._send(notice) for notice in notices]

    def _send(self, notice: Notice) -> NoticeResult:
        body = {"topic": notice.to, "title": notice.title, "message": notice.text, "click": notice.link}
        try:
            reply = self._client.send("POST", f"{self._url}/", body=body)
        except ProviderError as error:
            log.warning("ntfy %s: %s", notice.id, type(error).__name__)
            return NoticeResult("retry")
        if not reply.is_success:
            log.warning("ntfy %s: %s", notice.id, reply.status)
        return _result(reply)


def _result(reply: Reply) -> NoticeResult:
    """507 is ntfy's word for a full store; a redirect is never followed, for the topic would go with it."""
    if reply.is_success:
        return NoticeResult("sent")
    if reply.status in (408, 425, 429) or reply.status >= 500:
        return NoticeResult("retry", reply.retry_after)
    return NoticeResult("failed")
