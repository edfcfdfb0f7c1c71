"""What the tests need from the machine: root gets the Debian packages installed, others get them named."""

import os
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from ctypes.util import find_library
from importlib.util import find_spec
from pathlib import Path
from shutil import which

USUAL_FOLDERS = ("/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin")
ATTEMPTS = 3


class MissingError(Exception):
    """The machine lacks something; the text says what to do about it."""


def chromium() -> str | None:
    """The browser named by $CHROMIUM, else the first on PATH."""
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := which(name))), None)


def postgresql_programs() -> Path | None:
    """The folder with initdb and postgres: Debian keeps it off PATH."""
    found = which("postgres")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: -float(folder.parent.name))
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


def _fonts() -> bool:
    return any(Path("/usr/share/fonts").rglob("*.[to]tf"))


Needs = dict[str, Callable[[], object]]  # Debian package: is what it brings there?

PYTHON_NEEDS: Needs = {"python3-venv": lambda: find_spec("ensurepip") or which("uv")}
ALERT_NEEDS: Needs = {"prometheus": lambda: which("promtool")}
WITH_ALERTS = ("tests", "tests/jobs", "tests/jobs/test_alerts.py")
POSTGRESQL_NEEDS: Needs = {"postgresql": postgresql_programs}
SCALE_NEEDS: Needs = {
    **POSTGRESQL_NEEDS,
    "redis-server": lambda: which("redis-server"),
    "prometheus": lambda: which("prometheus"),
}
BROWSER_NEEDS: Needs = {
    "chromium": chromium,
    "firefox-esr": lambda: which("firefox-esr") or which("firefox"),
    "webkit2gtk-driver": lambda: which("WebKitWebDriver"),
    "dbus": lambda: which("dbus-daemon"),
    "libnotify4": lambda: find_library("notify"),
    "xvfb": lambda: which("Xvfb"),
    "fonts-liberation": _fonts,
}


def extend_path() -> None:
    """A bare PATH still finds what the system has; what is on PATH comes first."""
    folders = os.environ.get("PATH", "").split(os.pathsep)
    os.environ["PATH"] = os.pathsep.join([*folders, *(folder for folder in USUAL_FOLDERS if folder not in folders)])


def needs(mode: str, arguments: Sequence[str]) -> Needs:
    """What a run of this mode, or pytest with these arguments, has to find."""
    whole = mode in ("all", "long")
    found = dict(PYTHON_NEEDS)
    if whole or "--postgresql" in arguments:
        found |= POSTGRESQL_NEEDS
    if whole or any("scale" in argument for argument in arguments):
        found |= SCALE_NEEDS
    if whole or any("browser" in argument for argument in arguments):
        found |= BROWSER_NEEDS
    if whole or mode == "quick" or any(argument.rstrip("/") in WITH_ALERTS for argument in arguments):
        found |= ALERT_NEEDS
    return found


def missing(wanted: Needs) -> list[str]:
    """The Debian packages for what is not there."""
    return [package for package, is_there in wanted.items() if not is_there()]


def prepare(wanted: Needs) -> None:
    """Returns when everything is there; raises MissingError before the first test when it cannot be."""
    packages = missing(wanted)
    if not packages:
        return
    line = f"apt-get install {' '.join(packages)}"
    if not which("apt-get"):
        raise MissingError(f"missing on this machine (Debian's names): {' '.join(packages)}")
    if os.geteuid() != 0:
        raise MissingError(f"missing on this machine. As root: {line}")
    print(f"tests: {line}", flush=True)
    install(packages)
    if still := missing({package: wanted[package] for package in packages}):
        raise MissingError(f"installed, and still not found: {' '.join(still)}")


def install(packages: Iterable[str]) -> None:
    """Mirrors and locks fail now and then: asks again before giving up."""
    apt = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"]
    problem = ""
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(5 * attempt)
        for command in ([*apt, "update"], [*apt, "install", "-y", "--no-install-recommends", *packages]):
            done = subprocess.run(
                command,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            problem = done.stdout
        if done.returncode == 0:
            return
    errors = [line for line in problem.splitlines() if line.startswith("E:")] or problem.splitlines()[-3:]
    raise MissingError("apt-get could not install them: " + " ".join(errors))
