"""What is compared with and comes from PyPI: a virtual environment of its own in `.cache`."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from shutil import which

MOST_SAID = 200


def install(package: str, version: str, folder: Path) -> None:
    """On the first run. Raises RuntimeError when it cannot be installed."""
    python, done = str(folder / "bin" / "python"), folder / f"{package}-{version}"
    if done.exists():
        return
    if which("uv"):
        _run(["uv", "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)], package)
        _run(["uv", "pip", "install", "--quiet", "--python", python, f"{package}=={version}"], package)
    else:
        _run([sys.executable, "-m", "venv", "--clear", str(folder)], package)
        _run([python, "-m", "pip", "install", "--quiet", f"{package}=={version}"], package)
    done.touch()  # last: what was interrupted is made anew


def _run(command: Sequence[str], package: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason was given"])[-1]
        raise RuntimeError(f"{package} could not be installed: {said[:MOST_SAID]}")
