"""What is not right is refused in plain words, with its code, and nothing is stored."""

from uuid import uuid4

import pytest

from server.database import Database
from tests.api.bad import account, days, feet, glucose, lists, sessions
from tests.api.bad.days import answer
from tests.factories import Browser, session_log
from tests.tables import contents

CASES = [case for resource in (sessions, feet, glucose, days, account, lists) for case in resource.CASES]
STATUS = {"not_found": 404, "not_signed_in": 401, "wrong_password": 403, "email_taken": 409}


@pytest.fixture
def ids(patient: Browser) -> dict[str, str]:
    patient.put_reminder()
    occurrence = patient.get("/occurrences").get_json()["items"][0]["id"]
    return {"id": str(uuid4()), "entry": patient.entry_id("2026-11-22"), "occurrence": occurrence}


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "POST", "DELETE"])
def test_is_refused_by_its_code_and_nothing_is_stored(
    method: str, patient: Browser, ids: dict[str, str], database: Database, subtests: pytest.Subtests
) -> None:
    before = contents(database)
    for case_method, path, body, code, named in CASES:
        if case_method != method:
            continue
        with subtests.test(f"{path} {named} {body}"[:200]):
            reply = patient.call(method, path.format(**ids), body)
            problem = reply.get_json()
            assert (reply.status_code, problem.get("code")) == (STATUS.get(code, 422), code), reply.text
            assert reply.mimetype == "application/problem+json"
            assert reply.headers["Footwell-Api"] == "1"
            assert problem["status"] == reply.status_code
            assert problem["detail"].endswith(".")
            assert named is None or named in problem["errors"], problem
    assert contents(database) == before


def test_a_phone_with_a_wrong_clock_is_corrected_by_what_it_says_it_showed(patient: Browser) -> None:
    body = session_log(started_at="2026-11-22T13:00:00Z", ended_at="2026-11-22T13:08:20Z")
    path = f"/session-logs/{uuid4()}"
    assert patient.put(path, body).get_json()["code"] == "time_in_future"
    kept = patient.put(path, body, headers={"Footwell-Sent-At": "2026-11-22T13:15:00Z"}).get_json()
    assert (kept["started_at"], kept["ended_at"]) == ("2026-11-22T09:00:00Z", "2026-11-22T09:08:20Z")
    assert kept["on"] == "2026-11-22"


def test_a_clock_within_two_minutes_is_left_alone(patient: Browser) -> None:
    path = f"/session-logs/{uuid4()}"
    kept = patient.put(path, session_log(), headers={"Footwell-Sent-At": "2026-11-22T09:16:59Z"}).get_json()
    assert kept["started_at"] == session_log()["started_at"]


def test_a_clock_that_says_nothing_readable_corrects_nothing(patient: Browser) -> None:
    for said in ("now", "2026-11-22T13:15:00", "9" * 400, "2026-11-22T99:00:00Z"):
        kept = patient.put(f"/session-logs/{uuid4()}", session_log(), headers={"Footwell-Sent-At": said}).get_json()
        assert kept["started_at"] == session_log()["started_at"]


def test_the_skew_of_a_snooze_moves_both_its_moments(patient: Browser, ids: dict[str, str]) -> None:
    body = answer(state="snoozed", at="2026-11-22T13:00:00Z", until="2026-11-22T13:10:00Z")
    headers = {"Footwell-Sent-At": "2026-11-22T13:15:00Z"}
    kept = patient.put(f"/occurrences/{ids['occurrence']}", body, headers=headers).get_json()
    assert (kept["answered_at"], kept["until"]) == ("2026-11-22T09:00:00Z", "2026-11-22T09:10:00Z")
