"""Two phones of one account end equal after any order of offline edits: the phone's own code against a real server."""

import os
import subprocess
from pathlib import Path

import pytest

from tests import node
from tests.browser.site import ApiClient, Site

RUNS, MORE_RUNS = 40, 1000


def test_two_phones_of_one_account_end_equal(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    site = Site(tmp_path)
    site.start()
    try:
        patient = ApiClient(site)
        me = patient.sign_up("two.phones@example.org")
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in patient.session.cookies)
        told = {
            "FOOTWELL_SITE": site.url,
            "FOOTWELL_COOKIE": cookies,
            "FOOTWELL_PATIENT": me["id"],
            "FOOTWELL_RUNS": str(MORE_RUNS if request.config.getoption("--long") else RUNS),
        }
        done = subprocess.run(
            node.npm("test", "--", "src/sync/two-phones.live.ts"),
            cwd=node.PWA,
            env={**os.environ, **node.environment(), **told},
            capture_output=True,
            text=True,
        )
    finally:
        site.stop()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout
