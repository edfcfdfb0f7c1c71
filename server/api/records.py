"""The four views that every kind of patient-made record has."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, request
from flask.views import MethodView
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from server.api.auth import signed_in
from server.api.base import PageQuery, Resource, correct_clock, if_match, read_cursor
from server.api.fast import Dumper, json_response
from server.api.fields import StrictSchema
from server.dependencies import dependencies
from server.services.owner import Owner
from server.services.records import RecordKind, RecordTable, delete_record, get_record, list_records, save_record


def page_schema(schema: type[Schema]) -> Schema:
    """`{"items": […], "next": …}`, for the documentation."""
    members: dict[str, fields.Field[Any]] = {
        "items": fields.List(fields.Nested(schema), required=True),
        "next": fields.String(allow_none=True, required=True),
    }
    return StrictSchema.from_dict(members, name=schema.__name__.removesuffix("Schema") + "Page")()


def not_modified(etag: int) -> Response | None:
    """304 when the asker's copy is this version."""
    if f'"{etag}"' not in request.headers.get("If-None-Match", ""):
        return None
    return Response(status=304, headers={"ETag": f'"{etag}"'})


def add_record_views(blueprint: Resource, schema: type[Schema], kind: RecordKind, example: Mapping[str, Any]) -> Dumper:
    """Give `blueprint` the list, GET, PUT and DELETE of a kind of record."""
    dumper = Dumper(schema)
    table = RecordTable(kind, dumper.names)
    what = kind.name.replace("_", " ")

    @blueprint.route("")
    class RecordList(MethodView):
        @blueprint.doc(summary=f"List {what} records, newest day first", operationId=f"list_{kind.name}s")
        @blueprint.arguments(PageQuery, location="query")
        @blueprint.response(200, page_schema(schema), example={"items": [example], "next": None})
        @signed_in
        def get(self, db: Session, owner: Owner, query: dict[str, Any]) -> Response:
            limit = query["limit"]
            after = read_cursor(query.get("after"))
            days = {"first": query.get("first"), "last": query.get("last")}
            rows = list_records(db, owner, table, **days, after=after, limit=limit + 1)
            page = [dumper.dump(row) for row in rows[:limit]]
            more = len(rows) > limit
            return json_response({"items": page, "next": f"{page[-1]['on']}_{page[-1]['id']}" if more else None})

    @blueprint.route("/<uuid:record_id>")
    class Record(MethodView):
        @blueprint.doc(summary=f"One {what}", operationId=f"get_{kind.name}")
        @blueprint.response(200, schema, example=example)
        @signed_in
        def get(self, db: Session, owner: Owner, record_id: UUID) -> Response:
            row = get_record(db, owner, table, record_id)
            return not_modified(row.seq) or json_response(dumper.dump(row), etag=row.seq)

        @blueprint.doc(summary=f"Create or replace a {what}; repeating it is harmless", operationId=f"put_{kind.name}")
        @blueprint.arguments(schema, example=example)
        @blueprint.response(200, schema, example=example)
        @blueprint.alt_response(201, schema=schema, example=example)
        @signed_in
        def put(self, db: Session, owner: Owner, values: dict[str, Any], record_id: UUID) -> Response:
            saved = save_record(
                db,
                owner,
                table,
                record_id,
                correct_clock(values),
                if_match=if_match(),
                now=dependencies().clock(),
            )
            return json_response(dumper.dump(saved.row), 201 if saved.created else 200, etag=saved.row.seq)

        @blueprint.doc(summary=f"Delete a {what}", operationId=f"delete_{kind.name}")
        @blueprint.response(204)
        @signed_in
        def delete(self, db: Session, owner: Owner, record_id: UUID) -> Response:
            delete_record(db, owner, table, record_id, if_match=if_match(), now=dependencies().clock())
            return Response(status=204)

    return dumper
