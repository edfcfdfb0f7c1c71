"""Accounts and access tokens; the races of two people who do the same thing at once."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from server import passwords
from server.care.content import consents
from server.database import Database
from server.errors import Conflict, DomainError, Invalid, NotFound, NotSignedIn, TooManyAttempts
from server.models import AccessToken, Consent, Patient, SignIn, SignInThrottle
from server.services import access_tokens, accounts, server_facts
from server.services.owner import Owner, next_seq
from tests.factories import make_patient
from tests.services.test_changes import save_log


def at_once(database: Database, count: int, work: Callable[[Session], object]) -> Counter[str]:
    """Do it in several threads at the same moment; what came of it, by the name of the error or "done"."""
    start, outcomes = threading.Barrier(count), Counter[str]()

    def run() -> None:
        start.wait()
        try:
            with database.write() as db:
                work(db)
            outcomes["done"] += 1
        except DomainError as refusal:
            outcomes[type(refusal).__name__] += 1
        except Exception as fault:
            outcomes[repr(fault)] += 1

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_two_people_with_one_address_make_one_account(database: Database, now: datetime) -> None:
    outcomes = at_once(database, 6, lambda db: make_patient(db, "same@example.org", now=now))
    assert outcomes == {"done": 1, "Conflict": 5}


def test_two_requests_for_one_new_record_make_one(database: Database, now: datetime) -> None:
    with database.write() as db:
        owner = make_patient(db, "owner@example.org", now=now)
    log_id = uuid4()
    assert at_once(database, 6, lambda db: save_log(db, owner, log_id)) == {"done": 6}


def test_two_patients_with_one_new_id_get_one_record_and_one_refusal(database: Database, now: datetime) -> None:
    with database.write() as db:
        owners = [make_patient(db, f"{n}@example.org", now=now) for n in range(4)]
    log_id, waiting = uuid4(), list(owners)
    outcomes = at_once(database, 4, lambda db: save_log(db, waiting.pop(), log_id))
    assert outcomes == {"done": 1, "NotFound": 3}


def test_wrong_passwords_at_once_are_all_counted(database: Database, now: datetime) -> None:
    assert at_once(database, 6, lambda db: accounts.note_failure(db, b"k" * 32, now=now)) == {"done": 6}
    with database.read() as db:
        assert db.execute(select(SignInThrottle.failures)).scalar_one() == 6
        with pytest.raises(TooManyAttempts):
            accounts.check_throttle(db, b"k" * 32, now=now)


def test_two_starts_at_once_remember_one_fact(database: Database) -> None:
    assert at_once(database, 6, lambda db: server_facts.save_fact(db, "colour", "red")) == {"done": 6}


def test_a_link_used_twice_at_once_works_once(database: Database, now: datetime) -> None:
    with database.write() as db:
        make_patient(db, "owner@example.org", now=now)
        secret = accounts.create_password_reset(db, "owner@example.org", now=now)
    outcomes = at_once(database, 4, lambda db: accounts.reset_password(db, secret, "hash", now=now))
    assert outcomes == {"done": 1, "Invalid": 3}


def test_a_wait_grows_to_an_hour_and_no_further(db: Session, now: datetime) -> None:
    waits = []
    for _ in range(20):
        accounts.note_failure(db, b"k" * 32, now=now)
        waits.append(db.execute(select(SignInThrottle.retry_at)).scalar_one() - now)
    assert waits[:7] == [timedelta(seconds=s) for s in (0, 0, 0, 0, 0, 2, 4)]
    assert waits[-1] == timedelta(hours=1)
    assert waits == sorted(waits)


def test_an_unknown_account_takes_as_long_as_a_known_one() -> None:
    """The stand-in hash is a real one, with the same costs: else the time of an answer would tell."""
    with pytest.raises(VerifyMismatchError):
        passwords._hasher.verify(passwords._NOBODY, "any password")
    assert not passwords._hasher.check_needs_rehash(passwords._NOBODY)
    assert passwords.is_right(None, "any password") is False
    assert passwords.is_right("-", "any password") is False
    assert passwords.is_right(passwords.hash_password("right one"), "right one") is True


def test_a_link_for_nobody_and_an_old_link_are_refused(db: Session, owner: Owner, now: datetime) -> None:
    with pytest.raises(NotFound):
        accounts.create_password_reset(db, "unknown@example.org", now=now)
    secret = accounts.create_password_reset(db, "owner@example.org", now=now)
    with pytest.raises(Invalid):
        accounts.reset_password(db, secret, "hash", now=now + timedelta(hours=24))


def test_a_new_password_ends_every_sign_in(db: Session, owner: Owner, now: datetime) -> None:
    cookies = [accounts.sign_in(db, owner.id, None, now=now) for _ in range(2)]
    secret = accounts.create_password_reset(db, "owner@example.org", now=now)
    accounts.reset_password(db, secret, "hash", now=now)
    for cookie in cookies:
        with pytest.raises(NotSignedIn):
            accounts.find_signed_in(db, cookie, now=now)
    assert db.execute(select(func.count()).select_from(SignIn)).scalar_one() == 0


def test_secrets_are_kept_as_hashes_alone(db: Session, owner: Owner, now: datetime) -> None:
    cookie = accounts.sign_in(db, owner.id, None, now=now)
    _, token = access_tokens.create_token(db, owner, label="x", scope="read", now=now)
    kept = repr(db.execute(select(*SignIn.__table__.c)).all()) + repr(
        db.execute(select(*AccessToken.__table__.c)).all()
    )
    assert cookie not in kept
    assert token not in kept


def test_a_token_is_for_its_scope_and_is_gone_when_deleted(db: Session, owner: Owner, now: datetime) -> None:
    row, secret = access_tokens.create_token(db, owner, label="x", scope="ingest", now=now)
    assert access_tokens.find_bearer(db, secret, "ingest")[0] == owner
    with pytest.raises(NotSignedIn):
        access_tokens.find_bearer(db, secret, "read")
    with pytest.raises(NotFound):
        access_tokens.delete_token(db, make_patient(db, "other@example.org", now=now), row.id, now=now)
    access_tokens.delete_token(db, owner, row.id, now=now)
    with pytest.raises(NotSignedIn):
        access_tokens.find_bearer(db, secret, "ingest")


def test_a_twenty_first_token_is_one_too_many(db: Session, owner: Owner, now: datetime) -> None:
    for _ in range(20):
        access_tokens.create_token(db, owner, label="x", scope="read", now=now)
    with pytest.raises(Conflict):
        access_tokens.create_token(db, owner, label="x", scope="read", now=now)


def test_a_write_for_an_account_that_is_gone_is_nobodys(db: Session, owner: Owner) -> None:
    accounts.delete_account(db, owner)
    with pytest.raises(NotSignedIn):
        next_seq(db, owner.id)


def test_another_vapid_key_is_refused(db: Session) -> None:
    server_facts.check_vapid_key(db, "one")
    server_facts.check_vapid_key(db, "one")
    with pytest.raises(Conflict):
        server_facts.check_vapid_key(db, "two")


def test_numbers_of_two_patients_have_nothing_to_do_with_each_other(db: Session, owner: Owner, now: datetime) -> None:
    other = make_patient(db, "other@example.org", now=now)
    assert [next_seq(db, owner.id, 3), next_seq(db, owner.id), next_seq(db, other.id)] == [2, 5, 2]
    assert db.get_one(Patient, UUID(str(owner.id))).change_seq == 5


def test_a_new_text_is_accepted_beside_the_old_one_and_twice_changes_nothing(
    db: Session, owner: Owner, now: datetime
) -> None:
    db.execute(update(Consent).where(Consent.kind == "health_data").values(version="2020-01-01"))
    for _ in range(2):
        accounts.accept(db, owner, {kind: one.version for kind, one in consents().items()}, now=now + timedelta(days=1))
    kept = [(row.version, row.accepted_at) for row in accounts.list_consents(db, owner.id) if row.kind == "health_data"]
    assert kept == [("2020-01-01", now), (consents()["health_data"].version, now + timedelta(days=1))]
    assert len(accounts.list_consents(db, owner.id)) == 4
