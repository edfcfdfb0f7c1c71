"""Runs the steps of a test run, two at a time where they allow it, and says what came out."""

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from server.bootstrap import ROOT

AT_ONCE = 2
GRACE = 15  # seconds for pytest to take its servers down after Ctrl-C


@dataclass(frozen=True)
class Step:
    """Commands run one after the other until one fails; `report` is where the last writes its JUnit file."""

    name: str
    commands: Sequence[Sequence[str]]
    folder: Path = ROOT
    environment: Mapping[str, str] = field(default_factory=dict)
    report: Path | None = None


@dataclass(frozen=True)
class Result:
    step: Step
    code: int
    seconds: float
    output: str = ""
    passed: int = 0
    failed: int = 0
    skipped: int = 0


class Runner:
    """Holds what is running, so that Ctrl-C can end all of it."""

    def __init__(self) -> None:
        self.results: list[Result] = []
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._stopped = False

    def together(self, steps: Sequence[Step]) -> None:
        """Independent steps: the output of one is printed in one piece, when it is done and has failed."""
        pool = ThreadPoolExecutor(AT_ONCE)
        try:
            # Not in a `with`: leaving it waits for what runs, and Ctrl-C may come while the steps are handed out.
            futures = [pool.submit(self._run, step, True) for step in steps]
            for future in as_completed(futures):
                self._note(future.result())
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            self.stop()
            raise
        pool.shutdown()

    def alone(self, step: Step) -> None:
        """A long step: it has the machine to itself, and is read while it runs."""
        print(f"\n{step.name}", flush=True)
        try:
            self._note(self._run(step, False))
        except KeyboardInterrupt:
            self.stop()
            raise

    def stop(self) -> None:
        """Asks everything that runs to end, then makes it."""
        with self._lock:
            self._stopped = True
            running = list(self._running)
        for number, patience in ((signal.SIGINT, GRACE), (signal.SIGKILL, 5)):
            for process in running:
                _signal_group(process, number)
            until = time.monotonic() + patience
            for process in running:
                try:
                    process.wait(max(0.0, until - time.monotonic()))
                except subprocess.TimeoutExpired:
                    continue
            running = [process for process in running if process.poll() is None]

    def _run(self, step: Step, collect: bool) -> Result:
        started = time.monotonic()
        if step.report:
            step.report.parent.mkdir(parents=True, exist_ok=True)
            step.report.unlink(missing_ok=True)
        code = 0
        with tempfile.TemporaryFile() as output:
            try:
                for command in step.commands:
                    code = self._command(step, command, output.fileno() if collect else None)
                    if code:
                        break
            except OSError as problem:  # the program is not there
                code = 127
                output.write(str(problem).encode())
            output.seek(0)
            text = output.read().decode(errors="replace")
        passed, failed, skipped = _counts(step.report)
        return Result(step, code, time.monotonic() - started, text, passed, failed, skipped)

    def _command(self, step: Step, command: Sequence[str], output: int | None) -> int:
        with self._lock:
            if self._stopped:
                return 130
            process = subprocess.Popen(
                command,
                cwd=step.folder,
                env={**os.environ, **step.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # a group of its own: stopped as a whole, and only by us
            )
            self._running.add(process)
        try:
            return process.wait()
        finally:
            if process.poll() is not None:
                _signal_group(process, signal.SIGKILL)  # what a failed step left running would disturb the next
                with self._lock:
                    self._running.discard(process)

    def _note(self, result: Result) -> None:
        self.results.append(result)
        if result.code and result.output:
            print(f"\n{result.step.name}\n{result.output.rstrip()}", flush=True)
        print(_line(result), flush=True)


def summarise(results: Sequence[Result], seconds: float) -> int:
    """Prints the table and the last line; returns the exit code."""
    print("\n" + "\n".join(_line(result) for result in results))
    print(f"        all of it               {_clock(seconds)}")
    passed = sum(result.passed for result in results)
    # A step that failed without a failed test (a linter, a crash) counts as one: "0 failed" must mean it.
    failed = sum(max(result.failed, 1) if result.code else result.failed for result in results)
    print(f"\n{passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


def _line(result: Result) -> str:
    counts = f"{result.passed} passed, {result.failed} failed" if result.step.report else ""
    skipped = f", {result.skipped} skipped" if result.skipped else ""
    word = "FAILED" if result.code else "ok"
    return f"{word:7} {result.step.name:24}{_clock(result.seconds)}  {counts}{skipped}".rstrip()


def _clock(seconds: float) -> str:
    return f"{seconds:5.1f} s" if seconds < 120 else f"{seconds / 60:5.1f} min"


def _counts(report: Path | None) -> tuple[int, int, int]:
    if report is None or not report.exists():
        return 0, 0, 0
    try:
        cases = list(ElementTree.parse(report).iter("testcase"))
    except ElementTree.ParseError:
        return 0, 0, 0
    kinds = [{child.tag for child in case} for case in cases]
    failed = sum(1 for kind in kinds if kind & {"failure", "error"})
    skipped = sum(1 for kind in kinds if "skipped" in kind and not kind & {"failure", "error"})
    return len(cases) - failed - skipped, failed, skipped


def _signal_group(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        return
