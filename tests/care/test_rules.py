"""The evaluator itself, on small tables; and that every table we ship is whole and has its source."""

from __future__ import annotations

import copy
import json
from datetime import date
from typing import Any

import pytest

from server.care.content import SERVER_TABLES, TABLES, consents, emergency_numbers, load_table, rules_version, text
from server.care.rules import TableError, parse_table

SMALL: dict[str, Any] = {
    "id": "small",
    "rules_version": "2026-11-22",
    "source": "a test",
    "hit": "first",
    "inputs": [
        {"name": "sore", "answers": ["yes", "no"], "strictest": "yes"},
        {"name": "pain", "from": 0, "to": 10, "strictest": 10},
    ],
    "rows": [
        {"id": "sore", "source": "t", "when": {"sore": ["yes"]}, "outcome": {"go": False}},
        {"id": "low", "source": "t", "when": {"pain": {"below": 3}}, "outcome": {"go": True}},
        {"id": "exact", "source": "t", "when": {"pain": {"at_most": 3}}, "outcome": {"go": True}},
        {"id": "else", "source": "t", "when": {}, "outcome": {"go": False}},
    ],
}


def test_the_first_matching_row_decides() -> None:
    table = parse_table(SMALL)
    assert [row.id for row in table.matching({"sore": "yes", "pain": 0})] == ["sore"]
    assert [row.id for row in table.matching({"sore": "no", "pain": 2.9})] == ["low"]
    assert [row.id for row in table.matching({"sore": "no", "pain": 3})] == ["exact"]
    assert [row.id for row in table.matching({"sore": "no", "pain": 4})] == ["else"]
    assert [row.id for row in table.matching({"sore": "no", "pain": 10.1})] == ["else"]
    assert table.evaluate({}) == {"go": False}


@pytest.mark.parametrize(
    ("path", "value", "why"),
    [
        (("inputs", 0, "strictest"), "maybe", "strictest answer"),
        (("rows", 0, "when"), {"soar": ["yes"]}, "unknown input"),
        (("rows", 0, "when"), {"sore": ["maybe"]}, "not all answers"),
        (("rows", 0, "when"), {"sore": {"above": 3}}, "one comparison"),
        (("rows", 1, "when"), {"pain": {"near": 3}}, "one comparison"),
        (("rows", 3, "when"), {"sore": ["no"]}, "last row"),
        (("rows", 3, "outcome"), {"stop": True}, "same members"),
        (("hit",), "collect", "unknown member"),
    ],
)
def test_a_table_with_a_mistake_is_refused(path: tuple[Any, ...], value: object, why: str) -> None:
    data = copy.deepcopy(SMALL)
    place = data
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    with pytest.raises(TableError, match=why):
        parse_table(data)


def test_a_value_nobody_can_rank_is_refused() -> None:
    member = {"take": "strictest", "order": ["stop", "go"], "start": "go"}
    rows = [{"id": "r", "source": "t", "when": {"sore": ["yes"]}, "outcome": {"go": "slow"}}]
    with pytest.raises(TableError, match="unknown value"):
        parse_table(SMALL | {"hit": "collect", "outcome": {"go": member}, "rows": rows})


@pytest.mark.parametrize("name", TABLES + SERVER_TABLES)
def test_every_table_has_its_sources_and_its_sentences(name: str) -> None:
    table = load_table(name)
    assert table.id == name
    assert table.rules_version <= rules_version()
    assert table.source
    assert len({row.id for row in table.rows}) == len(table.rows)
    for row in table.rows:
        assert "brief §" in row.source
    for known in table.inputs:
        assert known.question is None or known.question in text()
    assert len({known.name for known in table.inputs}) == len(table.inputs)


def test_an_unknown_table_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        load_table("../secrets")


def test_a_cached_table_cannot_be_spoilt_by_its_outcome() -> None:
    first = load_table("allowed_scripts").evaluate({"mode": "still", "reaches_feet": "yes"})
    json.dumps(first)
    assert isinstance(first["scripts"], list)
    first["scripts"].append("E30")
    assert load_table("allowed_scripts").evaluate({"mode": "still", "reaches_feet": "yes"})["scripts"] == ["A6"]


def test_emergency_numbers_of_every_region() -> None:
    numbers = emergency_numbers()
    assert {region: (one.emergency, one.advice) for region, one in numbers.items()} == {
        "US": ("911", None),
        "GB": ("999", "111"),
        "IE": ("112", None),
        "EU": ("112", None),
        "OTHER": ("112", None),
    }
    assert all(one.say in text() for one in numbers.values())


def test_consents_have_a_date_and_a_text() -> None:
    assert set(consents()) == {"disclaimer", "adult", "health_data"}
    for consent in consents().values():
        assert date.fromisoformat(consent.version) >= date(2026, 11, 22)
        assert consent.text in text()
