"""Sends claimed deliveries and writes down what became of them: for the worker, and for a test message."""

import logging
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from integrations.push import PushResult, service_of
from server.care.content import text
from server.dependencies import Dependencies
from server.models import AnyRow
from server.services import counters, push, sending, server_facts
from server.services.messages import build_message

Sent = tuple[AnyRow, PushResult | None]

log = logging.getLogger(__name__)

TRY_AGAIN_SECONDS = 0.5
KEEP_TRYING_SECONDS = sending.LEASE.total_seconds()


def send_claimed(deps: Dependencies, rows: Sequence[AnyRow], *, now: datetime) -> list[tuple[AnyRow, str]]:
    """Send what is not over; returns each with its new state. No transaction is open while push services take time."""
    alive = [row for row in rows if not sending.is_over(row, now)]
    messages = [
        build_message(
            row, public_url=deps.settings.public_url, texts=text, make_token=deps.message_tokens.make, now=now
        )
        for row in alive
    ]
    results = deps.push_sender.send(messages)
    by_row = dict(zip((row.id for row in alive), results, strict=True))
    states, begun, ended = _write_down(deps, [(row, by_row.get(row.id)) for row in rows])
    _say_faults(results)
    if begun:
        log.error("%s refuse what we send: check the VAPID key and FOOTWELL_VAPID_SUBJECT", ", ".join(sorted(begun)))
    # At the end too: a worker that wrote as another found the fault did not know of it yet.
    if blameless := begun | ended:
        with deps.database.write() as db:
            push.try_again(db, blameless, now=deps.clock())
    return states


def _write_down(deps: Dependencies, sent: Sequence[Sent]) -> tuple[list[tuple[AnyRow, str]], set[str], set[str]]:
    """What has left must not leave again because the database was away just then: Apple would show it twice.

    Returns the new states, and the push services that are found to refuse everything or to do so no more.
    """
    give_up_at = time.monotonic() + KEEP_TRYING_SECONDS
    while True:
        try:
            with deps.database.write() as db:
                judged = _without_blame(db, sent)
                states = sending.finish_deliveries(db, judged, now=deps.clock())
                results = [result for _, result in judged if result]
                begun, ended = server_facts.note_push_results(db, results)
                server_facts.note_push_pauses(db, results, now=deps.clock())
                counters.count(db, "push_messages", Counter(map(_kind_of, results)))
                return states, begun, ended
        except OperationalError as error:
            if time.monotonic() >= give_up_at:  # the lease is over, and another worker may have it
                raise
            log.warning("database: %s; results are kept and written again", type(error.orig).__name__)
        time.sleep(TRY_AGAIN_SECONDS)


def _without_blame(db: Session, sent: Sequence[Sent]) -> Sequence[Sent]:
    """Each process finds out for itself that a service refuses everybody; until it has, it blames browsers for it."""
    if not any(result and result.outcome == "needs_resubscribe" for _, result in sent):
        return sent
    faults = server_facts.push_faults(db)
    return [
        (row, replace(result, outcome="config_fault"))
        if result and result.outcome == "needs_resubscribe" and result.host in faults
        else (row, result)
        for row, result in sent
    ]


def _kind_of(result: PushResult) -> tuple[str, str, str]:
    return service_of(result.host) or "none", result.outcome, str(result.status or "none")


def _say_faults(results: Sequence[PushResult]) -> None:
    """What no browser and no patient can mend. Hosts may be named, endpoints never."""
    for result in results:
        if result.outcome in ("rejected", "too_large"):
            why = result.status or result.detail
            log.error("delivery %s to %s is %s: %s", result.delivery_id, result.host, result.outcome, why)
