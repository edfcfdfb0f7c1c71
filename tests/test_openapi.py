"""The contract is current and complete, and the server keeps it whatever is asked."""

import copy
import json
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from server.api import limits
from server.app import create_app
from server.cli import OPENAPI_FILE, openapi_text
from server.migrate import upgrade
from server.settings import Settings
from tests.conftest import ORIGIN
from tests.factories import Browser

DOCUMENT: dict[str, Any] = json.loads(OPENAPI_FILE.read_text())
# Pages for a browser that the app does not run in, a calendar, and the answer that Google wants of a handshake.
WITHOUT_A_BODY = {
    ("GET", "/api/v1/wearables/{provider}/callback", "200"),
    ("GET", "/api/v1/calendar/{secret}.ics", "200"),
    ("POST", "/api/v1/webhooks/google-health", "201"),
}
METHODS = ("get", "put", "post", "patch", "delete")
OPERATIONS = [
    (method.upper(), path, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if method in METHODS
]


def test_the_committed_document_is_current() -> None:
    assert OPENAPI_FILE.read_text() == openapi_text(), "run `footwell openapi`"


def test_the_document_is_openapi_3_1_and_names_nothing_outside() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    assert "servers" not in DOCUMENT
    assert "http://" not in OPENAPI_FILE.read_text()


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=[f"{m} {p}" for m, p, _ in OPERATIONS])
def test_every_operation_says_what_it_does_takes_gives_and_refuses(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    assert operation["summary"]
    assert not operation["summary"].endswith(".")
    if "requestBody" in operation:
        kind, body = next(iter(operation["requestBody"]["content"].items()))
        assert "example" in body or "example" in str(body["schema"]) or kind == "application/zip"
    for status, response in operation["responses"].items():
        if status in ("200", "201") and (method, path, status) not in WITHOUT_A_BODY:
            assert "example" in response["content"]["application/json"]
    refusal = DOCUMENT["components"]["responses"][operation["responses"]["default"]["$ref"].rsplit("/")[-1]]
    assert list(refusal["content"]) == ["application/problem+json"]


asked: dict[str, Any] = {}


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """The app of this module, which does not count how often it is asked."""
    app: Flask = asked["app"]
    app.extensions[limits.EXTENSION].storage.reset()
    return app(environ, start_response)


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A patient who has one of everything; the password is not the one of the examples, for one of them is DELETE."""
    folder = tmp_path_factory.mktemp("asked")
    given = Settings.from_env({"FOOTWELL_DATA_DIR": str(folder)})
    upgrade(given.database_url)
    asked["app"] = create_app(given)
    browser = Browser(asked["app"], ORIGIN).sign_up("patient@example.org", password="none of the examples")
    asked["ids"] = {
        "session-logs": browser.put_log()["id"],
        "blocks": browser.put_block()["id"],
        "clearances": browser.put_clearance()["id"],
        "triage-events": browser.put_event()["id"],
        "glucose-readings": browser.put_reading()["id"],
        "comfort-logs": browser.put_comfort()["id"],
        "foot-checks": browser.put_foot_check()["id"],
        "shoe-checks": browser.put_shoe_check()["id"],
        "symptom-entries": browser.put_entry()["id"],
        "reminders": browser.put_reminder(starts_on="2020-01-01")["id"],
        "occurrences": browser.get("/occurrences").get_json()["items"][0]["id"],
    }
    browser.put_plan(starts_on="2020-01-01")
    asked["token"] = browser.make_token("ingest")["token"]
    browser.put("/step-counts/2026-11-22", {"steps": 5, "recorded_at": "2026-11-22T09:00:00Z"})
    yield browser
    asked["app"].extensions["footwell"].database.engine.dispose()


# Without its security schemes: signing in is this module's, and a made-up cookie would only ever find 401.
OPEN = copy.deepcopy(DOCUMENT)
del OPEN["security"], OPEN["components"]["securitySchemes"]
for item in OPEN["paths"].values():
    for operation in item.values():
        if isinstance(operation, dict):
            operation.pop("security", None)
del OPEN["paths"]["/api/v1/wearables/apple_export/archive"]  # takes a file, which is tried out by its own tests
schema = schemathesis.openapi.from_dict(OPEN)
schema.app = application
schema.base_url = ORIGIN
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    negative_data_rejection,
    unsupported_method,
    allow_header_conformance,
]


@schema.parametrize()
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
def test_whatever_is_asked_the_answer_is_as_documented(case: schemathesis.Case, patient: Browser) -> None:
    ask(case, patient)


@pytest.mark.long
@schema.parametrize()
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_however_long_one_asks_the_answer_is_as_documented(case: schemathesis.Case, patient: Browser) -> None:
    ask(case, patient)


def ask(case: schemathesis.Case, patient: Browser) -> None:
    """The case as it is, and once more about a record that is there."""
    cookie = patient.client.get_cookie("footwell")
    cookies = {"footwell": cookie.value} if cookie and "sign-out" not in case.path else {}
    token = {"X-Api-Key": asked["token"]} if "/ingest" in case.path else {}
    # Ingest takes what phone apps send, recognised by shape: it has to be generous about the rest.
    checks = [check for check in CHECKS if not token or check is not negative_data_rejection]
    asking: dict[str, Any] = {"headers": patient.headers | token, "cookies": cookies, "checks": checks}
    case.call_and_validate(**asking)
    for name in case.path_parameters or {}:
        real = asked["ids"].get(case.path.split("/")[3])
        if real and is_uuid(case.path_parameters[name]):
            case.path_parameters[name] = real
            case.call_and_validate(**asking)


def is_uuid(value: object) -> bool:
    try:
        return bool(UUID(str(value)))
    except ValueError:
        return False
