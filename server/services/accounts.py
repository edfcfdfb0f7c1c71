"""Accounts: signing up and in, what a patient set for themselves, and leaving."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.care.content import consents as current_consents
from server.care.decisions import same_decision
from server.errors import Conflict, Invalid, NotFound, NotSignedIn, Stale, TooManyAttempts
from server.models import AnyRow, Consent, PasswordReset, Patient, SignIn, SignInThrottle
from server.services import plans, step_goals, step_truth
from server.services.owner import Owner, lock_patients, next_seq
from server.services.reminders import plan_all
from server.services.second_ways import new_topic
from server.tokens import hash_secret, new_secret

SIGNED_IN_FOR = timedelta(days=400)  # as long as browsers keep a cookie at most
RENEW_AFTER = timedelta(days=1)
RESET_GOOD_FOR = timedelta(hours=24)
FREE_TRIES = 5
LONGEST_WAIT = timedelta(hours=1)


_sign_ins, _patients = cast(Table, SignIn.__table__), cast(Table, Patient.__table__)
# Asked by every request, so built once.
_SIGNED_IN = (
    select(
        _sign_ins.c.id,
        _sign_ins.c.seen_at,
        _sign_ins.c.expires_at,
        _patients.c.id.label("patient_id"),
        _patients.c.time_zone,
    )
    .join(_patients, _patients.c.id == _sign_ins.c.patient_id)
    .where(_sign_ins.c.token_hash == bindparam("token_hash"))
)


@dataclass(frozen=True)
class Renewal:
    """Who is signed in, and whether the cookie is due for renewal."""

    owner: Owner
    sign_in_id: int
    is_due: bool


def sign_up(
    db: Session,
    *,
    email: str,
    password_hash: str,
    values: Mapping[str, Any],
    consents: Mapping[str, str],
    now: datetime,
) -> UUID:
    """A new account with what its owner accepted. Raises Conflict when the address has one."""
    if db.execute(select(Patient.id).where(Patient.email == email)).first() is not None:
        raise _email_taken()
    patient_id = uuid4()
    row = {
        **values,
        "id": patient_id,
        "email": email,
        "password_hash": password_hash,
        "change_seq": 1,
        "forgotten_seq": 0,
        "seq": 1,
        "created_at": now,
        "updated_at": now,
    }
    try:
        db.execute(insert(Patient).values(row))
    except IntegrityError:  # somebody signed up with it just now
        raise _email_taken() from None
    _keep_consents(db, patient_id, consents, now=now)
    return patient_id


def _keep_consents(db: Session, patient_id: UUID, versions: Mapping[str, str], *, now: datetime) -> None:
    row = {"patient_id": patient_id, "accepted_at": now}
    db.execute(insert(Consent), [{**row, "kind": kind, "version": version} for kind, version in versions.items()])


def _email_taken() -> Conflict:
    return Conflict("This e-mail address has an account. Sign in instead.", code="email_taken")


def find_account(db: Session, email: str) -> AnyRow | None:
    """Id and password hash of the account with this address."""
    return db.execute(select(Patient.id, Patient.password_hash).where(Patient.email == email)).first()


def check_throttle(db: Session, key: bytes, *, now: datetime) -> None:
    """Raises TooManyAttempts while this address must wait before it tries this account again."""
    retry_at = db.execute(select(SignInThrottle.retry_at).where(SignInThrottle.key_hash == key)).scalar()
    if retry_at is not None and retry_at > now:
        raise TooManyAttempts(int((retry_at - now).total_seconds()) + 1)


def note_failure(db: Session, key: bytes, *, now: datetime) -> None:
    """One more wrong password from this address for this account: five are free, then the wait doubles to an hour."""
    mine = SignInThrottle.key_hash == key
    count = update(SignInThrottle).where(mine).values(failures=SignInThrottle.failures + 1, updated_at=now)
    counted = count.returning(SignInThrottle.failures)
    failures = db.execute(counted).scalar()
    if failures is None:
        failures = 1
        try:
            with db.begin_nested():
                db.execute(insert(SignInThrottle).values(key_hash=key, failures=1, retry_at=now, updated_at=now))
        except IntegrityError:  # two first tries at once
            failures = db.execute(counted).scalar_one()
    over = failures - FREE_TRIES
    if over > 0:
        wait = min(timedelta(seconds=2 ** min(over, 12)), LONGEST_WAIT)
        db.execute(update(SignInThrottle).where(mine).values(retry_at=now + wait))


def sign_in(db: Session, patient_id: UUID, throttle_key: bytes | None, *, now: datetime) -> str:
    """The secret of a new signed-in browser."""
    secret = new_secret()
    db.execute(
        insert(SignIn).values(
            token_hash=hash_secret(secret),
            patient_id=patient_id,
            created_at=now,
            seen_at=now,
            expires_at=now + SIGNED_IN_FOR,
        )
    )
    if throttle_key is not None:
        db.execute(delete(SignInThrottle).where(SignInThrottle.key_hash == throttle_key))
    return secret


def find_signed_in(db: Session, secret: str, *, now: datetime) -> Renewal:
    """Whose cookie this is. Raises NotSignedIn."""
    row = db.execute(_SIGNED_IN, {"token_hash": hash_secret(secret)}).first()
    if row is None or row.expires_at <= now:
        raise NotSignedIn("Your sign-in has ended. Sign in again; nothing on this phone is lost.")
    return Renewal(Owner(row.patient_id, row.time_zone), row.id, is_due=row.seen_at < now - RENEW_AFTER)


def renew(db: Session, sign_in_id: int, *, now: datetime) -> None:
    """Use keeps a sign-in alive for another 400 days."""
    db.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=now, expires_at=now + SIGNED_IN_FOR))


def sign_out(db: Session, secret: str) -> None:
    """End this browser's sign-in; the cookie is worth nothing afterwards."""
    db.execute(delete(SignIn).where(SignIn.token_hash == hash_secret(secret)))


def get_me(db: Session, owner: Owner) -> tuple[AnyRow, list[AnyRow]]:
    """The patient's own row, and the latest consent of each kind."""
    patient = db.execute(select(*Patient.__table__.c).where(Patient.id == owner.id)).one()
    return patient, list_consents(db, owner.id)


def list_consents(db: Session, patient_id: UUID) -> list[AnyRow]:
    """What was accepted, oldest first."""
    query = select(Consent.kind, Consent.version, Consent.accepted_at).where(Consent.patient_id == patient_id)
    return list(db.execute(query.order_by(Consent.accepted_at, Consent.version)).all())


def accept(db: Session, owner: Owner, versions: Mapping[str, str], *, now: datetime) -> None:
    """Keep what the patient accepts now, beside what was accepted before. Raises Invalid for an old text."""
    known = {(row.kind, row.version) for row in list_consents(db, owner.id)}
    new = {kind: version for kind, version in versions.items() if (kind, version) not in known}
    old = {f"accepted.{kind}.version" for kind, version in new.items() if version != current_consents()[kind].version}
    if old:
        words = "The text you agreed to has changed. Update the app, then read it again."
        raise Invalid(words, errors={name: ["Is not the current version."] for name in old})
    if new:
        _keep_consents(db, owner.id, new, now=now)


def change_me(db: Session, owner: Owner, values: Mapping[str, Any], *, if_match: int | None, now: datetime) -> None:
    """Change some of the patient's settings. A new time zone moves the moments that are still ahead. Raises Stale."""
    profile = values.get("profile")
    if profile is not None:
        decision = profile.get("decision")
        differ = decision is not None and not same_decision("profile", decision)
        values = {**values, "profile": {**profile, "rules_differ": differ}}
    seq = next_seq(db, owner.id)
    stored = db.execute(select(Patient.seq, Patient.ntfy_topic).where(Patient.id == owner.id)).one()
    if if_match is not None and stored.seq != if_match:
        raise Stale("Your settings changed meanwhile. Fetch them again, then save.")
    if values.get("ntfy_reminders", "never") != "never" and stored.ntfy_topic is None:
        values = {**values, "ntfy_topic": new_topic()}
    db.execute(update(Patient).where(Patient.id == owner.id).values({**values, "seq": seq, "updated_at": now}))
    if "time_zone" in values or "profile" in values:
        step_goals.refresh(db, owner, now=now)
    if "time_zone" in values:
        plans.refresh(db, owner, now=now)
        plan_all(db, owner, now=now)
    if "step_sources" in values:
        changed = step_truth.choose_again(db, owner, values["step_sources"], now=now)
        step_goals.steps_changed(db, owner, changed, now=now)


def delete_account(db: Session, owner: Owner) -> None:
    """Everything of the patient, gone. Rows of other tables go with theirs."""
    db.execute(delete(Patient).where(Patient.id == owner.id))


def create_password_reset(db: Session, email: str, *, now: datetime) -> str:
    """The secret of a one-time link for a new password; an older link stops working. Raises NotFound."""
    account = find_account(db, email)
    if account is None:
        raise NotFound("There is no account with this e-mail address.")
    lock_patients(db, [account.id])
    secret = new_secret()
    db.execute(delete(PasswordReset).where(PasswordReset.patient_id == account.id))
    db.execute(
        insert(PasswordReset).values(
            token_hash=hash_secret(secret), patient_id=account.id, expires_at=now + RESET_GOOD_FOR
        )
    )
    return secret


def reset_password(db: Session, secret: str, password_hash: str, *, now: datetime) -> None:
    """Set a new password with the secret of a link, once, and end every sign-in of the account. Raises Invalid."""
    this = PasswordReset.token_hash == hash_secret(secret)
    lock_patients(db, db.execute(select(PasswordReset.patient_id).where(this)).scalars().all())
    used = delete(PasswordReset).where(this)
    row = db.execute(used.returning(PasswordReset.patient_id, PasswordReset.expires_at)).first()
    if row is None or row.expires_at <= now:
        raise Invalid("This link was used already or is too old. Ask for a new one.", code="link_expired")
    db.execute(update(Patient).where(Patient.id == row.patient_id).values(password_hash=password_hash))
    db.execute(delete(SignIn).where(SignIn.patient_id == row.patient_id))
