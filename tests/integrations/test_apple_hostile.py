"""Files that are no export, or that want to harm whoever reads them."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations import apple_export
from integrations.apple_export import ExportRefused, ExportStopped
from tests.integrations.apple_files import BEGIN, END, HEAD, PHONE, document, glucose, read_bytes, steps, zipped

STEP = steps(PHONE, "2026-11-22", "08:00:00", "08:10:00", 100)
GOOD = zipped(document(STEP, glucose("2026-11-22 07:00:00 +0100", 104)))
FOLDER = "apple_health_export/"
anywhere = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def reason(folder: Path, content: bytes) -> str:
    with pytest.raises(ExportRefused) as caught:
        read_bytes(folder, content)
    return caught.value.reason


def total(folder: Path, content: bytes) -> int:
    return sum(read_bytes(folder, content).days.values())


# The zip


def test_what_is_no_zip(tmp_path: Path) -> None:
    for content in (b"", b"P", b"<html>sign in</html>", document(STEP), b"\0" * 100_000):
        assert reason(tmp_path, content) == "not_a_zip"


def test_a_zip_that_did_not_arrive_whole(tmp_path: Path) -> None:
    for length in (4, 30, len(GOOD) // 2, len(GOOD) - 1):
        assert reason(tmp_path, GOOD[:length]) == "incomplete"


@pytest.mark.parametrize("name", ["vienti.xml", "eksport.xml", "Exportieren.xml", "导出.xml", "EXPORT.XML"])
def test_the_export_is_found_in_any_language(tmp_path: Path, name: str) -> None:
    cda = {"apple_health_export__export_cda.xml": b"<ClinicalDocument/>" * 1000}
    assert total(tmp_path, zipped(document(STEP), FOLDER + name, **cda)) == 100
    assert total(tmp_path, zipped(document(STEP), name)) == 100


def test_a_zip_without_an_export(tmp_path: Path) -> None:
    assert reason(tmp_path, zipped(document(STEP), "a/b/export.xml")) == "no_export"
    assert reason(tmp_path, zipped(document(STEP), FOLDER + "export_cda.xml")) == "no_export"
    assert reason(tmp_path, zipped(GOOD, "export.zip")) == "no_export"
    assert reason(tmp_path, zipped(b"<ClinicalDocument/>")) == "no_export"
    assert reason(tmp_path, zipped(b"")) == "no_export"


def test_other_files_are_not_read(tmp_path: Path) -> None:
    others = {"apple_health_export__workout-routes__route_1.gpx": b"<gpx>" * 99, "export.zip": GOOD, "..__..__a": b"x"}
    assert total(tmp_path, zipped(document(STEP), **others)) == 100
    assert [found.name for found in tmp_path.iterdir()] == ["export.zip"]


def test_a_zip_with_a_password(tmp_path: Path) -> None:
    assert reason(tmp_path, _with_flag(GOOD, 0x1)) == "encrypted"


def test_a_bomb_is_known_by_how_much_it_shrinks(tmp_path: Path) -> None:
    bomb = zipped(document(STEP, " " * 3_000_000))
    assert len(bomb) < 6_000
    assert reason(tmp_path, bomb) == "too_large"


def test_a_bomb_is_known_by_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apple_export, "MOST_XML", len(document(STEP)) - 1)
    assert reason(tmp_path, zipped(document(STEP))) == "too_large"


def test_a_bomb_that_lies_about_its_size_ends_there(tmp_path: Path) -> None:
    """It says that it is small; what it says is all that is read."""
    xml = document(*[STEP] * 40_000)
    content = _saying(zipped(xml), size=len(xml) // 50)
    told: list[int] = []
    path = tmp_path / "export.zip"
    path.write_bytes(content)
    with pytest.raises(ExportRefused) as caught:
        apple_export.read_export(path, lambda done, whole: told.append(done) is None)
    assert caught.value.reason == "damaged"
    assert len(told) == 0  # not one megabyte of twelve


def test_a_list_of_files_that_would_fill_the_memory(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number in range(200):
            archive.writestr(f"{number}/" + "x" * 30_000, b"")
    assert reason(tmp_path, made.getvalue()) == "too_large"


def test_parts_that_lie_outside_of_the_file(tmp_path: Path) -> None:
    listed = GOOD.rindex(b"PK\x01\x02")
    for place in (len(GOOD) - 10, len(GOOD) + 10, 2**32 - 2):
        moved = bytearray(GOOD)
        moved[listed + 42 : listed + 46] = struct.pack("<I", place)
        assert reason(tmp_path, bytes(moved)) == "damaged"
    far = bytearray(GOOD)
    far[-6:-2] = struct.pack("<I", 2**32 - 2)  # where the list is: zipfile takes the whole file to be shifted by that
    assert reason(tmp_path, bytes(far)) == "damaged"


def test_headers_that_no_phone_writes(tmp_path: Path) -> None:
    newer = bytearray(GOOD)
    newer[GOOD.rindex(b"PK\x01\x02") + 6] = 99  # needs version 9.9 of the format
    assert reason(tmp_path, bytes(newer)) == "damaged"
    no_text = zipped(document(STEP), "aä/export.xml").replace("ä".encode(), b"\xff\xff")
    assert reason(tmp_path, no_text) == "damaged"
    noise = bytearray(GOOD)
    noise[60:90] = b"\xff" * 30
    assert reason(tmp_path, bytes(noise)) == "damaged"


def test_a_compression_that_no_phone_uses(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("export.xml", document(STEP))
    assert reason(tmp_path, made.getvalue()) == "damaged"


# The XML


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE HealthData [<!ENTITY a "1"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE HealthData [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE HealthData [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd"> %p;]>',
        '<!DOCTYPE HealthData SYSTEM "http://127.0.0.1/x.dtd">',
        '<!DOCTYPE HealthData SYSTEM "x.dtd" [<!ELEMENT Record EMPTY>]>',
        '<!DOCTYPE HealthData PUBLIC "a" "http://127.0.0.1/x.dtd">',
        '<!DOCTYPE other [<!ENTITY a "1">]>',
        '<!-- <HealthData --><!DOCTYPE HealthData [<!ENTITY a "1">]>',
    ],
)
def test_nothing_is_defined_or_fetched(tmp_path: Path, doctype: str) -> None:
    assert reason(tmp_path, zipped(document(STEP, doctype=doctype))) == "forbidden"


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE HealthData [<!ELEMENT a (#PCDATA)> <!-- <HealthData --> <!ENTITY a "1">]>',
        '<!DOCTYPE HealthData [<!-- ]> --><HealthData><!ENTITY a "1">]>',
    ],
)
def test_what_hides_behind_the_form_breaks_it(tmp_path: Path, doctype: str) -> None:
    assert reason(tmp_path, zipped(document(STEP, doctype=doctype))) == "damaged"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings_hide_nothing(tmp_path: Path, encoding: str) -> None:
    xml = HEAD.replace("UTF-8", encoding) + '<!DOCTYPE HealthData [<!ENTITY a "1">]>' + BEGIN + STEP + END
    assert reason(tmp_path, zipped(xml.encode(encoding))) == "no_export"
    mixed = f"<?xml version='1.0'?><!--<HealthData-->{xml}".encode(encoding) + b"<HealthData/>"
    assert reason(tmp_path, zipped(mixed)) in ("damaged", "forbidden")


def test_an_undefined_entity_is_damage(tmp_path: Path) -> None:
    assert reason(tmp_path, zipped(document(STEP, "&a;"))) == "damaged"


def test_xml_that_ends_early(tmp_path: Path) -> None:
    xml = document(STEP, STEP)
    assert reason(tmp_path, zipped(xml[:-20])) == "incomplete"


def test_xml_that_breaks_in_the_middle(tmp_path: Path) -> None:
    assert reason(tmp_path, zipped(document(STEP, "<Record", STEP))) == "damaged"
    assert reason(tmp_path, zipped(document(STEP, '<Record a="1" a="2"/>'))) == "damaged"
    assert reason(tmp_path, zipped(document(STEP) + b"<more/>")) == "damaged"


def test_one_tag_cannot_fill_the_memory(tmp_path: Path) -> None:
    for long in ('<Record a="' + "xyzq" * 600_000 + '"/>', "<!--" + "xyzq" * 600_000 + "-->"):
        assert reason(tmp_path, _stored(document(STEP, long))) == "damaged"


def test_tags_cannot_be_opened_without_end(tmp_path: Path) -> None:
    assert reason(tmp_path, zipped(document("<a>" * 64 + "</a>" * 64))) == "damaged"
    assert total(tmp_path, zipped(document("<a>" * 62 + STEP + "</a>" * 62))) == 100


def test_names_cannot_be_invented_without_end(tmp_path: Path) -> None:
    assert reason(tmp_path, zipped(document(*(f"<a{n}/>" for n in range(2000))))) == "damaged"


# Anything at all


@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=8))
@anywhere
def test_a_zip_with_wrong_bytes_is_read_or_refused(tmp_path: Path, wrong: list[tuple[int, int]]) -> None:
    _survives(tmp_path, _with_bytes(GOOD, wrong))


@given(st.lists(st.tuples(st.integers(1, 76), st.integers(0, 255)), min_size=1, max_size=4))
@anywhere
def test_a_list_of_files_with_wrong_bytes_is_read_or_refused(tmp_path: Path, wrong: list[tuple[int, int]]) -> None:
    """The last bytes, where the places and sizes stand."""
    _survives(tmp_path, _with_bytes(GOOD, [(len(GOOD) - back, byte) for back, byte in wrong]))


@given(st.lists(st.tuples(st.integers(0, len(document(STEP)) - 1), st.binary(max_size=4)), min_size=1, max_size=6))
@anywhere
def test_xml_with_wrong_bytes_is_read_or_refused(tmp_path: Path, wrong: list[tuple[int, bytes]]) -> None:
    xml = bytearray(document(STEP))
    for at, put in wrong:
        xml[at : at + 1] = put
    _survives(tmp_path, zipped(bytes(xml)))


@given(st.binary(max_size=300), st.binary(max_size=300))
@anywhere
def test_anything_is_read_or_refused(tmp_path: Path, one: bytes, other: bytes) -> None:
    _survives(tmp_path, one)
    _survives(tmp_path, b"PK\x03\x04" + one + b"PK\x05\x06" + other)
    _survives(tmp_path, zipped(one + b"<HealthData>" + other))


def _survives(folder: Path, content: bytes) -> None:
    try:
        found = read_bytes(folder, content)
    except (ExportRefused, ExportStopped):
        return
    assert all(0 <= count <= 200_000 for count in found.days.values())


def _with_bytes(content: bytes, wrong: list[tuple[int, int]]) -> bytes:
    changed = bytearray(content)
    for at, byte in wrong:
        changed[at] = byte
    return bytes(changed)


def _with_flag(content: bytes, flag: int) -> bytes:
    """A flag in both headers of the only file."""
    changed = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        changed[changed.rindex(mark) + offset] |= flag
    return bytes(changed)


def _saying(content: bytes, size: int) -> bytes:
    """Another unpacked size in both headers of the only file."""
    changed = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = changed.rindex(mark) + offset
        changed[at : at + 4] = struct.pack("<I", size)
    return bytes(changed)


def _stored(xml: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("export.xml", xml)
    return made.getvalue()
