"""Apple Health's "Export All Health Data": an export.zip of up to some gigabytes of XML, read as a stream.

The file is a stranger's: nothing in it makes this use much memory, follow a reference, or run for longer than its
size allows. The entry is named in the phone's language (github.com/dogsheep/healthkit-to-sqlite/issues/11).
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from xml.parsers import expat

from integrations.apple_records import GLUCOSE, STEPS, Records, TooMuch
from integrations.provider import Reading

PIECE = 256 * 1024
TELL_EACH = 4  # pieces
MOST_XML = 8 * 1024**3
MOST_RATIO = 200  # a real export shrinks to a fifteenth or a thirtieth
MOST_DIRECTORY = 4 * 1024**2  # the list of files in the zip
MOST_DEPTH = 64
MOST_NAMES = 2000  # of elements and attributes: the parser keeps each for good
MOST_PENDING = 4 * PIECE  # one tag

_ZIP = b"PK\x03\x04"
_DOCTYPE = re.compile(rb"<!DOCTYPE\s+HealthData\s*\[")
# Health apps let control characters through, which XML forbids.
_CONTROLS = bytes({*range(0x20)} - {0x09, 0x0A, 0x0D})

# What zipfile raises for bytes that make no sense: RuntimeError for a version, packing or lock that it does not know.
UNREADABLE = (zipfile.BadZipFile, zlib.error, RuntimeError, ValueError)

Progress = Callable[[int, int], bool]


class ExportRefused(Exception):
    """A file that cannot be read; `reason` is a stable word.

    not_a_zip, incomplete, encrypted, no_export, damaged, forbidden (it wants something defined or fetched), too_large.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"This export cannot be read: {reason.replace('_', ' ')}.")
        self.reason = reason


class ExportStopped(Exception):
    """Whoever watched the progress wanted no more of it."""


@dataclass(frozen=True)
class Export:
    """What was found. `sources` says on how many days each device or app counted; `skipped` records were no good."""

    days: dict[date, int]
    sources: dict[str, int]
    readings: list[Reading]
    skipped: int


def read_export(path: Path, progress: Progress) -> Export:
    """Read a zip. `progress(done, total)`, in bytes of it, is called with each megabyte of XML; False ends the reading.

    Raises ExportRefused, ExportStopped, OSError.
    """
    records = Records()
    with _Guarded(path) as file, closing(_pieces(file)) as pieces:
        total = path.stat().st_size
        try:
            _parse(pieces, records, lambda: progress(min(file.tell(), total), total))
            sources = records.sources()
            return Export(records.days(), sources, records.readings(), records.skipped)
        except TooMuch:
            raise ExportRefused("too_large") from None


class _Guarded(io.FileIO):
    """The zip's file. It says itself where its parts are, and how long the list of files is, which is read at once."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        if whence == 0 and not 0 <= offset < 1 << 63:
            raise zipfile.BadZipFile("a part of it lies before or behind it")
        return super().seek(offset, whence)

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:  # the zip's last words, of 64 kB at most
            size = MOST_DIRECTORY
        if size > MOST_DIRECTORY:
            raise ExportRefused("too_large")
        return super().read(size)


def _pieces(file: _Guarded) -> Generator[bytes]:
    """The XML, unpacked. zipfile ends an entry that is longer than it said with an error of its sum."""
    try:
        with zipfile.ZipFile(file) as archive, archive.open(_find_entry(archive)) as xml:
            while piece := xml.read(PIECE):
                yield piece
    except EOFError:
        raise ExportRefused("incomplete") from None
    except UNREADABLE as error:
        raise ExportRefused(_why(file, error)) from None


def _why(file: _Guarded, error: Exception) -> str:
    """A zip without its end is one that did not arrive whole."""
    file.seek(0)
    if file.read(len(_ZIP)) != _ZIP:
        return "not_a_zip"
    return "incomplete" if str(error) == "File is not a zip file" else "damaged"


def _find_entry(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The greatest .xml in the folder; `export_cda.xml` holds the same for hospitals and can be as great."""
    entries = [entry for entry in archive.infolist() if _may_be_it(entry.filename.lower())]
    if not entries:
        raise ExportRefused("no_export")
    entry = max(entries, key=lambda found: found.file_size)
    if entry.flag_bits & 0x1:
        raise ExportRefused("encrypted")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ExportRefused("damaged")
    if entry.file_size > MOST_XML or entry.file_size > max(entry.compress_size, 1) * MOST_RATIO:
        raise ExportRefused("too_large")
    return entry


def _may_be_it(name: str) -> bool:
    return name.endswith(".xml") and not name.endswith("_cda.xml") and name.count("/") <= 1


def _parse(pieces: Iterator[bytes], records: Records, tell: Callable[[], bool]) -> None:
    parser = expat.ParserCreate("UTF-8")  # whatever the file says of itself: in UTF-16 it could hide what is looked for
    parser.StartDoctypeDeclHandler = _refuse
    handler = _Handler(records)
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    fed = 0
    head = _without_doctype(next(pieces, b""))
    for number, piece in enumerate(chain((head,), pieces), 1):
        clean = piece.translate(None, _CONTROLS)
        _feed(parser, clean, final=False)
        fed += len(clean)
        if fed - parser.CurrentByteIndex > MOST_PENDING or len(parser.intern) > MOST_NAMES:
            raise ExportRefused("damaged")
        if number % TELL_EACH == 0 and not tell():
            raise ExportStopped
    _feed(parser, b"", final=True)


def _feed(parser: expat.XMLParserType, piece: bytes, *, final: bool) -> None:
    try:
        parser.Parse(piece, final)
    except expat.ExpatError:
        raise ExportRefused("incomplete" if final else "damaged") from None


def _refuse(*_: object) -> None:
    raise ExportRefused("forbidden")


def _without_doctype(head: bytes) -> bytes:
    """What the file begins with, less the description of its form: no parser may see that.

    It could define entities, and in exports of iOS 16 it is not well-formed (discussions.apple.com/thread/254202523).
    """
    begin, root = head.find(b"<!DOCTYPE"), head.find(b"<HealthData")
    if root < 0:
        raise ExportRefused("no_export")
    if not 0 <= begin < root:
        return head
    described = head[begin:root]
    if not _DOCTYPE.match(described) or b"<!ENTITY" in described:
        raise ExportRefused("forbidden")
    return head[:begin] + head[root:]


class _Handler:
    """Hands records on. A reading is complete with its end tag, since what the patient said of the meal is inside."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._depth = 0
        self._reading: dict[str, str] | None = None
        self._meal: str | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise ExportRefused("damaged")
        if name == "Record":
            kind = attributes.get("type")
            if kind == STEPS:
                self._records.add_steps(attributes)
            elif kind == GLUCOSE:
                self._reading, self._meal = attributes, None
        elif self._reading is not None and attributes.get("key") == "HKBloodGlucoseMealTime":
            self._meal = attributes.get("value")
        elif name == "ExportDate":
            self._records.export_date(attributes.get("value", ""))

    def end(self, name: str) -> None:
        self._depth -= 1
        if self._reading is not None and name == "Record":
            self._records.add_glucose(self._reading, self._meal)
            self._reading = None
