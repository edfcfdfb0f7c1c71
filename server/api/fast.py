"""Replies straight from database rows: columns in the schema's order, JSON by orjson.

marshmallow and mapped objects take three quarters of the time of a list. The schema still documents the reply and a
test holds both ways against each other.
"""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response
from marshmallow import Schema

from server.models import AnyRow

API_HEADERS = {"Footwell-Api": "1", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Dumper:
    """The members of a schema, read from rows that have a column for each."""

    def __init__(self, schema: type[Schema]) -> None:
        self.names = tuple(schema().dump_fields)

    def dump(self, row: AnyRow) -> dict[str, Any]:
        """A row whose columns are `names` in that order; orjson writes dates, moments and ids as the schema would."""
        return dict(zip(self.names, row, strict=False))

    def pick(self, row: AnyRow) -> dict[str, Any]:
        """A row of the whole table."""
        return {name: getattr(row, name) for name in self.names}


def add_headers(response: Response, headers: Mapping[str, str]) -> Response:
    """Those that the response does not have. Asking the response for each of them would take five times as long."""
    given = {name.lower() for name, _ in response.headers}
    for name, value in headers.items():
        if name.lower() not in given:
            response.headers.add(name, value)
    return response


def to_json(value: object) -> bytes:
    """UTC moments end in Z."""
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


def json_response(value: object, status: int = 200, *, etag: int | None = None) -> Response:
    """A reply with our headers; `etag` is the record's change number."""
    response = Response(to_json(value), status, mimetype="application/json")
    if etag is not None:
        response.headers["ETag"] = f'"{etag}"'
    return response
