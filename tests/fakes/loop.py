"""What the fakes share: an event loop in a thread of its own, and an aiohttp server on loopback in it."""

import asyncio
import ssl
import threading
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from typing import Any, Self, TypeVar

from aiohttp import web

T = TypeVar("T")
WITHIN = 10


class OnLoop(ABC):
    """A context manager that starts and stops its own loop; a subclass says what runs in it."""

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=type(self).__name__, daemon=True)
        self._thread.start()
        self._call(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self._call(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _call(self, work: Coroutine[Any, Any, T]) -> T:
        """Run in the loop, from the test's thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(WITHIN)

    @abstractmethod
    async def _start(self) -> None: ...

    @abstractmethod
    async def _stop(self) -> None: ...


class OnLoopback(OnLoop):
    """A server on loopback; a subclass gives its routes. Port 0 becomes whichever was free."""

    name: str = "127.0.0.1"
    port: int = 0
    tls: ssl.SSLContext | None = None

    @property
    def host(self) -> str:
        """`127.0.0.1:port`, or the name that it is given, as lists of allowed hosts want it."""
        return f"{self.name}:{self.port}"

    @property
    def url(self) -> str:
        """Where everything of it is."""
        return f"{'https' if self.tls else 'http'}://{self.host}"

    @abstractmethod
    def _app(self) -> web.Application: ...

    async def _start(self) -> None:
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        address = self.name if self.name.startswith("127.") else "127.0.0.1"
        await web.TCPSite(self._runner, address, self.port, ssl_context=self.tls).start()
        self.port = self._runner.addresses[0][1]

    async def _stop(self) -> None:
        await self._runner.cleanup()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
