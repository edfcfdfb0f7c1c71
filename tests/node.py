"""npm with the Node that builds the phone app: the same version on every machine."""

import os
from pathlib import Path

from pwa import hatch_build
from server.bootstrap import ROOT

PWA = ROOT / "pwa"


def npm(*arguments: str) -> list[str]:
    """The command that runs npm."""
    return [*hatch_build.npm_command(), *arguments]


def environment() -> dict[str, str]:
    """What npm's children need to find the same Node; unlike for a build, nothing says that this is production."""
    return {"PATH": os.pathsep.join([str(Path(hatch_build.node()).parent), os.environ.get("PATH", "")])}


def install_packages() -> None:
    """`npm ci`, unless these very packages are there."""
    hatch_build.install_packages(PWA)
