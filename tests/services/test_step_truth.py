"""Which source a day counts by, what may change it, and that why it did can be read."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from server.errors import NotFound
from server.models import Patient, StepDay
from server.services import step_counts, step_truth
from server.services.owner import Owner
from server.services.step_counts import StepsOfDay
from tests.factories import make_patient

TODAY, YESTERDAY = date(2026, 11, 22), date(2026, 11, 21)
PHONE, WATCH = "phone/6d7a2c1e/hc_webhook", "phone/0f1b4c9d/shortcut"


def said(on: date, steps: int, now: datetime) -> list[StepsOfDay]:
    return [StepsOfDay(on, steps, is_partial=False, observed_at=now)]


def cloud(db: Session, owner: Owner, steps: int, now: datetime, on: date = YESTERDAY, **more: Any) -> None:
    step_counts.save_provider_counts(
        db, owner, "google_health", "Pixel Watch through Google Health", said(on, steps, now), now=now, **more
    )


def push(db: Session, owner: Owner, source: str, steps: int, now: datetime, on: date = YESTERDAY) -> None:
    step_counts.save_device_counts(db, owner, source, source, said(on, steps, now), now=now)


def type_in(db: Session, owner: Owner, steps: int, now: datetime, on: date = YESTERDAY) -> None:
    step_counts.save_manual_count(db, owner, on, steps=steps, recorded_at=now, if_match=None, now=now)


def day(db: Session, owner: Owner, on: date = YESTERDAY) -> tuple[str, int] | None:
    row = db.execute(
        select(StepDay.source, StepDay.steps).where(StepDay.patient_id == owner.id, StepDay.on == on)
    ).first()
    return None if row is None else (row.source, row.steps)


def whys(db: Session, owner: Owner, on: date = YESTERDAY) -> list[str]:
    return [row.why for row in step_truth.history(db, owner, on)]


def test_c1_sources_are_never_added_up(db: Session, owner: Owner, now: datetime) -> None:
    push(db, owner, PHONE, 1919, now)
    push(db, owner, WATCH, 2506, now)
    assert day(db, owner) == (WATCH, 2506)
    cloud(db, owner, 2200, now)
    assert day(db, owner) == ("google_health", 2200)  # it has merged what it knows


def test_c3_a_day_that_is_not_named_stays_and_is_never_zero(db: Session, owner: Owner, now: datetime) -> None:
    cloud(db, owner, 4000, now)
    step_counts.save_provider_counts(db, owner, "google_health", "", said(TODAY, 5, now), now=now)
    assert day(db, owner) == ("google_health", 4000)
    assert day(db, owner, TODAY - timedelta(days=2)) is None


def test_c4_a_true_zero_is_a_number(db: Session, owner: Owner, now: datetime) -> None:
    cloud(db, owner, 0, now)
    assert day(db, owner) == ("google_health", 0)


def test_c9_the_patients_own_number_wins_until_it_is_taken_away(db: Session, owner: Owner, now: datetime) -> None:
    cloud(db, owner, 4000, now)
    type_in(db, owner, 50, now)
    cloud(db, owner, 4100, now)
    push(db, owner, PHONE, 9000, now)
    step_truth.save_order(db, owner, [PHONE], now=now)
    assert day(db, owner) == ("manual", 50)
    step_counts.delete_manual_count(db, owner, YESTERDAY, if_match=None, now=now)
    assert day(db, owner) == (PHONE, 9000)


def test_c10_what_was_removed_at_the_source_no_longer_counts(db: Session, owner: Owner, now: datetime) -> None:
    cloud(db, owner, 4000, now)
    push(db, owner, PHONE, 3000, now)
    step_counts.save_provider_counts(db, owner, "google_health", "", [], removed_days=[YESTERDAY, TODAY], now=now)
    assert day(db, owner) == (PHONE, 3000)
    assert "removed_at_source" in whys(db, owner)


def test_d7_a_cloud_may_correct_downwards_and_a_phone_may_not(db: Session, owner: Owner, now: datetime) -> None:
    cloud(db, owner, 4000, now)
    cloud(db, owner, 3500, now)
    assert day(db, owner) == ("google_health", 3500)
    push(db, owner, PHONE, 4000, now, TODAY)
    push(db, owner, PHONE, 3500, now, TODAY)
    assert day(db, owner, TODAY) == (PHONE, 4000)


@pytest.mark.parametrize(
    ("at", "partial"),
    [
        (datetime(2026, 11, 21, 22, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 21, 23, 1, tzinfo=UTC), True),  # over in Berlin, but trackers sync late
        (datetime(2026, 11, 22, 10, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 22, 11, 0, tzinfo=UTC), False),
    ],
)
def test_d6_a_day_is_settled_by_a_read_after_the_next_noon(
    at: datetime, partial: bool, db: Session, owner: Owner
) -> None:
    cloud(db, owner, 4000, at)
    stored = db.execute(select(StepDay.is_partial).where(StepDay.on == YESTERDAY)).scalar_one()
    assert stored is partial


def test_d6_settling_is_told_and_the_same_again_is_not(db: Session, owner: Owner) -> None:
    early, late = datetime(2026, 11, 22, 8, tzinfo=UTC), datetime(2026, 11, 22, 12, tzinfo=UTC)
    for at in (early, early, late, late):
        cloud(db, owner, 4000, at)
    assert whys(db, owner) == ["settled", "first"]


def test_d3_a_day_is_never_cut_anew_when_the_zone_changes(db: Session, owner: Owner, now: datetime) -> None:
    cloud(db, owner, 4000, now)
    db.execute(update(Patient).where(Patient.id == owner.id).values(time_zone="Pacific/Auckland"))
    moved = Owner(owner.id, "Pacific/Auckland")
    cloud(db, moved, 4000, now)
    step_truth.save_order(db, moved, [PHONE], now=now)
    days = db.execute(select(StepDay.on, StepDay.steps).where(StepDay.patient_id == owner.id)).all()
    assert [tuple(row) for row in days] == [(YESTERDAY, 4000)]


def test_d3_a_settled_day_stays_settled_where_it_would_not_be_yet(db: Session, owner: Owner) -> None:
    settled = datetime(2026, 11, 22, 12, tzinfo=UTC)
    cloud(db, owner, 4000, settled)
    moved = Owner(owner.id, "America/Los_Angeles")  # four in the morning there
    cloud(db, moved, 4000, settled)
    cloud(db, moved, 4100, settled)
    stored = db.execute(select(StepDay.is_partial).where(StepDay.on == YESTERDAY)).scalar_one()
    assert (stored, whys(db, owner)) == (False, ["more", "first"])


def test_the_order_of_the_patient_is_followed_where_its_source_knows_the_day(
    db: Session, owner: Owner, now: datetime
) -> None:
    push(db, owner, PHONE, 100, now)
    push(db, owner, WATCH, 200, now)
    cloud(db, owner, 300, now)
    cloud(db, owner, 300, now, TODAY)
    assert step_truth.save_order(db, owner, [PHONE, WATCH], now=now) == {YESTERDAY}
    assert (day(db, owner), day(db, owner, TODAY)) == ((PHONE, 100), ("google_health", 300))
    assert whys(db, owner)[0] == "choice"
    assert step_truth.save_order(db, owner, [], now=now) == {YESTERDAY}
    assert day(db, owner) == ("google_health", 300)
    assert step_truth.save_order(db, owner, ["google_health"], now=now) == set()


def test_a_choice_for_years_of_days_is_a_few_statements(db: Session, owner: Owner, now: datetime) -> None:
    """Everybody else waits to write meanwhile."""
    days = [TODAY - timedelta(days=back) for back in range(1, 31)]
    for source, steps in ((PHONE, 100), (WATCH, 200)):
        counts = [count for on in days for count in said(on, steps, now)]
        step_counts.save_device_counts(db, owner, source, source, counts, now=now)
    statements: list[str] = []
    event.listen(db.get_bind(), "before_cursor_execute", lambda *args: statements.append(args[2]))
    assert step_truth.save_order(db, owner, [PHONE], now=now) == set(days)
    assert len(statements) < 10
    numbers = db.execute(select(StepDay.seq).where(StepDay.patient_id == owner.id).order_by(StepDay.on)).scalars()
    assert len(set(numbers)) == len(days)
    assert {(day(db, owner, on), whys(db, owner, on)[0]) for on in days} == {((PHONE, 100), "choice")}


def test_the_sources_there_are(db: Session, owner: Owner, now: datetime) -> None:
    cloud(db, owner, 300, now, TODAY)
    push(db, owner, PHONE, 100, now)
    type_in(db, owner, 5, now)
    stranger = make_patient(db, "stranger@example.org", now=now)
    push(db, stranger, WATCH, 100, now)
    known = step_truth.known_sources(db, owner)
    assert [(row.source, row.last_on) for row in known] == [("google_health", TODAY), (PHONE, YESTERDAY)]


def test_a_source_goes_by_its_last_name(db: Session, owner: Owner, now: datetime) -> None:
    for on, label in ((YESTERDAY, "Pixel Watch"), (TODAY, "Fitbit Charge 6")):
        step_counts.save_provider_counts(db, owner, "google_health", label, said(on, 5, now), now=now)
    assert [row.source_label for row in step_truth.known_sources(db, owner)] == ["Fitbit Charge 6"]


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["cloud", "phone", "watch", "typed", "taken", "removed", "order"]), st.integers(0, 200_000)
    ),
    max_size=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # what an example writes is rolled back
@given(acts=ACTS)
def test_whatever_comes_in_whatever_order_the_day_is_what_a_plain_model_says(
    acts: list[tuple[str, int]], database: Any
) -> None:
    """The model keeps a number a source and looks the rule up at the end."""
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    model: dict[str, int] = {}
    order: list[str] = []
    with database.read() as db:  # rolled back: nothing is committed
        owner = make_patient(db, f"{id(acts)}@example.org", now=now)
        for act, steps in acts:
            if act == "cloud":
                cloud(db, owner, steps, now)
                model["google_health"] = steps
            elif act in ("phone", "watch"):
                source = PHONE if act == "phone" else WATCH
                push(db, owner, source, steps, now)
                model[source] = max(steps, model.get(source, 0))
            elif act == "typed":
                type_in(db, owner, steps, now)
                model["manual"] = steps
            elif act == "taken" and "manual" in model:
                step_counts.delete_manual_count(db, owner, YESTERDAY, if_match=None, now=now)
                del model["manual"]
            elif act == "taken":
                with pytest.raises(NotFound):
                    step_counts.delete_manual_count(db, owner, YESTERDAY, if_match=None, now=now)
            elif act == "removed":
                step_counts.save_provider_counts(db, owner, "google_health", "", [], removed_days=[YESTERDAY], now=now)
                model.pop("google_health", None)
            else:
                order = [[], [PHONE], [WATCH, PHONE], ["google_health"]][steps % 4]
                step_truth.save_order(db, owner, order, now=now)
        assert day(db, owner) == expected(model, order)


def expected(model: dict[str, int], order: list[str]) -> tuple[str, int] | None:
    for source in ("manual", *order, "google_health"):
        if source in model:
            return source, model[source]
    if not model:
        return None
    best = max(model, key=lambda source: (model[source], source))
    return best, model[best]
