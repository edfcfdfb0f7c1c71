"""A patient's connections to providers: made by a consent, looked at in Devices, ended by the patient."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.errors import Conflict, Invalid, NotFound
from server.models import AnyRow, AuthorizationRequest, Patient, WearableConnection
from server.services import device_notices
from server.services.owner import Owner, next_seq
from server.tokens import hash_secret, new_secret

CONSENT_WITHIN = timedelta(minutes=10)
MOST_REQUESTS = 10
SYNC_AGAIN_AFTER = timedelta(seconds=30)
READABLE = ("active", "backing_off", "needs_setup", "admin_problem")  # states that a pull may mend

_connections = cast(Table, WearableConnection.__table__)


@dataclass(frozen=True)
class Consent:
    """What a provider gave us: sealed already, for services know no keys."""

    sealed: bytes
    scopes: Sequence[str]
    missing: Sequence[str]
    provider_user_id: str | None
    token_expires_at: datetime | None
    consent_expires_at: datetime | None


def list_connections(db: Session, owner: Owner) -> Mapping[str, AnyRow]:
    """The patient's connections by provider, those that were ended too."""
    query = select(*_connections.c).where(_connections.c.patient_id == owner.id)
    return {row.provider: row for row in db.execute(query)}


def get_connection(db: Session, owner: Owner, provider: str) -> AnyRow:
    """One connection that is not ended. Raises NotFound."""
    row = list_connections(db, owner).get(provider)
    if row is None or row.state == "disconnected":
        raise NotFound("This is not connected.")
    return row


def waiting_confirmations(db: Session, owner: Owner, *, now: datetime) -> set[str]:
    """Providers whose consent came back in another browser and waits for the patient's word."""
    query = select(AuthorizationRequest.provider).where(
        AuthorizationRequest.patient_id == owner.id,
        AuthorizationRequest.parked.is_not(None),
        AuthorizationRequest.expires_at > now,
    )
    return set(db.execute(query).scalars())


def begin_authorization(
    db: Session, owner: Owner, provider: str, *, glucose: bool, sealed: bytes, now: datetime
) -> str:
    """Remember a consent in progress; returns its `state`, which only the provider and the browser learn."""
    next_seq(db, owner.id)
    mine = AuthorizationRequest.patient_id == owner.id
    old = select(AuthorizationRequest.state_hash).where(mine).order_by(AuthorizationRequest.expires_at.desc())
    for state_hash in db.execute(old.offset(MOST_REQUESTS - 1)).scalars().all():
        db.execute(delete(AuthorizationRequest).where(AuthorizationRequest.state_hash == state_hash))
    state = new_secret()
    values = {
        "state_hash": hash_secret(state),
        "patient_id": owner.id,
        "provider": provider,
        "glucose": glucose,
        "sealed": sealed,
        "parked": None,
        "used_at": None,
        "expires_at": now + CONSENT_WITHIN,
    }
    db.execute(insert(AuthorizationRequest).values(values))
    return state


def take_authorization(db: Session, provider: str, state: str, *, now: datetime) -> tuple[AnyRow, Owner, str]:
    """The consent that `state` belongs to, once: with its patient, and their e-mail. Raises Invalid otherwise."""
    mine = (
        update(AuthorizationRequest)
        .where(
            AuthorizationRequest.state_hash == hash_secret(state),
            AuthorizationRequest.provider == provider,
            AuthorizationRequest.used_at.is_(None),
            AuthorizationRequest.expires_at > now,
        )
        .values(used_at=now)
    )
    row = db.execute(mine.returning(*AuthorizationRequest.__table__.c)).first()
    if row is None:
        raise Invalid("This link was used already, or is older than ten minutes. Start again in Devices.")
    found = select(Patient.id, Patient.time_zone, Patient.email).where(Patient.id == row.patient_id)
    patient = db.execute(found).one()
    return row, Owner(patient.id, patient.time_zone), patient.email


def park(db: Session, request: AnyRow, sealed: bytes) -> None:
    """Keep what came back until the signed-in app confirms it, within the ten minutes."""
    mine = update(AuthorizationRequest).where(AuthorizationRequest.state_hash == request.state_hash)
    db.execute(mine.values(parked=sealed))


def take_parked(db: Session, owner: Owner, provider: str, *, now: datetime) -> AnyRow:
    """What waits for the patient's confirmation, once. Raises NotFound."""
    gone = delete(AuthorizationRequest).where(
        AuthorizationRequest.patient_id == owner.id,
        AuthorizationRequest.provider == provider,
        AuthorizationRequest.parked.is_not(None),
        AuthorizationRequest.expires_at > now,
    )
    rows = db.execute(gone.returning(*AuthorizationRequest.__table__.c)).all()
    if not rows:
        raise NotFound("Nothing waits for your confirmation any more. Start again in Devices.")
    return max(rows, key=lambda row: row.expires_at)


def save_connection(
    db: Session, owner: Owner, provider: str, consent: Consent, *, glucose: bool, now: datetime
) -> AnyRow:
    """Connect, or connect again: what an older consent still reads is dropped. Raises Conflict for a taken account."""
    next_seq(db, owner.id)
    stored = list_connections(db, owner).get(provider)
    values: dict[str, Any] = {
        "provider_user_id": consent.provider_user_id,
        "state": "active",
        "reason": None,
        "link": None,
        "scopes": list(consent.scopes),
        "missing": list(consent.missing),
        "glucose": glucose,
        "sealed": consent.sealed,
        "token_expires_at": consent.token_expires_at,
        "consent_expires_at": consent.consent_expires_at,
        "lease_until": None,
        "connected_at": now,
        "next_sync_at": now,
        "failures": 0,
        "failing_since": None,
        "noticed_at": None,
    }
    same = stored is not None and stored.provider_user_id == consent.provider_user_id
    if not same:  # another account may know other days
        values |= {"read_from": None, "reread_from": None, "month_read_on": None, "glucose_until": None}
        values |= {"deleted_from": None, "deleted_to": None}
        values |= {"device": None, "device_synced_at": None, "device_read_at": None, "last_ok_at": None}
    key = {"patient_id": owner.id, "provider": provider}
    try:
        with db.begin_nested():
            if stored is None:
                made = {**key, **values, "generation": 1, "claims": 0, "last_try_at": None}
                db.execute(insert(WearableConnection).values(made))
            else:
                db.execute(_mine(owner, provider).values({**values, "generation": stored.generation + 1}))
    except IntegrityError:
        raise Conflict(
            "Another Footwell account has this account connected already. Disconnect it there first.",
            code="account_taken",
        ) from None
    device_notices.close(db, owner, now=now)
    return get_connection(db, owner, provider)


def disconnect(db: Session, owner: Owner, provider: str, *, now: datetime) -> bytes | None:
    """End a connection; its steps stay. Returns what was sealed, so that it can be revoked. Raises NotFound."""
    next_seq(db, owner.id)
    row = get_connection(db, owner, provider)
    values = {
        "state": "disconnected",
        "reason": None,
        "link": None,
        "sealed": None,
        "provider_user_id": None,
        "next_sync_at": None,
        "lease_until": None,
        "consent_expires_at": None,
        "generation": row.generation + 1,
    }
    db.execute(_mine(owner, provider).values(values))
    db.execute(
        delete(AuthorizationRequest).where(
            AuthorizationRequest.patient_id == owner.id, AuthorizationRequest.provider == provider
        )
    )
    device_notices.close(db, owner, now=now)
    sealed: bytes | None = row.sealed
    return sealed


def ask_for_sync(db: Session, owner: Owner, provider: str, *, now: datetime) -> AnyRow:
    """Bring the next pull forward to now. One that was tried a moment ago, or is being read, is left alone."""
    row = get_connection(db, owner, provider)
    recent = row.last_try_at is not None and row.last_try_at > now - SYNC_AGAIN_AFTER
    if row.state in READABLE and row.next_sync_at is not None and not recent:
        db.execute(_mine(owner, provider).where(_connections.c.next_sync_at > now).values(next_sync_at=now))
    return get_connection(db, owner, provider)


@dataclass(frozen=True)
class Change:
    """A provider's word that days of one of its users changed; `is_deletion`: something was taken away there."""

    provider_user_id: str
    first: date
    last: date
    is_deletion: bool = False


def note_changes(db: Session, provider: str, changes: Sequence[Change], *, now: datetime) -> int:
    """Bring the pulls of those whom a notice is about forward. Returns how many are ours.

    A user whom we do not know is not ours to complain about; a consent that was taken away is found by the pull.
    """
    users = [change.provider_user_id for change in changes]
    theirs = select(_connections.c.patient_id).where(
        _connections.c.provider == provider, _connections.c.provider_user_id.in_(users)
    )
    db.execute(theirs.order_by(_connections.c.patient_id).with_for_update())  # all in the order that pulls lock in
    seen = 0
    for change in changes:
        mine = (
            _connections.c.provider == provider,
            _connections.c.provider_user_id == change.provider_user_id,
            _connections.c.state.in_(READABLE),
        )
        row = db.execute(select(*_connections.c).where(*mine)).first()
        if row is None:
            continue
        seen += 1
        values: dict[str, Any] = {"reread_from": min(row.reread_from or change.first, change.first)}
        if row.next_sync_at is None or row.next_sync_at > now:
            values["next_sync_at"] = now
        if change.is_deletion:
            values["deleted_from"] = min(row.deleted_from or change.first, change.first)
            values["deleted_to"] = max(row.deleted_to or change.last, change.last)
        db.execute(update(_connections).where(*mine).values(values))
    return seen


def reseal_all(db: Session, reseal: Callable[[bytes], bytes]) -> tuple[int, int]:
    """Every sealed token under the newest key; returns how many were done, and how many no key opens."""
    done = unreadable = 0
    rows = db.execute(select(_connections.c.patient_id, _connections.c.provider, _connections.c.sealed)).all()
    for row in rows:
        if row.sealed is None:
            continue
        try:
            sealed = reseal(row.sealed)
        except ValueError:
            unreadable += 1
            continue
        mine = (_connections.c.patient_id == row.patient_id, _connections.c.provider == row.provider)
        db.execute(update(_connections).where(*mine, _connections.c.sealed == row.sealed).values(sealed=sealed))
        done += 1
    return done, unreadable


def _mine(owner: Owner, provider: str) -> Any:
    return update(_connections).where(_connections.c.patient_id == owner.id, _connections.c.provider == provider)
