"""Counters that only grow, and what is counted anew now and then, kept in the database: any process is asked."""

import random
from collections.abc import Mapping

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from server.models import CounterShard

# What each counter is told apart by; the values come from short lists of ours, never from a patient.
LABELS = {
    "push_messages": ("service", "outcome", "status"),
    "receipts": ("event",),
    "second_messages": ("way", "state"),
    "pulls": ("provider", "state"),
    "connections": ("provider", "state"),
}
SHARDS = 16
_ADD = text(
    "INSERT INTO counter_shards (name, labels, shard, value) VALUES (:name, :labels, :shard, :value) "
    "ON CONFLICT (name, labels, shard) DO UPDATE SET value = counter_shards.value + excluded.value"
)

_SET = text(
    "INSERT INTO counter_shards (name, labels, shard, value) VALUES (:name, :labels, :shard, :value) "
    "ON CONFLICT (name, labels, shard) DO UPDATE SET value = excluded.value"
)


def count(db: Session, name: str, found: Mapping[tuple[str, ...], int]) -> None:
    """Add what a batch came to. Called last in a transaction, which holds these rows until it ends.

    One of several shards takes it, so that busy processes seldom wait for each other; rows are written in order, so
    that those who do wait never wait in a ring.
    """
    shard = random.randrange(SHARDS)
    rows = [
        {"name": name, "labels": labels_text(LABELS[name], values), "shard": shard, "value": value}
        for values, value in sorted(found.items())
    ]
    if rows:
        db.execute(_ADD, rows)


def replace(db: Session, name: str, found: Mapping[tuple[str, ...], int]) -> None:
    """Keep what was counted just now in place of what was counted before."""
    rows = [
        {"name": name, "labels": labels_text(LABELS[name], values), "shard": 0, "value": value}
        for values, value in sorted(found.items())
    ]
    here = CounterShard
    db.execute(delete(here).where(here.name == name, here.labels.not_in([row["labels"] for row in rows])))
    if rows:
        db.execute(_SET, rows)


def counted(db: Session) -> dict[str, dict[str, int]]:
    """Every counter by the text of its labels."""
    here = CounterShard
    query = select(here.name, here.labels, func.sum(here.value)).group_by(here.name, here.labels)
    found: dict[str, dict[str, int]] = {}
    for name, labels, value in db.execute(query.order_by(here.name, here.labels)):
        found.setdefault(name, {})[labels] = int(value)
    return found


def labels_text(names: tuple[str, ...], values: tuple[str, ...]) -> str:
    """As Prometheus reads them: `way="email",state="sent"`."""
    return ",".join(f'{name}="{value}"' for name, value in zip(names, values, strict=True))
