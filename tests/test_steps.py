"""The test command itself: what it counts, and what makes it fail."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from server.bootstrap import ROOT
from tests.machine import MissingError, needs, prepare
from tests.steps import Result, Runner, Step, summarise

REPORT = """<testsuites><testsuite>
<testcase name="a"/><testcase name="b"><failure/></testcase><testcase name="c"><skipped/></testcase>
<testcase name="d"><error/></testcase><testcase name="e"><system-out/></testcase></testsuite></testsuites>"""


def _writes(report: Path, code: int) -> list[str]:
    return [
        sys.executable,
        "-c",
        f"open({str(report)!r}, 'w').write({REPORT!r}); print('seen'); raise SystemExit({code})",
    ]


def test_tests_are_counted_from_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runner = Runner()
    runner.together([Step("one", [_writes(tmp_path / "one.xml", 1)], report=tmp_path / "one.xml")])
    result = runner.results[0]
    assert (result.passed, result.failed, result.skipped) == (2, 2, 1)
    assert summarise(runner.results, 1.0) == 1
    printed = capsys.readouterr().out
    assert "seen" in printed
    assert printed.endswith("\n2 passed, 2 failed\n")


def test_an_old_report_is_not_counted_again(tmp_path: Path) -> None:
    report = tmp_path / "old.xml"
    report.write_text(REPORT)
    runner = Runner()
    runner.together([Step("crash", [[sys.executable, "-c", "raise SystemExit(3)"]], report=report)])
    assert runner.results[0].passed == 0


def test_a_failed_step_without_tests_still_counts(capsys: pytest.CaptureFixture[str]) -> None:
    assert summarise([Result(Step("ruff", []), 1, 0.1), Result(Step("pytest", []), 0, 0.1, passed=3)], 0.2) == 1
    assert capsys.readouterr().out.endswith("\n3 passed, 1 failed\n")


def test_a_step_ends_at_its_first_failed_command(tmp_path: Path) -> None:
    runner = Runner()
    second = [sys.executable, "-c", f"open({str(tmp_path / 'ran')!r}, 'w')"]
    runner.together([Step("two", [[sys.executable, "-c", "raise SystemExit(1)"], second])])
    assert runner.results[0].code == 1
    assert not (tmp_path / "ran").exists()


def test_a_program_that_is_not_there_is_a_failure_with_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    runner = Runner()
    runner.together([Step("gone", [["/nonexistent/program"]])])
    assert runner.results[0].code
    assert "/nonexistent/program" in capsys.readouterr().out


def test_ending_the_run_ends_what_it_started(tmp_path: Path) -> None:
    # A shell that starts the tests in the background has them ignore Ctrl-C, and the child would inherit that.
    script = (
        "import signal, sys; from tests.steps import Runner, Step\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "sleep = [sys.executable, '-c', 'import os, sys, time; open(sys.argv[1], \"w\").write(str(os.getpid())); "
        "time.sleep(60)', sys.argv[1]]\n"
        "try: Runner().together([Step('sleep', [sleep])])\n"
        "except KeyboardInterrupt: sys.exit(130)\n"
    )
    mark = tmp_path / "pid"
    process = subprocess.Popen([sys.executable, "-c", script, str(mark)], cwd=ROOT)
    until = time.monotonic() + 20
    while not (mark.exists() and mark.read_text()) and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 130
    assert not Path(f"/proc/{mark.read_text()}").exists()


def test_the_whole_run_needs_browsers_and_quick_does_not() -> None:
    assert "chromium" in needs("all", [])
    assert "chromium" not in needs("quick", ["quick"])
    assert "postgresql" in needs("pytest", ["--postgresql", "tests/api"])
    assert "firefox-esr" in needs("pytest", ["tests/browser"])
    assert {"postgresql", "redis-server", "prometheus"} <= needs("pytest", ["tests/scale"]).keys()


def test_what_is_missing_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # no apt-get there
    with pytest.raises(MissingError, match=r"chromium xvfb$"):
        prepare({"dbus": lambda: True, "chromium": lambda: None, "xvfb": lambda: False})
