"""A clinic's server as `deploy/compose.yml` has it: PostgreSQL, Redis, two webs and four workers."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

import requests

from integrations.vapid import generate_vapid_key
from server.database import Database
from server.migrate import upgrade
from tests import postgresql
from tests.postgresql import Cluster
from tests.scale import redis_server
from tests.scale.processes import Process, free_port, wait_until
from tests.scale.redis_server import RedisServer

FOOTWELL = (sys.executable, "-c", "from server.cli import main; main()")
OURS = ("FOOTWELL_", "DATABASE_URL", "REDIS_URL", "HOST", "PORT")
WEBS, WORKERS = 2, 4
# As a real one is set: what was committed is there after a crash.
SETTINGS = {"listen_addresses": "", "max_connections": "100", "log_min_messages": "fatal"}


class Site:
    """The parts, each of which can be killed and started again."""

    def __init__(self, folder: Path, cluster: Cluster, redis: RedisServer, push_hosts: Sequence[str]) -> None:
        self.cluster, self.redis, self._folder = cluster, redis, folder
        url = cluster.address.replace("postgresql://", "postgresql+psycopg://", 1)
        upgrade(url)
        self.database = Database(url)
        self.vapid_key = generate_vapid_key()
        ports = [free_port() for _ in range(WEBS)]
        self.hosts = [f"127.0.0.1:{port}" for port in ports]
        self._env = {name: value for name, value in os.environ.items() if not name.startswith(OURS)} | {
            "DATABASE_URL": url,
            "REDIS_URL": redis.url,
            "FOOTWELL_DATA_DIR": str(folder / "data"),
            "FOOTWELL_PUBLIC_URL": "http://localhost:8000",
            "FOOTWELL_SECRET_KEY": "k" * 43,
            "FOOTWELL_TOKEN_KEYS": "t" * 43,
            "FOOTWELL_VAPID_PRIVATE_KEY": self.vapid_key,
            "FOOTWELL_VAPID_SUBJECT": "mailto:ops@example.org",
            "FOOTWELL_PUSH_HOSTS": ",".join(push_hosts),
        }
        self.webs = [self._process("web", n, {"PORT": str(port)}) for n, port in enumerate(ports)]
        self.workers = [self._process("worker", n, {}) for n in range(WORKERS)]
        self._started = WORKERS

    def _process(self, command: str, number: int, more: dict[str, str]) -> Process:
        return Process([*FOOTWELL, command], self._folder / f"{command}-{number}.log", self._env | more)

    def add_worker(self) -> None:
        """One that was not there before, as on a further machine."""
        worker = self._process("worker", self._started, {})
        self._started += 1
        worker.start()
        self.workers.append(worker)

    def kill_worker(self) -> None:
        """`kill -9` of the one that has run longest."""
        self.workers.pop(0).kill()

    def wait_for_webs(self) -> None:
        """Until each answers, with the database behind it and Redis counting for it."""
        for host in self.hosts:
            wait_until(f"web {host} answers", partial(_answers, host), within=90, every=1)

    def said(self, word: str) -> list[str]:
        """The lines with this word that webs and workers printed."""
        logs = [*self._folder.glob("web-*.log"), *self._folder.glob("worker-*.log")]
        return [line for log in logs for line in log.read_text(errors="replace").splitlines() if word in line]

    def close(self) -> None:
        """End webs and workers as an operator does, all at once."""
        for process in [*self.webs, *self.workers]:
            process.terminate()
        for process in [*self.webs, *self.workers]:
            process.stop()
        self.database.engine.dispose()


def _answers(host: str) -> bool:
    url = f"http://{host}/api/v1/auth/sign-in"
    wrong = {"email": f"{uuid4()}@example.org", "password": "not the right one"}
    reply = requests.post(url, json=wrong, headers={"Sec-Fetch-Site": "same-origin"}, timeout=10)
    return reply.status_code in (401, 429)  # wrong, or counted to be too much


@contextmanager
def site(folder: Path, push_hosts: Sequence[str]) -> Iterator[Site]:
    """One whose parts run; the webs answer."""
    with ExitStack() as stack:
        cluster = stack.enter_context(postgresql.cluster(SETTINGS))
        redis = stack.enter_context(redis_server.running(folder))
        made = Site(folder, cluster, redis, push_hosts)
        stack.callback(made.close)
        for process in [*made.webs, *made.workers]:
            process.start()
        made.wait_for_webs()
        yield made
