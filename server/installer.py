"""Makes a virtual environment and installs into it with uv or pip; standard library only, used by `bootstrap`."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from shutil import rmtree, which

from server.bootstrap import SetupError, say

NO_VENV = "this Python cannot make a virtual environment. As root: apt install python3-venv"
NO_NETWORK = (
    "name resolution",
    "Name or service not known",
    "Network is unreachable",
    "NewConnectionError",
    "dns error",
    "error sending request",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
)


class Installer:
    """Installs one checkout into its `.venv`."""

    def __init__(self, root: Path, venv: Path) -> None:
        self.root = root
        self.venv = venv
        self.python = str(venv / "bin" / "python")
        self.log_file = root / ".cache" / "setup.log"

    def install(self, extras: Sequence[str], remake: bool) -> None:
        """Everything in `pyproject.toml`, at the versions of `requirements.txt`, and the phone app."""
        self.log_file.parent.mkdir(exist_ok=True)
        self.log_file.write_text("")
        if which("uv"):
            try:
                return self._install("uv", ["uv", "pip", "install", "--python", self.python], extras, remake)
            except SetupError as problem:
                say(f"{problem}; trying again with pip")
        return self._install("pip", [self.python, "-m", "pip", "install"], extras, remake)

    def build_web(self) -> None:
        say("  building the phone app")
        self._run("the phone app", [self.python, "pwa/hatch_build.py"])

    def _install(self, tool: str, install: list[str], extras: Sequence[str], remake: bool) -> None:
        if remake or not self._works(tool):
            self._make_venv(tool)
        say(f"  installing packages with {tool}")
        self._run("packages", [*install, "--quiet", "-c", "requirements.txt", *self._requirements(extras)])
        self.build_web()
        # Node and the build's own packages are here now, so no second, hidden environment is made for building.
        self._run("footwell", [*install, "--quiet", "--no-deps", "--no-build-isolation", "-e", "."])

    def _requirements(self, extras: Sequence[str]) -> list[str]:
        described = tomllib.loads((self.root / "pyproject.toml").read_text())
        project = described["project"]
        wanted: list[str] = [*described["build-system"]["requires"], "editables", *project["dependencies"]]
        for extra in extras:
            wanted += project["optional-dependencies"][extra]
        return wanted

    def _works(self, tool: str) -> bool:
        if not self.venv.exists():
            return False
        check = f"import {'pip, ' if tool == 'pip' else ''}sys; sys.exit(sys.version_info < (3, 11))"
        try:
            self._run("a look at .venv", [self.python, "-c", check])
        except SetupError:
            return False
        return True

    def _make_venv(self, tool: str) -> None:
        if tool == "pip" and find_spec("ensurepip") is None:
            raise SetupError(NO_VENV)
        say("  making .venv")
        if self.venv.is_symlink():
            self.venv.unlink()
        elif self.venv.exists():
            rmtree(self.venv)
        base: str = getattr(sys, "_base_executable", sys.executable)
        make = ["uv", "venv", "--quiet", "--python", base] if tool == "uv" else [base, "-m", "venv"]
        self._run(".venv", [*make, str(self.venv)])

    def _run(self, what: str, command: Sequence[str]) -> None:
        """Runs with the output in the log; a failure becomes one line."""
        quiet = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "NO_COLOR": "1"}
        with self.log_file.open("a+b") as log:
            log.write(f"$ {' '.join(command)}\n".encode())
            log.flush()
            begin = log.tell()
            try:
                done = subprocess.run(
                    command, cwd=self.root, env=quiet, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
                )
            except OSError as problem:
                raise SetupError(f"{what} failed: {problem}") from None
            log.seek(begin)
            output = log.read().decode(errors="replace")
        if done.returncode != 0:
            raise SetupError(explain(what, output, self.log_file))


def explain(what: str, output: str, log_file: Path) -> str:
    """The one line that says why installing or building failed."""
    if "ensurepip is not" in output:
        return NO_VENV
    if any(sign in output for sign in NO_NETWORK):
        return f"no network, and {what} cannot be installed without it (details: {log_file})"
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    # The first complaint is the cause; what follows it is mostly the callers giving up in turn.
    why = lines[next((at for at, line in enumerate(lines) if _says_why(line)), len(lines) - 1) :]
    length = next((at for at, line in enumerate(why, 1) if not line.endswith(":")), 1)
    reason = " ".join(why[:length]) or "no reason given"
    return f"{what} failed: {reason} (details: {log_file})"


def _says_why(line: str) -> bool:
    lower = line.lower()
    says_nothing = lower == "npm error" or lower.startswith(("npm error code", "error: subprocess-exited", 'file "'))
    return "error" in lower and not says_nothing
