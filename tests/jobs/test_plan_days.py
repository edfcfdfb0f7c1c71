"""The plan over days and weeks with a clock that tests move: what is sent, and what is not."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from server import jobs
from server.dependencies import Dependencies
from server.jobs import Ticker
from tests.conftest import Clock
from tests.factories import PASSWORD, Browser, RecordingSender, block, session_log


def live(deps: Dependencies, clock: Clock, sender: RecordingSender, hours: int) -> list[str]:
    """Let hours pass as the worker lives them; when messages came, as `Mon 18`, in UTC."""
    ticker, came = Ticker(deps), []
    for _ in range(hours):
        clock.move(minutes=60)
        jobs.begin_days(deps)
        before = len(sender.messages)
        ticker.tick()
        came += [f"{clock():%a %H}"] * (len(sender.messages) - before)
    return came


@pytest.fixture
def planned(patient: Browser, clock: Clock) -> Browser:
    clock.now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    patient.subscribe("one")
    patient.put_plan()
    return patient


def test_a_missed_session_is_offered_again_each_day_of_its_week_and_never_twice_a_day(
    deps: Dependencies, planned: Browser, sender: RecordingSender, clock: Clock
) -> None:
    came = live(deps, clock, sender, 24 * 8 + 12)
    assert came == [f"{name} 18" for name in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Mon")]


def test_who_does_each_session_is_reminded_on_the_planned_days_alone(
    deps: Dependencies, planned: Browser, sender: RecordingSender, clock: Clock
) -> None:
    came = []
    for _ in range(14):
        on = clock().date()
        today = live(deps, clock, sender, 24)
        came += today
        if today:  # it reaches the server the next morning
            at = f"{on}T18:30:00Z"
            planned.put(f"/session-logs/{uuid4()}", session_log(on=str(on), started_at=at, ended_at=at))
    assert came == ["Mon 18", "Wed 18", "Fri 18", "Mon 18", "Wed 18", "Fri 18"]


def test_a_session_done_before_its_time_is_not_reminded_of(
    deps: Dependencies, planned: Browser, sender: RecordingSender, clock: Clock
) -> None:
    live(deps, clock, sender, 27)  # Monday, 12:00
    at = "2026-11-23T07:00:00Z"  # so long ago that the look for redness is over, too
    planned.put(f"/session-logs/{uuid4()}", session_log(on="2026-11-23", started_at=at, ended_at=at))
    assert live(deps, clock, sender, 48) == []
    assert live(deps, clock, sender, 12) == ["Wed 18"]


def test_under_a_red_flag_no_reminder_is_sent_and_afterwards_they_come_again(
    deps: Dependencies, planned: Browser, sender: RecordingSender, clock: Clock
) -> None:
    made = planned.put_block(level="same_day")
    assert live(deps, clock, sender, 48) == []
    first = planned.get("/occurrences?from=2026-11-23&to=2026-11-23").get_json()["items"][0]
    assert (first["not_sent"], first["state"]) == ("paused", "open")
    ended = {"ended_at": f"{clock():%Y-%m-%dT%H:%M:%SZ}", "end_reason": "clinic_ok"}
    ended |= {"clinician_name": "Nurse Kim", "clinician_on": "2026-11-24"}
    assert planned.put(f"/blocks/{made['id']}", block(level="same_day", **ended)).status_code == 200
    assert live(deps, clock, sender, 24) == ["Tue 18"]


def test_a_paused_plan_is_silent_until_the_day_after_its_end(
    deps: Dependencies, planned: Browser, sender: RecordingSender, clock: Clock
) -> None:
    planned.put_plan(pause={"from_on": "2026-11-22", "until_on": "2026-11-26", "reason": "away"})
    assert live(deps, clock, sender, 24 * 6) == ["Fri 18"]


def test_the_days_go_on_by_themselves_for_months(deps: Dependencies, planned: Browser, clock: Clock) -> None:
    for _ in range(60):
        clock.move(days=1)
        jobs.begin_days(deps)
        assert len(planned.get("/me/plan").get_json()["days"]) >= 5
    assert jobs.begin_days(deps) == 0


def test_many_days_begin_in_batches_and_a_patient_who_left_is_no_fault(
    deps: Dependencies, planned: Browser, stranger: Browser, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 1)
    stranger.put_plan()
    clock.move(days=1)
    assert jobs.begin_days(deps) == 2
    assert stranger.delete("/me", {"password": PASSWORD}).status_code == 204
    clock.move(days=1)
    assert jobs.begin_days(deps) == 1
