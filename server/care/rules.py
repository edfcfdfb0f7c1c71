"""One small evaluator for the decision tables beside it: pure, no clock; pwa/src/care/rules.ts is its twin."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"
Outcome: TypeAlias = "dict[str, Json]"

COMPARISONS = ("at_least", "above", "at_most", "below")


class TableError(ValueError):
    """A table that cannot be trusted; found when it is read, never while a patient waits."""


@dataclass(frozen=True)
class Input:
    """One question: the answers it knows, and the one that stands in for a missing or unknown answer."""

    name: str
    strictest: str | float
    answers: tuple[str, ...] = ()
    lowest: float = 0
    highest: float = 0
    question: str | None = None
    after: str | None = None
    group: str | None = None

    def read(self, value: object) -> str | float:
        """The answer to decide on. Brief §2.1, §2.2: not sure is yes; so is silence, and so is nonsense."""
        if self.answers:
            return value if isinstance(value, str) and value in self.answers else self.strictest
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return self.strictest
        return value if self.lowest <= value <= self.highest else self.strictest


@dataclass(frozen=True)
class Condition:
    """What a row wants of one input: one of some answers, or a number on the right side of a limit."""

    name: str
    answers: tuple[str, ...] = ()
    comparison: str = ""
    limit: float = 0

    def holds(self, value: str | float) -> bool:
        if isinstance(value, str):
            return value in self.answers
        return {
            "at_least": value >= self.limit,
            "above": value > self.limit,
            "at_most": value <= self.limit,
            "below": value < self.limit,
        }[self.comparison]


@dataclass(frozen=True)
class Row:
    """If every condition holds, this outcome; with the place in the brief that says so."""

    id: str
    source: str
    when: tuple[Condition, ...]
    outcome: Mapping[str, Json]


@dataclass(frozen=True)
class Member:
    """How the values of one outcome member are joined when several rows of a collecting table match."""

    take: Literal["strictest", "lowest", "all"]
    start: Json
    order: tuple[Json, ...] = ()

    def join(self, values: Sequence[Json]) -> Json:
        if self.take == "lowest":
            return min(cast("list[float]", [self.start, *values]))
        if self.take == "all":
            lists = cast("list[Sequence[Json]]", [self.start, *values])
            return list(dict.fromkeys(item for items in lists for item in items))
        return min([self.start, *values], key=self.order.index)


@dataclass(frozen=True)
class Table:
    """A decision table. `first`: the first matching row decides. `collect`: all matching rows, the strictest wins."""

    id: str
    rules_version: str
    source: str
    hit: Literal["first", "collect"]
    inputs: tuple[Input, ...]
    members: Mapping[str, Member]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    def matching(self, inputs: Mapping[str, object]) -> tuple[Row, ...]:
        """The rows that hold, in their order; of a `first` table only the first."""
        read = {known.name: known.read(inputs.get(known.name)) for known in self.inputs}
        found = tuple(row for row in self.rows if all(part.holds(read[part.name]) for part in row.when))
        return found[:1] if self.hit == "first" else found

    def join(self, rows: Sequence[Row]) -> Outcome:
        """The outcome of these rows together."""
        if self.hit == "first":
            return copy.deepcopy(dict(rows[0].outcome))
        return {
            name: member.join([row.outcome[name] for row in rows if name in row.outcome])
            for name, member in self.members.items()
        }

    def evaluate(self, inputs: Mapping[str, object]) -> Outcome:
        """The outcome for these answers; names that the table does not know are ignored."""
        return self.join(self.matching(inputs))


def parse_table(data: Mapping[str, Json]) -> Table:
    """A table from its JSON, refused when a row names what the table does not declare."""
    inputs = tuple(_input(cast("Mapping[str, Json]", item)) for item in _items(data, "inputs"))
    known = {one.name: one for one in inputs}
    members = {name: _member(cast("Mapping[str, Json]", spec)) for name, spec in _mapping(data, "outcome").items()}
    rows = tuple(_row(cast("Mapping[str, Json]", item), known) for item in _items(data, "rows"))
    table = Table(
        id=str(data["id"]),
        rules_version=str(data["rules_version"]),
        source=str(data["source"]),
        hit=cast("Literal['first', 'collect']", data["hit"]),
        inputs=inputs,
        members=members,
        rows=rows,
        notes=tuple(str(note) for note in _items(data, "notes")),
    )
    _check(table)
    return table


def _items(data: Mapping[str, Json], name: str) -> Sequence[Json]:
    return cast("Sequence[Json]", data.get(name, []))


def _mapping(data: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    return cast("Mapping[str, Json]", data.get(name, {}))


def _text(data: Mapping[str, Json], name: str) -> str | None:
    value = data.get(name)
    return None if value is None else str(value)


def _input(data: Mapping[str, Json]) -> Input:
    answers = tuple(str(answer) for answer in _items(data, "answers"))
    strictest = cast("str | float", data["strictest"])
    if answers and strictest not in answers:
        raise TableError(f"{data['name']}: strictest answer is not among the answers")
    return Input(
        name=str(data["name"]),
        strictest=strictest,
        answers=answers,
        lowest=cast("float", data.get("from", 0)),
        highest=cast("float", data.get("to", 0)),
        question=_text(data, "question"),
        after=_text(data, "after"),
        group=_text(data, "group"),
    )


def _member(data: Mapping[str, Json]) -> Member:
    take = cast("Literal['strictest', 'lowest', 'all']", data["take"])
    return Member(take=take, start=data["start"], order=tuple(_items(data, "order")))


def _row(data: Mapping[str, Json], known: Mapping[str, Input]) -> Row:
    when = tuple(_condition(name, wanted, known) for name, wanted in _mapping(data, "when").items())
    return Row(id=str(data["id"]), source=str(data["source"]), when=when, outcome=_mapping(data, "outcome"))


def _condition(name: str, wanted: Json, known: Mapping[str, Input]) -> Condition:
    if name not in known:
        raise TableError(f"unknown input {name}")
    if isinstance(wanted, Mapping):
        (comparison, limit), *more = wanted.items()
        if more or comparison not in COMPARISONS or known[name].answers:
            raise TableError(f"{name}: one comparison with a number is wanted")
        return Condition(name, comparison=comparison, limit=cast("float", limit))
    answers = tuple(str(answer) for answer in cast("Sequence[Json]", wanted))
    if not set(answers) <= set(known[name].answers):
        raise TableError(f"{name}: {answers} are not all answers of it")
    return Condition(name, answers=answers)


def _check(table: Table) -> None:
    """A first-match table must end with a row for everybody; a collecting one must know every value it joins."""
    if table.hit == "first":
        if not table.rows or table.rows[-1].when:
            raise TableError(f"{table.id}: the last row must match everything")
        if len({frozenset(row.outcome) for row in table.rows}) != 1:
            raise TableError(f"{table.id}: every row must decide the same members")
        return
    for row in table.rows:
        for name, value in row.outcome.items():
            member = table.members.get(name)
            if member is None:
                raise TableError(f"{table.id}: row {row.id} decides an unknown member {name}")
            if member.take == "strictest" and value not in member.order:
                raise TableError(f"{table.id}: row {row.id} has an unknown value for {name}")
