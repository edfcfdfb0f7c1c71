"""What push services said is written down whatever the database does, and a fault of ours reaches who can mend it."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from server import pushing
from server.database import Database
from server.dependencies import Dependencies
from server.jobs import Ticker
from server.models import Occurrence, PushDelivery
from server.services import sending
from server.services.sending import LEASE
from tests.conftest import Clock
from tests.factories import Browser, RecordingSender

MOZILLA = "updates.push.services.mozilla.com"
APPLE = "web.push.apple.com"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pushing, "TRY_AGAIN_SECONDS", 0)


def lose_the_database(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """The next so many times that results are written down, the database goes away before the end."""
    real, left = sending.finish_deliveries, [None] * times

    def finish(*args: Any, **kwargs: Any) -> Any:
        done = real(*args, **kwargs)
        if left:
            left.pop()
            raise OperationalError("UPDATE", {}, Exception("the database restarts"))
        return done

    monkeypatch.setattr(sending, "finish_deliveries", finish)


def test_a_database_that_goes_away_between_sending_and_noting_makes_nothing_be_sent_again(
    deps: Dependencies, patient: Browser, sender: RecordingSender, clock: Clock, database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    patient.subscribe("one")
    patient.put_reminder(weekdays=[7], times=["10:20"])
    clock.move(minutes=5)
    lose_the_database(monkeypatch, times=3)
    Ticker(deps).tick()
    clock.move(seconds=LEASE.total_seconds())
    Ticker(deps).tick()
    assert len(sender.messages) == 1
    with database.read() as db:
        assert db.execute(select(PushDelivery.state)).scalars().all() == ["sent"]
        assert db.execute(select(Occurrence.sent_at).order_by(Occurrence.due_at)).scalars().first() is not None


def test_a_database_that_stays_away_ends_the_wait_with_the_lease(
    deps: Dependencies, patient: Browser, sender: RecordingSender, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient.subscribe("one")
    patient.put_reminder(weekdays=[7], times=["10:20"])
    clock.move(minutes=5)
    lose_the_database(monkeypatch, times=1)
    monkeypatch.setattr(pushing, "KEEP_TRYING_SECONDS", 0.0)
    with pytest.raises(OperationalError):
        Ticker(deps).tick()
    clock.move(seconds=LEASE.total_seconds())
    Ticker(deps).tick()
    assert [message.topic for message in sender.messages] == [sender.messages[0].topic] * 2
