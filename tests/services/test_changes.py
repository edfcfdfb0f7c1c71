"""The feed: whoever applies its pages has what the lists have; no row is ever skipped, writers at work or not."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.care import content
from server.database import Database
from server.errors import NotFound
from server.models import Patient, SessionLog, Tombstone
from server.services import access_tokens, push, reminders, step_counts
from server.services.changes import MODELS, NAMED_BY, forget_tombstones, list_changes
from server.services.owner import Owner
from server.services.records import SESSION_LOG, RecordTable, delete_record, save_record
from server.services.step_counts import StepsOfDay
from tests.factories import make_patient

NOW = datetime(2026, 11, 22, 9, 15, tzinfo=UTC)
LOGS = RecordTable(SESSION_LOG, ["id", "on"])
RULE = {"kind": "massage", "weekdays": [1, 3], "times": ["19:00"], "active": True, "starts_on": date(2026, 11, 1)}
Store = dict[tuple[str, str], int]


def log_values(**changes: Any) -> dict[str, Any]:
    members = {column.key: None for column in SessionLog.__table__.columns if column.nullable}
    return {
        **members,
        "on": NOW.date(),
        "script_id": "S8",
        "state": "finished",
        "started_at": NOW - timedelta(hours=5),  # so long ago that nobody is asked about it any more
        "ended_at": NOW - timedelta(hours=5),
        "seconds_done": 480,
        "helper": False,
        "areas_skipped": [],
        "comfort": [],
        **changes,
    }


def save_log(db: Session, owner: Owner, log_id: UUID, **changes: Any) -> None:
    save_record(db, owner, LOGS, log_id, log_values(**changes), if_match=None, now=NOW)


def fetch(db: Session, owner: Owner, store: Store, cursor: tuple[int, int], limit: int) -> tuple[int, int]:
    """Apply every page after `cursor`, as a phone does; returns where to go on."""
    while True:
        page = list_changes(db, owner, since=cursor[0], heard_of=cursor[1], limit=limit)
        if page.reset:
            store.clear()
            cursor = (0, 0)
            continue
        for change in page.items:
            if change.row is None:
                store.pop((change.kind, change.id), None)
            else:
                store[change.kind, change.id] = change.seq
        cursor = (page.cursor, page.heard_of if page.more else 0)
        if not page.more:
            return cursor


def stored(db: Session, owner: Owner) -> Store:
    """What the tables hold."""
    found: Store = {("me", str(owner.id)): db.execute(select(Patient.seq).where(Patient.id == owner.id)).scalar_one()}
    for kind, model in MODELS.items():
        for row in db.execute(select(*model.__table__.c).where(model.patient_id == owner.id)):
            found[kind, str(getattr(row, NAMED_BY.get(kind, "id")))] = row.seq
    return found


def operate(db: Session, owner: Owner, operation: tuple[str, int, int]) -> None:
    """One thing that a patient or a phone might do; what is not there cannot be deleted."""
    what, n, value = operation
    record_id, on = UUID(int=n), NOW.date() - timedelta(days=n)
    try:
        if what == "save log":
            save_log(db, owner, record_id, note=str(value))
        elif what == "delete log":
            delete_record(db, owner, LOGS, record_id, if_match=None, now=NOW)
        elif what == "save reminder":
            values = {**RULE, "times": [f"{value % 24:02}:00"], "active": value % 5 > 0, "ends_on": None}
            reminders.save_reminder(db, owner, record_id, values, if_match=None, now=NOW)
        elif what == "delete reminder":
            reminders.delete_reminder(db, owner, record_id, if_match=None, now=NOW)
        elif what == "steps by hand":
            step_counts.save_manual_count(db, owner, on, steps=value, recorded_at=NOW, if_match=None, now=NOW)
        elif what == "no steps by hand":
            step_counts.delete_manual_count(db, owner, on, if_match=None, now=NOW)
        elif what == "steps":
            counts = [StepsOfDay(on - timedelta(days=d), value, True, NOW) for d in range(3)]
            step_counts.save_device_counts(db, owner, "phone", "Phone", counts, now=NOW)
        elif what == "token":
            access_tokens.create_token(db, owner, label="x", scope="read", now=NOW)
        elif what == "no token":
            for row in access_tokens.list_tokens(db, owner)[:1]:
                access_tokens.delete_token(db, owner, row.id, now=NOW)
        elif what == "browser":
            given = {"endpoint": f"https://{n}", "p256dh": "x", "auth": "y", "label": "z"}
            push.save_subscription(db, owner, **given, replaces=f"https://{value}", now=NOW)
        elif what == "prune":
            forget_tombstones(db, older_than=NOW + timedelta(seconds=1), limit=value + 1)
    except NotFound:
        pass


WHAT = """save log, delete log, save reminder, delete reminder, steps by hand, no steps by hand, steps, token, no token,
browser, prune"""
OPERATIONS = st.tuples(
    st.sampled_from(WHAT.replace(",\n", ", ").split(", ")),
    st.integers(0, 3),
    st.integers(0, 6),
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rounds=st.lists(st.tuples(st.lists(OPERATIONS, max_size=6), st.integers(1, 9)), min_size=1, max_size=5),
    began=st.booleans(),
)
def test_pages_of_any_size_make_the_same_as_the_lists(
    db: Session, rounds: list[tuple[list[tuple[str, int, int]], int]], began: bool
) -> None:
    db.rollback()
    owner = make_patient(db, "owner@example.org", now=NOW)
    store: Store = {}
    cursor = (0, 0)
    for operations, limit in rounds:
        for operation in operations:
            operate(db, owner, operation)
        if began:
            cursor = fetch(db, owner, store, cursor, limit)
            assert store == stored(db, owner)
    fresh: Store = {}
    fetch(db, owner, fresh, (0, 0), rounds[0][1])
    assert fresh == stored(db, owner)
    numbers = [seq for (kind, _), seq in fresh.items()]
    assert len(set(numbers)) == len(numbers)


def test_an_old_cursor_means_a_reset_once_deletions_are_forgotten(db: Session, owner: Owner) -> None:
    for n in range(3):
        save_log(db, owner, UUID(int=n))
    old = list_changes(db, owner, since=0, limit=10).cursor
    delete_record(db, owner, LOGS, UUID(int=1), if_match=None, now=NOW)
    later = list_changes(db, owner, since=0, limit=10).cursor
    assert forget_tombstones(db, older_than=NOW, limit=10) == 0
    assert forget_tombstones(db, older_than=NOW + timedelta(seconds=1), limit=10) == 1
    assert db.execute(select(Tombstone.seq)).all() == []
    assert list_changes(db, owner, since=old, limit=10).reset
    assert not list_changes(db, owner, since=later, limit=10).reset


def test_a_long_history_can_be_fetched_after_deletions_were_forgotten(db: Session, owner: Owner) -> None:
    for n in range(9):
        save_log(db, owner, UUID(int=n))
    delete_record(db, owner, LOGS, UUID(int=8), if_match=None, now=NOW)
    forget_tombstones(db, older_than=NOW + timedelta(days=100), limit=10)
    store: Store = {}
    fetch(db, owner, store, (0, 0), 2)
    assert store == stored(db, owner)


def test_another_patients_changes_are_not_in_it(db: Session, owner: Owner) -> None:
    other = make_patient(db, "other@example.org", now=NOW)
    save_log(db, other, UUID(int=1))
    assert [change.kind for change in list_changes(db, owner, since=0, limit=10).items] == ["me"]


@pytest.mark.parametrize("limit", [3, 200])
def test_a_reader_never_misses_a_row_while_others_write(database: Database, limit: int) -> None:
    """Real threads with connections of their own: numbers are handed out in the order of commits."""
    with database.write() as db:
        owner = make_patient(db, "owner@example.org", now=NOW)
    writers, each = 4, 12
    faults: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            for n in range(each):
                with database.write() as db:
                    save_log(db, owner, UUID(int=100 * writer + n))
                    if n % 3 == 2:
                        delete_record(db, owner, LOGS, UUID(int=100 * writer + n - 1), if_match=None, now=NOW)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(writers)]
    for thread in threads:
        thread.start()
    store: Store = {}
    cursor, working = (0, 0), True
    while working:
        working = any(thread.is_alive() for thread in threads)
        with database.read() as db:
            cursor = fetch(db, owner, store, cursor, limit)
    assert faults == []
    with database.read() as db:
        assert store == stored(db, owner)
    assert len(store) == 1 + writers * each * 2 // 3


def test_a_lock_is_taken_before_anything_is_numbered(database: Database) -> None:
    """Two transactions of one patient come one after the other, so a later number is never seen first."""
    with database.write() as db:
        owner = make_patient(db, "owner@example.org", now=NOW)
    first_wrote, seen = threading.Event(), []

    def second() -> None:
        first_wrote.wait()
        with database.write() as db:
            save_log(db, owner, UUID(int=2))
            seen.append([row.seq for row in db.execute(select(SessionLog.seq).order_by(SessionLog.seq))])

    thread = threading.Thread(target=second)
    with database.write() as db:
        thread.start()
        save_log(db, owner, UUID(int=1))
        first_wrote.set()
        thread.join(0.2)
        assert thread.is_alive()
        db.execute(update(Patient).values(region="GB"))
    thread.join()
    assert seen == [[2, 3]]


def test_who_signs_up_reads_what_is_kept() -> None:
    words = {
        "symptom_entry": "feel",
        "foot_check": "foot checks",
        "block": "warning signs",
        "triage_event": "warning signs",
        "glucose_reading": "sugar readings",
        "step_count": "steps",
        "step_goal": "steps",
        "session_log": "massages",
        "plan": "massages",
        "comfort_log": "foot baths",
        "shoe_check": "shoes",
        "clearance": "what my clinic said",
    }
    of_no_health = {"reminder", "occurrence", "access_token", "push_subscription"}
    assert set(words) == set(MODELS) - of_no_health
    agreed = content.text()[content.consents()["health_data"].text]
    assert [kind for kind, word in words.items() if word not in agreed] == []
    assert "illness" in agreed  # the profile
