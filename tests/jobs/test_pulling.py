"""Pulling: what is read when, and what a notice changes about it."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from integrations.provider import (
    Device,
    ProviderUnavailable,
)
from server import jobs
from server.dependencies import Dependencies
from server.models import ArchiveImport, StepDay
from server.pulling import Puller
from server.services import archives, wearables
from server.working import Working
from tests.conftest import Clock
from tests.jobs.pulls import TODAY, Connect, Row, days, make_due, wait_until
from tests.providers import ScriptedProvider, week_of


def test_a_new_connection_reads_two_weeks_then_its_history_then_once_an_hour(
    deps: Dependencies, clock: Clock, provider: ScriptedProvider, connect: Connect, pull: Callable[[], int], row: Row
) -> None:
    connect()
    provider.days = {TODAY - timedelta(days=back): 1000 + back for back in range(120)}
    assert pull() == 1
    assert provider.asked == [(date(2026, 11, 9), TODAY)]
    assert pull() == 0
    for _ in range(2):
        clock.move(seconds=21)
        assert pull() == 1
    assert provider.asked[1:] == [(date(2026, 9, 24), TODAY), (date(2026, 8, 25), date(2026, 10, 23))]
    assert len(days(deps)) == 90
    wait = row().next_sync_at - clock()
    assert timedelta(minutes=48) <= wait <= timedelta(minutes=72)
    clock.move(hours=1.5)
    assert pull() == 1
    assert provider.asked[-1] == (date(2026, 11, 16), TODAY)  # one request: the last seven days
    assert (row().state, row().last_ok_at) == ("active", clock())


def test_d8_what_a_tracker_sends_late_is_read_again_for_a_week_and_once_a_week_for_a_month(
    deps: Dependencies, clock: Clock, provider: ScriptedProvider, connect: Connect, pull: Callable[[], int]
) -> None:
    connect()
    for _ in range(3):
        pull()
        clock.move(seconds=30)
    clock.move(days=8)
    make_due(deps)
    pull()
    assert provider.asked[-1] == (date(2026, 11, 1), date(2026, 11, 30))
    clock.move(days=1)
    make_due(deps)
    pull()
    assert provider.asked[-1] == (date(2026, 11, 25), date(2026, 12, 1))


def test_r12_history_comes_newest_first_and_goes_on_where_it_ended(
    deps: Dependencies, clock: Clock, provider: ScriptedProvider, connect: Connect, pull: Callable[[], int], row: Row
) -> None:
    connect()
    pull()
    provider.fail = [ProviderUnavailable()]
    clock.move(minutes=1)
    pull()
    assert (row().state, row().read_from) == ("backing_off", date(2026, 11, 9))
    clock.move(minutes=5)
    pull()
    assert (row().state, row().read_from) == ("active", date(2026, 9, 24))


def test_the_tracker_is_named_and_asked_about_a_few_times_a_day(
    clock: Clock, provider: ScriptedProvider, connect: Connect, pull: Callable[[], int], row: Row, deps: Dependencies
) -> None:
    connect()
    synced = datetime(2026, 11, 22, 8, tzinfo=UTC)
    provider.device, provider.days = Device("Pixel Watch 3", synced), week_of(TODAY)
    pull()
    assert (row().device, row().device_synced_at) == ("Pixel Watch 3", synced)
    with deps.database.read() as db:
        assert db.execute(select(StepDay.source_label)).scalars().first() == "Pixel Watch 3 through Google Health"
    provider.device = None
    clock.move(seconds=30)
    pull()
    assert row().device == "Pixel Watch 3"


def test_a_notice_brings_the_next_pull_forward_and_names_the_days(
    deps: Dependencies, clock: Clock, provider: ScriptedProvider, connect: Connect, pull: Callable[[], int], row: Row
) -> None:
    connect()
    for _ in range(3):
        pull()
        clock.move(seconds=30)
    assert pull() == 0
    change = wearables.Change("user-0", date(2026, 10, 30), date(2026, 10, 31))
    with deps.database.write() as db:
        assert wearables.note_changes(db, "google_health", [change], now=clock()) == 1
        assert wearables.note_changes(db, "google_health", [wearables.Change("nobody", TODAY, TODAY)], now=clock()) == 0
    assert pull() == 1
    assert provider.asked[-1] == (date(2026, 10, 29), TODAY)
    assert row().reread_from is None


def test_c10_a_day_that_was_deleted_at_the_source_no_longer_counts(
    deps: Dependencies, clock: Clock, provider: ScriptedProvider, connect: Connect, pull: Callable[[], int]
) -> None:
    connect()
    provider.days = week_of(TODAY)
    for _ in range(3):
        pull()
        clock.move(seconds=30)
    gone = TODAY - timedelta(days=2)
    del provider.days[gone]
    make_due(deps)
    pull()
    assert gone in days(deps)  # an absent day alone erases nothing
    with deps.database.write() as db:
        wearables.note_changes(
            db, "google_health", [wearables.Change("user-0", gone, gone, is_deletion=True)], now=clock()
        )
    pull()
    assert gone not in days(deps)


def test_a_slow_answer_holds_up_nobody_else(
    provider: ScriptedProvider, connect: Connect, pull: Callable[[], int]
) -> None:
    """The first of 70 is answered last: the others are read meanwhile, also those that no batch had room for."""
    for number in range(70):
        connect(number)
    waiting, others = threading.Event(), threading.Semaphore(0)
    first = threading.Lock()

    def hold_the_first() -> None:
        if first.acquire(blocking=False):
            assert all(others.acquire(timeout=20) for _ in range(69))
            waiting.set()
        else:
            others.release()

    provider.while_reading = hold_the_first
    assert pull() == 70
    assert waiting.is_set()


def test_an_archive_is_read_although_there_is_always_something_to_pull(
    deps: Dependencies, clock: Clock, connect: Connect, provider: ScriptedProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "A_TURN", 0.2)
    owner = connect()

    def hurrying() -> datetime:
        clock.move(hours=2)
        return clock()

    hurried = replace(deps, clock=hurrying)
    puller = Puller(hurried)
    pulling = Working("pulling", lambda: jobs.pull(hurried, puller, lambda: not pulling.is_ending))
    pulling.start()
    wait_until(lambda: len(provider.asked) > 2)
    with deps.database.write() as db:
        archives.save_archive(db, owner, file="not-there.zip", size=1, now=clock())

    def is_tried() -> bool:
        with deps.database.read() as db:
            return bool(db.execute(select(ArchiveImport.state)).scalar_one() == "failed")

    try:
        wait_until(is_tried)
    finally:
        pulling.stop()
        pulling.join(timeout=10)
        puller.close()
    assert not pulling.is_alive()


def test_a_look_uses_up_only_what_it_asks(
    clock: Clock, provider: ScriptedProvider, connect: Connect, pull: Callable[[], int]
) -> None:
    provider.requests_per_minute = 10
    for number in range(10):
        connect(number)
        assert pull() == 1
    connect(10)
    assert pull() == 0
    clock.move(minutes=1)
    assert pull() > 0
