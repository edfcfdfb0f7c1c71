"""Tokens: refreshed once, stored before they are used, and gone keys."""

import threading
from collections.abc import Callable

from integrations.provider import (
    ProviderUnavailable,
)
from server.dependencies import Dependencies
from server.pulling import Puller
from server.vault import Vault
from tests.conftest import Clock
from tests.jobs.pulls import Connect, Row, make_due, puller_claims
from tests.providers import ScriptedProvider


def test_t4_a_refresh_without_a_refresh_token_keeps_the_old_one(
    deps: Dependencies, provider: ScriptedProvider, connect: Connect, pull: Callable[[], int], row: Row
) -> None:
    connect(expires_in=60)
    pull()
    assert provider.refreshes == 1
    assert deps.vault.open(row().sealed) == {"access_token": "access-1", "refresh_token": "refresh-0"}


def test_t5_a_new_refresh_token_is_stored(
    deps: Dependencies, clock: Clock, provider: ScriptedProvider, connect: Connect, pull: Callable[[], int], row: Row
) -> None:
    provider.rotates = True
    connect(expires_in=60)
    pull()
    clock.move(hours=2)
    make_due(deps)
    pull()
    assert (provider.refreshes, row().state) == (2, "active")
    assert deps.vault.open(row().sealed)["refresh_token"] == "refresh-2"


def test_t3_a_fresh_token_is_committed_before_it_is_used(
    deps: Dependencies, provider: ScriptedProvider, connect: Connect, pull: Callable[[], int], row: Row
) -> None:
    stored: list[str] = []
    provider.while_reading = lambda: stored.append(deps.vault.open(row().sealed)["access_token"])
    connect(expires_in=60)
    pull()
    assert stored == ["access-1"]


def test_t2_a_refused_token_is_refreshed_once_and_the_fresh_one_is_used(
    provider: ScriptedProvider, connect: Connect, pull: Callable[[], int], row: Row
) -> None:
    connect()
    provider.accepts = {"something else"}
    pull()
    assert (provider.refreshes, len(provider.asked), row().state) == (1, 2, "active")


def test_t1_many_workers_refresh_a_single_use_token_once(
    deps: Dependencies, provider: ScriptedProvider, connect: Connect, row: Row
) -> None:
    provider.rotates = True
    connect(expires_in=60)
    puller = Puller(deps, at_once=1)
    with deps.database.write() as db:
        (due,) = puller_claims(db, deps)
    tokens: list[str] = []
    together = threading.Barrier(6)

    def ask() -> None:
        together.wait()
        tokens.append(puller._token(provider, due))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    puller.close()
    assert (tokens, provider.refreshes) == (["access-1"] * 6, 1)


def test_t8_a_hiccup_of_the_token_endpoint_changes_nothing_and_frees_the_lease(
    clock: Clock, provider: ScriptedProvider, connect: Connect, pull: Callable[[], int], row: Row
) -> None:
    connect(expires_in=60)
    provider.fail_refresh = [ProviderUnavailable()]
    pull()
    assert (row().state, row().lease_until) == ("backing_off", None)
    clock.move(minutes=5)
    pull()
    assert row().state == "active"


def test_t21_a_lost_key_asks_to_reconnect_and_breaks_nothing(
    deps: Dependencies, connect: Connect, row: Row, settings: object
) -> None:
    connect()
    deps.__dict__["vault"] = Vault(["n" * 43])
    puller = Puller(deps, at_once=1)
    puller.run_due()
    puller.close()
    assert (row().state, row().reason) == ("needs_reconnect", "key_changed")
