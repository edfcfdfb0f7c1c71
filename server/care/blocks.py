"""How a block ends (brief §2.2): whether a block still blocks at a moment, and what may end it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from server.care.content import load_table

REGIONS = (
    *(f"toe_{n}" for n in range(1, 6)),
    "between_toes",
    "ball",
    "arch_inner",
    "arch_outer",
    "heel",
    "top",
    "ankle",
)
AREAS = tuple(f"{foot}.{region}" for foot in ("left", "right") for region in REGIONS)


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
    areas: tuple[str, ...] = ()


@dataclass(frozen=True)
class BlockEnd:
    """How a block ends: by which reasons, each with the minutes that must have passed; alone, if it lapses.

    `skips`: with its areas marked it stops no session, those areas are left out.
    """

    ends: str
    by: Mapping[str, int]
    lapses: bool
    skips: bool


def block_end(warning: str, level: str | None) -> BlockEnd:
    """What may end a block of this warning and level; an unknown warning needs the clinic's OK."""
    outcome = load_table("block_end").evaluate({"warning": warning, "level": level or "none"})
    by = cast("Mapping[str, int]", outcome["by"])
    return BlockEnd(str(outcome["ends"]), by, outcome["lapses"] is True, outcome["skips"] is True)


def earliest_end(block: Block, reason: str) -> datetime | None:
    """From when this reason may end the block; None if it never may."""
    minutes = block_end(block.warning, block.level).by.get(reason)
    return None if minutes is None else block.started_at + timedelta(minutes=minutes)


def is_red_flag(warning: str, level: str | None) -> bool:
    """Whether only the clinic's OK ends such a block (brief §2.2): it ends clearances and asks the profile again."""
    return "clinic_ok" in block_end(warning, level).by


def still_blocks(block: Block, now: datetime) -> bool:
    """Whether no session may start at `now` because of this block."""
    return still_stands(block, now) and not _is_skipped(block)


def areas_to_skip(blocks: Sequence[Block], now: datetime) -> list[str]:
    """The areas that a session at `now` leaves out (brief §2.2 G9), in the order of `AREAS`."""
    marked = {area for block in blocks if still_stands(block, now) and _is_skipped(block) for area in block.areas}
    return [area for area in AREAS if area in marked]


def _is_skipped(block: Block) -> bool:
    """Every area must be one that we know: what cannot be left out blocks."""
    known = len(block.areas) > 0 and all(area in AREAS for area in block.areas)
    return known and block_end(block.warning, block.level).skips


def still_stands(block: Block, now: datetime) -> bool:
    """Whether the block has not come to its end at `now`. An end that the rules do not allow is no end."""
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
