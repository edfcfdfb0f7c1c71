"""Every route by every asker: the owner, another patient, nobody. A route that the table does not know fails."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from flask import Flask

from server.database import Database
from tests.conftest import ORIGIN
from tests.factories import (
    PASSWORD,
    Browser,
    block,
    clearance,
    comfort_log,
    foot_check,
    glucose_reading,
    plan,
    reminder,
    session_log,
    shoe_check,
    step_goal,
    subscription,
    symptom_entry,
    triage_event,
)
from tests.tables import contents

ON = "2026-11-22"
Body = Callable[[dict[str, str]], Any]


@dataclass(frozen=True)
class Route:
    """`names`: a record of the owner stands in the address or the body. `public`: nobody needs to sign in."""

    method: str
    path: str
    expected: int = 200
    body: Body = lambda ids: None
    names: bool = False
    public: bool = False


RECORDS = {
    "session-logs": ("session_log", lambda ids: session_log()),
    "blocks": ("block", lambda ids: block()),
    "clearances": ("clearance", lambda ids: clearance()),
    "triage-events": ("triage_event", lambda ids: triage_event()),
    "glucose-readings": ("glucose_reading", lambda ids: glucose_reading()),
    "comfort-logs": ("comfort_log", lambda ids: comfort_log()),
    "foot-checks": ("foot_check", lambda ids: foot_check()),
    "shoe-checks": ("shoe_check", lambda ids: shoe_check()),
    "symptom-entries": ("symptom_entry", lambda ids: symptom_entry()),
    "reminders": ("reminder", lambda ids: reminder(kind="glucose")),  # a massage reminder gives way to the plan's
}
ROUTES = [
    *(Route("GET", f"/{path}") for path in RECORDS),
    *(Route("GET", f"/{path}/{{{kind}}}", names=True) for path, (kind, _) in RECORDS.items()),
    *(Route("PUT", f"/{path}/{{{kind}}}", body=body, names=True) for path, (kind, body) in RECORDS.items()),
    *(Route("DELETE", f"/{path}/{{{kind}}}", 204, names=True) for path, (kind, _) in RECORDS.items()),
    Route("GET", "/step-counts"),
    Route("GET", "/step-counts/{on}", names=True),
    Route("PUT", "/step-counts/{on}", body=lambda ids: {"steps": 10, "recorded_at": f"{ON}T09:00:00Z"}),
    Route("DELETE", "/step-counts/{on}", 204, names=True),
    Route("GET", "/today"),
    Route("GET", "/insights"),
    Route("GET", "/changes"),
    Route("GET", "/me"),
    Route("PATCH", "/me", body=lambda ids: {"language": "en"}),
    Route("DELETE", "/me", 204, body=lambda ids: {"password": PASSWORD}),
    Route("GET", "/me/plan", names=True),
    Route("PUT", "/me/plan", body=lambda ids: plan()),
    Route("GET", "/me/step-goal", names=True),
    Route("PUT", "/me/step-goal", body=lambda ids: step_goal()),
    Route("GET", "/me/step-sources"),
    Route("PUT", "/me/step-sources", body=lambda ids: {"order": ["google_health"]}),
    Route("POST", "/me/ntfy-topic"),
    Route("POST", "/me/calendar", 201),
    Route("DELETE", "/me/calendar", 204),
    Route("GET", "/me/access-tokens"),
    Route("POST", "/me/access-tokens", 201, body=lambda ids: {"label": "Phone", "scope": "ingest"}),
    Route("DELETE", "/me/access-tokens/{access_token}", 204, names=True),
    Route("POST", "/reminders/preview", body=lambda ids: reminder()),
    Route("GET", "/occurrences"),
    Route("PUT", "/occurrences/{occurrence}", body=lambda ids: {"state": "done", "at": f"{ON}T09:00:00Z"}, names=True),
    Route("GET", "/wearables"),
    Route("POST", "/wearables/{provider}/authorization", body=lambda ids: {}),
    Route("POST", "/wearables/{provider}/confirmation", names=True),
    Route("POST", "/wearables/{provider}/sync", 202, names=True),
    Route("DELETE", "/wearables/{provider}", 204, names=True),
    Route("PUT", "/wearables/nightscout/site", body=lambda ids: {"url": "https://night.example.org"}),
    Route("GET", "/push/subscriptions"),
    Route("PUT", "/push/subscriptions", 201, body=lambda ids: subscription("two")),
    Route("DELETE", "/push/subscriptions/{push_subscription}", 204, names=True),
    Route("POST", "/push/test", body=lambda ids: {"subscription_id": ids["push_subscription"]}, names=True),
    Route("GET", "/push/deliveries"),
    Route("GET", "/scripts", public=True),
    Route("GET", "/programmes", public=True),
    Route("GET", "/techniques", public=True),
    Route("GET", "/care-settings", public=True),
    Route("GET", "/push/public-key", public=True),
]
# Tested by their own files: they are how somebody becomes signed in, or are vouched for by a token of their own.
ELSEWHERE = {
    ("POST", "/auth/sign-up"),
    ("POST", "/auth/sign-in"),
    ("POST", "/auth/sign-out"),
    ("POST", "/auth/reset-password"),
    ("POST", "/push/receipts"),
    ("POST", "/mail-stop"),
    ("GET", "/calendar/{}.ics"),
    ("POST", "/ingest"),
    ("POST", "/ingest/"),
    ("GET", "/wearables/{}/callback"),
    ("PUT", "/wearables/apple_export/archive"),
    ("POST", "/webhooks/google-health"),
}
CLOSED = [route for route in ROUTES if not route.public]


def name(route: Route) -> str:
    return f"{route.method} {route.path}"


@pytest.fixture
def ids(patient: Browser) -> dict[str, str]:
    """One record of every kind, the owner's."""
    patient.put(f"/step-counts/{ON}", {"steps": 4200, "recorded_at": f"{ON}T09:00:00Z"})
    patient.put_plan()
    for browser in (patient, Browser(patient.client.application, ORIGIN)):  # the second consent waits for a word
        url = patient.post("/wearables/google_health/authorization", {}).get_json()["url"]
        state = parse_qs(urlsplit(url).query)["state"][0]
        browser.get(f"/wearables/google_health/callback?code=good&state={state}")
    made = {
        "session_log": patient.put_log(),
        "block": patient.put_block(),
        "clearance": patient.put_clearance(),
        "triage_event": patient.put_event(),
        "glucose_reading": patient.put_reading(),
        "comfort_log": patient.put_comfort(),
        "foot_check": patient.put_foot_check(),
        "shoe_check": patient.put_shoe_check(),
        "symptom_entry": patient.put_entry(),
        "reminder": patient.put_reminder(kind="glucose"),
        "access_token": patient.make_token("ingest"),
        "push_subscription": patient.subscribe(),
        "occurrence": patient.get("/occurrences").get_json()["items"][0],
    }
    return {"on": ON, "provider": "google_health"} | {kind: str(record["id"]) for kind, record in made.items()}


def ask(browser: Browser, route: Route, ids: dict[str, str], **kwargs: Any) -> Any:
    return browser.call(route.method, route.path.format(**ids), route.body(ids), **kwargs)


def in_order(routes: list[Route]) -> list[Route]:
    """What deletes comes last, and what deletes everything last of all."""
    return sorted(routes, key=lambda route: (route.method == "DELETE", route.path == "/me"))


def test_every_route_is_in_the_table(app: Flask) -> None:
    known = {(route.method, re.sub(r"{\w+}", "{}", route.path)) for route in ROUTES} | ELSEWHERE
    there = {
        (method, re.sub(r"<[^>]+>", "{}", rule.rule.removeprefix("/api/v1")))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert there == known


def test_the_owner_may(patient: Browser, ids: dict[str, str], subtests: pytest.Subtests) -> None:
    for route in in_order(ROUTES):
        with subtests.test(name(route)):
            reply = ask(patient, route, ids)
            assert reply.status_code == route.expected, reply.text
            assert reply.headers["Footwell-Api"] == "1"


def test_nobody_may_not(
    nobody: Browser, patient: Browser, ids: dict[str, str], database: Database, subtests: pytest.Subtests
) -> None:
    before = contents(database)
    for route in CLOSED:
        with subtests.test(name(route)):
            reply = ask(nobody, route, ids)
            assert (reply.status_code, reply.get_json()["code"]) == (401, "not_signed_in")
    assert contents(database) == before


def test_another_patients_record_is_not_found(
    patient: Browser, stranger: Browser, ids: dict[str, str], database: Database, subtests: pytest.Subtests
) -> None:
    before = contents(database)
    for route in CLOSED:
        if route.names:
            with subtests.test(name(route)):
                reply = ask(stranger, route, ids)
                # The id of a record kept once a day follows from the patient, so another's is wrong at once.
                wrong = [(422, "wrong_id")] if route.path.startswith("/symptom") else []
                assert (reply.status_code, reply.get_json()["code"]) in [(404, "not_found"), *wrong]
    assert contents(database) == before


def test_another_patient_sees_and_changes_only_their_own(
    patient: Browser, stranger: Browser, ids: dict[str, str], subtests: pytest.Subtests
) -> None:
    def mine() -> Any:
        return [patient.get(path).get_json() for path in ("/me", "/changes", "/step-counts", "/push/subscriptions")]

    before = mine()
    owned = {value for kind, value in ids.items() if kind not in ("on", "provider")} | {patient.id}
    for route in in_order([route for route in CLOSED if not route.names]):
        with subtests.test(name(route)):
            reply = ask(stranger, route, ids)
            assert reply.status_code < 400, reply.text
            assert not [value for value in owned if value in reply.text]
    assert mine() == before


def test_a_foreign_page_changes_nothing(
    patient: Browser, ids: dict[str, str], database: Database, subtests: pytest.Subtests
) -> None:
    before = contents(database)
    for route in CLOSED:
        if route.method != "GET":
            with subtests.test(name(route)):
                reply = ask(patient, route, ids, headers={"Sec-Fetch-Site": "cross-site"})
                assert (reply.status_code, reply.get_json()["code"]) == (403, "foreign_origin")
    assert contents(database) == before


@pytest.mark.parametrize("scope", ["read", "ingest"])
def test_a_read_token_reads_and_an_ingest_token_does_neither(
    scope: str, patient: Browser, nobody: Browser, ids: dict[str, str], database: Database, subtests: pytest.Subtests
) -> None:
    bearer = {"Authorization": f"Bearer {patient.make_token(scope)['token']}"}
    before = contents(database)
    for route in CLOSED:
        with subtests.test(name(route)):
            may = scope == "read" and route.method == "GET"
            assert ask(nobody, route, ids, headers=bearer).status_code == (200 if may else 401)
    assert contents(database) == before


def test_an_id_that_nobody_has_is_not_found(patient: Browser) -> None:
    for path in RECORDS:
        assert patient.get(f"/{path}/{uuid4()}").get_json()["code"] == "not_found"
        assert patient.delete(f"/{path}/{uuid4()}").get_json()["code"] == "not_found"
