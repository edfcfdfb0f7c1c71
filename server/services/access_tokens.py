"""Bearer tokens for phone apps and scripts: shown once, kept as a hash."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from server.errors import Conflict, NotFound, NotSignedIn
from server.models import AccessToken, AnyRow, Patient
from server.services.owner import Owner, bury, next_seq
from server.tokens import hash_secret, new_secret

KIND = "access_token"
PREFIX = "fw_"  # so that a secret scanner, and a person, can tell what it is
MOST_TOKENS = 20
NOTE_USE_EVERY = timedelta(minutes=1)


def create_token(
    db: Session, owner: Owner, *, label: str, scope: str, glucose: bool = False, now: datetime
) -> tuple[AnyRow, str]:
    """A new token: its row, and the secret that is never shown again. Raises Conflict for the twenty-first."""
    seq = next_seq(db, owner.id)
    if db.execute(select(func.count()).where(AccessToken.patient_id == owner.id)).scalar_one() >= MOST_TOKENS:
        raise Conflict(f"There are {MOST_TOKENS} tokens already. Delete one first.")
    secret = PREFIX + new_secret()
    values = {
        "id": uuid4(),
        "patient_id": owner.id,
        "label": label,
        "scope": scope,
        "glucose": glucose,
        "token_hash": hash_secret(secret),
        "created_at": now,
        "seq": seq,
        "updated_at": now,
    }
    row = db.execute(insert(AccessToken).values(values).returning(*AccessToken.__table__.c)).one()
    return row, secret


def list_tokens(db: Session, owner: Owner) -> Sequence[AnyRow]:
    """The patient's tokens, oldest first."""
    query = select(*AccessToken.__table__.c).where(AccessToken.patient_id == owner.id)
    return db.execute(query.order_by(AccessToken.created_at, AccessToken.id)).all()


def delete_token(db: Session, owner: Owner, token_id: UUID, *, now: datetime) -> None:
    """Revoke a token; it stops working at once. Raises NotFound."""
    seq = next_seq(db, owner.id)
    gone = delete(AccessToken).where(AccessToken.id == token_id, AccessToken.patient_id == owner.id)
    if db.execute(gone.returning(AccessToken.id)).first() is None:
        raise NotFound
    bury(db, owner.id, KIND, [str(token_id)], seq=seq, now=now)


def find_bearer(db: Session, secret: str, scope: str) -> tuple[Owner, AnyRow]:
    """Who speaks with this token. Raises NotSignedIn when it is unknown, revoked, or for something else."""
    query = (
        select(
            AccessToken.id, AccessToken.glucose, AccessToken.last_used_at, Patient.id.label("owner"), Patient.time_zone
        )
        .join(Patient, Patient.id == AccessToken.patient_id)
        .where(AccessToken.token_hash == hash_secret(secret), AccessToken.scope == scope)
    )
    row = db.execute(query).first()
    if row is None:
        raise NotSignedIn("This token is unknown, was deleted, or is for something else. Make a new one in Devices.")
    return Owner(row.owner, row.time_zone), row


def note_use(db: Session, owner: Owner, token: AnyRow, *, now: datetime) -> None:
    """Remember that a token was used, at most once a minute."""
    if token.last_used_at is None or token.last_used_at < now - NOTE_USE_EVERY:
        seq = next_seq(db, owner.id)
        values = {"last_used_at": now, "seq": seq, "updated_at": now}
        db.execute(update(AccessToken).where(AccessToken.id == token.id).values(values))
