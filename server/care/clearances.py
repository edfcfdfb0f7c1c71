"""When a clinic's OK counts and until when, and when the profile is asked again (brief §2, §2.1)."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from server.care.blocks import Block, is_red_flag
from server.care.content import periods

# Two phones are never of quite the same time; an answer from further ahead comes from a clock that was wrong.
AHEAD = timedelta(days=1)


@dataclass(frozen=True)
class Clearance:
    """The members of a clearance record that decide whether it counts; datetimes are aware."""

    reasons: tuple[str, ...]
    clinician_name: str | None
    clinician_on: date
    recorded_at: datetime
    ended_at: datetime | None = None


def add_months(day: date, months: int) -> date:
    """The day with the same number, or the last of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def counts_until(clearance: Clearance, reason: str) -> date | None:
    """The last day on which it counts for this reason; None when no time ends it."""
    if reason in periods().once:
        return None
    return add_months(clearance.clinician_on, periods().clearance_months)


def counts_for(clearance: Clearance, reason: str, blocks: Sequence[Block], *, now: datetime, today: date) -> bool:
    """Whether this clearance answers this reason on the patient's day `today`."""
    if reason not in clearance.reasons or clearance.ended_at is not None:
        return False
    if not (clearance.clinician_name or "").strip():
        return False
    if clearance.recorded_at > now + AHEAD or clearance.clinician_on > today:
        return False
    until = counts_until(clearance, reason)
    if until is not None and today > until:
        return False
    return not any(_ends(block, clearance) for block in blocks)


def _ends(block: Block, clearance: Clearance) -> bool:
    """A red flag newer than the clinic's word. One of the same day came before it, if it was kept before."""
    if not is_red_flag(block.warning, block.level):
        return False
    return block.started_at >= clearance.recorded_at or block.on > clearance.clinician_on


def is_cleared(
    reasons: Sequence[str], clearances: Sequence[Clearance], blocks: Sequence[Block], *, now: datetime, today: date
) -> bool:
    """Whether every reason to ask the clinic has an OK that counts."""
    return len(reasons) > 0 and all(
        any(counts_for(clearance, reason, blocks, now=now, today=today) for clearance in clearances)
        for reason in reasons
    )


def asks_again(answered_at: datetime, blocks: Sequence[Block], *, now: datetime) -> str | None:
    """Why the profile must be asked again: `red_flag`, `months`, or None when it need not."""
    if any(block.started_at >= answered_at and is_red_flag(block.warning, block.level) for block in blocks):
        return "red_flag"
    due = add_months(answered_at.date(), periods().profile_months)
    return "months" if now.date() > due or answered_at > now + AHEAD else None
