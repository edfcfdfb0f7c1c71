"""What is due now: wake occurrences, send deliveries, plan ahead, prune; each item finished on its own."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from huey import Huey, crontab
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.dependencies import Dependencies
from server.models import (
    AnyRow,
    ArchiveImport,
    AuthorizationRequest,
    PasswordReset,
    PushDelivery,
    SecondDelivery,
    SignIn,
    SignInThrottle,
    StepChange,
)
from server.pulling import Puller
from server.pushing import send_claimed
from server.reading import read_archive
from server.second_sending import look_for_quiet, send_second
from server.services import (
    changes,
    occurrences,
    plans,
    provider_states,
    reminders,
    sending,
    server_facts,
    step_goals,
    step_pieces,
    waking,
)
from server.working import Working

log = logging.getLogger(__name__)

BATCH = 100
A_TURN = 60.0  # seconds of pulling, then an archive may be read
HEARTBEAT = timedelta(seconds=20)
KEEP_THROTTLES = timedelta(days=1)
KEEP_STRAY_ARCHIVES = timedelta(days=1)
PRUNE_BATCH = 500


def send_due(deps: Dependencies, after_each: Callable[[], None] = lambda: None) -> int:
    """Send everything that is due, batch by batch; returns how many messages were tried."""
    tried = 0
    while True:
        now = deps.clock()
        with deps.database.write() as db:
            woken = waking.wake_due(db, limit=BATCH, now=now)
            rows = sending.claim_deliveries(db, limit=BATCH, now=now)
        if rows:
            _send(deps, rows, now)
        tried += len(rows)
        after_each()
        if not woken and not rows:
            return tried


def _send(deps: Dependencies, rows: Sequence[AnyRow], now: datetime) -> None:
    """Send and finish what is claimed. No transaction is open while push services take their time."""
    states = send_claimed(deps, rows, now=now)
    counts = Counter(state for _, state in states)
    log.info("deliveries: %s", ", ".join(f"{count} {state}" for state, count in counts.most_common()))
    for row, state in states:
        if state != "sent":
            log.info("delivery %s %s", row.id, state)


def plan_ahead(deps: Dependencies) -> int:
    """Give every reminder its moments of the next two weeks; returns how many needed some."""
    planned = 0
    while True:
        now = deps.clock()
        with deps.database.read() as db:
            due = reminders.due_for_planning(db, limit=BATCH, now=now)
        for owner, reminder_id in due:
            with deps.database.write() as db:
                reminders.plan_again(db, owner, reminder_id, now=now)
        planned += len(due)
        if len(due) < BATCH:
            return planned


def begin_days(deps: Dependencies) -> int:
    """Where a patient's day has begun, move what was missed and plan on; returns for how many."""
    begun = 0
    while True:
        now = deps.clock()
        with deps.database.read() as db:
            due = plans.due_for_planning(db, limit=BATCH, now=now)
        for owner in due:
            with deps.database.write() as db:
                plans.refresh_again(db, owner, now=now)
        begun += len(due)
        if len(due) < BATCH:
            return begun


def look_at_goals(deps: Dependencies) -> int:
    """Where a patient's day has begun, look at their step goal: a new week, or a rest; returns at how many."""
    looked = 0
    while True:
        now = deps.clock()
        with deps.database.read() as db:
            due = step_goals.due_for_look(db, limit=BATCH, now=now)
        for owner in due:
            with deps.database.write() as db:
                step_goals.refresh_again(db, owner, now=now)
        looked += len(due)
        if len(due) < BATCH:
            return looked


def count_connections(deps: Dependencies) -> None:
    """For `GET /metrics`."""
    with deps.database.write() as db:
        provider_states.count_connections(db)


def prune(deps: Dependencies) -> None:
    """Let go of what nobody needs any more, in small batches so that no writer waits long."""
    now, keep = deps.clock(), deps.settings.keep
    forgotten = now - keep.tombstones, now - keep.occurrences
    _until_none_left(deps, lambda db: changes.forget_tombstones(db, older_than=forgotten[0], limit=PRUNE_BATCH))
    _until_none_left(deps, lambda db: occurrences.forget_moments(db, older_than=forgotten[1], limit=PRUNE_BATCH))
    _until_none_left(deps, lambda db: step_pieces.forget_pieces(db, limit=PRUNE_BATCH, now=now))
    old: tuple[tuple[Any, Any, datetime], ...] = (
        (PushDelivery.id, PushDelivery.created_at, now - keep.deliveries),
        (SecondDelivery.id, SecondDelivery.created_at, now - keep.deliveries),
        (SignIn.id, SignIn.expires_at, now),
        (SignInThrottle.key_hash, SignInThrottle.updated_at, now - KEEP_THROTTLES),
        (PasswordReset.token_hash, PasswordReset.expires_at, now),
        (AuthorizationRequest.state_hash, AuthorizationRequest.expires_at, now),
        (StepChange.id, StepChange.at, now - keep.step_changes),
    )
    for key, at, before in old:
        _until_none_left(deps, partial(_drop, key=key, at=at, before=before))
    forget_archives(deps)


def _drop(db: Session, *, key: Any, at: Any, before: datetime) -> int:
    """The oldest first, for those are found by the index. Two workers that prune at once take different rows."""
    old = select(key).where(at < before).order_by(at).limit(PRUNE_BATCH).with_for_update(skip_locked=True)
    ids = db.execute(old).scalars().all()
    db.execute(delete(key.class_).where(key.in_(ids)))
    return len(ids)


def forget_archives(deps: Dependencies) -> None:
    """Delete files of archives that nobody waits for: their patient has gone, or the upload was cut."""
    folder = deps.settings.data_dir / "archives"
    with deps.database.read() as db:
        wanted = set(db.execute(select(ArchiveImport.file).where(ArchiveImport.next_try_at.is_not(None))).scalars())
    for path in folder.glob("*.zip"):
        age = deps.clock().timestamp() - path.stat().st_mtime
        if path.name not in wanted and age > KEEP_STRAY_ARCHIVES.total_seconds():
            path.unlink(missing_ok=True)


def _until_none_left(deps: Dependencies, step: Callable[[Session], int]) -> None:
    while True:
        with deps.database.write() as db:
            if step(db) < PRUNE_BATCH:
                return


class Ticker:
    """Looks for due rows: huey's own schedule is by the minute, and a reminder is a promise."""

    def __init__(self, deps: Dependencies) -> None:
        self._deps = deps
        self._beat_at: datetime | None = None

    def tick(self) -> bool:
        """One look."""
        return send_due(self._deps, after_each=self._beat) > 0

    def _beat(self) -> None:
        """After each batch that was claimed, for many can be due; and never by who cannot claim."""
        now = self._deps.clock()
        if self._beat_at is None or abs(now - self._beat_at) >= HEARTBEAT:
            with self._deps.database.write() as db:
                server_facts.note_worker(db, now=now)
            self._beat_at = now


def pull(deps: Dependencies, puller: Puller, goes_on: Callable[[], bool]) -> bool:
    """Read an archive, if one waits, then connections for a while: neither waits for ever for the other."""
    turn_ends = time.monotonic() + A_TURN
    busy = read_archive(deps)
    return puller.run_due(lambda: goes_on() and time.monotonic() < turn_ends) > 0 or busy


def register(huey: Huey, deps: Dependencies) -> None:
    """The work that only needs doing now and then."""

    @huey.periodic_task(crontab(minute="7"), name="plan_ahead")
    def _plan_ahead() -> None:
        plan_ahead(deps)

    @huey.periodic_task(crontab(minute="*"), name="begin_days")
    def _begin_days() -> None:
        begin_days(deps)

    @huey.periodic_task(crontab(minute="*"), name="look_at_goals")
    def _look_at_goals() -> None:
        look_at_goals(deps)

    @huey.periodic_task(crontab(minute="*/10"), name="count_connections")
    def _count_connections() -> None:
        count_connections(deps)

    @huey.periodic_task(crontab(minute="37"), name="look_for_quiet")
    def _look_for_quiet() -> None:
        look_for_quiet(deps)

    @huey.periodic_task(crontab(minute="23", hour="3"), name="prune")
    def _prune() -> None:
        prune(deps)


def run_worker(huey: Huey, deps: Dependencies) -> None:
    """The worker process: huey's consumer, and the ticker beside it, until a signal ends it."""
    register(huey, deps)
    begin_days(deps)
    look_at_goals(deps)
    plan_ahead(deps)
    count_connections(deps)
    puller = Puller(deps)
    pulling = Working("pulling", lambda: pull(deps, puller, lambda: not pulling.is_ending))
    # In threads of their own, so that no reminder waits for a provider or a mail server.
    working = [
        Working("ticker", Ticker(deps).tick),
        pulling,
        Working("second ways", lambda: send_second(deps)),
    ]
    for thread in working:
        thread.start()
    consumer = huey.create_consumer(workers=1, periodic=True, check_worker_health=False)
    try:
        consumer.run()
    finally:
        for thread in working:
            thread.stop()
        for thread in working:
            thread.join(timeout=10)
        puller.close()
        deps.push_sender.close()
