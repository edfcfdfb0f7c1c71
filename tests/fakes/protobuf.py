"""As much of Protocol Buffers' wire format as a push service speaks (protobuf.dev/programming-guides/encoding)."""

from collections.abc import Iterator
from typing import Any

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5


def varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first."""
    found = bytearray()
    while number > 127:
        found.append(number & 127 | 128)
        number >>= 7
    return bytes([*found, number])


def field(number: int, value: int | bytes, kind: int | None = None) -> bytes:
    """One field of a message: a number, or bytes (with `kind` 1, eight of them as they are)."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    size = varint(len(value)) if kind is None else b""
    return varint(number << 3 | (BYTES if kind is None else kind)) + size + value


def fields(message: bytes) -> Iterator[tuple[int, Any]]:
    """The fields of a message in order: numbers as int, the rest as bytes."""
    at = 0
    while at < len(message):
        key, at = _number(message, at)
        kind = key & 7
        if kind == VARINT:
            value, at = _number(message, at)
            yield key >> 3, value
            continue
        size, at = _number(message, at) if kind == BYTES else ({FIXED64: 8, FIXED32: 4}[kind], at)
        yield key >> 3, message[at : at + size]
        at += size


def _number(message: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while message[at] > 127:
        number |= (message[at] & 127) << shift
        at, shift = at + 1, shift + 7
    return number | message[at] << shift, at + 1
