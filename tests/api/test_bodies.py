"""Bodies that are no JSON object, too large, too deep or of another type; addresses and methods that are not there."""

import io
from uuid import uuid4

import orjson
import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

from server.database import Database
from tests.factories import Browser, session_log
from tests.tables import contents

JSON = "application/json"
GOOD = orjson.dumps(session_log())


def put(browser: Browser, body: bytes, content_type: str | None = JSON, path: str | None = None) -> TestResponse:
    headers = {**browser.headers, **({"Content-Type": content_type} if content_type else {})}
    return browser.client.put(path or f"/api/v1/session-logs/{uuid4()}", data=body, headers=headers)


def log_with(note: bytes) -> bytes:
    return GOOD[:-1] + b',"note":' + note + b"}"


BODIES: dict[str, tuple[bytes, str | None, int, str]] = {
    "nothing": (b"", JSON, 400, "malformed_json"),
    "half an object": (GOOD[:-1], JSON, 400, "malformed_json"),
    "two objects": (GOOD + GOOD, JSON, 400, "malformed_json"),
    "not UTF-8": (log_with(b'"\xff"'), JSON, 400, "malformed_json"),
    "UTF-16": (session_log().__repr__().encode("utf-16"), JSON, 400, "malformed_json"),
    "a NUL byte": (log_with(b'"\0"'), JSON, 400, "malformed_json"),
    "an escaped NUL": (log_with(b'"\\u0000"'), JSON, 422, "invalid_fields"),
    "a lone surrogate": (log_with(b'"\\ud800"'), JSON, 400, "malformed_json"),
    "NaN": (log_with(b"NaN"), JSON, 400, "malformed_json"),
    "infinity": (log_with(b"1e999"), JSON, 400, "malformed_json"),
    "null": (b"null", JSON, 422, "invalid_fields"),
    "a list": (b"[]", JSON, 422, "invalid_fields"),
    "a text": (b'"log"', JSON, 422, "invalid_fields"),
    "too deep to parse": (log_with(b"[" * 5000 + b"]" * 5000), JSON, 400, "malformed_json"),
    "deep lists": (log_with(b"[" * 900 + b"]" * 900), JSON, 422, "invalid_fields"),
    "deep objects": (log_with(b'{"a":' * 900 + b"1" + b"}" * 900), JSON, 422, "invalid_fields"),
    "deep with a NUL": (log_with(b"[" * 900 + b'"\\u0000"' + b"]" * 900), JSON, 422, "invalid_fields"),
    "a form": (b"note=1", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
    "text": (GOOD, "text/plain", 415, "unsupported_media_type"),
    "no type": (GOOD, None, 415, "unsupported_media_type"),
    "more than 64 kB": (log_with(b'"' + b"x" * 65536 + b'"'), JSON, 413, "too_large"),
    "10 MB": (b" " * 10_000_000, JSON, 413, "too_large"),
}


def test_a_body_that_cannot_be_used_is_refused(patient: Browser, database: Database, subtests: pytest.Subtests) -> None:
    before = contents(database)
    for name, (body, content_type, status, code) in BODIES.items():
        with subtests.test(name):
            reply = put(patient, body, content_type)
            assert (reply.status_code, reply.get_json()["code"]) == (status, code), reply.text
            assert reply.mimetype == "application/problem+json"
    assert contents(database) == before


def test_a_decision_may_be_as_deep_as_decisions_are_and_no_deeper(patient: Browser) -> None:
    def decided(depth: int) -> bytes:
        inputs = b'{"a":' * depth + b"1" + b"}" * depth
        return GOOD[:-1] + b',"decision":{"rules_version":"1","outcome":{},"inputs":' + inputs + b"}}"

    kept = put(patient, decided(29))
    assert kept.status_code == 201
    assert patient.get(f"/session-logs/{kept.get_json()['id']}").get_json() == kept.get_json()
    assert put(patient, decided(31)).status_code == 422


def test_a_body_without_a_length_is_cut_off_too(app: Flask, patient: Browser, database: Database) -> None:
    before = contents(database)
    for path in (f"/api/v1/session-logs/{uuid4()}", "/api/v1/ingest"):
        builder = EnvironBuilder(path, method="PUT" if "logs" in path else "POST", content_type=JSON)
        builder.input_stream = io.BytesIO(b" " * 10_000_000)
        builder.headers.extend(patient.headers)
        builder.headers["Transfer-Encoding"] = "chunked"
        environ = builder.get_environ()
        del environ["CONTENT_LENGTH"]
        environ["wsgi.input_terminated"] = True
        chunks, status, _ = run_wsgi_app(app, environ)
        assert status.startswith("413")
        assert orjson.loads(b"".join(chunks))["code"] == "too_large"
    assert contents(database) == before


def test_numbers_beyond_64_bits_in_a_decision_do_no_harm(patient: Browser) -> None:
    decision = b'{"rules_version":"1","outcome":{},"inputs":{"a":18446744073709551615,"b":36893488147419103232}}'
    kept = put(patient, GOOD[:-1] + b',"decision":' + decision + b"}")
    assert kept.status_code == 201
    again = put(patient, kept.data, path=f"/api/v1/session-logs/{kept.get_json()['id']}")
    assert again.get_json()["decision"] == kept.get_json()["decision"]


def test_an_unknown_address_is_a_problem_with_our_header(patient: Browser) -> None:
    for path in ("/nothing", "/session-logs/5", "/session-logs/", f"/session-logs/{uuid4()}/x", "/step-counts/today"):
        reply = patient.get(path)
        assert (reply.status_code, reply.get_json()["code"]) == (404, "not_found")
        assert reply.headers["Footwell-Api"] == "1"


def test_an_unknown_method_says_which_are_known(patient: Browser) -> None:
    for path, allowed in (("/session-logs", {"GET"}), (f"/session-logs/{uuid4()}", {"GET", "PUT", "DELETE"})):
        reply = patient.post(path, {})
        assert (reply.status_code, reply.get_json()["code"]) == (405, "method_not_allowed")
        assert set(reply.headers["Allow"].split(", ")) - {"HEAD", "OPTIONS"} == allowed


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "footwell=\xff\xfe"},
        {"Cookie": "footwell=" + "x" * 4000},
        {"Cookie": "footwell"},
        {"Authorization": "Bearer \xff"},
        {"Authorization": "Bearer"},
        {"Authorization": "Message x.y"},
        {"Authorization": "Basic dTpw"},
        {"Authorization": "\xff"},
    ],
)
def test_a_broken_sign_in_is_nobodys(nobody: Browser, headers: dict[str, str]) -> None:
    for method, path in (("GET", "/me"), ("PUT", f"/occurrences/{uuid4()}")):
        body = None if method == "GET" else {"state": "done", "at": "2026-11-22T09:00:00Z"}
        reply = nobody.call(method, path, body, headers=headers)
        assert (reply.status_code, reply.get_json()["code"]) == (401, "not_signed_in")


def test_broken_conditions_do_no_harm(patient: Browser) -> None:
    path = f"/session-logs/{patient.put_log()['id']}"
    for value in ("\xff", '"x"', "W/", '"998", "999"', "9" * 30, '"-1"'):
        assert patient.get(path, headers={"If-None-Match": value}).status_code == 200
        assert patient.put(path, session_log(), headers={"If-Match": value}).get_json()["code"] == "stale"
