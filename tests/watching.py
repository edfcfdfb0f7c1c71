"""Listens to what a piece of the server asks of the database: each statement, its plan, and how much it touched."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event

from server.models import Base

# Of the server, not of patients: they stay small.
SMALL = {"server_facts", "counter_shards", "provider_states"}
OF_PATIENTS = frozenset(Base.metadata.tables) - SMALL
# Indexes over what is left to do alone: to read one from end to end is to look at the work.
PARTIAL = {
    index.name
    for table in Base.metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"].get("where") is not None
}
PLANNED = ("SELECT", "UPDATE", "DELETE", "WITH")
_SCAN = re.compile(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?")

Node = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """One statement with its plan: lines of SQLite, the tree of PostgreSQL. `times`: with so many values at once."""

    statement: str
    plan: Any
    times: int = 1

    @property
    def pages(self) -> int:
        """PostgreSQL's pages of 8 kB that were looked at, when it was run with figures."""
        tree = self.plan
        return self.times * int(tree.get("Shared Hit Blocks", 0) + tree.get("Shared Read Blocks", 0))

    @property
    def reads_all(self) -> list[str]:
        """What in the plan reads a table of patients from end to end, whatever is asked for."""
        if isinstance(self.plan, dict):
            return [_name(node) for node in nodes(self.plan) if _is_whole(node)]
        found = [match for line in self.plan if (match := _SCAN.match(line))]
        return [match[0] for match in found if match[1] in OF_PATIENTS and match[2] not in PARTIAL]


@dataclass
class Heard:
    """All that was asked for, in order; `steps` are instructions of SQLite's machine."""

    asked: list[Asked] = field(default_factory=list)
    steps: int = 0


@contextmanager
def heard(engine: Engine, *, figures: bool = False) -> Iterator[Heard]:
    """Plans of what is asked meanwhile. `figures`: PostgreSQL runs each statement once more, and undoes it.

    Without figures PostgreSQL plans as if reading a whole table cost more than anything: what then still reads one can
    do no better.
    """
    found = Heard()
    is_sqlite = engine.dialect.name == "sqlite"

    def note(connection: Any, _cursor: object, statement: str, parameters: Any, _context: object, many: bool) -> None:
        if not statement.lstrip().startswith(PLANNED):
            return
        given = parameters[0] if many else parameters
        raw = connection.connection.cursor()
        plan = _sqlite(raw, statement, given) if is_sqlite else _postgresql(raw, statement, given, figures)
        raw.close()
        found.asked.append(Asked(statement, plan, len(parameters) if many else 1))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def counted(connection: Any) -> Iterator[Heard]:
    """How many instructions SQLite's machine takes for what is done meanwhile on this connection."""
    found = Heard()

    def step() -> None:
        found.steps += 1

    raw = connection.connection.dbapi_connection
    raw.set_progress_handler(step, 1)
    try:
        yield found
    finally:
        raw.set_progress_handler(None, 0)


def _sqlite(raw: Any, statement: str, given: Any) -> Sequence[str]:
    return [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", given)]


def _postgresql(raw: Any, statement: str, given: Any, figures: bool) -> Node:
    how = "ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON" if figures else "FORMAT JSON"
    raw.execute("SAVEPOINT explained")
    if not figures:
        raw.execute("SET LOCAL enable_seqscan = off")
    raw.execute(f"EXPLAIN ({how}) {statement}", given)
    (said,) = raw.fetchone()
    raw.execute("ROLLBACK TO SAVEPOINT explained")
    whole: Any = said[0] if isinstance(said, list) else json.loads(said)[0]
    plan: Node = whole["Plan"]
    return plan


def nodes(plan: Node) -> Iterator[Node]:
    """The node and all below it."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def _is_whole(node: Node) -> bool:
    kind = node["Node Type"]
    if kind == "Seq Scan":
        return node["Relation Name"] in OF_PATIENTS
    if kind in ("Index Scan", "Index Only Scan"):
        return node["Relation Name"] in OF_PATIENTS and not _is_narrowed(node)
    return kind == "Bitmap Index Scan" and not _is_narrowed(node)


def _is_narrowed(node: Node) -> bool:
    return "Index Cond" in node or node["Index Name"] in PARTIAL


def _name(node: Node) -> str:
    return f"{node['Node Type']} {node.get('Index Name', '')} {node.get('Relation Name', '')}"
