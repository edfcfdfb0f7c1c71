"""Pulling: what is read when, tokens under a lease, and what each failure means for the patient."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from integrations.provider import (
    AuthorizationExpired,
    AuthorizationRefused,
    ClientRefused,
    Device,
    MissingScope,
    ProviderError,
    ProviderRetired,
    ProviderUnavailable,
    RateLimited,
    Reading,
    SetupNeeded,
    UnexpectedResponse,
)
from server.connecting import sealed_tokens
from server.dependencies import Dependencies
from server.models import AnyRow, GlucoseReading, Occurrence, Patient, StepDay, WearableConnection
from server.pulling import Puller
from server.services import provider_states, wearables
from server.services.owner import Owner
from server.vault import Vault
from tests.conftest import Clock
from tests.factories import make_patient
from tests.providers import ScriptedProvider, ScriptedSite, TokenSet, week_of

TODAY = date(2026, 11, 22)
Connect = Callable[..., Owner]
Row = Callable[[], AnyRow]


@pytest.fixture
def pull(deps: Dependencies) -> Callable[[], int]:
    puller = Puller(deps, at_once=4)
    yield puller.run_due
    puller.close()


@pytest.fixture
def connect(deps: Dependencies) -> Connect:
    """A patient in Berlin with a good consent; more of them by number."""

    def connected(number: int = 0, *, expires_in: float = 3600, glucose: bool = False, **more: object) -> Owner:
        now = deps.clock()
        tokens = TokenSet("access-0", "refresh-0")
        consent = wearables.Consent(
            sealed=deps.vault.seal(sealed_tokens(tokens)),
            scopes=["steps", "settings"],
            missing=list(more.get("missing", ())),  # type: ignore[call-overload]
            provider_user_id=f"user-{number}",
            token_expires_at=now + timedelta(seconds=expires_in),
            consent_expires_at=None,
        )
        with deps.database.write() as db:
            owner = make_patient(db, f"walker-{number}@example.org", now=now)
            wearables.save_connection(db, owner, "google_health", consent, glucose=glucose, now=now)
        return owner

    return connected


@pytest.fixture
def row(deps: Dependencies) -> Row:
    def only() -> AnyRow:
        with deps.database.read() as db:
            return db.execute(select(*WearableConnection.__table__.c)).one()

    return only


def days(deps: Dependencies) -> dict[date, int]:
    with deps.database.read() as db:
        return {day.on: day.steps for day in db.execute(select(StepDay.on, StepDay.steps))}


def notices(deps: Dependencies) -> list[str]:
    with deps.database.read() as db:
        return list(db.execute(select(Occurrence.state).where(Occurrence.kind == "device")).scalars())


def make_due(deps: Dependencies) -> None:
    with deps.database.write() as db:
        db.execute(update(WearableConnection).values(next_sync_at=deps.clock()))


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


def test_t4_a_refresh_without_a_refresh_token_keeps_the_old_one(
    deps: Dependencies, provider: ScriptedProvider, connect: Connect, pull: Callable[[], int], row: Row
) -> None:
    connect(expires_in=60)
    pull()
    assert provider.refreshes == 1
    assert deps.vault.open(row().sealed) == {"access_token": "access-1", "refresh_token": "refresh-0"}


def test_t5_a_new_refresh_token_is_stored(
    deps: Dependencies, clock: Clock, provider: ScriptedProvider, connect: Connect, pull: Callable[[], int], row: Row
) -> None:
    provider.rotates = True
    connect(expires_in=60)
    pull()
    clock.move(hours=2)
    make_due(deps)
    pull()
    assert (provider.refreshes, row().state) == (2, "active")
    assert deps.vault.open(row().sealed)["refresh_token"] == "refresh-2"


def test_t3_a_fresh_token_is_committed_before_it_is_used(
    deps: Dependencies, provider: ScriptedProvider, connect: Connect, pull: Callable[[], int], row: Row
) -> None:
    stored: list[str] = []
    provider.while_reading = lambda: stored.append(deps.vault.open(row().sealed)["access_token"])
    connect(expires_in=60)
    pull()
    assert stored == ["access-1"]


def test_t2_a_refused_token_is_refreshed_once_and_the_fresh_one_is_used(
    provider: ScriptedProvider, connect: Connect, pull: Callable[[], int], row: Row
) -> None:
    connect()
    provider.accepts = {"something else"}
    pull()
    assert (provider.refreshes, len(provider.asked), row().state) == (1, 2, "active")


def test_t1_many_workers_refresh_a_single_use_token_once(
    deps: Dependencies, provider: ScriptedProvider, connect: Connect, row: Row
) -> None:
    provider.rotates = True
    connect(expires_in=60)
    puller = Puller(deps, at_once=1)
    with deps.database.write() as db:
        (due,) = puller_claims(db, deps)
    tokens: list[str] = []
    together = threading.Barrier(6)

    def ask() -> None:
        together.wait()
        tokens.append(puller._token(provider, due))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    puller.close()
    assert (tokens, provider.refreshes) == (["access-1"] * 6, 1)


def puller_claims(db: object, deps: Dependencies) -> list[object]:
    from server.services.wearable_sync import claim_due

    return list(claim_due(db, "google_health", limit=5, now=deps.clock()))  # type: ignore[arg-type]


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


def test_t8_a_hiccup_of_the_token_endpoint_changes_nothing_and_frees_the_lease(
    clock: Clock, provider: ScriptedProvider, connect: Connect, pull: Callable[[], int], row: Row
) -> None:
    connect(expires_in=60)
    provider.fail_refresh = [ProviderUnavailable()]
    pull()
    assert (row().state, row().lease_until) == ("backing_off", None)
    clock.move(minutes=5)
    pull()
    assert row().state == "active"


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


def test_t21_a_lost_key_asks_to_reconnect_and_breaks_nothing(
    deps: Dependencies, connect: Connect, row: Row, settings: object
) -> None:
    connect()
    deps.__dict__["vault"] = Vault(["n" * 43])
    puller = Puller(deps, at_once=1)
    puller.run_due()
    puller.close()
    assert (row().state, row().reason) == ("needs_reconnect", "key_changed")


def test_t10_what_is_not_permitted_is_left_out_and_not_asked_again(
    clock: Clock, provider: ScriptedProvider, connect: Connect, pull: Callable[[], int], row: Row, deps: Dependencies
) -> None:
    connect(glucose=True)

    def refuse(*_: object, **__: object) -> None:
        raise MissingScope("glucose")

    provider.fetch_readings = refuse  # type: ignore[method-assign,assignment]
    provider.days = week_of(TODAY)
    pull()
    assert (row().state, row().missing, days(deps)) == ("active", ["glucose"], provider.days)
    provider.fetch_readings = None  # type: ignore[method-assign,assignment]
    clock.move(seconds=30)
    pull()
    assert (row().state, row().missing) == ("active", ["glucose"])


def test_sugar_readings_come_along_as_sent_and_a_deleted_one_stays_deleted(
    deps: Dependencies, clock: Clock, provider: ScriptedProvider, connect: Connect, pull: Callable[[], int]
) -> None:
    connect(glucose=True)
    at = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
    provider.readings = [
        Reading(at, "5.8", "mmol/L", "fasting"),
        Reading(at + timedelta(days=9), "5", "mmol/L", "other"),
    ]
    pull()
    with deps.database.read() as db:
        (reading,) = db.execute(select(*GlucoseReading.__table__.c)).all()
    assert (reading.value, reading.unit, reading.context, reading.source) == (
        "5.8",
        "mmol/L",
        "fasting",
        "google_health",
    )
    assert (reading.on, reading.recorded_at, reading.decision) == (TODAY, at, None)
    clock.move(seconds=30)
    pull()
    with deps.database.read() as db:
        assert len(db.execute(select(GlucoseReading.id)).all()) == 1


@pytest.fixture
def sugar(
    deps: Dependencies, clock: Clock, provider: ScriptedProvider, connect: Connect, pull: Callable[[], int]
) -> Callable[..., set[str]]:
    """Pulls after `days`, with readings known by then, each so many days old; what is kept."""
    connect(glucose=True)

    def pulled(days: float, **ages: float) -> set[str]:
        clock.move(days=days)
        for value, age in ages.items():
            provider.readings.append(Reading(clock() - timedelta(days=age), value.strip("_"), "mg/dL", "other"))
        make_due(deps)
        pull()
        with deps.database.read() as db:
            return set(db.execute(select(GlucoseReading.value)).scalars())

    return pulled


def test_d5_a_reading_ahead_of_its_time_hides_none_that_is_taken_before_it(sugar: Callable[..., set[str]]) -> None:
    assert sugar(0, _99=-9) == set()
    assert sugar(0.2, _112=0.1) == {"112"}


def test_d8_a_reading_that_reaches_the_provider_late_is_read(sugar: Callable[..., set[str]]) -> None:
    assert sugar(0, _112=0.1, _98=13) == {"112", "98"}
    assert sugar(0.2, _205=6) == {"112", "98", "205"}


def test_d8_readings_of_a_long_silence_are_read(sugar: Callable[..., set[str]]) -> None:
    assert sugar(0, _112=0.1) == {"112"}
    assert sugar(20, _90=19, _101=1) == {"112", "90", "101"}


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


def test_no_error_of_a_provider_reaches_a_log_with_what_it_said(
    provider: ScriptedProvider, connect: Connect, pull: Callable[[], int], caplog: pytest.LogCaptureFixture
) -> None:
    connect()
    provider.fail = [ProviderError("token access-0 of user-0")]
    pull()
    assert "access-0" not in caplog.text
    assert "user-0" not in caplog.text


def test_nightscout_brings_sugar_readings_and_is_not_tried_again_after_a_refusal(
    deps: Dependencies, clock: Clock, nightscout: ScriptedSite, pull: Callable[[], int], row: Row
) -> None:
    sealed = deps.vault.seal({"url": "https://night.example.org", "token": "phone-0123456789abcdef"})
    consent = wearables.Consent(sealed, [], [], None, None, None)
    with deps.database.write() as db:
        owner = make_patient(db, "sweet@example.org", now=clock())
        wearables.save_connection(db, owner, "nightscout", consent, glucose=True, now=clock())
    nightscout.readings = [Reading(clock() - timedelta(hours=1), "112", "mg/dL", "other")]
    pull()
    assert (row().state, row().last_ok_at, row().glucose_until) == ("active", clock(), clock() - timedelta(hours=1))
    with deps.database.read() as db:
        assert db.execute(select(GlucoseReading.value, GlucoseReading.source)).one() == ("112", "nightscout")
    nightscout.fail = [AuthorizationExpired()]
    make_due(deps)
    pull()
    asked = nightscout.asked
    clock.move(days=2)
    assert (pull(), nightscout.asked, row().state) == (0, asked, "needs_reconnect")
