"""A worker that does nothing but pull, as a process of its own: `python -m tests.jobs.pull_worker SECONDS_AHEAD`.

It says how many connections it took, batch by batch, until it is killed.
"""

import os
import sys
import time
from dataclasses import replace
from datetime import timedelta

from server.dependencies import clock
from server.pulling import Puller
from server.settings import Settings
from server.wiring import build_dependencies

AT_ONCE = 8


def main() -> None:
    """The clock may go ahead of the machine's, so that leases end without waiting for them."""
    ahead = timedelta(seconds=float(sys.argv[1]))
    deps = replace(build_dependencies(Settings.from_env(os.environ)), clock=lambda: clock() + ahead)
    puller = Puller(deps, at_once=AT_ONCE)
    while True:
        print(puller.run_due(), flush=True)
        time.sleep(0.05)


if __name__ == "__main__":
    main()
