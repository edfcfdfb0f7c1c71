"""The order of a test run, inside `.venv`."""

import os
import signal
import time
from collections.abc import Sequence
from contextlib import ExitStack

from tests import node, plan, postgresql
from tests.steps import Runner, summarise


def run(mode: str, arguments: Sequence[str]) -> int:
    """The exit code. `mode` is all, long, quick, check or pytest; only the last has arguments."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ended by a CI: take everything down, as with Ctrl-C
    started = time.monotonic()
    runner = Runner()
    with ExitStack() as stack:
        try:
            if mode == "pytest":
                _pytest(runner, stack, arguments)
            else:
                node.install_packages()
                _steps(runner, stack, mode)
        except KeyboardInterrupt:
            signal.signal(
                signal.SIGINT, signal.SIG_IGN
            )  # a second one must not keep the database from being taken down
            print("\ntests: stopped", flush=True)
            return 130
        except RuntimeError as problem:
            print(f"tests: {problem}", flush=True)
            return 1
    return summarise(runner.results, time.monotonic() - started)


def _steps(runner: Runner, stack: ExitStack, mode: str) -> None:
    if mode == "check":
        return runner.together(plan.checks())
    if mode == "quick":
        return runner.together([plan.pytest_sqlite(), plan.vitest()])
    long = mode == "long"
    runner.together([*plan.checks(), plan.vitest(long)])
    runner.alone(plan.pytest_sqlite(long))
    runner.alone(plan.pytest_postgresql(stack.enter_context(postgresql.running()), long))
    return runner.alone(plan.pytest_browser(long))


def _pytest(runner: Runner, stack: ExitStack, arguments: Sequence[str]) -> None:
    address = stack.enter_context(postgresql.running()) if "--postgresql" in arguments else None
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    runner.alone(plan.pytest_only([argument for argument in arguments if argument != "--postgresql"], address))
