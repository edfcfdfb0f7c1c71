"""What the server remembers of itself."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from integrations.push import PushResult
from server.errors import Conflict
from server.models import ServerFact

VAPID_PUBLIC_KEY = "vapid_public_key"
WORKER_SEEN_AT = "worker_seen_at"
PUSH_FAULT = "push_fault "
WORKER_SILENT_AFTER = timedelta(minutes=2)


def get_fact(db: Session, name: str) -> str | None:
    """A remembered value."""
    return db.execute(select(ServerFact.value).where(ServerFact.name == name)).scalar()


def save_fact(db: Session, name: str, value: str) -> None:
    """Remember a value."""
    changed = update(ServerFact).where(ServerFact.name == name).values(value=value)
    if db.execute(changed.returning(ServerFact.name)).first() is None:
        try:
            with db.begin_nested():
                db.execute(insert(ServerFact).values(name=name, value=value))
        except IntegrityError:  # two starts at once
            db.execute(changed)


def check_vapid_key(db: Session, public_key: str) -> None:
    """Every browser is bound to the key it subscribed with. Raises Conflict when the server's key is another one."""
    known = get_fact(db, VAPID_PUBLIC_KEY)
    if known is None:
        save_fact(db, VAPID_PUBLIC_KEY, public_key)
    elif known != public_key:
        raise Conflict(
            "The VAPID key is not the one that this database's browsers subscribed with, so no reminder would arrive. "
            "Put the old FOOTWELL_VAPID_PRIVATE_KEY (or vapid.key) back."
        )


def note_worker(db: Session, *, now: datetime) -> None:
    """The worker is alive."""
    save_fact(db, WORKER_SEEN_AT, now.isoformat())


def worker_is_alive(db: Session, *, now: datetime) -> bool:
    """Whether a worker looked for due reminders in the last two minutes."""
    seen_at = get_fact(db, WORKER_SEEN_AT)
    return seen_at is not None and datetime.fromisoformat(seen_at) > now - WORKER_SILENT_AFTER


def push_faults(db: Session) -> set[str]:
    """The push services that refuse all we send."""
    return set(db.execute(select(ServerFact.value).where(ServerFact.name.startswith(PUSH_FAULT))).scalars())


def note_push_results(db: Session, results: Iterable[PushResult]) -> set[str]:
    """Remember which push services refuse all we send, until they take a message. Returns the new ones.

    400 means that what we send is malformed or wrongly signed: no browser can be blamed for it.
    """
    results = list(results)
    taken = {result.host for result in results if result.outcome == "accepted"}
    refusing = {result.host for result in results if result.outcome == "config_fault" or result.status == 400}
    known = push_faults(db)
    new, mended = refusing - taken - known, taken & known
    for host in sorted(new):
        save_fact(db, _push_fault(host), host)
    if mended:
        db.execute(delete(ServerFact).where(ServerFact.name.in_([_push_fault(host) for host in mended])))
    return new


def _push_fault(host: str) -> str:
    return PUSH_FAULT + hashlib.sha256(host.encode()).hexdigest()[:20]
