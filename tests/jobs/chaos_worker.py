"""Workers and web processes that end as by `kill -9` at a given line: `python -m tests.jobs.chaos_worker`.

A line on stdin is a list of tasks, each done by a process of its own, all at once. They are forked from this one, which
has joined the real parts and opened nothing yet. A line on stdout says what became of each.
"""

import importlib
import json
import os
import signal
import socket
import sys
import threading
import time
import traceback
from dataclasses import replace
from datetime import datetime, timedelta
from types import FrameType
from typing import Any

from flask import Flask
from sqlalchemy.exc import OperationalError

from server import jobs
from server.app import create_app
from server.bootstrap import ROOT
from server.dependencies import EXTENSION, Dependencies
from server.settings import Settings
from server.wiring import build_dependencies
from tests.conftest import Clock

OURS = (f"{ROOT}/server/", f"{ROOT}/integrations/")


class Tracer:
    """Counts the lines of ours that run, in every thread, and does at a line what the task says."""

    def __init__(self, task: dict[str, Any], clock: Clock, report: int) -> None:
        self.lines = 0
        self._kill_at, self._jump_at, self._jump = task["kill_at"], task["jump_at"], timedelta(seconds=task["jump"])
        self._clock, self._report = clock, report

    def __call__(self, frame: FrameType, _event: str, _argument: object) -> Any:
        return self._line if frame.f_code.co_filename.startswith(OURS) else None

    def _line(self, frame: FrameType, event: str, _argument: object) -> Any:
        if event == "line":
            self.lines += 1
            if self.lines == self._jump_at:
                self._clock.now += self._jump
            if self.lines == self._kill_at:
                place = f"{frame.f_code.co_filename.removeprefix(f'{ROOT}/')}:{frame.f_lineno}"
                os.write(self._report, json.dumps({"place": place}).encode())
                os.kill(os.getpid(), signal.SIGKILL)
        return self._line


def work(deps: Dependencies) -> None:
    """What `run_worker` does at its start, and one tick; as the ticker does, again when the database was away."""
    while True:
        try:
            jobs.begin_days(deps)
            jobs.look_at_goals(deps)
            jobs.plan_ahead(deps)
            return jobs.Ticker(deps).tick()
        except OperationalError:
            time.sleep(0.1)


def answer(app: Flask, calls: list[dict[str, Any]]) -> list[int]:
    """The status of each request."""
    client = app.test_client(use_cookies=False)
    return [client.open(**call).status_code for call in calls]


def run(task: dict[str, Any], deps: Dependencies, app: Flask, report: int) -> None:
    """A task from beginning to end, unless it is killed."""
    clock = Clock(datetime.fromisoformat(task["now"]))
    app.extensions[EXTENSION] = deps = replace(deps, clock=clock)
    tracer = Tracer(task, clock, report)
    threading.settrace(tracer)
    sys.settrace(tracer)
    said: dict[str, Any] = {}
    try:
        if "calls" in task:
            said["statuses"] = answer(app, task["calls"])
        else:
            work(deps)
    except Exception:
        said["fault"] = traceback.format_exc()
    sys.settrace(None)
    os.write(report, json.dumps({"lines": tracer.lines, **said}).encode())


def start(task: dict[str, Any], deps: Dependencies, app: Flask) -> tuple[int, int]:
    """The process, and where it says what became of it."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        run(task, deps, app, writing)
        os._exit(0)
    os.close(writing)
    return process, reading


def finish(process: int, reading: int) -> dict[str, Any]:
    """Waits for a process and what it said."""
    with open(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(process, 0)
    return {"killed": os.WIFSIGNALED(status), **(json.loads(said) if said else {})}


def main() -> None:
    """Until stdin ends. Apple's names lead to loopback here."""
    look_up = socket.getaddrinfo

    def names(host: Any, *args: Any, **more: Any) -> Any:
        return look_up("127.0.0.1" if str(host).endswith(".push.apple.com") else host, *args, **more)

    socket.getaddrinfo = names
    importlib.import_module("integrations.web_push")  # here, so that no child has to
    deps = build_dependencies(Settings.from_env(os.environ))
    app = create_app(dependencies=deps)
    for line in sys.stdin:
        started = [start(task, deps, app) for task in json.loads(line)]
        print(json.dumps([finish(*one) for one in started]), flush=True)


if __name__ == "__main__":
    main()
