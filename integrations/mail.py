"""Sends plain e-mails over SMTP: with TLS wherever there is any, and never a password without."""

from __future__ import annotations

import contextlib
import logging
import smtplib
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from integrations.notices import Notice, NoticeResult
from integrations.safe_hosts import is_loopback

USUAL_PORTS = {"smtp": 587, "smtps": 465}
STEP_SECONDS = 10.0
BEGIN_WITHIN = 60.0  # later ones of a batch are left for the next
RETRY, SENT, FAILED = NoticeResult("retry"), NoticeResult("sent"), NoticeResult("failed")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SmtpServer:
    """Where mail is handed in. `is_tls`: encrypted from the first byte; else STARTTLS where the server offers it."""

    host: str
    port: int
    is_tls: bool
    user: str = ""
    password: str = field(default="", repr=False)


def parse_smtp_url(url: str) -> SmtpServer:
    """Reads smtp://user:pass@host:587 and smtps://…; raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in USUAL_PORTS or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("is not smtp://user:pass@host:587")
    return SmtpServer(
        host=parts.hostname,
        port=parts.port or USUAL_PORTS[parts.scheme],
        is_tls=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def parse_sender(text: str) -> Address:
    """Reads `Footwell <no-reply@example.org>`; raises ValueError."""
    name, address = parseaddr(text)
    try:
        found = Address(name, addr_spec=address)
    except (MessageError, IndexError):
        raise ValueError("is not an address") from None
    if not found.username or "." not in found.domain.strip(".") or not text.isprintable():
        raise ValueError("is not an address")
    return found


class Mailer:
    """A NoticeSender: one connection a batch."""

    def __init__(
        self,
        server: SmtpServer,
        sender: Address,
        *,
        tls: ssl.SSLContext | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._server = server
        self._sender = sender
        self._tls = tls or ssl.create_default_context()
        self._clock = clock

    def send(self, notices: Sequence[Notice]) -> list[NoticeResult]:
        ends = time.monotonic() + BEGIN_WITHIN
        results: list[NoticeResult] = []
        try:
            with self._connected() as smtp:
                for notice in notices:
                    if time.monotonic() > ends:
                        break
                    results.append(self._send(smtp, notice))
        except (
            OSError,
            smtplib.SMTPException,
        ) as error:  # their texts hold addresses
            log.warning("mail: %s %s", type(error).__name__, getattr(error, "smtp_code", ""))
        return results + [RETRY] * (len(notices) - len(results))

    def _connected(self) -> contextlib.AbstractContextManager[smtplib.SMTP]:
        here = self._server
        if here.is_tls:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(here.host, here.port, timeout=STEP_SECONDS, context=self._tls)
        else:
            smtp = smtplib.SMTP(here.host, here.port, timeout=STEP_SECONDS)
        try:
            smtp.ehlo_or_helo_if_needed()
            if not here.is_tls and smtp.has_extn("starttls"):
                smtp.starttls(context=self._tls)
                smtp.ehlo()
            elif not here.is_tls and here.user and not is_loopback(here.host):
                raise smtplib.SMTPNotSupportedError("no TLS, so no password")
            if here.user:
                smtp.login(here.user, here.password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _send(self, smtp: smtplib.SMTP, notice: Notice) -> NoticeResult:
        """Raises when the connection is of no use any more; the notice counts as one to try again."""
        try:
            smtp.send_message(self._message(notice), self._sender.addr_spec, [notice.to])
        except smtplib.SMTPServerDisconnected:
            raise
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
        except smtplib.SMTPResponseException as error:
            codes = [error.smtp_code]
        except (smtplib.SMTPNotSupportedError, MessageError, ValueError):
            codes = [553]  # an address that this server, or any, cannot be told
        else:
            return SENT
        log.warning("mail %s: %s", notice.id, codes)
        return FAILED if all(code >= 500 for code in codes) else RETRY

    def _message(self, notice: Notice) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = Address(addr_spec=notice.to)
        message["Subject"] = notice.title
        message["Date"] = format_datetime(self._clock())
        # The same for a repeat after a crash, by which mailboxes can tell that they have it.
        message["Message-ID"] = f"<{notice.id}@{self._sender.domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message["Content-Language"] = notice.language
        message["List-Unsubscribe"] = f"<{notice.stop_link}>"
        message.set_content(f"{notice.text}\n")
        return message
