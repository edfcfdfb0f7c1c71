"""The lease on a provider's token: one worker refreshes it, the others wait for what it stores."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from server.models import AnyRow, WearableConnection
from server.services.wearable_sync import Due

LEASE = timedelta(seconds=40)
GOOD_FOR = timedelta(seconds=120)  # a token with less left is refreshed before it is used

_connections = cast(Table, WearableConnection.__table__)
_here = _connections.c


def take_lease(db: Session, due: Due, *, seen: bytes, now: datetime) -> AnyRow | None:
    """The right to refresh the token that was `seen`, alone until the lease ends.

    None while another worker has it, or has stored a fresh one meanwhile.
    """
    mine = update(_connections).where(
        _here.patient_id == due.owner.id,
        _here.provider == due.provider,
        _here.generation == due.generation,
        _here.sealed == seen,
        (_here.lease_until.is_(None)) | (_here.lease_until < now),
    )
    return db.execute(mine.values(lease_until=now + LEASE).returning(*_here)).first()


def find_connection(db: Session, due: Due) -> AnyRow | None:
    """The connection as it is now, unless its consent is another than when it was claimed."""
    mine = (_here.patient_id == due.owner.id, _here.provider == due.provider, _here.generation == due.generation)
    return db.execute(select(*_here).where(*mine)).first()


def store_token(
    db: Session,
    due: Due,
    *,
    lease: datetime,
    sealed: bytes,
    token_expires_at: datetime | None,
    consent_expires_at: datetime | None,
    scopes: Sequence[str] | None,
) -> bool:
    """Keep a refreshed token and end the lease.

    False when the lease went to another worker, or the patient disconnected meanwhile: then it must not be used.
    """
    values: dict[str, Any] = {"sealed": sealed, "token_expires_at": token_expires_at, "lease_until": None}
    if consent_expires_at is not None:
        values["consent_expires_at"] = consent_expires_at
    if scopes is not None:
        values["scopes"] = list(scopes)
    mine = update(_connections).where(
        _here.patient_id == due.owner.id,
        _here.provider == due.provider,
        _here.generation == due.generation,
        _here.lease_until == lease,
    )
    return db.execute(mine.values(values).returning(_here.provider)).first() is not None


def end_lease(db: Session, due: Due, *, lease: datetime) -> None:
    """The refresh came to nothing; the next one need not wait for the lease."""
    mine = (_here.patient_id == due.owner.id, _here.provider == due.provider, _here.lease_until == lease)
    db.execute(update(_connections).where(*mine).values(lease_until=None))
