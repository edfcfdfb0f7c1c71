"""The start from a clean clone: what is installed, when again, and what is not trusted."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from server.bootstrap import ROOT, Setup, SetupError, alone, command_line
from server.installer import NO_VENV, Installer, explain


class FakeInstaller:
    """Leaves behind what the real one would, and remembers what it was asked."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.asked: list[str] = []
        self.problem: BaseException | None = None

    def install(self, extras: Sequence[str], remake: bool) -> None:
        self.asked.append(" ".join(["remake" if remake else "install", *extras]))
        if self.problem:
            raise self.problem
        python = self.root / ".venv/bin/python"
        python.parent.mkdir(parents=True, exist_ok=True)
        python.unlink(missing_ok=True)
        python.symlink_to(sys.executable)
        self._build()

    def build_web(self) -> None:
        self.asked.append("build")
        self._build()

    def _build(self) -> None:
        (self.root / "server/web").mkdir(exist_ok=True)
        (self.root / "server/web/index.html").write_text("<!doctype html>")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    for folder in ("pwa/src", "pwa/node_modules", "server/care"):
        (root / folder).mkdir(parents=True)
    (root / "pwa/src/main.ts").write_text("start()")
    for name in ("pyproject.toml", "requirements.txt", "server/care/gate.json"):
        (root / name).write_text("{}")
    return root


@pytest.fixture
def installer(checkout: Path) -> FakeInstaller:
    return FakeInstaller(checkout)


def test_the_first_start_installs_and_the_second_does_nothing(checkout: Path, installer: FakeInstaller) -> None:
    assert Setup(checkout, (), installer).ensure()
    assert not Setup(checkout, (), installer).ensure()
    assert installer.asked == ["install"]


@pytest.mark.parametrize("name", ["pyproject.toml", "requirements.txt"])
def test_other_packages_are_installed(checkout: Path, installer: FakeInstaller, name: str) -> None:
    Setup(checkout, (), installer).ensure()
    (checkout / name).write_text("other")
    assert Setup(checkout, (), installer).ensure()
    assert installer.asked == ["install", "install"]


def test_extras_are_added_and_stay(checkout: Path, installer: FakeInstaller) -> None:
    Setup(checkout, (), installer).ensure()
    Setup(checkout, ("test",), installer).ensure()
    assert not Setup(checkout, (), installer).ensure()
    (checkout / "pyproject.toml").write_text("other")
    Setup(checkout, (), installer).ensure()
    assert not Setup(checkout, ("test",), installer).ensure()
    assert installer.asked == ["install", "install test", "install test"]


@pytest.mark.parametrize("name", ["pwa/src/main.ts", "pwa/src/new.ts", "server/care/gate.json"])
def test_an_edit_of_the_phone_app_builds_only_that(checkout: Path, installer: FakeInstaller, name: str) -> None:
    Setup(checkout, ("test",), installer).ensure()
    (checkout / name).write_text("edited")
    assert Setup(checkout, (), installer).ensure()
    assert not Setup(checkout, ("test",), installer).ensure()
    assert installer.asked == ["install test", "build"]


def test_a_build_that_was_thrown_away_is_made_again(checkout: Path, installer: FakeInstaller) -> None:
    Setup(checkout, (), installer).ensure()
    (checkout / "server/web/index.html").unlink()
    Setup(checkout, (), installer).ensure()
    assert installer.asked == ["install", "build"]


def test_what_is_no_source_of_the_app_builds_nothing(checkout: Path, installer: FakeInstaller) -> None:
    Setup(checkout, (), installer).ensure()
    (checkout / "pwa/node_modules/some.js").write_text("x")
    (checkout / "server/app.py").write_text("x")
    assert not Setup(checkout, (), installer).ensure()


def test_a_killed_setup_is_begun_again_from_nothing(checkout: Path, installer: FakeInstaller) -> None:
    installer.problem = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        Setup(checkout, (), installer).ensure()
    installer.problem = None
    Setup(checkout, (), installer).ensure()
    assert installer.asked == ["install", "remake"]


def test_a_setup_that_failed_in_order_keeps_what_it_has(checkout: Path, installer: FakeInstaller) -> None:
    installer.problem = SetupError("no network")
    with pytest.raises(SetupError, match="no network"):
        Setup(checkout, (), installer).ensure()
    installer.problem = None
    Setup(checkout, (), installer).ensure()
    assert installer.asked == ["install", "install"]


def test_a_moved_checkout_gets_a_new_environment(checkout: Path, installer: FakeInstaller) -> None:
    Setup(checkout, (), installer).ensure()
    installer.root = checkout.rename(checkout.with_name("elsewhere"))
    Setup(installer.root, (), installer).ensure()
    assert installer.asked == ["install", "remake"]


def test_an_environment_whose_python_is_gone_is_made_anew(checkout: Path, installer: FakeInstaller) -> None:
    Setup(checkout, (), installer).ensure()
    (checkout / ".venv/bin/python").unlink()
    Setup(checkout, (), installer).ensure()
    assert installer.asked == ["install", "remake"]


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"extras": []}'])
def test_a_damaged_stamp_is_no_stamp(checkout: Path, installer: FakeInstaller, text: str) -> None:
    Setup(checkout, (), installer).ensure()
    (checkout / ".venv/footwell.json").write_text(text)
    assert Setup(checkout, (), installer).ensure()
    assert set(json.loads((checkout / ".venv/footwell.json").read_text())) >= {"root", "python", "packages", "web"}


def test_of_two_starts_one_installs_and_the_other_waits(checkout: Path, installer: FakeInstaller) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.test_bootstrap import FakeInstaller; "
        "from server.bootstrap import Setup; root = Path(sys.argv[1]); installer = FakeInstaller(root); "
        "Setup(root, (), installer).ensure(); print(installer.asked)"
    )
    with alone(checkout / ".cache"):
        command = [sys.executable, "-c", script, str(checkout)]
        other = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert other.stderr is not None
        assert "waiting" in other.stderr.readline()
        Setup(checkout, (), installer)._set_up(interrupted=False)
    output, _ = other.communicate(timeout=30)
    assert output == "[]\n"
    assert installer.asked == ["install"]


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        ([], ["serve"]),
        (["--dev"], ["serve", "--dev"]),
        (["--help"], ["--help"]),
        (["reset-password", "a@b"], ["reset-password", "a@b"]),
    ],
)
def test_serving_is_the_default_command(arguments: list[str], command: list[str]) -> None:
    assert command_line(arguments) == command


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("ERROR: NewConnectionError(… Temporary failure in name resolution)", "no network"),
        (
            "npm error code EUSAGE\nnpm error\nnpm error `npm ci` can only",
            "failed: npm error `npm ci` can only (details",
        ),
        (
            "x\nerror during build:\nBuild failed with 1 error:\n\nno such file\nError: late",
            "1 error: no such file (det",
        ),
        (
            'error: subprocess-exited-with-error\n  File "errors.py"\nOSError: no README\nerror: x',
            "failed: OSError: no README",
        ),
        ("one\nlast words", "failed: last words (details"),
        ("error:", "failed: error: (details"),
        ("", "failed: no reason given (details"),
        ("The virtual environment was not created: ensurepip is not\navailable", NO_VENV),
    ],
)
def test_a_failure_is_one_line_that_says_why(output: str, reason: str, tmp_path: Path) -> None:
    line = explain("packages", output, tmp_path / "setup.log")
    assert reason in line
    assert "\n" not in line


def test_a_command_that_cannot_run_is_a_setup_error(tmp_path: Path) -> None:
    (tmp_path / ".cache").mkdir()
    with pytest.raises(SetupError, match="the phone app failed"):
        Installer(tmp_path, tmp_path / ".venv").build_web()


@pytest.mark.parametrize("module", ["server", "tests"])
def test_nothing_outside_the_standard_library_is_needed_to_begin(module: str, tmp_path: Path) -> None:
    names = ["server.bootstrap", "server.installer", "tests.machine", f"{module}.__main__"]
    script = f"import {', '.join(names)}, sys; print(sorted({{name.partition('.')[0] for name in sys.modules}}))"
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {script}"]
    found = subprocess.run(command, cwd=tmp_path, env={**os.environ}, capture_output=True, text=True, check=True).stdout
    loaded = set(json.loads(found.replace("'", '"')))
    assert loaded <= {*sys.stdlib_module_names, "server", "tests", "__main__"}
