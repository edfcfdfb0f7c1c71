"""What the web and the worker do all the time, done for real and undone, so that it can be done again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from flask import Flask
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from integrations.phone import parse_ingest
from integrations.vapid import generate_vapid_key, public_key
from server import jobs, second_sending
from server.app import create_app
from server.database import Database
from server.dependencies import Dependencies
from server.models import PushDelivery
from server.pulling import NIGHTSCOUT
from server.services import accounts, archives, provider_states, push, wearable_sync
from server.services.owner import Owner
from server.services.step_counts import StepsOfDay
from server.services.waking import wake_due
from server.settings import Settings
from server.wiring import GoogleNotices
from tests.factories import RecordingNotices, RecordingSender, make_patient, session_log
from tests.providers import ScriptedProvider, ScriptedSite
from tests.year import DAY, FEW, NOW, SECRET, TODAY, patient_id

PROVIDER = "google_health"


class Undone(Database):
    """Every transaction is part of one that is rolled back: whatever was done, it can be done again."""

    _connection: Connection

    @contextmanager
    def tried(self) -> Iterator[Connection]:
        """What is done meanwhile is as if it had never been."""
        with self._writer.connect() as self._connection:
            outer = self._connection.begin()
            yield self._connection
            outer.rollback()

    @contextmanager
    def read(self) -> Iterator[Session]:
        with self._session() as db:
            yield db

    @contextmanager
    def write(self) -> Iterator[Session]:
        with self._session() as db, db.begin():
            yield db

    def _session(self) -> Session:
        inside = {"join_transaction_mode": "create_savepoint", "autoflush": False, "expire_on_commit": False}
        return Session(self._connection, **inside)  # type: ignore[arg-type]


class Site:
    """A server whose clock stands at `NOW`, on a database with a year in it; patient 0 asks."""

    def __init__(self, database: Undone, folder: Path) -> None:
        self.database = database
        settings = _settings(database, folder)
        notices = {"email": RecordingNotices(), "ntfy": RecordingNotices()}
        provider = ScriptedProvider()
        self.deps = Dependencies(
            settings=settings,
            database=database,
            push_sender=RecordingSender(),
            vapid_public_key=public_key(settings.vapid_private_key),
            parse_ingest=lambda body, zone, now: parse_ingest(body, zone=zone, now=now),
            make_providers=lambda: {provider.id: provider},
            make_nightscout=ScriptedSite,
            make_notices=lambda: GoogleNotices(settings),
            make_second_ways=lambda: notices,
            clock=lambda: NOW,
        )
        self.app: Flask = create_app(dependencies=self.deps)
        with database.tried(), database.read() as db:
            self.owner = Owner(patient_id(db), "Europe/Berlin")
            about = select(PushDelivery.id).where(PushDelivery.patient_id == self.owner.id)
            self.delivery_id = db.execute(about.where(PushDelivery.state == "waiting")).scalar_one()

    def ask(self, method: str, path: str, body: object = None) -> object:
        """What the answer says; raises for anything but success."""
        client = self.app.test_client()
        client.set_cookie("footwell", SECRET)
        given = {} if body is None else {"json": body}
        reply = client.open(path, method=method, headers={"Sec-Fetch-Site": "same-origin"}, **given)
        if reply.status_code >= 400 and path != "/readyz":  # no worker is there, and none is wanted
            raise RuntimeError(f"{method} {path}: {reply.status_code} {reply.text}")
        return reply.get_json(silent=True)


def _settings(database: Database, folder: Path) -> Settings:
    keys = {"FOOTWELL_SECRET_KEY": "x" * 43, "FOOTWELL_TOKEN_KEYS": "t" * 43}
    env = {"FOOTWELL_DATA_DIR": str(folder), "DATABASE_URL": database.url, **keys}
    return Settings.from_env({**env, "FOOTWELL_VAPID_PRIVATE_KEY": generate_vapid_key()})


Call = Callable[[Site], object]


def calls(*, due: int) -> dict[str, Call]:
    """By what they are called in the tables; `due` is how many messages are due."""
    return {**_of_phones(), **_of_workers(due), **_of_accounts()}


def _of_phones() -> dict[str, Call]:
    deep = f"/api/v1/session-logs?after={TODAY - 180 * DAY}_{uuid4()}"
    week = f"/api/v1/step-counts?from={TODAY - 27 * DAY}&to={TODAY}&limit=28"
    reading = {"on": str(TODAY), "recorded_at": NOW.isoformat(), "value": "110", "unit": "mg/dL", "context": "fasting"}
    steps = {"steps": 4200, "recorded_at": NOW.isoformat()}
    return {
        "today": lambda site: site.ask("GET", "/api/v1/today"),
        "list of logs": lambda site: site.ask("GET", "/api/v1/session-logs"),
        "list of logs, half a year back": lambda site: site.ask("GET", deep),
        "changes of the last days": lambda site: site.ask("GET", "/api/v1/changes?since=36000-90000"),
        "changes from the beginning": lambda site: site.ask("GET", "/api/v1/changes"),
        "insights": lambda site: site.ask("GET", "/api/v1/insights"),
        "four weeks of steps": lambda site: site.ask("GET", week),
        "moments ahead": lambda site: site.ask("GET", "/api/v1/occurrences"),
        "what became of messages": lambda site: site.ask("GET", "/api/v1/push/deliveries"),
        "devices": lambda site: site.ask("GET", "/api/v1/wearables"),
        "PUT of a log": lambda site: site.ask("PUT", f"/api/v1/session-logs/{uuid4()}", session_log()),
        "PUT of a sugar reading": lambda site: site.ask("PUT", f"/api/v1/glucose-readings/{uuid4()}", reading),
        "PUT of a day's steps": lambda site: site.ask("PUT", f"/api/v1/step-counts/{TODAY}", steps),
        "receipt of a message": _receipt,
    }


def _receipt(site: Site) -> object:
    token = site.deps.message_tokens.make(site.delivery_id)
    return site.ask("POST", "/api/v1/push/receipts", {"token": token, "event": "shown", "at": NOW.isoformat()})


def _of_workers(due: int) -> dict[str, Call]:
    return {
        "wake what is due": lambda site: _expect(due, _wake(site)),
        "wake, claim, send and finish": lambda site: _expect(True, jobs.send_due(site.deps) > due),
        "second ways": lambda site: _expect(True, second_sending.send_second(site.deps)),
        "plan ahead": lambda site: _expect(FEW, jobs.plan_ahead(site.deps)),
        "begin days": lambda site: _expect(FEW, jobs.begin_days(site.deps)),
        "look at step goals": lambda site: _expect(FEW, jobs.look_at_goals(site.deps)),
        "look for quiet browsers": lambda site: _expect(FEW, second_sending.look_for_quiet(site.deps)),
        "pull: anything due?": _anything_due,
        "pull: claim and keep": _pull,
        "archive: claim": _archive,
        "a push service takes messages again": _try_again,
        "count connections": lambda site: jobs.count_connections(site.deps),
        "prune": lambda site: jobs.prune(site.deps),
        "/readyz": lambda site: site.ask("GET", "/readyz"),
        "/metrics": lambda site: site.ask("GET", "/metrics"),
    }


def _expect(wanted: object, found: object) -> None:
    """A call that finds nothing to do would be a figure of nothing."""
    if found != wanted:
        raise RuntimeError(f"{found} instead of {wanted}")


def _wake(site: Site) -> int:
    with site.database.write() as db:
        return wake_due(db, limit=jobs.BATCH, now=NOW)


def _anything_due(site: Site) -> None:
    with site.database.read() as db:
        _expect(False, wearable_sync.any_due(db, NIGHTSCOUT, now=NOW))
        _expect(True, wearable_sync.any_due(db, PROVIDER, now=NOW))


def _pull(site: Site) -> None:
    with site.database.write() as db:
        provider_states.budget(db, PROVIDER, per_minute=1000, now=NOW)
        found = wearable_sync.claim_due(db, PROVIDER, limit=FEW, now=NOW)
        provider_states.spend(db, PROVIDER, len(found), now=NOW)
    days = [StepsOfDay(TODAY - back * DAY, 7000 + back, is_partial=False, observed_at=NOW) for back in range(7)]
    read = wearable_sync.Read(counts=days, label="Watch")
    with site.database.write() as db:
        kept = wearable_sync.finish_all(db, [(due, read) for due in found], now=NOW)
    _expect(["active"] * FEW, kept)


def _try_again(site: Site) -> None:
    with site.database.write() as db:
        push.try_again(db, {"updates.push.services.mozilla.com"}, now=NOW)


def _archive(site: Site) -> None:
    with site.database.write() as db:
        archives.save_archive(db, site.owner, file="new.zip", size=1, now=NOW)
    with site.database.write() as db:
        _expect(True, archives.claim_archive(db, now=NOW) is not None)


def _of_accounts() -> dict[str, Call]:
    return {"sign in": _sign_in, "sign up": _sign_up, "delete an account": _leave}


def _sign_in(site: Site) -> None:
    with site.database.write() as db:
        accounts.check_throttle(db, b"somebody", now=NOW)
        found = accounts.find_account(db, "0@example.org")
        assert found is not None
        secret = accounts.sign_in(db, found.id, b"somebody", now=NOW)
        accounts.find_signed_in(db, secret, now=NOW + timedelta(minutes=1))


def _sign_up(site: Site) -> None:
    with site.database.write() as db:
        make_patient(db, "new@example.org", now=NOW)


def _leave(site: Site) -> None:
    with site.database.write() as db:
        accounts.delete_account(db, site.owner)
