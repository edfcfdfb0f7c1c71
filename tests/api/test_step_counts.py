"""Steps of a day: the hand entry, what devices say, and what is then the day's."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from server.database import Database
from server.services.owner import Owner
from server.services.step_counts import StepsOfDay, save_provider_counts
from tests.factories import Browser

BODY = {"steps": 4200, "recorded_at": "2026-11-22T09:00:00Z"}


def push(browser: Browser, token: str, steps: int, on: str = "2026-11-22") -> None:
    body = {"days": [{"date": on, "steps": steps}]}
    reply = browser.client.post("/api/v1/ingest", json=body, headers={"Authorization": f"Bearer {token}"})
    assert reply.status_code == 200


def day(browser: Browser, on: str = "2026-11-22") -> dict[str, Any]:
    found: dict[str, Any] = browser.get(f"/step-counts/{on}").get_json()
    return found


def test_the_hand_entry_wins_until_it_is_taken_away(patient: Browser) -> None:
    token = patient.make_token("ingest")["token"]
    push(patient, token, 9000)
    patient.put("/step-counts/2026-11-22", BODY)
    assert (day(patient)["steps"], day(patient)["source"], len(day(patient)["counts"])) == (4200, "manual", 2)
    assert [count["counted"] for count in day(patient)["counts"]] == [True, False]
    assert patient.delete("/step-counts/2026-11-22").status_code == 204
    assert day(patient)["steps"] == 9000
    assert patient.delete("/step-counts/2026-11-22").status_code == 404
    assert day(patient)["steps"] == 9000


def test_two_devices_are_not_added_up(patient: Browser) -> None:
    for steps in (3000, 5000):
        push(patient, patient.make_token("ingest")["token"], steps)
    assert (day(patient)["steps"], len(day(patient)["counts"])) == (5000, 2)


def test_a_day_that_nobody_told_of_is_not_found_and_not_zero(patient: Browser) -> None:
    assert day(patient)["code"] == "not_found"
    patient.put("/step-counts/2026-11-22", {**BODY, "steps": 0})
    assert day(patient)["steps"] == 0
    patient.delete("/step-counts/2026-11-22")
    assert (day(patient)["steps"], day(patient)["counts"]) == (None, [])


def test_c10_a_day_whose_only_source_was_removed_says_what_was_there(
    patient: Browser, stranger: Browser, database: Database, now: datetime
) -> None:
    owner = Owner(UUID(patient.get("/me").get_json()["id"]), "Europe/Berlin")
    on = date(2026, 11, 22)
    for counts, removed in (([StepsOfDay(on, 6204, True, now)], []), ([], [on])):
        with database.write() as db:
            save_provider_counts(db, owner, "google_health", "Watch", counts, removed_days=removed, now=now)
    found = day(patient)
    history = found.pop("history")
    assert found == {"on": "2026-11-22", "counts": []} | dict.fromkeys(
        ["steps", "source", "source_label", "observed_at", "is_partial", "updated_at"]
    )
    assert [(change["why"], change["before"], change["after"]) for change in history] == [
        ("removed_at_source", 6204, None),
        ("first", None, 6204),
    ]
    assert day(stranger)["code"] == "not_found"
    assert patient.get("/step-counts").get_json()["items"] == []
    patient.put("/step-counts/2026-11-22", BODY)
    assert (day(patient)["steps"], len(day(patient)["history"])) == (4200, 3)


def test_a_day_in_the_past_is_whole_and_today_is_partial(patient: Browser) -> None:
    assert patient.put("/step-counts/2026-11-22", BODY).get_json()["is_partial"] is True
    assert patient.put("/step-counts/2026-11-21", BODY).get_json()["is_partial"] is False
