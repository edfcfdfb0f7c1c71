"""What phones push: by each way to send a token, recognised by shape; strangers and unknown shapes are refused."""

from typing import Any

import pytest

from server.database import Database
from tests.conftest import Clock
from tests.factories import Browser
from tests.tables import contents

DAYS = {"days": [{"date": "2026-11-21", "steps": 6204}, {"date": "2026-11-22", "steps": 1830}]}
EXPORT = {
    "data": {
        "metrics": [
            {
                "name": "step_count",
                "units": "count",
                "data": [
                    {"date": "2026-11-22 08:00:00 +0100", "qty": 700, "source": "iPhone"},
                    {"date": "2026-11-22 09:00:00 +0100", "qty": 300, "source": "iPhone"},
                ],
            }
        ]
    }
}


@pytest.fixture
def token(patient: Browser) -> str:
    return str(patient.make_token("ingest")["token"])


def push(browser: Browser, body: Any, token: str, path: str = "/ingest") -> Any:
    return browser.client.post(f"/api/v1{path}", json=body, headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize("path", ["/ingest", "/ingest/"])
@pytest.mark.parametrize("way", ["Authorization", "X-Api-Key", "api-key", "X-Webhook-Token", "deviceKey"])
def test_a_token_may_come_in_every_way_the_apps_know(
    way: str, path: str, patient: Browser, nobody: Browser, token: str
) -> None:
    headers = {way: f"Bearer {token}" if way == "Authorization" else token} if way != "deviceKey" else {}
    body = {**DAYS, "deviceKey": token} if way == "deviceKey" else DAYS
    reply = nobody.client.post(f"/api/v1{path}", json=body, headers=headers)
    assert reply.get_json() == {"accepted": 2, "unchanged": 0, "readings": 0, "ignored": 0, "rejected": []}
    assert [day["steps"] for day in patient.get("/step-counts").get_json()["items"]] == [1830, 6204]


def test_steps_of_today_are_partial_and_say_their_source_and_time(patient: Browser, token: str) -> None:
    assert push(patient, EXPORT, token).status_code == 200
    day = patient.get("/today").get_json()["step_count"]
    assert (day["steps"], day["is_partial"], day["source_label"]) == (1000, True, "Health Auto Export")
    assert day["observed_at"] == "2026-11-22T09:15:00Z"
    assert day["source"].startswith("phone/")


def test_pieces_of_a_day_are_laid_together_as_they_come(patient: Browser, token: str) -> None:
    def piece(start: str, end: str, count: int, origin: str) -> dict[str, Any]:
        return {"start_time": start, "end_time": end, "count": count, "metadata": {"data_origin": origin}}

    watch = piece("2026-11-22T07:01:00Z", "2026-11-22T07:02:00Z", 41, "com.fitbit.FitbitMobile")
    phone = piece("2026-11-22T07:01:00Z", "2026-11-22T07:08:00Z", 38, "com.google.android.apps.fitness")
    later = piece("2026-11-22T08:01:00Z", "2026-11-22T08:08:00Z", 200, "com.google.android.apps.fitness")
    reply = push(patient, {"timestamp": "2026-11-22T07:15:00Z", "steps": [watch, phone, {"count": 5} | watch]}, token)
    assert reply.get_json() == {"accepted": 1, "unchanged": 0, "readings": 0, "ignored": 0, "rejected": []}
    push(patient, {"timestamp": "2026-11-22T09:15:00Z", "steps": [later, {**later, "count": "many"}]}, token)
    day = patient.get("/step-counts/2026-11-22").get_json()
    assert (day["steps"], day["is_partial"], day["source_label"]) == (241, True, "HC Webhook, raw")
    assert [change["after"] for change in day["history"]] == [241, 41]


def test_sending_twice_changes_nothing(patient: Browser, token: str) -> None:
    push(patient, DAYS, token)
    before = patient.get("/step-counts").get_json()
    assert push(patient, DAYS, token).get_json() == {
        "accepted": 0,
        "unchanged": 2,
        "readings": 0,
        "ignored": 0,
        "rejected": [],
    }
    assert patient.get("/step-counts").get_json() == before


def test_d3b_a_phone_whose_zone_flips_at_a_border_moves_neither_the_day_nor_the_patients_zone(
    patient: Browser, token: str, clock: Clock
) -> None:
    midnights = {"Europe/Lisbon": "2026-11-22T00:00:00Z", "Europe/Madrid": "2026-11-21T23:00:00Z"}
    for steps, (zone, midnight) in enumerate([*midnights.items()] * 3, 5000):
        now = f"{clock():%Y-%m-%dT%H:%M:%SZ}"
        push(patient, {"days": [{"date": "2026-11-22", "steps": steps}], "timezone": zone}, token)
        record = {"count": steps, "start_time": midnight, "end_time": now}
        assert push(patient, {"timestamp": now, "steps": [record]}, token).get_json()["rejected"] == []
        clock.move(minutes=20)
    (day,) = patient.get("/step-counts").get_json()["items"]
    assert (day["on"], day["steps"], len(day["counts"])) == ("2026-11-22", 5005, 2)
    assert patient.get("/me").get_json()["time_zone"] == "Europe/Berlin"


def test_what_cannot_be_used_is_left_out_and_the_rest_counts(patient: Browser, token: str) -> None:
    body = {"days": [*DAYS["days"], {"date": "2026-11-20", "steps": -5}, {"date": "soon", "steps": 5}]}
    reply = push(patient, body, token)
    assert reply.status_code == 200
    assert reply.get_json()["accepted"] == 2
    assert [record["index"] for record in reply.get_json()["rejected"]] == [2, 3]


@pytest.mark.parametrize("body", [{}, {"data": 5}, {"days": 5}, {"colour": "red"}, {"data": {"metrics": "none"}}])
def test_an_unknown_shape_is_refused_and_nothing_is_stored(
    body: Any, patient: Browser, token: str, database: Database
) -> None:
    before = contents(database)
    reply = push(patient, body, token)
    assert (reply.status_code, reply.get_json()["code"]) == (422, "unknown_shape")
    assert contents(database) == before


def test_only_an_ingest_token_that_was_not_deleted_may_push(
    patient: Browser, stranger: Browser, nobody: Browser, database: Database
) -> None:
    made = patient.make_token("ingest")
    patient.delete(f"/me/access-tokens/{made['id']}")
    reading = patient.make_token("read")["token"]
    before = contents(database)
    for refused in (nobody.post("/ingest", DAYS), patient.post("/ingest", DAYS)):
        assert (refused.status_code, refused.get_json()["code"]) == (401, "not_signed_in")
    for token in (made["token"], reading, "fw_nonsense", "", "\xff"):
        assert push(nobody, DAYS, token).status_code == 401
    assert contents(database) == before


def test_a_token_writes_to_its_own_patient_alone(patient: Browser, stranger: Browser, token: str) -> None:
    push(stranger, DAYS, token)  # even where another patient is signed in
    assert stranger.get("/step-counts").get_json()["items"] == []
    assert len(patient.get("/step-counts").get_json()["items"]) == 2


def test_use_is_noted_once_a_minute(patient: Browser, token: str, clock: Clock) -> None:
    def used() -> str:
        return str(patient.get("/me/access-tokens").get_json()["items"][0]["last_used_at"])

    push(patient, DAYS, token)
    assert used() == "2026-11-22T09:15:00Z"
    clock.move(seconds=50)
    push(patient, DAYS, token)
    assert used() == "2026-11-22T09:15:00Z"
    clock.move(seconds=20)
    push(patient, DAYS, token)
    assert used() == "2026-11-22T09:16:10Z"


def test_one_phone_may_push_sixty_times_a_minute_and_does_not_hinder_another(patient: Browser, token: str) -> None:
    replies = [push(patient, DAYS, token).status_code for _ in range(61)]
    assert replies == [200] * 60 + [429]
    assert push(patient, DAYS, patient.make_token("ingest")["token"]).status_code == 200


def test_two_megabytes_are_taken_and_more_are_not(patient: Browser, token: str) -> None:
    filler = "x" * (2 * 1024 * 1024 - 200)
    assert push(patient, {**DAYS, "filler": filler}, token).status_code == 200
    assert push(patient, {**DAYS, "filler": filler * 2}, token).get_json()["code"] == "too_large"
