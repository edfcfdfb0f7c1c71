"""Connections by state are counted now and then, not whenever somebody asks."""

from sqlalchemy import delete, update

from server import jobs
from server.dependencies import Dependencies
from server.models import WearableConnection
from server.services.metrics import read_metrics
from tests.jobs.pulls import Connect


def connections(deps: Dependencies) -> dict[str, float]:
    with deps.database.read() as db:
        found = {metric.name: metric.samples for metric in read_metrics(db, ["google_health"], now=deps.clock())}
    return dict(found["connections"])


def state(deps: Dependencies, **to: str) -> None:
    with deps.database.write() as db:
        db.execute(update(WearableConnection).values(to))


def test_connections_are_counted_by_state(deps: Dependencies, connect: Connect) -> None:
    for number in range(3):
        connect(number)
    assert connections(deps) == {}
    jobs.count_connections(deps)
    assert connections(deps) == {'provider="google_health",state="active"': 3}
    connect(3)
    jobs.count_connections(deps)
    jobs.count_connections(deps)
    assert connections(deps) == {'provider="google_health",state="active"': 4}


def test_a_state_that_nobody_has_any_more_is_not_told(deps: Dependencies, connect: Connect) -> None:
    connect()
    jobs.count_connections(deps)
    state(deps, state="needs_reconnect")
    jobs.count_connections(deps)
    assert connections(deps) == {'provider="google_health",state="needs_reconnect"': 1}
    with deps.database.write() as db:
        db.execute(delete(WearableConnection))
    jobs.count_connections(deps)
    assert connections(deps) == {}
