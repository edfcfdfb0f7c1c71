"""Invented exports of Apple Health, in the shape in which iOS writes them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import quoteattr

from integrations.apple_export import Export, read_export

STEPS = "HKQuantityTypeIdentifierStepCount"
GLUCOSE = "HKQuantityTypeIdentifierBloodGlucose"
WATCH, PHONE, METER = "Ada’s Apple\xa0Watch", "Ada’s iPhone", "Contour"
MMOL = "mmol<180.1558800000541>/L"

# As iOS 16 and later write it: one list is not closed, and no XML parser takes it.
DOCTYPE = """<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 12 -->
<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation|Workout|ActivitySummary|ClinicalRecord|VisionPrescription)*)>
<!ATTLIST HealthData
  locale CDATA #REQUIRED
>
<!ELEMENT Record ((MetadataEntry|HeartRateVariabilityMetadataList)*)>
<!ATTLIST VisionPrescription
  type             CDATA #REQUIRED
  brand            CDATA #IMPLIED
<!ELEMENT RightEye EMPTY>
]>
"""
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
BEGIN = '<HealthData locale="de_DE">\n <ExportDate value="2026-11-22 20:00:00 +0100"/>\n <Me/>\n'
END = "</HealthData>\n"


def record(kind: str, source: str, start: str, end: str, value: object, inside: str = "", **more: str) -> str:
    """One Record; the device's address differs in each, as in real files."""
    attributes = {
        "type": kind,
        "sourceName": source,
        "sourceVersion": "18.1",
        "device": f"<<HKDevice: {hex(hash((start, value)) & 0xFFFFFFFFF)}>, name:iPhone>",
        "unit": "count",
        "creationDate": end,
        "startDate": start,
        "endDate": end,
        "value": str(value),
        **more,
    }
    written = " ".join(f"{name}={quoteattr(text)}" for name, text in attributes.items())
    return f" <Record {written}>{inside}</Record>\n" if inside else f" <Record {written}/>\n"


def steps(source: str, day: str, start: str, end: str, value: object, offset: str = "+0100") -> str:
    """Steps between two times of one day."""
    return record(STEPS, source, f"{day} {start} {offset}", f"{day} {end} {offset}", value)


def glucose(at: str, value: object, unit: str = "mg/dL", source: str = METER, inside: str = "") -> str:
    return record(GLUCOSE, source, at, at, value, inside, unit=unit)


def document(*records: str, doctype: str = DOCTYPE) -> bytes:
    return (HEAD + doctype + BEGIN + "".join(records) + END).encode()


def zipped(xml: bytes, name: str = "apple_health_export/export.xml", **others: bytes) -> bytes:
    """A zip as Health makes it; further files by their names with `__` for `/`."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for other, content in others.items():
            archive.writestr(other.replace("__", "/"), content)
        archive.writestr(name, xml)
    return made.getvalue()


def read_bytes(folder: Path, content: bytes) -> Export:
    path = folder / "export.zip"
    path.write_bytes(content)
    return read_export(path, lambda done, total: True)


def read(folder: Path, *records: str) -> Export:
    return read_bytes(folder, zipped(document(*records)))
