"""HTTP under providers over TLS: only to whom a certificate vouches for, and with the same limits."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations.http import ApiClient
from integrations.provider import ProviderUnavailable
from tests.fakes.certificate import server_context

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"


class Server:
    """Answers each connection twice: `{}`, then a head that drips."""

    def __init__(self, certificate: Path) -> None:
        self._context = server_context(certificate)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://127.0.0.1:{self._socket.getsockname()[1]}/"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        try:
            with self._context.wrap_socket(self._socket.accept()[0], server_side=True) as connection:
                connection.recv(4096)
                connection.sendall(HEAD + b"\r\n{}")
                connection.recv(4096)
                for byte in HEAD:
                    connection.send(bytes([byte]))
                    time.sleep(0.05)
        except OSError:  # the client hangs up, as it should
            pass

    def close(self) -> None:
        self._thread.join(10)
        self._socket.close()


@pytest.fixture
def server(certificate: Path) -> Iterator[Server]:
    server = Server(certificate)
    yield server
    server.close()


def test_a_certificate_that_nobody_vouches_for_is_refused(server: Server) -> None:
    with pytest.raises(ProviderUnavailable):
        ApiClient().send("GET", server.url, token="ours")


def test_r3_r4_the_limits_hold_over_tls_and_on_a_connection_that_is_used_again(
    server: Server, certificate: Path
) -> None:
    client = ApiClient(silent_seconds=0.5)
    client._session.verify = str(certificate)
    assert client.send("GET", server.url).body == b"{}"
    started = time.monotonic()
    with pytest.raises(ProviderUnavailable):
        client.send("GET", server.url)
    assert 1 < time.monotonic() - started < 3
