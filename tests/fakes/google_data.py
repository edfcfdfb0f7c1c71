"""Google Health v4 and Google Fit v1, as far as they are read here."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from tests.fakes.google_rules import Discovery, Problem
from tests.fakes.google_world import (
    FIT_SCOPE,
    GLUCOSE_SCOPE,
    HEALTH_SCOPE,
    SETTINGS_SCOPE,
    SIGN_UP,
    STEPS_SCOPE,
    Account,
    Answer,
    Call,
    World,
    google_answer,
)

HEALTH, FIT = Discovery("google_health"), Discovery("google_fit")
FAMILIES = {f"users/me/dataSourceFamilies/{name}" for name in ("all-sources", "google-wearables", "google-sources")}
MOST_DAYS, MOST_MILLIS = 90, 7_776_000_000
_FILTER = re.compile(r'blood_glucose\.sample_time\.physical_time >= "([0-9T:-]+Z)"')

Answering = Callable[[World, Account, Call], dict[str, Any] | Answer]


def _health(verb: str, method: str, scope: str, answering: Answering) -> Callable[[World, Call], web.Response]:
    def handle(world: World, call: Call) -> web.Response:
        HEALTH.check_request(method, verb, call.query, call.body)
        account = _account(world, call, scope)
        if isinstance(account, Account) and account.is_legacy:
            account = google_answer(403, "PERMISSION_DENIED", message="Could not mint UberMint for this user")
        elif isinstance(account, Account) and not account.is_linked:
            account = google_answer(400, "FAILED_PRECONDITION", "ACCOUNT_NOT_LINKED", link=SIGN_UP)
        found = account if isinstance(account, Answer) else answering(world, account, call)
        if isinstance(found, dict):
            HEALTH.check_reply(method, found)
        return _response(found)

    return handle


def _account(world: World, call: Call, scope: str) -> Account | Answer:
    kind, _, token = call.headers.get("authorization", "").partition(" ")
    grant = world.access.get(token)
    if kind != "Bearer" or grant is None or grant.expires_at < time.time():
        return google_answer(401, "UNAUTHENTICATED")
    if not any(given.startswith(scope) for given in grant.scopes):
        return google_answer(403, "PERMISSION_DENIED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT")
    return grant.account


def _response(found: dict[str, Any] | Answer) -> web.Response:
    status, body = (found.status, found.body) if isinstance(found, Answer) else (200, found)
    return web.json_response(body, status=status or 200, dumps=lambda value: json.dumps(value, indent=2))


def _identity(_: World, account: Account, __: Call) -> dict[str, Any]:
    return {"name": "users/me/identity", "healthUserId": account.health_user_id, "legacyUserId": "A1B2C3"}


def _devices(_: World, account: Account, call: Call) -> dict[str, Any]:
    size = min(int(call.query.get("pageSize", "5")), 100)
    return {"pairedDevices": account.devices[:size]} if account.devices else {}


def _daily_steps(world: World, account: Account, call: Call) -> dict[str, Any]:
    body = call.body
    start, end = (_day(body["range"][name]) for name in ("start", "end"))
    size = body.get("pageSize", MOST_DAYS)
    if start >= end or end - start > timedelta(days=MOST_DAYS) or not 0 < size <= MOST_DAYS:
        raise Problem("a range or page that is empty or more than 90 days")
    if body.get("windowSizeDays", 1) != 1:
        raise Problem("windows of more than a day are not made here")
    if body.get("dataSourceFamily", "users/me/dataSourceFamilies/all-sources") not in FAMILIES:
        raise Problem("no such family of sources")
    last = end if world.end_counts else end - timedelta(days=1)
    points = [_point(on, steps) for on, steps in sorted(account.days.items(), reverse=True) if start <= on <= last]
    return _page(world, points, "rollupDataPoints", size, body.get("pageToken"))


def _day(civil: Mapping[str, Any]) -> date:
    if any(civil.get("time", {}).values()):
        raise Problem("a range that does not begin and end at midnight")
    try:
        return date(**civil["date"])
    except (TypeError, ValueError):
        raise Problem("no such day") from None


def _point(on: date, steps: int) -> dict[str, Any]:
    start, end = ({"date": _parts(day), "time": {}} for day in (on, on + timedelta(days=1)))
    return {"civilStartTime": start, "civilEndTime": end, "steps": {"countSum": str(steps)} if steps else {}}


def _parts(on: date) -> dict[str, int]:
    return {"year": on.year, "month": on.month, "day": on.day}


def _page(world: World, items: list[Any], member: str, size: int, token: str | None) -> dict[str, Any]:
    if token is not None and not re.fullmatch(r"Cg[0-9]+", token):
        raise Problem("a page token that nobody gave")
    size = world.page_size or size
    start = int(token[2:]) if token else 0
    page = {member: items[start : start + size]} if items[start : start + size] else {}
    return page | ({"nextPageToken": f"Cg{start + size}"} if start + size < len(items) else {})


def _readings(world: World, account: Account, call: Call) -> dict[str, Any]:
    bound = _FILTER.fullmatch(call.query.get("filter", ""))
    if bound is None:
        raise Problem("a list without a filter walks through years")
    size = int(call.query.get("pageSize", "1440"))
    if not 0 < size <= 10_000:
        raise Problem("a page of more than 10 000")
    moment = datetime.fromisoformat(bound[1])
    newest = sorted(account.readings, key=_taken_at, reverse=True)
    found = [reading for reading in newest if _taken_at(reading) >= moment]
    return _page(world, found, "dataPoints", size, call.query.get("pageToken"))


def _taken_at(reading: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(reading["bloodGlucose"]["sampleTime"]["physicalTime"])


def _fit_steps(world: World, call: Call) -> web.Response:
    FIT.check_request("users.dataset.aggregate", "POST", call.query, call.body)
    body = call.body
    wanted = body.get("aggregateBy", [])
    if len(wanted) != 1 or len(wanted[0]) != 1:
        raise Problem("a source or a type, not both")
    start, end = int(body["startTimeMillis"]), int(body["endTimeMillis"])
    period = body.get("bucketByTime", {}).get("period", {})
    if not 0 < end - start <= MOST_MILLIS or period.get("type") != "day" or period.get("value") != 1:
        raise Problem("a span or period that is not aggregated here")
    zone = ZoneInfo(period["timeZoneId"])
    account = _account(world, call, FIT_SCOPE)
    if isinstance(account, Answer):
        return _response(account)
    if account.fit_days is None and "dataSourceId" in wanted[0]:
        return _response(_no_source(wanted[0]["dataSourceId"]))
    first, last = (datetime.fromtimestamp(moment / 1000, UTC).astimezone(zone).date() for moment in (start, end - 1))
    days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
    reply = {"bucket": [_bucket(on, zone, (account.fit_days or {}).get(on)) for on in days]}
    FIT.check_reply("users.dataset.aggregate", reply)
    return _response(reply)


def _bucket(on: date, zone: ZoneInfo, steps: int | None) -> dict[str, Any]:
    start, end = (
        int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()) for day in (on, on + timedelta(days=1))
    )
    name = "com.google.step_count.delta"
    times = {"startTimeNanos": f"{start}000000000", "endTimeNanos": f"{end}000000000"}
    point = times | {"dataTypeName": name, "value": [{"intVal": steps, "mapVal": []}]}
    dataset = {"dataSourceId": f"derived:{name}:aggregated", "point": [] if steps is None else [point]}
    return {"startTimeMillis": f"{start}000", "endTimeMillis": f"{end}000", "dataset": [dataset]}


def _no_source(source: str) -> Answer:
    message = f"datasource not found or not readable: {source}"
    errors = [{"domain": "global", "reason": "forbidden", "message": message}]
    error = {"code": 403, "message": message, "status": "PERMISSION_DENIED", "errors": errors}
    return Answer(403, {"error": error})


def _path(api: Discovery, method: str, prefix: str, data_type: str = "") -> str:
    flat: str = api.methods[method]["flatPath"]
    return prefix + re.sub(r"\{users?Id\}", "me", flat).replace("{dataTypesId}", data_type)


_STEPS, _POINTS = "users.dataTypes.dataPoints.dailyRollUp", "users.dataTypes.dataPoints.list"
_IDENTITY, _DEVICES, _AGGREGATE = "users.getIdentity", "users.pairedDevices.list", "users.dataset.aggregate"
DATA_ROUTES = [
    ("GET", _path(HEALTH, _IDENTITY, "/"), "identity", _health("GET", _IDENTITY, HEALTH_SCOPE, _identity)),
    ("GET", _path(HEALTH, _DEVICES, "/"), "devices", _health("GET", _DEVICES, SETTINGS_SCOPE, _devices)),
    ("POST", _path(HEALTH, _STEPS, "/", "steps"), "steps", _health("POST", _STEPS, STEPS_SCOPE, _daily_steps)),
    (
        "GET",
        _path(HEALTH, _POINTS, "/", "blood-glucose"),
        "glucose",
        _health("GET", _POINTS, GLUCOSE_SCOPE, _readings),
    ),
    ("POST", _path(FIT, _AGGREGATE, "/fitness/v1/users/"), "fit", _fit_steps),
]
