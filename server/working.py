"""A thread that works again and again, whatever happens to it."""

import logging
import threading
from collections.abc import Callable

from sqlalchemy.exc import OperationalError

from server.errors import where

REST_SECONDS = 1.0

log = logging.getLogger(__name__)


class Working(threading.Thread):
    """`work` says whether there may be more to do at once; else it rests for a second."""

    def __init__(self, name: str, work: Callable[[], bool]) -> None:
        super().__init__(name=name, daemon=True)
        self._work = work
        self._ending = threading.Event()

    def run(self) -> None:
        while not self._ending.is_set():
            if not self._worked():
                self._ending.wait(REST_SECONDS)

    def _worked(self) -> bool:
        try:
            return self._work()
        except OperationalError as error:  # the database restarts or is busy: the rows are still there
            log.warning("database: %s; trying again", type(error.orig).__name__)
        except Exception as error:
            log.error("%s failed; trying again", self.name, exc_info=where(error))
        return False

    @property
    def is_ending(self) -> bool:
        """Whether work that takes long should come to its end."""
        return self._ending.is_set()

    def stop(self) -> None:
        """End after what is running."""
        self._ending.set()
