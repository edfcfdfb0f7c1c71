"""Sends claimed deliveries and writes down what became of them: for the worker, and for a test message."""

import logging
import time
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import OperationalError

from integrations.push import PushResult
from server.care.content import text
from server.dependencies import Dependencies
from server.models import AnyRow
from server.services import push, sending, server_facts
from server.services.messages import build_message

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
    states, faults = _write_down(deps, [(row, by_row.get(row.id)) for row in rows])
    _say_faults(results)
    if faults:
        log.error("%s refuse what we send: check the VAPID key and FOOTWELL_VAPID_SUBJECT", ", ".join(sorted(faults)))
        with deps.database.write() as db:
            push.try_again(db, faults, now=deps.clock())
    return states


def _write_down(
    deps: Dependencies, sent: Sequence[tuple[AnyRow, PushResult | None]]
) -> tuple[list[tuple[AnyRow, str]], set[str]]:
    """What has left must not leave again because the database was away just then: Apple would show it twice.

    Returns the new states, and the push services that are found to refuse everything.
    """
    give_up_at = time.monotonic() + KEEP_TRYING_SECONDS
    while True:
        try:
            with deps.database.write() as db:
                states = sending.finish_deliveries(db, sent, now=deps.clock())
                return states, server_facts.note_push_results(db, [result for _, result in sent if result])
        except OperationalError as error:
            if time.monotonic() >= give_up_at:  # the lease is over, and another worker may have it
                raise
            log.warning("database: %s; results are kept and written again", type(error.orig).__name__)
        time.sleep(TRY_AGAIN_SECONDS)


def _say_faults(results: Sequence[PushResult]) -> None:
    """What no browser and no patient can mend. Hosts may be named, endpoints never."""
    for result in results:
        if result.outcome in ("rejected", "too_large"):
            why = result.status or result.detail
            log.error("delivery %s to %s is %s: %s", result.delivery_id, result.host, result.outcome, why)
