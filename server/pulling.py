"""The network half of syncing: claims connections, refreshes tokens under a lease, reads days, and says what went wrong.

No transaction is open while a provider takes its time.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from integrations.provider import (
    AuthorizationExpired,
    AuthorizationRefused,
    ClientRefused,
    MissingScope,
    ProviderError,
    ProviderRetired,
    ProviderUnavailable,
    RateLimited,
    SetupNeeded,
    StepProvider,
)
from server.connecting import later, sealed_tokens
from server.dependencies import Dependencies
from server.localtime import local_date, start_of_day
from server.services import provider_states
from server.services import wearable_sync as sync
from server.services.step_counts import StepsOfDay
from server.vault import Unreadable

log = logging.getLogger(__name__)

AT_ONCE = 32
BATCH = 64
WAIT_FOR_OTHERS = 5.0
DEVICE_EVERY = timedelta(hours=6)


class Puller:
    """Reads whatever is due, several connections at a time."""

    def __init__(self, deps: Dependencies, at_once: int = AT_ONCE) -> None:
        self._deps = deps
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="pull")

    def run_due(self) -> int:
        """One batch of each provider; returns how many connections were read or tried."""
        return sum(self._batch(provider) for provider in self._deps.providers.values())

    def close(self) -> None:
        self._pool.shutdown()

    def _batch(self, provider: StepProvider) -> int:
        deps = self._deps
        now = deps.clock()
        with deps.database.read() as db:
            if not sync.any_due(db, provider.id, now=now):
                return 0
        with deps.database.write() as db:
            budget = provider_states.take_budget(
                db, provider.id, BATCH, per_minute=provider.requests_per_minute, now=now
            )
            claimed = sync.claim_due(db, provider.id, limit=budget, now=now) if budget else []
        if not claimed:
            return 0
        results = list(self._pool.map(lambda due: self._pull(provider, due), claimed))
        problems = [result.problem for result in results if isinstance(result, sync.Failure)]
        waits = [result.retry_after for result in results if isinstance(result, sync.Failure) and result.retry_after]
        unavailable = problems.count("backing_off")
        with deps.database.write() as db:
            provider_states.note_results(
                db,
                provider.id,
                answered=len(results) - unavailable,
                unavailable=unavailable,
                wait=max(waits, default=None),
                now=deps.clock(),
            )
        return len(claimed)

    def _pull(self, provider: StepProvider, due: sync.Due) -> sync.Read | sync.Failure:
        found = self._read(provider, due)
        with self._deps.database.write() as db:
            state = sync.finish(db, due, found, now=self._deps.clock())
        log.info("pull %s %s", provider.id, state or "dropped")
        return found

    def _read(self, provider: StepProvider, due: sync.Due) -> sync.Read | sync.Failure:
        try:
            token = self._token(provider, due)
            try:
                return self._days(provider, due, token)
            except AuthorizationExpired:
                return self._days(provider, due, self._token(provider, due, refused=token))
        except Unreadable:
            return sync.Failure("needs_reconnect", "key_changed")
        except ProviderError as error:
            return failure_of(error)
        except Exception:  # a fault of ours must not stop the others, nor this one for ever
            log.exception("pull %s failed", provider.id)
            return sync.Failure("unexpected", "fault")

    def _days(self, provider: StepProvider, due: sync.Due, token: str) -> sync.Read:
        """The steps of the days that are owed. Of the rest each may be missing without harm to the others."""
        now = self._deps.clock()
        days = provider.fetch_daily_steps(token, due.first, due.last, zone=due.owner.time_zone)
        today = local_date(now, due.owner.time_zone)
        counts = [
            StepsOfDay(day.on, day.steps, is_partial=day.on >= today, observed_at=now)
            for day in days
            if due.first <= day.on <= due.last
        ]
        missing: list[str] = []
        device = self._optional(lambda: provider.fetch_device(token), missing) if due.wants_device(now) else None
        label = f"{(device.name if device else due.device) or ''} through {provider.name}".removeprefix(" through ")
        return sync.Read(
            counts=counts,
            missing=missing,
            device=device.name if device else None,
            device_synced_at=device.synced_at if device else None,
            label=label,
        )
