"""What tests share: a database, a clock that tests move, an app with its parts, patients who are valid by default."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from integrations.phone import parse_ingest
from integrations.vapid import generate_vapid_key, public_key
from server.api import limits
from server.app import create_app
from server.database import Database
from server.dependencies import EXTENSION, Dependencies
from server.migrate import upgrade
from server.services.owner import Owner
from server.settings import Settings
from server.wiring import GoogleNotices
from tests import databases
from tests.factories import Browser, RecordingNotices, RecordingSender, make_patient
from tests.fakes.google import Google
from tests.providers import ScriptedProvider, ScriptedSite

ORIGIN = "http://localhost:8000"


class Clock:
    """Stands still until a test moves it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        """`move(hours=1)`."""
        self.now += timedelta(**by)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="more of everything: `python3 -m tests long`")


def pytest_configure(config: pytest.Config) -> None:
    """Generated cases have no deadline: the machine may be busy, and slowness is the bench's matter."""
    hypothesis.settings.register_profile("short", deadline=None)
    hypothesis.settings.register_profile("long", deadline=None, max_examples=1000)
    hypothesis.settings.load_profile("long" if config.getoption("--long") else "short")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--long"):
        left_out = [item for item in items if "long" in item.keywords]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if "long" not in item.keywords]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that has had every migration; each test works on a copy."""
    path = tmp_path_factory.mktemp("migrated") / "template.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def database_url(tmp_path: Path, request: pytest.FixtureRequest, worker_id: str) -> Iterator[str]:
    """An empty database: on the PostgreSQL that the test command started, if this run is on it, else SQLite."""
    if databases.postgresql_url():
        yield databases.fresh_database(f"test_{worker_id}", upgrade)
    else:
        path = tmp_path / "footwell.db"
        path.write_bytes(request.getfixturevalue("migrated").read_bytes())
        yield f"sqlite:///{path}"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.engine.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 22, 9, 15, tzinfo=UTC))


@pytest.fixture
def now(clock: Clock) -> datetime:
    return clock()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    env = {
        "FOOTWELL_DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": database_url,
        "FOOTWELL_SECRET_KEY": "x" * 43,
        "FOOTWELL_VAPID_PRIVATE_KEY": generate_vapid_key(),
        "FOOTWELL_TOKEN_KEYS": "t" * 43,
        "FOOTWELL_NTFY_URL": "https://ntfy.example.org",
    }
    return Settings.from_env(env)


@pytest.fixture
def sender() -> RecordingSender:
    return RecordingSender()


@pytest.fixture
def second_ways() -> dict[str, RecordingNotices]:
    """What a server with a mail server and ntfy has."""
    return {"email": RecordingNotices(), "ntfy": RecordingNotices()}


@pytest.fixture
def provider() -> ScriptedProvider:
    return ScriptedProvider()


@pytest.fixture
def nightscout() -> ScriptedSite:
    return ScriptedSite()


@pytest.fixture
def google() -> Iterator[Google]:
    """A Google that was asked for nothing which the reference does not allow."""
    with Google() as google:
        yield google
        assert google.problems == []


@pytest.fixture
def deps(
    settings: Settings,
    database: Database,
    clock: Clock,
    sender: RecordingSender,
    provider: ScriptedProvider,
    nightscout: ScriptedSite,
    second_ways: dict[str, RecordingNotices],
) -> Dependencies:
    return Dependencies(
        settings=settings,
        database=database,
        push_sender=sender,
        vapid_public_key=public_key(settings.vapid_private_key),
        parse_ingest=lambda body, zone, now: parse_ingest(body, zone=zone, now=now),
        make_providers=lambda: {provider.id: provider},
        make_nightscout=lambda: nightscout,
        make_notices=lambda: GoogleNotices(settings),
        make_second_ways=lambda: second_ways,
        clock=clock,
    )


@pytest.fixture(scope="session")
def joined_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One app a run: joining it takes longer than most tests. It finds its parts anew at every request."""
    settings = Settings.from_env({"FOOTWELL_DATA_DIR": str(tmp_path_factory.mktemp("joined"))})
    return create_app(settings)


@pytest.fixture
def app(joined_app: Flask, deps: Dependencies) -> Flask:
    joined_app.extensions[EXTENSION] = deps
    limits.install(joined_app, deps.settings)  # counts from nothing
    return joined_app


@pytest.fixture
def db(database: Database) -> Iterator[Session]:
    """A transaction that is rolled back: services are called with it directly."""
    with Session(database.engine.execution_options(begin="BEGIN IMMEDIATE"), expire_on_commit=False) as session:
        yield session


@pytest.fixture
def owner(db: Session, now: datetime) -> Owner:
    """A patient of service tests, in Berlin."""
    return make_patient(db, "owner@example.org", now=now)


@pytest.fixture
def nobody(app: Flask) -> Browser:
    """A browser of our own origin that is not signed in."""
    return Browser(app, ORIGIN)


@pytest.fixture
def patient(app: Flask) -> Browser:
    """A signed-in patient."""
    return Browser(app, ORIGIN).sign_up("patient@example.org")


@pytest.fixture
def stranger(app: Flask) -> Browser:
    """Another signed-in patient."""
    return Browser(app, ORIGIN).sign_up("stranger@example.org")
