"""Makes `.venv` and keeps it current, with nothing but the standard library; shared by `server` and `tests`."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TextIO

ROOT = Path(__file__).resolve().parent.parent
NOT_SOURCES = {"node_modules", "dist", "coverage", "__pycache__"}


class SetupError(Exception):
    """Setting up cannot go on; the text is for the person who started it."""


class Installs(Protocol):
    """What does the work when something is missing; `server/installer.py` is the real one."""

    def install(self, extras: Sequence[str], remake: bool) -> None: ...
    def build_web(self) -> None: ...


def command_line(arguments: Sequence[str]) -> list[str]:
    """The footwell command for the arguments of `python3 -m server`: serving is the default."""
    if arguments and (not arguments[0].startswith("-") or arguments[0] == "--help"):
        return list(arguments)
    return ["serve", *arguments]


def enter(module: str, *extras: str) -> None:
    """Returns inside a current `.venv`; from outside, starts the same command again in there."""
    if not (ROOT / "pyproject.toml").exists():
        return  # installed as a package: whoever installed it chose the environment
    setup = Setup(ROOT, extras)
    try:
        changed = setup.ensure()
    except SetupError as problem:
        sys.exit(f"footwell: {problem}")
    except OSError as problem:  # a full disk, or a folder that belongs to somebody else
        sys.exit(f"footwell: cannot set up in {ROOT}: {problem}")
    except KeyboardInterrupt:
        sys.exit("\nfootwell: stopped while setting up; the next start begins again")
    if changed or Path(sys.prefix).resolve() != setup.venv.resolve():
        sys.stdout.flush()
        sys.stderr.flush()
        os.execv(setup.python, [str(setup.python), "-m", module, *sys.argv[1:]])  # noqa: S606 - our own Python


def say(text: str) -> None:
    """Progress goes to stderr: what a command prints on stdout stays clean."""
    print(f"footwell: {text}", file=sys.stderr, flush=True)


class Setup:
    """One checkout with its `.venv` and its built phone app."""

    def __init__(self, root: Path, extras: Sequence[str] = (), installer: Installs | None = None) -> None:
        self.root = root
        self.extras = set(extras)
        self.installer = installer
        self.venv = root / ".venv"
        self.python = self.venv / "bin" / "python"
        self.stamp_file = self.venv / "footwell.json"

    def ensure(self) -> bool:
        """True when something had to be installed or built; some milliseconds when nothing changed."""
        if self._is_current():
            return False
        with alone(self.root / ".cache") as lock:
            if self._is_current():
                return True  # another start did it while this one waited
            interrupted = bool(lock.read())
            _write(lock, "setting up\n")  # stays there if we are killed: a half-made .venv is not trusted
            try:
                self._set_up(interrupted)
            except SetupError:
                _write(lock, "")  # an installer that fails in order cleans up behind itself
                raise
            _write(lock, "")
        return True

    def _set_up(self, interrupted: bool) -> None:
        from server.installer import Installer

        installer = self.installer or Installer(self.root, self.venv)
        started = time.monotonic()
        stamp = self._stamp()
        packages, web = self._packages(), self._web()  # before the work: an edit made meanwhile is seen next time
        if interrupted or not self._packages_are_current(stamp):
            say("setting up, about half a minute the first time")
            self.extras |= set(stamp.get("extras", ()))
            self.stamp_file.unlink(missing_ok=True)
            installer.install(sorted(self.extras), remake=interrupted or self._moved(stamp))
        else:
            self.extras = set(stamp["extras"])
            installer.build_web()
        new = {"root": str(self.root), "python": os.path.realpath(self.python), "extras": sorted(self.extras)}
        self.stamp_file.write_text(json.dumps({**new, "packages": packages, "web": web}, indent=1) + "\n")
        say(f"ready after {time.monotonic() - started:.0f} s")

    def _stamp(self) -> dict[str, Any]:
        try:
            found = json.loads(self.stamp_file.read_text())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _is_current(self) -> bool:
        stamp = self._stamp()
        return self._packages_are_current(stamp) and self._web_is_current(stamp)

    def _packages_are_current(self, stamp: dict[str, Any]) -> bool:
        return (
            bool(stamp)
            and not self._moved(stamp)
            and self.extras <= set(stamp.get("extras", ()))
            and stamp.get("packages") == self._packages()
        )

    def _moved(self, stamp: dict[str, Any]) -> bool:
        """A virtual environment holds absolute paths: moved, or its Python replaced by another, it is broken."""
        if not stamp:
            return False
        if not self.python.exists():
            return True
        return (str(self.root), os.path.realpath(self.python)) != (stamp.get("root"), stamp.get("python"))

    def _packages(self) -> str:
        digest = hashlib.sha256()
        for name in ("pyproject.toml", "requirements.txt"):
            digest.update((self.root / name).read_bytes())
        return digest.hexdigest()

    def _web_is_current(self, stamp: dict[str, Any]) -> bool:
        return (self.root / "server/web/index.html").exists() and stamp.get("web") == self._web()

    def _web(self) -> str:
        """Names, sizes and times of what the phone app is built from: an edit shows without reading a file."""
        digest = hashlib.sha256()
        files = [*_listing(str(self.root / "pwa")), *_listing(str(self.root / "server/care"))]
        for path, size, changed in sorted(files):
            digest.update(f"{path}\0{size}\0{changed}\n".encode())
        return digest.hexdigest()


@contextmanager
def alone(folder: Path) -> Iterator[TextIO]:
    """One setup at a time; the lock goes with the process, however that ends."""
    import fcntl  # only when there is something to do: a quick start does without

    folder.mkdir(exist_ok=True)
    with (folder / "setup.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another start is setting up; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0)
        yield lock


def _write(lock: TextIO, text: str) -> None:
    lock.seek(0)
    lock.truncate()
    lock.write(text)
    lock.flush()


def _listing(folder: str) -> Iterator[tuple[str, int, int]]:
    for entry in os.scandir(folder):
        if entry.name.startswith(".") or entry.name in NOT_SOURCES:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _listing(entry.path)
        else:
            facts = entry.stat()
            yield entry.path, facts.st_size, facts.st_mtime_ns
