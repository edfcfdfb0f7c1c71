"""A push service that takes everything: nginx over HTTPS on loopback, at once or after 50 ms."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.__main__ import ECHO
from bench.processes import Running, free_port, running
from tests.fakes.certificate import self_signed

NAME = "127.0.0.1"
SLOW_SECONDS = 0.05

CONFIGURATION = """
load_module {echo};
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr error;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    keepalive_requests 100000000;
    keepalive_timeout 300s;
    server {{
        listen 127.0.0.1:{plain_port};
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {certificate};
        ssl_certificate_key {certificate};
        location / {{ return 201; }}
        location /slow/ {{ echo_read_request_body; echo_sleep {slow}; echo_status 201; echo -n ""; }}
    }}
}}
"""


@dataclass(frozen=True)
class Sink:
    """`host` as FOOTWELL_PUSH_HOSTS takes it; who calls it must trust `certificate`."""

    server: Running
    host: str
    certificate: Path

    def endpoint(self, name: str, *, slow: bool = False) -> str:
        """Where a browser of this name listens."""
        return f"https://{self.host}/{'slow' if slow else 'push'}/{name}"

    @property
    def trust(self) -> dict[str, str]:
        """The environment in which Python and Node take its certificate."""
        return {"SSL_CERT_FILE": str(self.certificate), "NODE_EXTRA_CA_CERTS": str(self.certificate)}


@contextmanager
def sink(folder: Path) -> Iterator[Sink]:
    """One that runs."""
    certificate = self_signed(folder / "sink.pem", NAME)
    port, plain_port = free_port(), free_port()
    configuration = folder / "nginx.conf"
    configuration.write_text(
        CONFIGURATION.format(
            echo=ECHO, folder=folder, plain_port=plain_port, port=port, certificate=certificate, slow=SLOW_SECONDS
        )
    )
    with running(["nginx", "-p", str(folder), "-c", str(configuration)], plain_port) as server:
        yield Sink(server, f"{NAME}:{port}", certificate)
