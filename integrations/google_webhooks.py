"""Notices of Google Health that there is something to read again, and whether they are Google's.

developers.google.com/health/webhooks
"""

from __future__ import annotations

import base64
import binascii
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from integrations.google_values import child, objects, parse_civil_date, parse_moment
from integrations.http import ApiClient, error_of, parse_object
from integrations.provider import ProviderError, ProviderUnavailable, UnexpectedResponse

SIGNATURE_HEADER = "Google-Health-Api-Signature"
MOST_NOTICES = 99
FETCH_EVERY = 300.0
_MIDNIGHT = "T00:00:00"
_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Notice:
    """Whose data changed, and on which days; without days, on some. A DELETE may also be a consent taken back."""

    user_id: str
    data_type: str
    operation: Literal["UPSERT", "DELETE"]
    first: date | None
    last: date | None


def is_verification(body: object) -> bool:
    """Whether this is the question whether our address is ours: 201 with the secret, 401 without."""
    return isinstance(body, Mapping) and body.get("type") == "verification"


def parse_notices(body: object) -> list[Notice]:
    """One notice or up to 99. What is unreadable in one does not hide the others. Raises UnexpectedResponse."""
    items: Sequence[object] = body if isinstance(body, list) else [body]
    if len(items) > MOST_NOTICES or not all(isinstance(item, Mapping) for item in items):
        raise UnexpectedResponse("no notice, nor a list of them")
    found = [
        _parse_notice(item["data"]) for item in items if isinstance(item, Mapping) and _is_notice(item.get("data"))
    ]
    if items and not found:
        raise UnexpectedResponse("no readable notice")
    return found


def _is_notice(data: object) -> bool:
    return isinstance(data, Mapping) and all(
        isinstance(data.get(name), str) and 0 < len(data[name]) <= 63 for name in ("healthUserId", "dataType")
    )


def _parse_notice(data: Mapping[str, Any]) -> Notice:
    try:
        spans = [_span_of(interval) for interval in objects(data.get("intervals"))]
    except UnexpectedResponse:  # days that cannot be read may be any
        spans = []
    return Notice(
        user_id=data["healthUserId"],
        data_type=data["dataType"],
        operation="DELETE" if data.get("operation") == "DELETE" else "UPSERT",  # reading once more harms nobody
        first=min((first for first, _ in spans), default=None),
        last=max((last for _, last in spans), default=None),
    )


def _span_of(interval: Mapping[str, Any]) -> tuple[date, date]:
    """The civil days of an interval, by whichever of its forms is there and readable. Raises UnexpectedResponse."""
    for read in (_iso_span, _civil_span, _physical_span):
        with suppress(UnexpectedResponse, ValueError, OverflowError):
            first, last = read(interval)
            if first <= last:
                return first, last
    raise UnexpectedResponse("an interval without days")


def _iso_span(interval: Mapping[str, Any]) -> tuple[date, date]:
    form = child(interval, "civilIso8601TimeInterval")
    start, end = str(form.get("startTime")), str(form.get("endTime"))
    return _until(datetime.fromisoformat(start).date(), datetime.fromisoformat(end).date(), end[10:19] == _MIDNIGHT)


def _civil_span(interval: Mapping[str, Any]) -> tuple[date, date]:
    form = child(interval, "civilDateTimeInterval")
    end = child(form, "endDateTime")
    ends_at_midnight = not any(child(end, "time").values())
    return _until(parse_civil_date(child(form, "startDateTime")), parse_civil_date(end), ends_at_midnight)


def _physical_span(interval: Mapping[str, Any]) -> tuple[date, date]:
    """The patient's own days may be one before or after those in UTC."""
    form = child(interval, "physicalTimeInterval")
    start, end = parse_moment(form.get("startTime")), parse_moment(form.get("endTime"))
    return start.date() - _A_DAY, end.date() + _A_DAY


def _until(first: date, end: date, ends_at_midnight: bool) -> tuple[date, date]:
    """Midnight is the end of the day before, unless nothing is left then."""
    return first, max(first, end - _A_DAY) if ends_at_midnight else end


class NoticeSignature:
    """Google's public keys for notices, fetched when they are needed. One for each process, shared by its threads."""

    def __init__(self, keyset_url: str, api: ApiClient, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = keyset_url
        self._api = api
        self._clock = clock
        self._lock = threading.Lock()
        self._keys: dict[int, ec.EllipticCurvePublicKey] = {}
        self._asked_at: float | None = None
        self._is_known = False

    def is_valid(self, body: bytes, signature: str) -> bool:
        """Whether this body is Google's, as it came. Raises ProviderUnavailable when that cannot be told now.

        The header is base64 of 1, the key's id in four bytes, and the DER signature (Tink's output prefix).
        """
        try:
            raw = base64.b64decode(signature, validate=True)
        except (binascii.Error, ValueError):
            return False
        if len(raw) < 6 or raw[0] != 1:
            return False
        key = self._find_key(int.from_bytes(raw[1:5], "big"))
        if key is None:
            return False
        try:
            key.verify(raw[5:], body, ec.ECDSA(SHA256()))
        except InvalidSignature:
            return False
        return True

    def _find_key(self, key_id: int) -> ec.EllipticCurvePublicKey | None:
        with self._lock:
            now = self._clock()
            if key_id not in self._keys and (self._asked_at is None or now - self._asked_at >= FETCH_EVERY):
                self._asked_at, self._is_known = now, False
                self._keys = self._fetch()
                self._is_known = True
            if key_id not in self._keys and not self._is_known:
                raise ProviderUnavailable("the keys of notices could not be fetched")
            return self._keys.get(key_id)

    def _fetch(self) -> dict[int, ec.EllipticCurvePublicKey]:
        reply = self._api.send("GET", self._url)
        try:
            keys = parse_keyset(parse_object(reply)) if reply.is_success else {}
        except ProviderError:
            keys = {}
        if not keys:
            raise ProviderUnavailable(f"no keys of notices: {error_of(reply)}")
        return keys


def parse_keyset(answer: Mapping[str, Any]) -> dict[int, ec.EllipticCurvePublicKey]:
    """The usable P-256 keys of a Tink keyset, by id; others are left out. Raises UnexpectedResponse."""
    keys = {}
    for item in objects(answer.get("key")):
        key_id = item.get("keyId")
        usable = item.get("status") == "ENABLED" and item.get("outputPrefixType") == "TINK"
        if (
            usable
            and isinstance(key_id, int)
            and str(child(item, "keyData").get("typeUrl")).endswith(".EcdsaPublicKey")
        ):
            with suppress(ValueError, LookupError):
                keys[key_id] = _public_key(base64.b64decode(str(child(item, "keyData").get("value")), validate=True))
    return keys


def _public_key(message: bytes) -> ec.EllipticCurvePublicKey:
    """Tink's EcdsaPublicKey: 2 = {1: hash, 2: curve, 3: encoding}, 3 = x, 4 = y (Tink, ecdsa.proto)."""
    _, parts = _fields(message)
    kind, _ = _fields(parts[2])
    if kind != {1: 3, 2: 2, 3: 2}:  # SHA-256, P-256, DER
        raise ValueError("another kind of key")
    x, y = (int.from_bytes(parts[number], "big") for number in (3, 4))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def _fields(message: bytes) -> tuple[dict[int, int], dict[int, bytes]]:
    """The numbers and the byte strings of a protobuf message, by field. Raises ValueError, IndexError."""
    numbers, strings = {}, {}
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        value, at = _varint(message, at)
        if tag & 7 == 0:
            numbers[tag >> 3] = value
        elif tag & 7 == 2 and at + value <= len(message):
            strings[tag >> 3] = message[at : at + value]
            at += value
        else:
            raise ValueError("a field that no key has")
    return numbers, strings


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 64, 7):
        value |= (message[at + shift // 7] & 127) << shift
        if message[at + shift // 7] < 128:
            return value, at + shift // 7 + 1
    raise ValueError("a number that does not end")
