"""What each failure means for the patient, and how a provider as a whole is treated."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, select

from integrations.provider import (
    AuthorizationExpired,
    AuthorizationRefused,
    ClientRefused,
    MissingScope,
    ProviderError,
    ProviderRetired,
    ProviderUnavailable,
    RateLimited,
    SetupNeeded,
    UnexpectedResponse,
)
from server.dependencies import Dependencies
from server.models import Occurrence, Patient, StepDay
from server.services import provider_states, wearables
from tests.conftest import Clock
from tests.jobs.pulls import TODAY, Connect, Row, days, make_due, notices
from tests.providers import ScriptedProvider, week_of


@pytest.mark.parametrize(
    ("error", "state", "again_within"),
    [
        (MissingScope("steps"), "needs_reconnect", None),
        (RateLimited(), "backing_off", 120),
        (RateLimited(900), "backing_off", 901),
        (ProviderUnavailable(), "backing_off", 120),
        (UnexpectedResponse(), "backing_off", 120),
        (AuthorizationRefused(), "backing_off", 120),
        (SetupNeeded("https://fitbit.google.com/auth/signup"), "needs_setup", 86400 * 1.2),
        (ClientRefused(), "admin_problem", 3600 * 1.2),
        (ProviderRetired(), "provider_retired", None),
        (ValueError("a fault of ours"), "backing_off", 120),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_each_failure_ends_in_a_state_and_loses_nothing(
    error: Exception,
    state: str,
    again_within: float | None,
    deps: Dependencies,
    clock: Clock,
    provider: ScriptedProvider,
    connect: Connect,
    pull: Callable[[], int],
    row: Row,
) -> None:
    connect()
    provider.days = week_of(TODAY)
    pull()
    clock.move(seconds=30)
    provider.fail = [error]
    pull()
    found = row()
    assert found.state == state
    assert days(deps) == provider.days
    if again_within is None:
        assert found.next_sync_at is None
    else:
        wait = (found.next_sync_at - clock()).total_seconds()
        assert 0 < wait <= again_within
        if isinstance(error, RateLimited) and error.retry_after:
            assert wait >= error.retry_after  # r2
    assert notices(deps) == (["open"] if state in ("needs_reconnect", "needs_setup", "provider_retired") else [])


def test_t6_a_dead_consent_is_never_tried_again_and_told_once(
    deps: Dependencies, clock: Clock, provider: ScriptedProvider, connect: Connect, pull: Callable[[], int], row: Row
) -> None:
    connect(expires_in=60)
    provider.fail_refresh = [AuthorizationExpired()]
    pull()
    for _ in range(5):
        clock.move(days=1)
        assert pull() == 0
    assert (row().state, row().sealed, provider.asked, notices(deps)) == ("needs_reconnect", None, [], ["open"])


def test_t13_an_account_that_is_set_up_later_mends_by_itself_and_the_notice_goes(
    deps: Dependencies, clock: Clock, provider: ScriptedProvider, connect: Connect, pull: Callable[[], int], row: Row
) -> None:
    connect()
    provider.fail = [SetupNeeded("https://fitbit.google.com/auth/signup", reason="account_not_linked")]
    pull()
    assert (row().state, row().link, row().sealed is not None) == (
        "needs_setup",
        "https://fitbit.google.com/auth/signup",
        True,
    )
    clock.move(days=1.3)
    pull()
    assert (row().state, row().link, notices(deps)) == ("active", None, ["done"])


def test_t11_a_refusal_that_lasts_six_hours_and_three_runs_asks_to_reconnect(
    deps: Dependencies, clock: Clock, provider: ScriptedProvider, connect: Connect, pull: Callable[[], int], row: Row
) -> None:
    connect()
    provider.fail = [AuthorizationRefused() for _ in range(9)]
    for hours in (0, 2, 2):
        clock.move(hours=hours)
        make_due(deps)
        pull()
        assert row().state == "backing_off"
    clock.move(hours=2.1)
    make_due(deps)
    pull()
    assert row().state == "needs_reconnect"


def test_t12_our_own_client_being_refused_leaves_the_patients_consent_alone(
    provider: ScriptedProvider, connect: Connect, pull: Callable[[], int], row: Row
) -> None:
    connect(expires_in=60)
    provider.fail_refresh = [ClientRefused()]
    pull()
    assert (row().state, row().sealed is not None, row().lease_until) == ("admin_problem", True, None)


def test_t15_what_is_read_while_the_patient_disconnects_is_dropped(
    deps: Dependencies, clock: Clock, provider: ScriptedProvider, connect: Connect, pull: Callable[[], int], row: Row
) -> None:
    owner = connect()
    provider.days = week_of(TODAY)

    def disconnect() -> None:
        with deps.database.write() as db:
            wearables.disconnect(db, owner, "google_health", now=clock())

    provider.while_reading = disconnect
    pull()
    assert (days(deps), row().state, row().sealed) == ({}, "disconnected", None)
    clock.move(days=1)
    assert pull() == 0


def test_an_account_that_is_deleted_while_it_is_read_holds_up_nobody(
    deps: Dependencies, provider: ScriptedProvider, connect: Connect, pull: Callable[[], int]
) -> None:
    owner, other = connect(0), connect(1)
    provider.days = week_of(TODAY)

    def leave() -> None:
        with deps.database.write() as db:
            db.execute(delete(Patient).where(Patient.id == owner.id))

    provider.while_reading = leave
    assert pull() == 2
    with deps.database.read() as db:
        assert set(db.execute(select(StepDay.patient_id)).scalars()) == {other.id}


def test_r1_not_more_is_asked_in_a_minute_than_the_provider_bears(
    clock: Clock, provider: ScriptedProvider, connect: Connect, pull: Callable[[], int]
) -> None:
    provider.requests_per_minute = 3
    for number in range(5):
        connect(number)
    assert (pull(), pull()) == (3, 0)
    clock.move(minutes=1)
    assert pull() > 0


def test_r2_a_provider_that_answers_nobody_is_let_alone_for_a_while(
    deps: Dependencies, clock: Clock, provider: ScriptedProvider, connect: Connect, pull: Callable[[], int]
) -> None:
    for number in range(6):
        connect(number)
    provider.fail = [ProviderUnavailable() for _ in range(6)]
    assert pull() == 6
    make_due(deps)
    assert pull() == 0
    with deps.database.read() as db:
        seen = provider_states.overview(db, "google_health", per_minute=100, now=clock())
    assert seen.quiet_until is not None
    assert seen.by_state == {"backing_off": 6}
    clock.move(minutes=2)
    assert pull() == 6
    with deps.database.read() as db:
        seen = provider_states.overview(db, "google_health", per_minute=100, now=clock())
    assert (seen.quiet_until, seen.by_state, seen.oldest_success) == (None, {"active": 6}, clock())


def test_the_message_about_a_problem_waits_for_the_day(
    deps: Dependencies, clock: Clock, provider: ScriptedProvider, connect: Connect, pull: Callable[[], int]
) -> None:
    clock.now = datetime(2026, 11, 22, 1, tzinfo=UTC)  # two in the morning in Berlin
    connect()
    provider.fail = [ProviderRetired()]
    pull()
    with deps.database.read() as db:
        (due_at,) = db.execute(select(Occurrence.due_at).where(Occurrence.kind == "device")).scalars()
    assert due_at == datetime(2026, 11, 22, 8, tzinfo=UTC)


@pytest.mark.parametrize("kind", [ProviderError, ValueError])
def test_no_error_reaches_a_log_with_what_it_said(
    kind: type[Exception],
    provider: ScriptedProvider,
    connect: Connect,
    pull: Callable[[], int],
    caplog: pytest.LogCaptureFixture,
) -> None:
    connect()
    provider.fail = [kind("token access-0 of user-0")]
    pull()
    assert kind is ProviderError or "ValueError" in caplog.text
    assert "access-0" not in caplog.text
    assert "user-0" not in caplog.text
