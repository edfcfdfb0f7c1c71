"""What Google's discovery documents allow: addresses, query parameters and JSON, to the letter."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SCHEMAS = Path(__file__).parent / "schemas"
_FORMATS = {
    "int64": r"-?(0|[1-9][0-9]{0,18})",
    "google-datetime": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z",
    "google-duration": r"-?[0-9]+(\.[0-9]{1,9})?s",
}


class Problem(Exception):
    """A request that the published reference does not allow."""


class Discovery:
    """One API's document."""

    def __init__(self, name: str) -> None:
        document = json.loads((SCHEMAS / f"{name}.json").read_text())
        self.methods: dict[str, Any] = document["methods"]
        self._schemas: dict[str, Any] = document["schemas"]

    def check_request(self, method: str, verb: str, query: Mapping[str, str], body: Any) -> None:
        """Raises Problem."""
        about = self.methods[method]
        if verb != about["httpMethod"]:
            raise Problem(f"{method} is {about['httpMethod']}, not {verb}")
        known = {name: rule for name, rule in about["parameters"].items() if rule["location"] == "query"}
        for name, value in query.items():
            if name not in known:
                raise Problem(f"{method} has no query parameter {name}")
            if known[name]["type"] == "integer" and not re.fullmatch(r"0|[1-9][0-9]{0,8}", value):
                raise Problem(f"{name} is no int32")
        if "request" in about:
            self.check(about["request"], body)
        elif body is not None:
            raise Problem(f"{method} takes no body")

    def check_reply(self, method: str, body: Any) -> None:
        """Raises Problem when the fake itself says something that Google would not."""
        self.check(self.methods[method]["response"], body, ours=True)

    def check(self, schema: str, value: Any, *, ours: bool = False) -> None:
        """Raises Problem unless the value is of the schema; what only Google may write is refused from others."""
        self._check({"$ref": schema}, value, schema, ours)

    def _check(self, rule: Mapping[str, Any], value: Any, place: str, ours: bool) -> None:
        if "$ref" in rule:
            return self._check_members(self._schemas[rule["$ref"]]["properties"], value, place, ours)
        kind = rule["type"]
        if kind == "array":
            if not isinstance(value, list):
                raise Problem(f"{place} is no list")
            for index, item in enumerate(value):
                self._check(rule["items"], item, f"{place}[{index}]", ours)
            return None
        types: Any = {"string": str, "integer": int, "number": (int, float), "boolean": bool}[kind]
        if not isinstance(value, types) or (isinstance(value, bool) and kind != "boolean"):
            raise Problem(f"{place} is no {kind}")
        pattern = _FORMATS.get(rule.get("format", ""))
        if pattern is not None and not re.fullmatch(pattern, value):
            raise Problem(f"{place} is no {rule['format']}")
        if "enum" in rule and value not in rule["enum"]:
            raise Problem(f"{place} is none of its words")
        low, high = rule.get("x-range", (float("-inf"), float("inf")))
        if "x-range" in rule and not low <= float(value) <= high:
            raise Problem(f"{place} is out of range")
        return None

    def _check_members(self, rules: Mapping[str, Any], value: Any, place: str, ours: bool) -> None:
        if not isinstance(value, dict):
            raise Problem(f"{place} is no object")
        for name, item in value.items():
            if name not in rules:
                raise Problem(f"{place} has no member {name}")
            if rules[name].get("readOnly") and not ours:
                raise Problem(f"{place}.{name} is not ours to write")
            self._check(rules[name], item, f"{place}.{name}", ours)
        for name, rule in rules.items():
            if rule.get("x-required") and name not in value:
                raise Problem(f"{place}.{name} is missing")
