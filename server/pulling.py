"""The network half of syncing: claims connections, refreshes tokens under a lease, reads days, names what failed.

No transaction is open while a provider takes its time.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from integrations.provider import (
    AddressRefused,
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
from server.errors import where
from server.localtime import local_date
from server.services import provider_states, wearable_tokens
from server.services import wearable_sync as sync
from server.services.step_counts import StepsOfDay
from server.vault import Unreadable

log = logging.getLogger(__name__)

AT_ONCE = 32
WINDOW = 64  # of each provider, running or about to
LOOK_AGAIN = 1.0  # seconds: what is due meanwhile does not wait for what takes long
TOGETHER = 8  # more would keep patients who save something waiting
WAIT_FOR_OTHERS = 5.0

NIGHTSCOUT, NIGHTSCOUT_PER_MINUTE = "nightscout", 600

T = TypeVar("T")
Result = sync.Read | sync.Failure
Reader = Callable[[sync.Due], sync.Read]


class Puller:
    """Reads whatever is due, many connections at a time: as some end, the next ones begin."""

    def __init__(self, deps: Dependencies, at_once: int = AT_ONCE) -> None:
        self._deps = deps
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="pull")
        self._reads: dict[Future[Result], sync.Due] = {}
        self._ended: defaultdict[str, list[Result]] = defaultdict(list)

    def run_due(self, go_on: Callable[[], bool] = lambda: True) -> int:
        """Until nothing is due, or `go_on` says no and what began has ended; returns how many were read or tried."""
        tried = 0
        while True:
            if len(self._reads) <= WINDOW // 2:  # not after each, for a look costs as much as a pull
                self._start_all(go_on())
            if not self._reads:
                return tried
            ended, _ = wait(self._reads, timeout=LOOK_AGAIN, return_when=FIRST_COMPLETED)
            found = [(self._reads.pop(each), each.result()) for each in list(ended)[:TOGETHER]]
            self._keep(found)
            for due, result in found:
                if due.provider != NIGHTSCOUT:  # every site is another's: one that is down says nothing of the others
                    self._ended[due.provider].append(result)
            tried += len(found)

    def _start_all(self, wanted: bool) -> None:
        for provider in self._deps.providers.values():
            self._start(provider.id, provider.requests_per_minute, partial(self._read, provider), wanted)
        if NIGHTSCOUT not in self._deps.settings.wearables.off:
            self._start(NIGHTSCOUT, NIGHTSCOUT_PER_MINUTE, self._read_site, wanted)

    def close(self) -> None:
        self._pool.shutdown()

    def _start(self, provider: str, per_minute: int, read: Reader, wanted: bool) -> None:
        """Claim some more of a provider and note what came of those before, in one transaction."""
        now = self._deps.clock()
        running = sum(due.provider == provider for due in self._reads.values())
        with self._deps.database.read() as db:
            is_due = wanted and sync.any_due(db, provider, now=now)
        if not is_due and (running or not self._ended[provider]):
            return
        with self._deps.database.write() as db:
            if ended := self._ended.pop(provider, []):
                provider_states.note_results(db, provider, *_summed(ended), now=now)
            left = provider_states.budget(db, provider, per_minute=per_minute, now=now) if is_due else 0
            claimed = sync.claim_due(db, provider, limit=min(WINDOW - running, left), now=now) if left else []
            if claimed:
                provider_states.spend(db, provider, len(claimed), now=now)
        self._reads |= {self._pool.submit(self._found, due, read): due for due in claimed}

    def _found(self, due: sync.Due, read: Reader) -> Result:
        try:
            return read(due)
        except Unreadable:
            return sync.Failure("needs_reconnect", "key_changed")
        except ProviderError as error:
            return failure_of(error)
        except Exception as error:  # a fault of ours must not stop the others, nor this one for ever
            log.error("pull %s failed", due.provider, exc_info=where(error))
            return sync.Failure("unexpected", "fault")

    def _keep(self, found: list[tuple[sync.Due, Result]]) -> None:
        """All in one transaction, which costs more than what it writes; when that fails, each in one of its own.

        What cannot be kept is read again.
        """
        try:
            with self._deps.database.write() as db:
                states = sync.finish_all(db, found, now=self._deps.clock())
        except Exception as error:
            if len(found) == 1:
                log.error("pull %s was not kept", found[0][0].provider, exc_info=where(error))
            else:
                for each in found:
                    self._keep([each])
            return
        for (due, _), state in zip(found, states, strict=True):
            log.info("pull %s %s", due.provider, state or "dropped")

    def _read(self, provider: StepProvider, due: sync.Due) -> sync.Read:
        token = self._token(provider, due)
        try:
            return self._days(provider, due, token)
        except AuthorizationExpired:
            return self._days(provider, due, self._token(provider, due, refused=token))

    def _read_site(self, due: sync.Due) -> sync.Read:
        """A patient's Nightscout site: one look, and none after a refusal, for it slows down whoever guesses."""
        site = self._deps.vault.open(due.sealed)
        since = due.readings_from(self._deps.clock())
        try:
            return sync.Read(readings=self._deps.nightscout.fetch_readings(site["url"], site["token"], since))
        except AddressRefused:  # its name leads elsewhere now
            raise AuthorizationExpired(reason="address_refused") from None

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
        missing = list(due.missing)
        device = readings = None
        asked = due.wants_device(now) and "settings" not in missing
        if asked:
            device = _optional(missing, lambda: provider.fetch_device(token))
        if due.glucose and "glucose" not in missing:
            since = due.readings_from(now)
            readings = _optional(missing, lambda: provider.fetch_readings(token, since))
        name = device.name if device else due.device
        return sync.Read(
            counts=counts,
            removed=due.removed({count.on for count in counts}),
            readings=readings or (),
            missing=missing,
            device=name,
            device_synced_at=device.synced_at if device else None,
            device_asked=asked,
            label=f"{name} through {provider.name}" if name else provider.name,
        )

    def _token(self, provider: StepProvider, due: sync.Due, refused: str | None = None) -> str:
        """An access token that is good for a while, stored or fresh. `refused`: the one that was not taken.

        Whoever refreshes does it alone, under a lease; the others wait for what it stores. A fresh token is committed
        before it is used, because a provider may take each refresh token only once.
        """
        deps, give_up_at = self._deps, time.monotonic() + WAIT_FOR_OTHERS
        while True:
            now = deps.clock()
            with deps.database.read() as db:
                row = wearable_tokens.find_connection(db, due)
            if row is None or row.sealed is None:
                raise AuthorizationExpired
            tokens = deps.vault.open(row.sealed)
            good = row.token_expires_at is None or row.token_expires_at > now + wearable_tokens.GOOD_FOR
            if good and tokens["access_token"] != refused:
                return str(tokens["access_token"])
            with deps.database.write() as db:
                leased = wearable_tokens.take_lease(db, due, seen=row.sealed, now=now)
            if leased is not None:
                return self._refresh(provider, due, tokens, leased.lease_until)
            if time.monotonic() > give_up_at:
                raise ProviderUnavailable("another worker is refreshing the token")
            time.sleep(0.1)

    def _refresh(self, provider: StepProvider, due: sync.Due, tokens: dict[str, Any], lease: datetime) -> str:
        deps = self._deps
        try:
            if not tokens.get("refresh_token"):
                raise AuthorizationExpired
            fresh = provider.refresh(tokens["refresh_token"])
        except BaseException:
            with deps.database.write() as db:
                wearable_tokens.end_lease(db, due, lease=lease)
            raise
        now = deps.clock()
        with deps.database.write() as db:
            stored = wearable_tokens.store_token(
                db,
                due,
                lease=lease,
                sealed=deps.vault.seal(sealed_tokens(fresh, tokens["refresh_token"])),
                token_expires_at=later(now, fresh.expires_in),
                consent_expires_at=later(now, fresh.refresh_expires_in),
                scopes=fresh.scopes,
            )
        if not stored:
            raise AuthorizationExpired
        return fresh.access_token


def _summed(results: list[Result]) -> tuple[int, int, float | None]:
    """How many were answered, how many were not, and the longest wait that was asked for."""
    failures = [result for result in results if isinstance(result, sync.Failure)]
    unavailable = sum(failure.problem == "backing_off" for failure in failures)
    longest = max((failure.retry_after for failure in failures if failure.retry_after), default=None)
    return len(results) - unavailable, unavailable, longest


def _optional(missing: list[str], fetch: Callable[[], T]) -> T | None:
    """What is good to have: without it the steps go on, and the patient is told what is not permitted."""
    try:
        return fetch()
    except MissingScope as error:
        missing.append(error.data_type)
    except ProviderError as error:
        log.info("left out: %s", type(error).__name__)
    return None


def failure_of(error: ProviderError) -> sync.Failure:
    """What a failed call means for the connection."""
    match error:
        case AuthorizationExpired():
            return sync.Failure("needs_reconnect", error.reason or "consent_ended")
        case MissingScope():
            return sync.Failure("needs_reconnect", "steps_not_permitted")
        case AuthorizationRefused():
            return sync.Failure("refused", error.reason or "refused")
        case RateLimited():
            return sync.Failure("backing_off", "rate_limited", retry_after=error.retry_after)
        case ProviderUnavailable():
            return sync.Failure("backing_off", "unavailable", retry_after=error.retry_after)
        case SetupNeeded():
            return sync.Failure("needs_setup", error.reason or "setup", link=error.link)
        case ClientRefused():
            return sync.Failure("admin_problem", error.reason or "client_refused")
        case ProviderRetired():
            return sync.Failure("provider_retired", "retired")
        case _:
            log.error("unexpected answer: %s", type(error).__name__)
            return sync.Failure("unexpected", error.reason or "unreadable")
