"""A patient with something to show, made through the API like any other."""

import json
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.factories import sign_up_body

LOGS = 40
NOTE = "A little better than last week."


class Patient:
    """Signed in at a running server."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.cookie = ""
        self.email = f"{uuid4().hex}@example.org"
        reply = self.call("POST", "/auth/sign-up", sign_up_body(self.email))
        self.cookie = reply.headers["Set-Cookie"].partition(";")[0]

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The response; raises for anything but success."""
        return self._send(method, path, body)[0]

    def read(self, method: str, path: str, body: Any = None) -> Any:
        """What the response says."""
        return json.loads(self._send(method, path, body)[1])

    def _send(self, method: str, path: str, body: Any) -> tuple[Any, bytes]:
        headers = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin", "Cookie": self.cookie}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/api/v1{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as reply:
            return reply, reply.read()

    def fill(self) -> None:
        """Forty logs on twenty days, a reminder for each thing there is to do, and steps of today."""
        now = datetime.now(UTC)
        for number in range(LOGS):
            self.call("PUT", f"/session-logs/{uuid4()}", session_log(now - timedelta(days=1 + number / 2)))
        for kind, time in (("massage", "19:00"), ("glucose", "08:00"), ("foot_check", "21:00")):
            rule = {"kind": kind, "weekdays": [1, 2, 3, 4, 5, 6, 7], "times": [time]}
            self.call("PUT", f"/reminders/{uuid4()}", {**rule, "starts_on": str(now.date())})
        today = self.call("PUT", f"/session-logs/{uuid4()}", session_log(now - timedelta(minutes=20)))
        assert today.status == 201
        steps = {"steps": 4200, "recorded_at": now.isoformat()}
        self.call("PUT", f"/step-counts/{now.date()}", steps)


def session_log(at: datetime) -> dict[str, Any]:
    """As the phone sends one after a finished session."""
    return {
        "on": str(at.date()),
        "script_id": "S8",
        "state": "finished",
        "started_at": at.isoformat(),
        "ended_at": (at + timedelta(seconds=495)).isoformat(),
        "seconds_done": 480,
        "helper": False,
        "pain_before": 4,
        "numbness_before": 5,
        "tingling_before": 2,
        "pain_after": 3,
        "numbness_after": 5,
        "tingling_after": 2,
        "skin_same": True,
        "note": NOTE,
    }
