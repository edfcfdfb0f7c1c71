"""Lighthouse's scores for the first page, as its mobile preset has it: a slow phone on a slow network."""

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.processes import footwell
from pwa import hatch_build
from server.bootstrap import ROOT
from tests.machine import chromium

VERSION = "13.5.0"
FOLDER = ROOT / ".cache" / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


@dataclass(frozen=True)
class Scores:
    """Medians by category, and the audits that were not passed in the last run."""

    scores: dict[str, float]
    metrics: dict[str, str]
    failed: Sequence[str]


def measure(folder: Path, *, rounds: int) -> Scores:
    """Each round in a browser profile of its own."""
    _install()
    with footwell(folder / "data") as server:
        reports = [_report(server.url, folder / "report.json") for _ in range(rounds)]
    scores = {name: median(report["categories"][name]["score"] for report in reports) for name in CATEGORIES}
    last = reports[-1]
    metrics = {
        name: last["audits"][name]["displayValue"].replace("\xa0", " ")
        for name in ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "speed-index")
    }
    return Scores(scores, metrics, _failed(last))


def _failed(report: dict[str, Any]) -> list[str]:
    weights = {ref["id"]: ref["weight"] for name in CATEGORIES for ref in report["categories"][name]["auditRefs"]}
    return [
        f"{name} {audit['score']}"
        for name, audit in report["audits"].items()
        if weights.get(name) and audit["score"] is not None and audit["score"] < 1
    ]


def _report(url: str, path: Path) -> dict[str, Any]:
    command = [
        str(hatch_build.node()),
        str(FOLDER / "node_modules/lighthouse/cli/index.js"),
        f"{url}/",
        "--output=json",
        f"--output-path={path}",
        f"--only-categories={','.join(CATEGORIES)}",
        "--chrome-flags=--headless=new --no-sandbox",
        "--no-enable-error-reporting",
        "--quiet",
    ]
    env = {**os.environ, "CHROME_PATH": str(chromium())}
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"Lighthouse failed: {done.stderr[-2000:]}")
    report: dict[str, Any] = json.loads(path.read_text())
    return report


def _install() -> None:
    """From npm on the first run; `.cache` keeps it."""
    kept = FOLDER / "node_modules" / "lighthouse" / "package.json"
    if kept.exists() and json.loads(kept.read_text())["version"] == VERSION:
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "package.json").write_text('{"private": true}\n')
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    command = [*hatch_build.npm_command(), "install", f"lighthouse@{VERSION}", *quiet]
    done = subprocess.run(command, cwd=FOLDER, env=hatch_build.node_environment(), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"npm could not install Lighthouse: {done.stderr[-2000:]}")
