"""What the server remembers of itself."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from integrations.push import PushResult, service_of
from server.errors import Conflict
from server.models import ServerFact

VAPID_PUBLIC_KEY = "vapid_public_key"
WORKER_SEEN_AT = "worker_seen_at"
PUSH_FAULT = "push_fault "
PUSH_PAUSE = "push_pause "
WORKER_SILENT_AFTER = timedelta(minutes=2)
SAME_PAUSE = timedelta(seconds=5)


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
    """A worker has claimed what is due, or seen that nothing is."""
    save_fact(db, WORKER_SEEN_AT, now.isoformat())


def worker_silent_for(db: Session, *, now: datetime) -> timedelta | None:
    """How long ago a worker last claimed what is due; None: never."""
    seen_at = get_fact(db, WORKER_SEEN_AT)
    return now - datetime.fromisoformat(seen_at) if seen_at else None


def worker_is_alive(db: Session, *, now: datetime) -> bool:
    """Whether a worker claimed what is due in the last two minutes."""
    silent_for = worker_silent_for(db, now=now)
    return silent_for is not None and silent_for < WORKER_SILENT_AFTER


def push_faults(db: Session) -> set[str]:
    """The push services that refuse all we send."""
    return set(db.execute(select(ServerFact.value).where(ServerFact.name.startswith(PUSH_FAULT))).scalars())


def note_push_results(db: Session, results: Iterable[PushResult]) -> tuple[set[str], set[str]]:
    """Remember which push services refuse all we send, until they take a message. Returns the new ones and the mended.

    400 means that what we send is malformed or wrongly signed: no browser can be blamed for it.
    """
    results = list(results)
    taken = {result.host for result in results if result.outcome == "accepted"}
    refusing = {result.host for result in results if result.outcome == "config_fault" or result.status == 400}
    known = push_faults(db)
    new, mended = refusing - taken - known, taken & known
    for host in sorted(new):
        save_fact(db, _of_host(PUSH_FAULT, host), host)
    if mended:
        db.execute(delete(ServerFact).where(ServerFact.name.in_([_of_host(PUSH_FAULT, host) for host in mended])))
    return new, mended


def note_push_pauses(db: Session, results: Iterable[PushResult], *, now: datetime) -> None:
    """Remember which push services a sender lets alone for a while (its breaker is open), and until when.

    By service: a patient can choose the first part of a host, and as many of them as they like.
    """
    results = list(results)
    known = push_pauses(db)
    taken = {service_of(result.host) for result in results if result.outcome == "accepted"}
    waits = {service_of(one.host): one.retry_after for one in results if one.outcome == "retry" and one.retry_after}
    for service in sorted(waits.keys() - taken):
        until = now + timedelta(seconds=waits[service])
        if service not in known or known[service] < until - SAME_PAUSE:  # not at each batch that meets the same pause
            save_fact(db, _of_host(PUSH_PAUSE, service), f"{until.isoformat()} {service}")
    if ended := taken.intersection(known):
        db.execute(delete(ServerFact).where(ServerFact.name.in_([_of_host(PUSH_PAUSE, each) for each in ended])))


def push_pauses(db: Session) -> dict[str, datetime]:
    """Until when each push service is let alone; it may be over."""
    values = db.execute(select(ServerFact.value).where(ServerFact.name.startswith(PUSH_PAUSE))).scalars()
    return {service: datetime.fromisoformat(until) for until, service in (value.split(" ") for value in values)}


def _of_host(what: str, host: str) -> str:
    return what + hashlib.sha256(host.encode()).hexdigest()[:20]
