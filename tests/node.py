"""npm with the Node that builds the phone app: the same version on every machine."""

import os
import subprocess

from pwa import hatch_build
from server.bootstrap import ROOT

PWA = ROOT / "pwa"


def npm(*arguments: str) -> list[str]:
    """The command that runs npm."""
    return [*hatch_build.npm_command(), *arguments]


def environment() -> dict[str, str]:
    """What npm's children need to find the same Node; unlike for a build, nothing says that this is production."""
    return {"PATH": os.pathsep.join([str(hatch_build.node().parent), os.environ.get("PATH", "")])}


def install_packages() -> None:
    """`npm ci`, when the folder was cleared while the built app was still current; else building has installed them."""
    if (PWA / "node_modules" / ".package-lock.json").exists():  # npm writes it last
        return
    print("tests: npm ci", flush=True)
    quiet = ("--include=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    done = subprocess.run(
        npm("ci", *quiet), cwd=PWA, env={**os.environ, **environment()}, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"npm ci failed:\n{done.stdout}{done.stderr}")
