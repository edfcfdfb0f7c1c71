"""The Google of the tests is as strict as the reference: what it lets through is allowed, and what it says is too."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import requests

from tests.fakes.google import Google
from tests.fakes.google_notices import SIGNATURE_HEADER, USER_AGENT, notice
from tests.fakes.google_world import GLUCOSE_SCOPE, SETTINGS_SCOPE, STEPS_SCOPE, Answer
from tests.integrations.google_setup import BACK, MONDAY, SUNDAY, VERIFIER, consent_address, provider_of

STEPS = "/v4/users/me/dataTypes/steps/dataPoints:dailyRollUp"
GLUCOSE = "/v4/users/me/dataTypes/blood-glucose/dataPoints"
FIT = "/fitness/v1/users/me/dataset:aggregate"
SINCE = 'blood_glucose.sample_time.physical_time >= "2026-11-01T00:00:00Z"'


@pytest.fixture
def strict() -> Iterator[Google]:
    """One that is asked for what the reference does not allow."""
    with Google() as google:
        yield google


def civil(on: date, **members: Any) -> dict[str, Any]:
    return {"date": {"year": on.year, "month": on.month, "day": on.day}} | members


def days(first: date, end: date, **members: Any) -> dict[str, Any]:
    return {"range": {"start": civil(first), "end": civil(end)}} | members


WRONG: dict[str, tuple[str, str, dict[str, Any]]] = {
    "another address": ("GET", "/v4/users/me/profile", {}),
    "a numeric user": ("GET", "/v4/users/1111/identity", {}),
    "steps from a list": ("GET", "/v4/users/me/dataTypes/steps/dataPoints", {}),
    "another verb": ("GET", STEPS, {}),
    "no body": ("POST", STEPS, {}),
    "91 days": ("POST", STEPS, {"json": days(MONDAY, MONDAY + timedelta(days=91))}),
    "no days": ("POST", STEPS, {"json": days(MONDAY, MONDAY)}),
    "a time of day": (
        "POST",
        STEPS,
        {"json": {"range": {"start": civil(MONDAY, time={"hours": 5}), "end": civil(SUNDAY)}}},
    ),
    "an unknown member": ("POST", STEPS, {"json": days(MONDAY, SUNDAY, window=1)}),
    "a number in quotes": ("POST", STEPS, {"json": days(MONDAY, SUNDAY, windowSizeDays="1")}),
    "no range": ("POST", STEPS, {"json": {"windowSizeDays": 1}}),
    "an invented page": ("POST", STEPS, {"json": days(MONDAY, SUNDAY, pageToken="2")}),
    "no filter": ("GET", GLUCOSE, {}),
    "a civil filter": ("GET", GLUCOSE, {"params": {"filter": 'blood_glucose.sample_time.civil_time >= "2026-11-22"'}}),
    "too large a page": ("GET", GLUCOSE, {"params": {"filter": SINCE, "pageSize": "10001"}}),
    "an unknown parameter": ("GET", GLUCOSE, {"params": {"filter": SINCE, "orderBy": "x"}}),
    "a parameter twice": ("GET", GLUCOSE, {"params": [("filter", SINCE), ("filter", SINCE)]}),
    "a cookie": ("GET", GLUCOSE, {"params": {"filter": SINCE}, "cookies": {"a": "b"}}),
    "fit without a period": (
        "POST",
        FIT,
        {"json": {"aggregateBy": [{"dataTypeName": "x"}], "startTimeMillis": "0", "endTimeMillis": "1"}},
    ),
    "fit with numbers": ("POST", FIT, {"json": {"startTimeMillis": 0}}),
    "a token by JSON": ("POST", "/token", {"json": {"grant_type": "refresh_token"}}),
    "a client by Basic": ("POST", "/token", {"data": {"grant_type": "refresh_token"}, "auth": ("a", "b")}),
    "a scope with the refresh": (
        "POST",
        "/token",
        {
            "data": {
                "grant_type": "refresh_token",
                "refresh_token": "x",
                "client_id": "health-client",
                "client_secret": "health-secret",
                "scope": STEPS_SCOPE,
            }
        },
    ),
    "a token to revoke in the address": ("POST", "/revoke", {"params": {"token": "x"}}),
}


@pytest.mark.parametrize(("verb", "path", "more"), WRONG.values(), ids=WRONG)
def test_a_request_that_is_not_allowed_is_a_problem(strict: Google, verb: str, path: str, more: dict[str, Any]) -> None:
    more.setdefault("headers", {"Authorization": f"Bearer {strict.grant([STEPS_SCOPE, GLUCOSE_SCOPE])}"})
    if path in ("/token", "/revoke"):
        more["headers"] = {}
    requests.request(verb, strict.url + path, timeout=10, **more)
    assert strict.problems


CONSENTS: dict[str, Callable[[str], str]] = {
    "no offline access": lambda url: url.replace("access_type=offline", "access_type=online"),
    "no PKCE": lambda url: url.replace("code_challenge_method=S256", "code_challenge_method=plain"),
    "an unknown scope": lambda url: url.replace("settings.readonly", "settings"),
    "a short state": lambda url: url.replace("state=state-that-nobody-can-guess", "state=1"),
    "another client": lambda url: url.replace("health-client", "other-client"),
    "a member more": lambda url: url + "&login_hint=x",
}


@pytest.mark.parametrize("change", CONSENTS.values(), ids=CONSENTS)
def test_a_consent_page_that_is_asked_for_wrongly_is_a_problem(strict: Google, change: Callable[[str], str]) -> None:
    url = consent_address(provider_of(strict))
    assert requests.get(url, timeout=10).status_code == 200
    assert requests.get(change(url), timeout=10).status_code == 400
    assert len(strict.problems) == 1


def test_only_a_registered_address_is_led_back_to(strict: Google) -> None:
    strict.redirect_uris = {BACK + "/"}
    assert requests.get(consent_address(provider_of(strict)), timeout=10).status_code == 400
    assert strict.problems == ["consent: redirect_uri_mismatch"]


def test_what_google_would_not_say_is_a_problem_too(strict: Google) -> None:
    strict.account.add_device("Charge 6", batteryLevel="high")
    provider_of(strict)
    headers = {"Authorization": f"Bearer {strict.grant([SETTINGS_SCOPE])}"}
    requests.get(f"{strict.url}/v4/users/me/pairedDevices", headers=headers, timeout=10)
    assert strict.problems == ["devices: ListPairedDevicesResponse.pairedDevices[0].batteryLevel is no integer"]


def test_an_answer_for_every_request_lasts_until_it_is_ended(google: Google) -> None:
    google.always("keyset", Answer(503))
    google.script("keyset", Answer(418))
    seen = [requests.get(google.keyset_url, timeout=10).status_code for _ in range(3)]
    google.always("keyset", None)
    assert [*seen, requests.get(google.keyset_url, timeout=10).status_code] == [418, 503, 503, 200]


def test_a_notice_is_sent_as_google_sends_it(google: Google) -> None:
    came: list[tuple[dict[str, str], bytes]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(201 if self.headers.get("Authorization") == "Bearer ours" else 401)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/"
        assert google.notices.verify_address(url, "Bearer ours") == (201, 401)
        assert google.notices.send(url, [notice("1111", MONDAY, SUNDAY)], secret="Bearer ours") == 201
        server.shutdown()
    headers, body = came[-1]
    assert headers["User-Agent"] == USER_AGENT
    assert headers[SIGNATURE_HEADER]
    assert b'"endTime": "2026-11-23T00:00:00"' in body


def test_tokens_end_and_a_consent_can_be_taken_back(google: Google) -> None:
    code = google.consent(consent_address(provider_of(google))).split("code=")[1].split("&")[0].replace("%2F", "/")
    tokens = provider_of(google).exchange_code(code, verifier=VERIFIER, redirect_uri=BACK)
    google.token_seconds = -1
    late = google.grant([STEPS_SCOPE])
    url, headers = f"{google.url}/v4/users/me/identity", {"Authorization": f"Bearer {late}"}
    assert requests.get(url, headers=headers, timeout=10).status_code == 401
    assert requests.get(url, headers={"Authorization": f"Bearer {tokens.access_token}"}, timeout=10).status_code == 200
    google.revoke_all(google.account)
    assert requests.get(url, headers={"Authorization": f"Bearer {tokens.access_token}"}, timeout=10).status_code == 401


def test_settings_of_a_server_lead_here(google: Google) -> None:
    found = google.environment()
    assert found["FOOTWELL_GOOGLE_TOKEN_URL"] == f"{google.url}/token"
    assert found["FOOTWELL_GOOGLE_KEYSET_URL"] == google.keyset_url
