"""Sugar readings that come along, and what is not permitted."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from integrations.provider import (
    AuthorizationExpired,
    MissingScope,
    Reading,
)
from server.dependencies import Dependencies
from server.models import GlucoseReading
from server.services import wearables
from tests.conftest import Clock
from tests.factories import make_patient
from tests.jobs.pulls import TODAY, Connect, Row, days, make_due
from tests.providers import ScriptedProvider, ScriptedSite, week_of


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
