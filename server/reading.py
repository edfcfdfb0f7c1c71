"""Reads an archive that a patient gave us: the slow half, in the worker, with nothing held open."""

import logging
import time

from integrations.apple_export import ExportRefused, ExportStopped, read_export
from server.dependencies import Dependencies
from server.localtime import local_date
from server.services import archives
from server.services.glucose_imports import save_readings
from server.services.step_counts import StepsOfDay

log = logging.getLogger(__name__)

TELL_EVERY = 1.0
MOST_STEPS = 200_000


def read_archive(deps: Dependencies) -> bool:
    """Read the archive whose turn it is; False when there is none. Its file goes when nothing is left to try."""
    with deps.database.read() as db:
        if not archives.any_due(db, now=deps.clock()):
            return False
    with deps.database.write() as db:
        claimed = archives.claim_archive(db, now=deps.clock())
    if claimed is None:
        return False
    owner, row = claimed
    path = deps.settings.data_dir / "archives" / row.file
    told = time.monotonic()

    def progress(done: int, _total: int) -> bool:
        nonlocal told
        if time.monotonic() - told < TELL_EVERY:
            return True
        told = time.monotonic()
        with deps.database.write() as db:
            return archives.note_progress(db, row, bytes_done=done, now=deps.clock())

    days, reason = 0, None
    try:
        found = read_export(path, progress)
    except ExportStopped:
        return True  # a newer archive has taken its place
    except ExportRefused as error:
        reason = error.reason
    except FileNotFoundError:
        reason = "file_gone"
    else:
        now = deps.clock()
        today = local_date(now, owner.time_zone)
        counts = [
            StepsOfDay(on, steps, is_partial=on >= today, observed_at=now)
            for on, steps in sorted(found.days.items())
            if on <= today and steps <= MOST_STEPS
        ]
        days = len(counts)
        for start in range(0, days, archives.DAYS_AT_ONCE):
            with deps.database.write() as db:
                archives.save_days(db, owner, counts[start : start + archives.DAYS_AT_ONCE], now=deps.clock())
        with deps.database.write() as db:
            save_readings(db, owner, archives.SOURCE, found.readings, now=deps.clock())
    with deps.database.write() as db:
        gone = archives.finish_archive(db, row, days=days, reason=reason)
    if gone:
        path.unlink(missing_ok=True)
    log.info("archive %s", reason or "read")
    return True
