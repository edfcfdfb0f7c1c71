"""Second ways at work: claim, send and finish e-mails and ntfy messages, and look for browsers that went quiet."""

import logging
from collections import defaultdict
from typing import Any

from integrations.notices import NoticeResult
from server.care.content import text
from server.dependencies import Dependencies
from server.services import quiet_browsers, second_ways
from server.services.messages import build_notice

log = logging.getLogger(__name__)

BATCH = 20  # so few that a batch ends well within its lease, whatever a mail server does


def send_second(deps: Dependencies) -> bool:
    """One batch; true when there was something to do. No transaction is open while a server takes its time."""
    with deps.database.write() as db:
        claimed, rows = second_ways.claim(db, limit=BATCH, now=deps.clock())
        moments = second_ways.moments_of(db, rows)
    by_way: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_way[row.way].append(row)
    build: Any = {
        "public_url": deps.settings.public_url,
        "texts": text,
        "make_token": deps.stop_tokens.make,
    }
    done: list[tuple[Any, NoticeResult]] = []
    for way, mine in by_way.items():
        sender = deps.second_ways.get(way)
        notices = [build_notice(row, moments.get(row.occurrence_id), **build) for row in mine]
        results = sender.send(notices) if sender else [NoticeResult("failed")] * len(mine)
        done += zip(mine, results, strict=True)
    if done:
        with deps.database.write() as db:
            states = second_ways.finish(db, done, now=deps.clock())
        for row, state in states:
            log.info("%s %s %s", row.way, row.id, state)
    return claimed > 0


def look_for_quiet(deps: Dependencies) -> int:
    """Mark browsers on which nothing arrives any more; returns how many."""
    with deps.database.read() as db:
        found = quiet_browsers.find_silent(db, now=deps.clock())
    for patient_id, subscription_id in found:
        with deps.database.write() as db:
            quiet_browsers.mark_quiet(db, patient_id, subscription_id, now=deps.clock())
    return len(found)
