"""Zones come with the program: a slim container has none of its own."""

import os
import subprocess
import sys

from server.bootstrap import ROOT
from tests.factories import Browser

ASK = """
from datetime import UTC, datetime
from server.localtime import is_zone, local_date
moment = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
print(is_zone("Europe/Berlin"), is_zone("Mars/Olympus"), local_date(moment, "Europe/Berlin"))
"""


def test_d11_zones_are_known_where_the_system_has_none() -> None:
    env = {**os.environ, "PYTHONTZPATH": ""}
    done = subprocess.run([sys.executable, "-c", ASK], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert done.stdout == "True False 2026-11-23\n"


def test_d11_a_patients_unknown_zone_is_refused_and_the_old_one_stays(patient: Browser) -> None:
    for zone in ("Mars/Olympus", "", "../etc/passwd", "Europe", "a" * 5000):
        assert patient.patch("/me", {"time_zone": zone}).status_code == 422
    assert patient.get("/me").get_json()["time_zone"] == "Europe/Berlin"
