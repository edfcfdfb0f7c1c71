"""E-mails over SMTP: encrypted where that can be, one connection a batch, and each refusal by what it means."""

from __future__ import annotations

import socket
import ssl
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from integrations.mail import Mailer, SmtpServer, parse_sender, parse_smtp_url
from integrations.notices import Notice
from tests.fakes.certificate import server_context
from tests.fakes.mail_server import PASSWORD, USER, MailServer

LINK = "https://feet.example.org/#/today"
SENDER = parse_sender("Footwell <no-reply@example.org>")


def notice(number: int = 1, **changes: Any) -> Notice:
    same = {"link": LINK, "stop_link": f"{LINK}-stop", "language": "en"}
    facts = {"to": f"sam{number}@example.org", "title": "Footwell: it is time – now", "text": "Tap. Ångström, 5 °C."}
    return Notice(**{"id": f"id-{number}", **same, **facts, **changes})


def mailer(port: int, *, tls: ssl.SSLContext | None = None, **server: Any) -> Mailer:
    where = SmtpServer(**{"host": "127.0.0.1", "port": port, "is_tls": False, **server})
    return Mailer(where, SENDER, tls=tls, clock=lambda: datetime(2026, 11, 22, 9, 15, tzinfo=UTC))


def outcomes(results: list[Any]) -> list[str]:
    return [result.outcome for result in results]


@pytest.fixture
def server_tls(certificate: Path) -> ssl.SSLContext:
    return server_context(certificate)


@pytest.fixture
def client_tls(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def test_a_letter_is_plain_text_with_a_way_to_turn_it_off() -> None:
    with MailServer() as server:
        assert outcomes(mailer(server.port).send([notice()])) == ["sent"]
    (letter,) = server.letters
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content().splitlines() == ["Tap. Ångström, 5 °C."]
    assert (letter["From"], letter["To"]) == ("Footwell <no-reply@example.org>", "sam1@example.org")
    assert letter["Subject"] == "Footwell: it is time – now"
    assert (letter["Message-ID"], letter["List-Unsubscribe"]) == ("<id-1@example.org>", f"<{LINK}-stop>")
    assert (letter["Auto-Submitted"], letter["Date"]) == ("auto-generated", "Sun, 22 Nov 2026 09:15:00 +0000")
    assert all(len(line) <= 998 for line in server.raw[0].split(b"\r\n"))


def test_a_batch_takes_one_connection_and_each_refusal_is_its_own() -> None:
    said = {"sam2@example.org": "550 no such user", "sam3@example.org": "451 greylisted"}
    with MailServer() as server:
        server.answer = said.get
        odd = notice(5, to="sam\u00e9@example.org")
        results = mailer(server.port).send([notice(n) for n in (1, 2, 3, 4)] + [odd, notice(6)])
    assert outcomes(results) == ["sent", "failed", "retry", "sent", "failed", "sent"]
    assert server.recipients == [[f"sam{n}@example.org"] for n in (1, 4, 6)]
    assert len({id(session) for session in server.sessions}) == 1


def test_starttls_is_used_and_its_certificate_is_checked(
    server_tls: ssl.SSLContext, client_tls: ssl.SSLContext
) -> None:
    with MailServer(server_tls) as server:
        login = {"user": USER, "password": PASSWORD}
        assert outcomes(mailer(server.port, tls=client_tls, **login).send([notice()])) == ["sent"]
        assert outcomes(mailer(server.port, **login).send([notice()])) == ["retry"]  # nobody we trust vouches for it
        assert outcomes(mailer(server.port, tls=client_tls, user=USER, password="wrong").send([notice()])) == ["retry"]
    assert len(server.letters) == 1
    assert server.sessions[0].ssl is not None


def test_tls_from_the_first_byte(server_tls: ssl.SSLContext, client_tls: ssl.SSLContext) -> None:
    """A server that only shakes hands is enough: what follows is the same."""
    listening = socket.create_server(("127.0.0.1", 0))
    seen: list[bytes] = []

    def serve() -> None:
        with server_tls.wrap_socket(listening.accept()[0], server_side=True) as connection:
            connection.sendall(b"220 here\r\n")
            seen.append(connection.recv(100))

    thread = threading.Thread(target=serve)
    thread.start()
    port = listening.getsockname()[1]
    assert outcomes(mailer(port, tls=client_tls, is_tls=True).send([notice()])) == ["retry"]
    thread.join()
    listening.close()
    assert seen[0].startswith(b"ehlo")


def test_a_password_never_travels_in_the_clear() -> None:
    with MailServer() as server:
        login = {"user": USER, "password": PASSWORD}
        there = mailer(server.port, host="0.0.0.0", **login)  # leads to this machine, but is no name of it
        assert outcomes(there.send([notice()])) == ["retry"]
        assert server.letters == []
        assert outcomes(mailer(server.port, **login).send([notice()])) == ["sent"]


def test_a_server_that_is_away_or_hangs_up_means_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert outcomes(mailer(port).send([notice(1), notice(2)])) == ["retry", "retry"]
    with MailServer() as server:
        server.answer = lambda address: "421 closing" if address.startswith("sam2") else None
        results = mailer(server.port).send([notice(1), notice(2), notice(3)])
    assert outcomes(results) == ["sent", "retry", "retry"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org", SmtpServer("mail.example.org", 587, False)),
        ("smtp://u%40x:p%2Fw@mail.example.org:25", SmtpServer("mail.example.org", 25, False, "u@x", "p/w")),
        ("smtps://u:p@mail.example.org/", SmtpServer("mail.example.org", 465, True, "u", "p")),
    ],
)
def test_an_address_of_a_mail_server_is_read(url: str, expected: SmtpServer) -> None:
    assert parse_smtp_url(url) == expected
    assert "p/w" not in repr(parse_smtp_url(url))


@pytest.mark.parametrize("url", ["", "mail.example.org", "http://x", "smtp://", "smtp://x/inbox", "smtp://x:port"])
def test_what_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"smtp|[Pp]ort"):
        parse_smtp_url(url)


@pytest.mark.parametrize("text", ["", "Footwell", "a@b", "x@example.org\nBcc: y@example.org", "@example.org"])
def test_a_sender_is_an_address(text: str) -> None:
    with pytest.raises(ValueError):
        parse_sender(text)
