"""Valid by default: patients, bodies of requests, a browser that signs up, a sender that remembers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import UUID, uuid4, uuid5

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from integrations.notices import Notice, NoticeResult
from integrations.push import PushMessage, PushResult
from server.api.accounts import CONSENTS
from server.api.push import SUBSCRIBE
from server.api.sign_in import SIGN_UP
from server.care.content import consents
from server.services import accounts
from server.services.owner import Owner

PASSWORD = "a long pass phrase"


def make_patient(db: Session, email: str, *, now: datetime, time_zone: str = "Europe/Berlin") -> Owner:
    """An account without a password that could be used: hashing one takes longer than a test."""
    values = {"language": "en", "time_zone": time_zone, "glucose_unit": "mg/dL", "region": "EU"}
    versions = {kind: consents()[kind].version for kind in CONSENTS}
    patient_id = accounts.sign_up(db, email=email, password_hash="-", values=values, consents=versions, now=now)
    return Owner(patient_id, time_zone)


def sign_up_body(email: str, /, **changes: Any) -> dict[str, Any]:
    return {**SIGN_UP, "email": email, "password": PASSWORD, **changes}


def session_log(**changes: Any) -> dict[str, Any]:
    return {
        "on": "2026-11-22",
        "script_id": "S8",
        "state": "finished",
        "started_at": "2026-11-22T08:00:00Z",
        "ended_at": "2026-11-22T08:08:20Z",
        "seconds_done": 480,
        "pain_before": 4,
        "pain_after": 3,
        **changes,
    }


def reminder(**changes: Any) -> dict[str, Any]:
    rule = {"kind": "massage", "weekdays": [1, 3, 5], "times": ["19:00"], "starts_on": "2026-11-22"}
    return {**rule, **changes}


def plan(**changes: Any) -> dict[str, Any]:
    days = {"weekdays": [1, 3, 5], "time": "19:00", "starts_on": "2026-11-22"}
    return {
        "programme_id": "standard",
        **days,
        "remind": True,
        "pause": None,
        "reviews": [],
        "ended_on": None,
        **changes,
    }


def step_goal(**changes: Any) -> dict[str, Any]:
    return {"active": True, "cap_choice": None, "told": 0, "walks_from_on": None, **changes}


def symptom_entry(**changes: Any) -> dict[str, Any]:
    return {"on": "2026-11-22", "recorded_at": "2026-11-22T07:12:00Z", "pain": 4, "tingling": 3, **changes}


def block(**changes: Any) -> dict[str, Any]:
    return {"on": "2026-11-22", "started_at": "2026-11-22T08:00:00Z", "warning": "open_sore", **changes}


def clearance(**changes: Any) -> dict[str, Any]:
    word = {"reasons": ["blood_clot"], "clinician_name": "Dr Okafor", "clinician_on": "2026-11-21"}
    return {"on": "2026-11-22", "recorded_at": "2026-11-22T08:00:00Z", **word, **changes}


def triage_event(**changes: Any) -> dict[str, Any]:
    return {"on": "2026-11-22", "recorded_at": "2026-11-22T08:00:00Z", "signs": ["open_sore"], **changes}


def glucose_reading(**changes: Any) -> dict[str, Any]:
    reading = {"value": "110", "unit": "mg/dL", "context": "fasting"}
    return {"on": "2026-11-22", "recorded_at": "2026-11-22T08:00:00Z", **reading, **changes}


def comfort_log(**changes: Any) -> dict[str, Any]:
    times = {"started_at": "2026-11-22T08:00:00Z", "ended_at": "2026-11-22T08:08:00Z", "seconds_done": 480}
    water = {"temperature_unit": "C", "warm_temperature": "34,5", "cool_temperature": "24"}
    return {"on": "2026-11-22", "state": "finished", **times, **water, **changes}


def foot_check(**changes: Any) -> dict[str, Any]:
    return {"on": "2026-11-22", "recorded_at": "2026-11-22T08:00:00Z", "result": "all_clear", **changes}


def shoe_check(**changes: Any) -> dict[str, Any]:
    decision = {"rules_version": "2026-11-22", "inputs": {}, "outcome": {}}
    return {
        "on": "2026-11-22",
        "recorded_at": "2026-11-22T08:00:00Z",
        "verdict": "wear",
        "decision": decision,
        **changes,
    }


def subscription(endpoint: str = "one", **changes: Any) -> dict[str, Any]:
    """What a browser sends that wants pushes; a bare word is an endpoint at Mozilla's service."""
    if "/" not in endpoint:
        endpoint = f"https://updates.push.services.mozilla.com/wpush/v2/{endpoint}"
    return {**SUBSCRIBE, "endpoint": endpoint, **changes}


class Browser:
    """A test client that sends what a browser on our page sends."""

    def __init__(self, app: Flask, origin: str) -> None:
        self.client = app.test_client()
        self.headers = {"Origin": origin, "Sec-Fetch-Site": "same-origin"}
        self.me: dict[str, Any] = {}

    def sign_up(self, email: str, **changes: Any) -> Self:
        reply = self.post("/auth/sign-up", sign_up_body(email, **changes))
        assert reply.status_code == 201, reply.text
        self.me = reply.get_json()
        return self

    @property
    def id(self) -> str:
        return str(self.me["id"])

    def call(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> TestResponse:
        given: dict[str, Any] = {} if body is None else {"json": body}
        return self.client.open(f"/api/v1{path}", method=method, headers={**self.headers, **(headers or {})}, **given)

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self.call("GET", path, **kwargs)

    def put(self, path: str, body: Any, **kwargs: Any) -> TestResponse:
        return self.call("PUT", path, body, **kwargs)

    def post(self, path: str, body: Any = None, **kwargs: Any) -> TestResponse:
        return self.call("POST", path, body, **kwargs)

    def patch(self, path: str, body: Any, **kwargs: Any) -> TestResponse:
        return self.call("PATCH", path, body, **kwargs)

    def delete(self, path: str, body: Any = None, **kwargs: Any) -> TestResponse:
        return self.call("DELETE", path, body, **kwargs)

    def put_entry(self, **changes: Any) -> dict[str, Any]:
        """A symptom entry, kept."""
        body = symptom_entry(**changes)
        return self._kept(self.put(f"/symptom-entries/{self.entry_id(body['on'])}", body))

    def entry_id(self, on: str) -> str:
        """The id of this patient's symptom entry of a day."""
        return str(uuid5(UUID(self.id), f"symptom_entry/{on}"))

    def put_block(self, **changes: Any) -> dict[str, Any]:
        """A block, kept."""
        return self._kept(self.put(f"/blocks/{uuid4()}", block(**changes)))

    def put_clearance(self, **changes: Any) -> dict[str, Any]:
        """A clearance, kept."""
        return self._kept(self.put(f"/clearances/{uuid4()}", clearance(**changes)))

    def put_event(self, **changes: Any) -> dict[str, Any]:
        """A triage event, kept."""
        return self._kept(self.put(f"/triage-events/{uuid4()}", triage_event(**changes)))

    def put_reading(self, **changes: Any) -> dict[str, Any]:
        """A glucose reading, kept."""
        return self._kept(self.put(f"/glucose-readings/{uuid4()}", glucose_reading(**changes)))

    def put_comfort(self, **changes: Any) -> dict[str, Any]:
        """A comfort log, kept."""
        return self._kept(self.put(f"/comfort-logs/{uuid4()}", comfort_log(**changes)))

    def put_foot_check(self, **changes: Any) -> dict[str, Any]:
        """A foot check, kept."""
        return self._kept(self.put(f"/foot-checks/{uuid4()}", foot_check(**changes)))

    def put_shoe_check(self, **changes: Any) -> dict[str, Any]:
        """A shoe check, kept."""
        return self._kept(self.put(f"/shoe-checks/{uuid4()}", shoe_check(**changes)))

    def put_reminder(self, **changes: Any) -> dict[str, Any]:
        """A reminder, kept."""
        return self._kept(self.put(f"/reminders/{uuid4()}", reminder(**changes)))

    def put_plan(self, **changes: Any) -> dict[str, Any]:
        """The plan, kept."""
        reply = self.put("/me/plan", plan(**changes))
        assert reply.status_code in (200, 201), reply.text
        kept: dict[str, Any] = reply.get_json()
        return kept

    def put_goal(self, **changes: Any) -> dict[str, Any]:
        """What the patient wants of the step goal, kept."""
        reply = self.put("/me/step-goal", step_goal(**changes))
        assert reply.status_code in (200, 201), reply.text
        kept: dict[str, Any] = reply.get_json()
        return kept

    def put_steps(self, steps: int, *days: str) -> None:
        """The same number on each of these days, typed after midnight in Berlin."""
        for on in days:
            reply = self.put(f"/step-counts/{on}", {"steps": steps, "recorded_at": f"{on}T23:30:00Z"})
            assert reply.status_code in (200, 201), reply.text

    def subscribe(self, *args: Any, **changes: Any) -> dict[str, Any]:
        """A browser that gets pushes, kept."""
        return self._kept(self.put("/push/subscriptions", subscription(*args, **changes)))

    def make_token(self, scope: str) -> dict[str, Any]:
        """An access token with its secret."""
        return self._kept(self.post("/me/access-tokens", {"label": f"My {scope}", "scope": scope}))

    def put_log(self, **changes: Any) -> dict[str, Any]:
        """A session log, kept."""
        return self._kept(self.put(f"/session-logs/{uuid4()}", session_log(**changes)))

    @staticmethod
    def _kept(reply: TestResponse) -> dict[str, Any]:
        assert reply.status_code == 201, reply.text
        kept: dict[str, Any] = reply.get_json()
        return kept


class RecordingSender:
    """A PushSender that remembers messages and answers as it was told, else with 201."""

    def __init__(self) -> None:
        self.messages: list[PushMessage] = []
        self.answers: list[dict[str, Any]] = []

    def send(self, messages: Sequence[PushMessage]) -> list[PushResult]:
        self.messages += messages
        return [self._answer(message) for message in messages]

    def _answer(self, message: PushMessage) -> PushResult:
        answer = self.answers.pop(0) if self.answers else {"outcome": "accepted", "status": 201}
        host = urlsplit(message.subscription.endpoint).hostname or ""
        return PushResult(message.delivery_id, host=host, **answer)

    def close(self) -> None:
        """Nothing is open."""


class RecordingNotices:
    """A NoticeSender that remembers and answers as it was told, else that all is sent."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []
        self.answers: list[NoticeResult] = []

    def send(self, notices: Sequence[Notice]) -> list[NoticeResult]:
        self.notices += notices
        return [self.answers.pop(0) if self.answers else NoticeResult("sent") for _ in notices]
