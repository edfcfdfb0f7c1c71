"""What all resources share: strict JSON in, problem+json out, fields for moments, days and zones."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

import orjson
from flask import Flask, Request, Response, request
from flask_smorest import Api, Blueprint
from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, UnprocessableEntity

from server.api.fast import API_HEADERS, add_headers, to_json
from server.api.fields import Day, StrictSchema, UtcMoment
from server.dependencies import dependencies
from server.errors import DomainError, Invalid, Stale, where

PROBLEM = "application/problem+json"
RECORD_BYTES = 64 * 1024
BODY_BYTES = {
    "/api/v1/ingest": 2 * 1024 * 1024,
    "/api/v1/webhooks/google-health": 256 * 1024,
    "/api/v1/wearables/apple_export/archive": 300 * 1024 * 1024,
}
SKEW_FORGIVEN = timedelta(minutes=2)
AHEAD_ALLOWED = timedelta(minutes=10)
MOST_PER_PAGE = 200
DEEPEST = 32


class ProblemSchema(Schema):
    """An error (RFC 9457). `code` is a stable word to act on; `errors` names members and says what is wrong."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


class FootwellApi(Api):
    """flask-smorest's Api, with every error as RFC 9457 asks, in the documentation too."""

    ERROR_SCHEMA = ProblemSchema  # type: ignore[assignment]

    def _register_responses(self) -> None:
        usual, self.DEFAULT_RESPONSE_CONTENT_TYPE = self.DEFAULT_RESPONSE_CONTENT_TYPE, PROBLEM
        super()._register_responses()
        self.DEFAULT_RESPONSE_CONTENT_TYPE = usual

    def handle_http_exception(self, error: HTTPException) -> Response:
        return _problem_of(error)


def _problem_of(error: HTTPException) -> Response:
    data = getattr(error, "data", None) or {}
    messages = data.get("messages")
    if messages is not None:
        errors = _flatten(messages)
        return problem(422, "invalid_fields", "Some members are missing or wrong; `errors` names them.", errors=errors)
    status = error.code or 500
    code, detail = _WORDS.get(status, (HTTPStatus(status).phrase.lower().replace(" ", "_"), error.description or ""))
    keep = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    response = problem(status, getattr(error, "footwell_code", code), getattr(error, "footwell_detail", detail))
    response.headers.update(keep)
    return response


_WORDS = {
    400: ("bad_request", "The request cannot be read."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not know that method; `Allow` says which it does."),
    413: ("too_large", "The body is too large."),
    415: ("unsupported_media_type", "Send JSON with Content-Type: application/json."),
    429: ("too_many_attempts", "Too many requests. Wait a little, then try again."),
    500: ("server_error", "Something went wrong here. Nothing was saved; try again later."),
}


def _flatten(messages: Any, path: str = "") -> dict[str, list[str]]:
    """marshmallow's nested messages by dotted path."""
    if isinstance(messages, Mapping):
        found: dict[str, list[str]] = {}
        for key, value in messages.items():
            unnamed = key == "_schema" or (key in ("json", "query", "headers") and not path)
            where = path if unnamed else f"{path}.{key}".lstrip(".")
            found.update(_flatten(value, where))
        return found
    return {path or "body": [str(text) for text in (messages if isinstance(messages, list) else [messages])]}


def problem(status: int, code: str, detail: str, *, errors: Mapping[str, list[str]] | None = None) -> Response:
    """An error reply; `code` is the stable word that the phone acts on."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }
    if errors:
        body["errors"] = errors
    return Response(to_json(body), status, content_type=PROBLEM, headers=API_HEADERS)


def install(app: Flask) -> None:
    """Errors and headers for the whole app."""

    @app.errorhandler(DomainError)
    def _domain_error(error: DomainError) -> Response:
        response = problem(error.status, error.code, error.detail, errors=error.errors)
        response.headers.update(error.headers)
        return response

    @app.errorhandler(Exception)
    def _fault(error: Exception) -> Response:
        app.logger.error("%s in %s %s", type(error).__name__, request.method, request.endpoint, exc_info=where(error))
        return problem(500, *_WORDS[500])

    @app.before_request
    def _limit_body() -> None:
        request.max_content_length = BODY_BYTES.get(request.path.rstrip("/"), RECORD_BYTES)

    @app.after_request
    def _headers(response: Response) -> Response:
        return add_headers(response, API_HEADERS) if request.path.startswith("/api/") else response


class StrictParser(FlaskParser):
    """JSON objects only, and no query parameter that nobody knows."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"json": None, "query": RAISE, "headers": EXCLUDE}

    def load_querystring(self, req: Request, schema: Schema) -> Any:  # its own way costs three times the rest
        return req.args.to_dict()

    def load_json(self, req: Request, schema: Schema) -> Any:
        value = read_json(req)
        _refuse_depth(value)
        return value

    def handle_error(self, error: ValidationError, *_args: Any, **_kwargs: Any) -> Any:
        refused = UnprocessableEntity()
        refused.data = {"messages": error.normalized_messages()}  # type: ignore[attr-defined]
        raise refused


def read_json(req: Request) -> dict[str, Any]:
    """The body as a JSON object. Raises 415, 413, 400 `malformed_json`, 422."""
    if not req.is_json:
        raise DomainErrorWithStatus(415, *_WORDS[415])
    body = req.get_data()
    if req.content_length is None and len(body) >= (req.max_content_length or 0):
        raise RequestEntityTooLarge  # sent in chunks: werkzeug stops reading at the limit and says nothing
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise DomainErrorWithStatus(400, "malformed_json", "The body is not valid JSON.") from None
    if not isinstance(value, dict):
        raise Invalid("Send a JSON object.", errors={"body": ["Must be an object."]})
    if b"\\u0000" in body:
        _refuse_nul(value)
    return value


class DomainErrorWithStatus(DomainError):
    """An error of the protocol rather than of a rule."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail, code=code)
        self.status = status


def _refuse_nul(value: Any) -> None:
    """PostgreSQL cannot keep a NUL in text, and no patient types one."""
    waiting = [("", value)]
    while waiting:
        path, item = waiting.pop()
        if isinstance(item, str) and "\0" in item:
            detail = "Text must not hold a NUL character."
            raise Invalid(detail, errors={path or "body": ["Must not hold a NUL character."]})
        if isinstance(item, dict):
            waiting += [(path, key) for key in item]
            waiting += [(f"{path}.{key}".lstrip("."), member) for key, member in item.items()]
        elif isinstance(item, list):
            waiting += [(path, member) for member in item]


def _refuse_depth(value: Any) -> None:
    """What is deeper than any record of ours could be stored, but then not be written into a reply."""
    level = [value]
    for _ in range(DEEPEST):
        below = (item.values() if isinstance(item, dict) else item for item in level)
        level = [member for members in below for member in members if isinstance(member, dict | list)]
        if not level:
            return
    raise Invalid("The body is nested too deeply.", errors={"body": [f"Must not have more than {DEEPEST} levels."]})


class Resource(Blueprint):
    """A blueprint whose requests are parsed strictly."""

    ARGUMENTS_PARSER = StrictParser()

    def arguments(self, schema: type[Schema] | Schema, **kwargs: Any) -> Any:
        """As Blueprint's, with one instance for all requests: making one copies every field."""
        return super().arguments(schema() if isinstance(schema, type) else schema, **kwargs)


def correct_clock(values: dict[str, Any], *, ahead_allowed: bool = False) -> dict[str, Any]:
    """Take the skew of the phone's clock off its moments, and refuse what is then still ahead.

    `Footwell-Sent-At` says what the phone's clock showed when it sent. Raises Invalid (`time_in_future`).
    """
    now = dependencies().clock()
    skew = _skew(now)
    corrected = dict(values)
    for name, value in values.items():
        if isinstance(value, datetime) and (name.endswith("_at") or name == "at" or name == "until"):
            corrected[name] = value - skew
            if not ahead_allowed and name != "until" and value - skew > now + AHEAD_ALLOWED:
                detail = "This is in the future. Check the clock of the phone."
                raise Invalid(detail, code="time_in_future", errors={name: ["Must not be in the future."]})
    return corrected


def _skew(now: datetime) -> timedelta:
    try:
        sent_at = UtcMoment().deserialize(request.headers["Footwell-Sent-At"])
    except (KeyError, ValidationError):
        return timedelta(0)
    skew: timedelta = sent_at - now
    return skew if abs(skew) > SKEW_FORGIVEN else timedelta(0)


def if_match() -> int | None:
    """The version that `If-Match` asks for. Raises Stale for one that we never gave."""
    text = request.headers.get("If-Match", "").strip()
    if not text or text == "*":
        return None
    version = text.removeprefix("W/").strip('"')
    if not version.isascii() or not version.isdigit() or len(version) > 18:
        raise Stale("This is not a version of the record.")
    return int(version)


class PageQuery(StrictSchema):
    """A page of a list, newest first."""

    first = Day(data_key="from", metadata={"description": "First local day, included."})
    last = Day(data_key="to", metadata={"description": "Last local day, included."})
    limit = fields.Integer(load_default=50, validate=validate.Range(1, MOST_PER_PAGE))
    after = fields.String(metadata={"description": "`next` of the page before."})


def read_cursor(text: str | None) -> tuple[date, UUID] | None:
    """Where the page before ended. Raises Invalid."""
    if text is None:
        return None
    try:
        on, _, record_id = text.partition("_")
        return date.fromisoformat(on), UUID(record_id)
    except ValueError:
        raise Invalid(
            "`after` is not a cursor of ours.", errors={"after": ["Send `next` of the page before."]}
        ) from None


def day_parameter(_converter: object) -> dict[str, str]:
    """How a day in an address is documented."""
    return {"type": "string", "format": "date"}
