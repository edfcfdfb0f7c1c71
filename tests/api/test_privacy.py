"""No log line and no error says what a patient wrote, who they are, or how to get in; at any level."""

import logging
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from flask import Flask

from integrations.provider import AddressRefused
from integrations.push import PushMessage, PushResult
from server.database import Database
from server.dependencies import Dependencies
from server.jobs import Ticker
from server.second_sending import send_second
from server.services.accounts import create_password_reset
from server.settings import SecondWays
from server.wiring import make_second_ways
from tests.conftest import ORIGIN, Clock
from tests.factories import Browser, sign_up_body, subscription
from tests.fakes.mail_server import MailServer
from tests.providers import ScriptedSite

MARK = "Zwiebel"
CONSENT = "/wearables/google_health/authorization"
EMAIL, PASSWORD, NOTE = f"{MARK}@example.org".lower(), f"pass {MARK} phrase", f"burns like {MARK}"
STEPS = 31_337


class Failing:
    """A sender, and a parser, whose error repeats what they were given."""

    def __init__(self, what: str) -> None:
        self.what = what

    def send(self, messages: list[PushMessage]) -> list[PushResult]:
        raise RuntimeError(f"{self.what} {[message.subscription.endpoint for message in messages]}")

    def parse(self, body: object, zone: object, now: object) -> Any:
        raise ValueError(f"{self.what} {body!r}")

    def close(self) -> None:
        """Nothing is open."""


def walk(browser: Browser) -> tuple[list[str], set[str]]:
    """Use everything once; returns the bodies of errors, and what must stay secret."""
    browser.post("/auth/sign-up", {**sign_up_body(EMAIL), "password": PASSWORD}).get_json()
    browser.me = browser.get("/me").get_json()
    token = browser.make_token("ingest")["token"]
    browser.put_log(note=NOTE)
    entry = browser.put_entry(note=NOTE)
    browser.put_block(clinician_name=MARK)
    browser.put_clearance(clinician_name=MARK, reasons=[MARK])
    browser.put_event(signs=[MARK])
    browser.put_plan()
    browser.patch("/me", {"email_reminders": "always", "ntfy_reminders": "always"})
    calendar = browser.post("/me/calendar").get_json()["url"].rpartition("/")[2]
    topic = browser.get("/me").get_json()["ntfy_topic"]
    assert browser.get(f"/calendar/{calendar}").status_code == 200
    browser.subscribe(f"https://updates.push.services.mozilla.com/wpush/v2/{MARK}")
    browser.put("/step-counts/2026-11-22", {"steps": STEPS, "recorded_at": "2026-11-22T09:00:00Z"})
    bearer = {"Authorization": f"Bearer {token}"}
    browser.post("/ingest", {"days": [{"date": "2026-11-22", "steps": STEPS + 1}]}, headers=bearer)
    profile = {"answers": {"P0": MARK}, "answered_at": "2026-11-22T09:00:00Z"}
    assert browser.patch("/me", {"profile": profile}).status_code == 200
    state = parse_qs(urlsplit(browser.post(CONSENT, {"glucose": True}).get_json()["url"]).query)["state"][0]
    entries = ("/session-logs", f"/symptom-entries/{entry['id']}")
    for path in ("/me", "/me/plan", "/me/step-goal", "/changes", "/today", *entries):
        assert browser.get(path).status_code == 200
    replies = [
        browser.put(f"/session-logs/{uuid4()}", {"note": NOTE, "on": MARK}),
        browser.put(f"/session-logs/{uuid4()}", {"note": NOTE + "\0"}),
        browser.put("/me/plan", {"programme_id": MARK, "time": MARK, "pause": {"reason": NOTE}}),
        browser.put("/me/step-goal", {"active": MARK, "cap_choice": STEPS, "told": NOTE}),
        browser.put("/push/subscriptions", subscription(f"https://evil.example/{MARK}")),
        browser.post("/auth/sign-in", {"email": EMAIL, "password": f"{MARK} is wrong"}),
        browser.post("/auth/sign-up", {**sign_up_body(EMAIL), "password": PASSWORD}),
        browser.post("/auth/reset-password", {"token": MARK, "password": PASSWORD}),
        browser.get(f"/changes?since={MARK}"),
        browser.get(f"/{MARK}"),
        browser.get(f"/calendar/{MARK}.ics"),
        browser.get("/me", headers={"Authorization": f"Bearer {MARK}"}),
        browser.post("/ingest", {"data": NOTE}, headers=bearer),
        browser.get(f"/wearables/google_health/callback?code={MARK}&state={MARK}"),
        browser.get(f"/wearables/google_health/callback?code={MARK}&state={state}"),  # the provider refuses the code
        browser.put("/wearables/nightscout/site", {"url": f"https://{MARK}.example", "token": f"token {MARK}"}),
        browser.put("/me/step-sources", {"order": [MARK, MARK * 40]}),
        browser.post("/push/test", {}),  # the sender raises
        browser.post("/ingest", {"days": [], "note": NOTE}, headers=bearer),  # the parser raises
    ]
    assert [reply.status_code for reply in replies[-2:]] == [500, 500]
    secret = browser.client.get_cookie("footwell").value
    secrets = {token, secret, state, calendar.removesuffix(".ics"), topic}
    return [reply.text for reply in replies], secrets | {MARK, MARK.lower(), str(STEPS), str(STEPS + 1)}


@pytest.fixture
def failing_app(app: Flask, deps: Dependencies, monkeypatch: pytest.MonkeyPatch) -> Flask:
    failing = Failing(NOTE)
    real = deps.parse_ingest
    object.__setattr__(deps, "push_sender", failing)
    object.__setattr__(
        deps,
        "parse_ingest",
        lambda body, zone, now: failing.parse(body, zone, now) if "note" in body else real(body, zone, now),
    )
    return app


def test_nothing_of_a_patient_reaches_a_log_or_an_error(
    failing_app: Flask,
    deps: Dependencies,
    clock: Clock,
    database: Database,
    nightscout: ScriptedSite,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    browser = Browser(failing_app, ORIGIN)
    nightscout.fail = [AddressRefused("private")]
    errors, secrets = walk(browser)
    browser.put_reminder(weekdays=[7], times=["10:20"])
    with database.write() as db:
        secrets.add(create_password_reset(db, EMAIL, now=clock()))
    clock.move(minutes=10)
    ticker = Ticker(deps)
    with pytest.raises(RuntimeError):
        ticker.tick()
    with MailServer() as server:
        server.answer = lambda address: f"550 nobody here is called {address}"
        ways = {"email": f"smtp://127.0.0.1:{server.port}", "ntfy": "http://127.0.0.1:9"}
        here = SecondWays(smtp_url=ways["email"], mail_from="no-reply@example.org", ntfy_url=ways["ntfy"])
        object.__setattr__(deps, "settings", replace(deps.settings, second_ways=here))
        object.__setattr__(deps, "make_second_ways", lambda: make_second_ways(deps.settings))
        assert send_second(deps)
    said = "\n".join([*errors, *(caplog.handler.format(record) for record in caplog.records)])
    assert "RuntimeError in POST push.PushTest" in said
    assert "[550]" in said
    assert [line for line in said.splitlines() if any(word in line for word in secrets)] == []


def test_a_fault_says_what_it_is_and_no_more(failing_app: Flask) -> None:
    errors, _ = walk(Browser(failing_app, ORIGIN))
    assert '"code":"server_error"' in errors[-1]
    assert "Traceback" not in errors[-1]


def test_the_database_says_nothing_of_rows_at_any_level(
    database: Database, patient: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    """SQLAlchemy writes rows at DEBUG, and looks at the level when a connection is made."""
    caplog.set_level(logging.DEBUG)
    database.engine.dispose()
    patient.put_log(note=NOTE)
    patient.get("/session-logs")
    assert MARK not in caplog.text
