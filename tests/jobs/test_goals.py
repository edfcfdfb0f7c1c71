"""The worker's look at step goals with a clock that tests move: at the patient's own midnight, once, harmless twice."""

from datetime import UTC, datetime

import pytest

from server import jobs
from server.dependencies import Dependencies
from tests.conftest import Clock
from tests.factories import PASSWORD, Browser

WEEK = [f"2026-11-{day:02}" for day in range(16, 23)]


@pytest.fixture
def walking(patient: Browser, clock: Clock) -> Browser:
    """A goal of 3,300 since Monday, the 23rd, in Berlin."""
    clock.now = datetime(2026, 11, 22, 23, 40, tzinfo=UTC)
    patient.put_steps(3_000, *WEEK)
    assert patient.get("/me/step-goal").get_json()["steps"] == 3_300
    return patient


def test_a_week_is_decided_at_the_patients_midnight_and_twice_is_harmless(
    deps: Dependencies, walking: Browser, clock: Clock
) -> None:
    for on in (f"2026-11-{day}" for day in range(23, 30)):
        clock.move(days=1)
        walking.put_steps(800, on)
    clock.now = datetime(2026, 11, 29, 22, 59, tzinfo=UTC)
    jobs.look_at_goals(deps)
    assert walking.get("/me/step-goal").get_json()["steps"] == 3_300
    clock.move(minutes=1)
    assert jobs.look_at_goals(deps) == 1
    reply = walking.get("/me/step-goal")
    assert (reply.get_json()["steps"], reply.get_json()["history"][-1]["why"]) == (2_900, "few_met")
    assert jobs.look_at_goals(deps) == 0
    assert walking.get("/me/step-goal").headers["ETag"] == reply.headers["ETag"]


def test_a_year_without_steps_changes_nothing(deps: Dependencies, walking: Browser, clock: Clock) -> None:
    for _ in range(52):
        clock.move(days=7)
        jobs.look_at_goals(deps)
    kept = walking.get("/me/step-goal").get_json()
    assert (kept["steps"], kept["history"][-1]["why"]) == (3_300, "few_known")


def test_many_goals_come_in_batches_and_a_patient_who_left_is_no_fault(
    deps: Dependencies, walking: Browser, stranger: Browser, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 1)
    stranger.put_goal()
    clock.move(days=1)
    assert jobs.look_at_goals(deps) == 2
    assert stranger.delete("/me", {"password": PASSWORD}).status_code == 204
    clock.move(days=1)
    assert jobs.look_at_goals(deps) == 1


def test_one_that_is_off_is_not_looked_at(deps: Dependencies, walking: Browser, clock: Clock) -> None:
    walking.put_goal(active=False)
    clock.move(days=30)
    assert jobs.look_at_goals(deps) == 0
