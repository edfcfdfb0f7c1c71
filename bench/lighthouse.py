"""Lighthouse's scores for the first page, as its mobile preset has it: a slow phone on a slow network."""

import json
import os
import socket
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import sync_playwright

from bench import npm
from bench.patient import Patient
from bench.processes import footwell
from pwa import hatch_build
from server.bootstrap import ROOT
from tests.browser.phone import answered_now
from tests.factories import PASSWORD
from tests.machine import chromium

VERSION = "13.5.0"
FOLDER = ROOT / ".cache" / "lighthouse"
SCREEN_CATEGORIES = ("accessibility", "best-practices")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


@dataclass(frozen=True)
class Scores:
    """Medians by category, and the audits that were not passed in the last run."""

    scores: dict[str, float]
    metrics: dict[str, str]
    failed: Sequence[str]


def measure(folder: Path, *, rounds: int) -> Scores:
    """Each round in a browser profile of its own."""
    npm.install("lighthouse", VERSION, FOLDER)
    with footwell(folder / "data") as server:
        reports = [_report(f"{server.url}/", folder / "report.json") for _ in range(rounds)]
    scores = {name: median(report["categories"][name]["score"] for report in reports) for name in CATEGORIES}
    last = reports[-1]
    metrics = {
        name: last["audits"][name]["displayValue"].replace("\xa0", " ")
        for name in ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "speed-index")
    }
    return Scores(scores, metrics, _failed(last))


def measure_screens(folder: Path, screens: Sequence[str]) -> dict[str, list[str]]:
    """What was not passed on each screen of a patient, in a browser that is signed in; nothing is 1.00 in both."""
    npm.install("lighthouse", VERSION, FOLDER)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with footwell(folder / "data") as server, sync_playwright() as playwright:
        patient = Patient(server.url)
        patient.fill()
        patient.call("PATCH", "/me", {"profile": answered_now()})
        context = playwright.chromium.launch_persistent_context(
            folder / "profile",
            executable_path=chromium(),
            args=["--no-sandbox", f"--remote-debugging-port={port}"],
        )
        page = context.pages[0]
        page.goto(f"{server.url}/#/sign-in")
        page.get_by_label("E-mail").fill(patient.email)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("button[type=submit]").click()
        page.get_by_role("heading", level=1, name="Today").wait_for()
        page.wait_for_timeout(3000)  # its records are here
        given = (f"--port={port}", "--disable-storage-reset", "--throttling-method=provided")
        found = {}
        for screen in screens:
            report = _report(f"{server.url}/#/{screen}", folder / "report.json", SCREEN_CATEGORIES, given)
            found[screen] = _failed(report, SCREEN_CATEGORIES)
        context.close()
    return found


def _failed(report: dict[str, Any], categories: Sequence[str] = CATEGORIES) -> list[str]:
    weights = {ref["id"]: ref["weight"] for name in categories for ref in report["categories"][name]["auditRefs"]}
    return [
        f"{name} {audit['score']}"
        for name, audit in report["audits"].items()
        if weights.get(name) and audit["score"] is not None and audit["score"] < 1
    ]


def _report(url: str, path: Path, categories: Sequence[str] = CATEGORIES, given: Sequence[str] = ()) -> dict[str, Any]:
    command = [
        str(hatch_build.node()),
        str(FOLDER / "node_modules/lighthouse/cli/index.js"),
        url,
        "--output=json",
        f"--output-path={path}",
        f"--only-categories={','.join(categories)}",
        "--chrome-flags=--headless=new --no-sandbox",
        "--no-enable-error-reporting",
        "--quiet",
        *given,
    ]
    env = {**os.environ, "CHROME_PATH": str(chromium())}
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"Lighthouse failed: {done.stderr[-2000:]}")
    report: dict[str, Any] = json.loads(path.read_text())
    return report
