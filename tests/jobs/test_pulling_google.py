"""The engine with the real client: from a patient's consent to the days that a strict Google knows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from integrations import build_providers
from integrations.provider import StepProvider
from server.dependencies import Dependencies
from server.models import AnyRow, DailyStepCount, GlucoseReading, Occurrence, StepDay, WearableConnection
from server.pulling import Puller
from tests.conftest import ORIGIN, Clock
from tests.factories import Browser
from tests.fakes.google import Answer, Google
from tests.fakes.google_world import SIGN_UP, STEPS_SCOPE, google_answer
from tests.integrations.google_setup import impatient_provider_of

TODAY = date(2026, 11, 22)
Pull = Callable[[], AnyRow]


@pytest.fixture
def deps(deps: Dependencies, google: Google) -> Dependencies:
    """Two weeks of steps, a tracker, and providers as the server builds them."""
    google.account.days.update({TODAY - timedelta(days=back): 6000 - back for back in range(14)})
    google.account.add_device("Pixel Watch 3", datetime.fromisoformat("2026-11-22T08:00:00Z"))
    return replace(deps, make_providers=lambda: build_providers(google.credentials()))


@pytest.fixture
def pull(deps: Dependencies) -> Pull:
    """Makes the connection due and reads it; returns its row."""
    puller = Puller(deps, at_once=4)

    def run() -> AnyRow:
        with deps.database.write() as db:
            due = update(WearableConnection).where(WearableConnection.next_sync_at.is_not(None))
            db.execute(due.values(next_sync_at=deps.clock()))
        puller.run_due()
        with deps.database.read() as db:
            return db.execute(select(*WearableConnection.__table__.c)).one()

    yield run
    puller.close()


def connect(patient: Browser, google: Google, *untick: str, glucose: bool = False) -> None:
    """The patient's whole way: from the app to Google's page and back."""
    url = patient.post("/wearables/google_health/authorization", {"glucose": glucose}).get_json()["url"]
    back = google.consent(url, untick=untick).removeprefix(f"{ORIGIN}/api/v1")
    reply = patient.get(back)
    assert reply.headers["Location"] == f"{ORIGIN}/#/devices?connected=google_health"


def days(deps: Dependencies) -> dict[date, int]:
    with deps.database.read() as db:
        return {day.on: day.steps for day in db.execute(select(StepDay.on, StepDay.steps))}


def notices(deps: Dependencies) -> list[str]:
    with deps.database.read() as db:
        return list(db.execute(select(Occurrence.state).where(Occurrence.kind == "device")).scalars())


def test_two_weeks_come_with_one_request_and_name_the_tracker(
    patient: Browser, google: Google, pull: Pull, deps: Dependencies
) -> None:
    connect(patient, google)
    row = pull()
    assert (row.state, row.reason, row.device) == ("active", None, "Pixel Watch 3")
    assert (google.counts["steps"], google.counts["devices"], google.counts["token"]) == (1, 1, 1)
    assert days(deps) == google.account.days
    with deps.database.read() as db:
        labels = db.execute(select(DailyStepCount.source_label).distinct()).scalars().all()
    assert labels == ["Pixel Watch 3 through Google Health"]


def test_once_its_history_is_read_a_pull_is_one_request(
    patient: Browser, google: Google, pull: Pull, deps: Dependencies
) -> None:
    google.account.days.update({TODAY - timedelta(days=back): 3000 + back for back in range(14, 120)})
    connect(patient, google)
    for _ in range(3):
        pull()
    assert days(deps) == {on: steps for on, steps in google.account.days.items() if on > TODAY - timedelta(days=90)}
    before = google.counts
    google.account.days[TODAY] = 9000
    pull()
    assert google.counts - before == {"steps": 1}
    assert days(deps)[TODAY] == 9000


def test_every_page_of_an_answer_is_read(patient: Browser, google: Google, pull: Pull, deps: Dependencies) -> None:
    connect(patient, google)
    google.page_size = 4
    pull()
    assert (google.counts["steps"], days(deps)) == (4, google.account.days)


def test_a_token_that_ends_early_is_refreshed_and_the_read_goes_on(
    patient: Browser, google: Google, pull: Pull, deps: Dependencies
) -> None:
    connect(patient, google)
    google.expire_access()
    row = pull()
    assert (row.state, google.counts["token"], google.counts["steps"]) == ("active", 2, 2)
    assert days(deps) == google.account.days


def test_a_refresh_token_that_works_once_is_followed_by_the_next(
    patient: Browser, google: Google, pull: Pull, clock: Clock
) -> None:
    google.rotates = True
    connect(patient, google)
    for _ in range(3):
        clock.move(hours=1)
        assert pull().state == "active"
    used = [call.body["refresh_token"] for call in google.calls["token"] if "refresh_token" in call.body]
    assert (len(used), len(set(used))) == (3, 3)


def test_a_consent_taken_back_at_google_is_told_once_and_loses_no_day(
    patient: Browser, google: Google, pull: Pull, deps: Dependencies, clock: Clock
) -> None:
    connect(patient, google)
    pull()
    google.revoke_all(google.account)
    row = pull()
    assert (row.state, row.reason, row.sealed) == ("needs_reconnect", "invalid_grant", None)
    before = google.counts
    clock.move(days=1)
    pull()
    assert google.counts == before
    assert (notices(deps), days(deps)) == (["open"], google.account.days)
    connect(patient, google)
    assert (pull().state, notices(deps)) == ("active", ["done"])


def test_an_account_without_google_health_is_told_where_to_set_it_up(
    patient: Browser, google: Google, pull: Pull, deps: Dependencies
) -> None:
    google.account.is_linked = False
    connect(patient, google)
    row = pull()
    assert (row.state, row.reason, row.link) == ("needs_setup", "account_not_linked", SIGN_UP)
    assert notices(deps) == ["open"]
    google.account.is_linked = True
    row = pull()
    assert (row.state, row.link, notices(deps)) == ("active", None, ["done"])


def test_steps_that_were_unticked_ask_to_connect_again(patient: Browser, google: Google, pull: Pull) -> None:
    connect(patient, google, STEPS_SCOPE)
    row = pull()
    assert (row.state, row.reason) == ("needs_reconnect", "steps_not_permitted")


@pytest.mark.parametrize(
    ("answer", "state", "reason", "at_least"),
    [
        (replace(google_answer(429, "RESOURCE_EXHAUSTED"), headers={"Retry-After": "900"}), "backing_off", None, 900),
        (Answer(502, "<html><h1>Bad Gateway", {"Content-Type": "text/html"}), "backing_off", "unavailable", 30),
        (Answer(200, "<html>Sign in", {"Content-Type": "text/html"}), "backing_off", "unavailable", 30),
        (Answer(200, "[]", {"Content-Type": "application/json"}), "backing_off", "unreadable", 30),
        (Answer(drop="before"), "backing_off", "unavailable", 30),
        (Answer(drop="within"), "backing_off", "unavailable", 30),
        (Answer(drip="body", pace=0.2), "backing_off", "unavailable", 30),
        (google_answer(410), "provider_retired", "retired", None),
        (google_answer(403, "PERMISSION_DENIED", "SERVICE_DISABLED"), "admin_problem", "service_disabled", 2700),
    ],
    ids=["429", "502 page", "portal", "list", "dropped", "cut", "drip", "410", "our project"],
)
def test_what_goes_wrong_on_the_way_is_a_state_and_loses_nothing(
    answer: Answer,
    state: str,
    reason: str | None,
    at_least: float | None,
    patient: Browser,
    google: Google,
    pull: Pull,
    deps: Dependencies,
) -> None:
    connect(patient, google)
    pull()
    impatient: StepProvider = impatient_provider_of(google, 0.5)
    deps.__dict__["providers"] = {impatient.id: impatient}
    google.always("steps", answer)
    row = pull()
    assert (row.state, row.reason) == (state, reason or "rate_limited")
    assert days(deps) == google.account.days
    if at_least is None:
        assert (row.next_sync_at, notices(deps)) == (None, ["open"])
    else:
        assert (row.next_sync_at - deps.clock()).total_seconds() >= at_least
        google.always("steps", None)
        assert pull().state == "active"


def test_a_client_that_google_does_not_know_any_more_is_no_fault_of_the_patient(
    patient: Browser, google: Google, pull: Pull, deps: Dependencies, clock: Clock
) -> None:
    connect(patient, google)
    secret, google.clients["health-client"] = google.clients["health-client"], "another secret"
    clock.move(hours=1)
    row = pull()
    assert (row.state, row.sealed is not None, notices(deps)) == ("admin_problem", True, [])
    google.clients["health-client"] = secret
    assert (pull().state, days(deps)) == ("active", google.account.days)


def test_a_tracker_that_cannot_be_asked_takes_no_steps_away(
    patient: Browser, google: Google, pull: Pull, deps: Dependencies
) -> None:
    google.script("devices", Answer(500))
    connect(patient, google)
    row = pull()
    assert (row.state, row.device, days(deps)) == ("active", None, google.account.days)


def test_of_sugar_a_meters_readings_are_kept_and_the_newest_of_a_sensor(
    patient: Browser, google: Google, pull: Pull, deps: Dependencies
) -> None:
    """A sensor has 288 a day: no diary for a patient to read."""
    at = datetime.fromisoformat("2026-11-22T06:30:00Z")
    google.account.add_reading(at, 104.5, measurementTiming="FASTING")
    for number in range(12):
        later = at + timedelta(minutes=5 * number)
        google.account.add_reading(later, 108 + number, measurementSource="CONTINUOUS_GLUCOSE_MONITORING")
    connect(patient, google, glucose=True)
    pull()
    pull()
    with deps.database.read() as db:
        query = select(GlucoseReading.value, GlucoseReading.unit, GlucoseReading.context)
        found = db.execute(query.order_by(GlucoseReading.recorded_at)).all()
    assert found == [("104.5", "mg/dL", "fasting"), ("119", "mg/dL", "other")]


def test_disconnecting_gives_the_consent_back_and_keeps_the_days(
    patient: Browser, google: Google, pull: Pull, deps: Dependencies
) -> None:
    connect(patient, google)
    pull()
    assert patient.delete("/wearables/google_health").status_code == 204
    assert (google.counts["revoke"], google.access, google.refresh) == (1, {}, {})
    assert (pull().state, google.counts["steps"]) == ("disconnected", 1)
    with deps.database.read() as db:
        assert db.execute(select(func.count()).select_from(DailyStepCount)).scalar_one() == 14
