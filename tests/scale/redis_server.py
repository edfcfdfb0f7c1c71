"""A Redis of the tests' own, started as `deploy/compose.yml` starts it: it keeps nothing over a restart."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from tests.scale.processes import Process, free_port, wait_until


class RedisServer:
    """One that can be killed and started again; `url` is for REDIS_URL."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.url = f"redis://127.0.0.1:{port}/0"
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
        self._process = Process(["redis-server", *options], folder / "redis.log")

    def start(self) -> None:
        """Returns when it answers."""
        self._process.start()
        wait_until("Redis answers", self._ping, within=30)

    def kill(self) -> None:
        """`kill -9`."""
        self._process.kill()

    def flush(self) -> int:
        """`FLUSHALL`; returns how many keys there were."""
        with redis.Redis.from_url(self.url) as client:
            keys = int(client.dbsize())
            client.flushall()
            return keys

    def _ping(self) -> bool:
        with redis.Redis.from_url(self.url) as client:
            return bool(client.ping())


@contextmanager
def running(folder: Path) -> Iterator[RedisServer]:
    """One that runs."""
    server = RedisServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.kill()
