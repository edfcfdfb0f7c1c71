"""How a block ends (brief §2.2): whether a block still blocks at a moment, and what may end it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from server.care.content import load_table


@dataclass(frozen=True)
class Block:
    """The members of a block record that decide its end; datetimes are aware."""

    warning: str
    level: str | None
    on: date
    started_at: datetime
    ended_at: datetime | None = None
    end_reason: str | None = None
    clinician_name: str | None = None
    clinician_on: date | None = None


@dataclass(frozen=True)
class BlockEnd:
    """How a block ends: by which reasons, each with the minutes that must have passed; alone, if it lapses."""

    ends: str
    by: Mapping[str, int]
    lapses: bool


def block_end(warning: str, level: str | None) -> BlockEnd:
    """What may end a block of this warning and level; an unknown warning needs the clinic's OK."""
    outcome = load_table("block_end").evaluate({"warning": warning, "level": level or "none"})
    return BlockEnd(str(outcome["ends"]), cast("Mapping[str, int]", outcome["by"]), outcome["lapses"] is True)


def earliest_end(block: Block, reason: str) -> datetime | None:
    """From when this reason may end the block; None if it never may."""
    minutes = block_end(block.warning, block.level).by.get(reason)
    return None if minutes is None else block.started_at + timedelta(minutes=minutes)


def still_blocks(block: Block, now: datetime) -> bool:
    """Whether no session may start at `now` because of this block. An end that the rules do not allow is no end."""
    end = block_end(block.warning, block.level)
    if end.lapses and all(now >= block.started_at + timedelta(minutes=minutes) for minutes in end.by.values()):
        return False
    if block.ended_at is None or block.end_reason is None or block.ended_at > now:
        return True
    earliest = earliest_end(block, block.end_reason)
    if earliest is None or block.ended_at < earliest:
        return True
    return block.end_reason == "clinic_ok" and not _clinic_said_ok(block, now)


def _clinic_said_ok(block: Block, now: datetime) -> bool:
    """A name, and a day from the block's on. West of Greenwich and east of it 'today' may be a day apart from UTC."""
    if block.clinician_on is None or not (block.clinician_name or "").strip():
        return False
    return block.on <= block.clinician_on <= now.date() + timedelta(days=1)
