"""A puller, patients with a good consent, and the one connection there is."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from server.connecting import sealed_tokens
from server.dependencies import Dependencies
from server.models import AnyRow, WearableConnection
from server.pulling import Puller
from server.services import wearables
from server.services.owner import Owner
from tests.factories import make_patient
from tests.jobs.pulls import Connect, Row
from tests.providers import TokenSet


@pytest.fixture
def pull(deps: Dependencies) -> Callable[[], int]:
    puller = Puller(deps, at_once=4)
    yield puller.run_due
    puller.close()


@pytest.fixture
def connect(deps: Dependencies) -> Connect:
    """A patient in Berlin with a good consent; more of them by number."""

    def connected(number: int = 0, *, expires_in: float = 3600, glucose: bool = False, **more: object) -> Owner:
        now = deps.clock()
        tokens = TokenSet("access-0", "refresh-0")
        consent = wearables.Consent(
            sealed=deps.vault.seal(sealed_tokens(tokens)),
            scopes=["steps", "settings"],
            missing=list(more.get("missing", ())),  # type: ignore[call-overload]
            provider_user_id=f"user-{number}",
            token_expires_at=now + timedelta(seconds=expires_in),
            consent_expires_at=None,
        )
        with deps.database.write() as db:
            owner = make_patient(db, f"walker-{number}@example.org", now=now)
            wearables.save_connection(db, owner, "google_health", consent, glucose=glucose, now=now)
        return owner

    return connected


@pytest.fixture
def row(deps: Dependencies) -> Row:
    def only() -> AnyRow:
        with deps.database.read() as db:
            return db.execute(select(*WearableConnection.__table__.c)).one()

    return only
