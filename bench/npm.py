"""What is compared with and comes from npm, kept in `.cache`."""

import json
import subprocess
from pathlib import Path

from pwa import hatch_build


def install(package: str, version: str, folder: Path) -> None:
    """On the first run."""
    kept = folder / "node_modules" / package / "package.json"
    if kept.exists() and json.loads(kept.read_text())["version"] == version:
        return
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text('{"private": true}\n')
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    command = [*hatch_build.npm_command(), "install", f"{package}@{version}", *quiet]
    done = subprocess.run(command, cwd=folder, env=hatch_build.node_environment(), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"npm could not install {package}: {done.stderr[-2000:]}")
