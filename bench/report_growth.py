"""The tables of `docs/growth.md`: how large the database becomes, what is asked of it, and how it goes about it."""

import re
from collections.abc import Mapping, Sequence

from bench.growth import ROUNDS, Cost, Growth
from bench.report import Table
from server.bootstrap import ROOT
from tests.watching import Asked, Node

DOCUMENT = ROOT / "docs" / "growth.md"
LONGEST = 150
_LITERAL = re.compile(r"'[^']*'(::[a-z ]+(\[\])?)?")


def of_growth(found: Sequence[Growth]) -> list[Table]:
    """Sizes, costs, plans."""
    on_postgresql = next(one for one in found if one.database == "PostgreSQL")
    largest = max(on_postgresql.costs)
    costs = [_costs(one) for one in found]
    return [_sizes(on_postgresql), *costs, *_made(found), *_plans(on_postgresql.costs[largest], largest)]


def _sizes(found: Growth) -> Table:
    *others, largest = sorted(found.tables)
    names = sorted(found.tables[largest], key=lambda name: -found.tables[largest][name].own)
    rows = []
    for name in names:
        size = found.tables[largest][name]
        if size.rows >= largest // 100:
            before = [_number(found.tables[other][name].rows) for other in others]
            rows.append([name, *before, _number(size.rows), _mb(size.own), _mb(size.indexes)])
    all_of_them = {
        size: [sum(getattr(one, what) for one in tables.values()) for what in ("rows", "own", "indexes")]
        for size, tables in found.tables.items()
    }
    sums = [_number(all_of_them[size][0]) for size in (*others, largest)]
    rows.append(["all", *sums, *(_mb(number) for number in all_of_them[largest][1:])])
    heads = [f"rows, {_number(size)} patients" for size in (*others, largest)]
    return Table("Tables on PostgreSQL", ("table", *heads, "table", "its indexes"), rows)


def _made(found: Sequence[Growth]) -> list[Table]:
    rows = [
        [
            one.database,
            _number(size),
            f"{one.seconds[size]:.0f} s",
            _mb(sum(t.own + t.indexes for t in tables.values())),
        ]
        for one in found
        for size, tables in one.tables.items()
    ]
    return [Table("Made in", ("database", "patients", "takes", "size"), rows)]


def _costs(found: Growth) -> Table:
    sizes = sorted(found.costs)
    unit = "pages" if found.database == "PostgreSQL" else "instructions"
    rows = []
    for call, first in found.costs[sizes[0]].items():
        costs = [found.costs[size][call] for size in sizes]
        last = costs[-1]
        rows.append(
            [
                call,
                f"{len(last.asked)}",
                *(f"{cost.milliseconds:.1f}" for cost in costs),
                f"{last.milliseconds / first.milliseconds:.2f}×",
                *(_number(cost.work) for cost in costs),
                f"{last.work / max(first.work, 1):.2f}×",
            ]
        )
    heads = [f"ms, {_number(size)}" for size in sizes], [f"{unit}, {_number(size)}" for size in sizes]
    title = f"{found.database}: medians of {ROUNDS} rounds, by number of patients"
    return Table(title, ("what", "statements", *heads[0], "grows", *heads[1], "grows"), rows)


def _plans(costs: Mapping[str, Cost], patients: int) -> list[Table]:
    """Of each call the statement that touches most."""
    found = []
    for call, cost in costs.items():
        if cost.asked:
            dearest = max(cost.asked, key=lambda asked: asked.pages)
            lines = [_shortened(dearest.statement), *_tree(dearest.plan, 1)]
            found.append(f"{call}: {dearest.pages} pages of {cost.work}{_times(dearest)}\n" + "\n".join(lines))
    title = f"How PostgreSQL goes about the dearest statement of each, {_number(patients)} patients"
    return [Table(title, (), [], block="\n\n".join(found))]


def _times(asked: Asked) -> str:
    return f", the same {asked.times} times" if asked.times > 1 else ""


def _shortened(statement: str) -> str:
    """Without the columns, which say nothing about the cost."""
    flat = " ".join(statement.split())
    flat = re.sub(r"%\(\w+?\)s(::[A-Z]+( WITH TIME ZONE)?)?", "?", flat)
    flat = re.sub(r"SELECT .*? FROM", "SELECT … FROM", flat)
    flat = re.sub(r"SET .*? WHERE", "SET … WHERE", flat)
    flat = re.sub(r" RETURNING .*", "", re.sub(r"\((\?, )+\?\)", "(?, …)", flat))
    return "  " + _cut(flat)


def _tree(node: Node, depth: int) -> list[str]:
    where = [node[name] for name in ("Index Name", "Relation Name") if name in node]
    said = f"{node['Node Type']} {' on '.join(where)}".strip()
    for name in ("Index Cond", "Filter"):
        if name in node:
            said += f" {'if' if name == 'Index Cond' else 'filter'} {_LITERAL.sub('…', node[name])}"
    rows = f"{node['Actual Rows']:g}" + (f" × {node['Actual Loops']}" if node["Actual Loops"] > 1 else "")
    lines = [_cut(f"{'  ' * depth}→ {said}") + f" [{rows} rows]"]
    for below in node.get("Plans", ()):
        lines += _tree(below, depth + 1)
    return lines


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _number(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def _mb(size: int) -> str:
    return f"{size / 1e6:,.0f} MB".replace(",", " ")
