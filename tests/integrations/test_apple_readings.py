"""What an Apple Health export says of sugar: what meters read in the last 30 days, and nothing of sensors."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from integrations.provider import Reading
from tests.integrations.apple_files import MMOL, document, glucose, read, read_bytes, zipped


def test_c6_readings_keep_their_unit(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        glucose("2026-11-21 07:00:00 +0100", 104),
        glucose("2026-11-22 07:00:00 +0100", "5.6000000000001", MMOL),
        glucose("2026-11-22 08:00:00 +0100", 104, "g/L"),
    )
    assert found.readings == [
        Reading(datetime(2026, 11, 22, 6, tzinfo=UTC), "5.6", "mmol/L", "other"),
        Reading(datetime(2026, 11, 21, 6, tzinfo=UTC), "104", "mg/dL", "other"),
    ]
    assert found.skipped == 1


@pytest.mark.parametrize(("meal", "context"), [("1", "before_meal"), ("2", "after_meal"), ("9", "other")])
def test_what_the_patient_said_of_the_meal(tmp_path: Path, meal: str, context: str) -> None:
    inside = (
        f'<MetadataEntry key="HKWasUserEntered" value="1"/><MetadataEntry key="HKBloodGlucoseMealTime" value="{meal}"/>'
    )
    told = glucose("2026-11-22 07:00:00 +0100", 104, inside=inside)
    silent = glucose("2026-11-22 06:00:00 +0100", 99)
    assert [reading.context for reading in read(tmp_path, told, silent).readings] == [context, "other"]


def test_only_the_thirty_days_before_the_export(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        glucose("2026-10-23 19:59:59 +0100", 100),
        glucose("2026-10-23 20:00:00 +0100", 101),
        glucose("2026-11-23 20:00:01 +0100", 102),
        '<ExportDate value="2010-01-01 00:00:00 +0100"/>',
        glucose("2010-01-01 00:00:00 +0100", 103),
    )
    assert [reading.value for reading in found.readings] == ["101"]


def test_an_export_that_does_not_say_when_it_was_made_has_no_readings(tmp_path: Path) -> None:
    xml = document(glucose("2026-11-22 07:00:00 +0100", 104)).replace(b"<ExportDate", b"<Exported")
    assert read_bytes(tmp_path, zipped(xml)).readings == []


def test_a_source_that_reads_all_day_is_a_sensor_and_left_out(tmp_path: Path) -> None:
    early = glucose("2026-11-20 07:00:00 +0100", 90, source="Sensor")
    sensor = [glucose(f"2026-11-21 {n:02}:05:00 +0100", 100 + n, source="Sensor") for n in range(17)]
    late = glucose("2026-11-22 07:00:00 +0100", 91, source="Sensor")
    meter = [glucose(f"2026-11-21 {n:02}:00:00 +0100", 200 + n) for n in range(16)]
    found = read(tmp_path, early, *sensor, *meter, late)
    assert [reading.value for reading in found.readings] == [str(200 + n) for n in reversed(range(16))]


def test_a_reading_that_a_correlation_repeats_is_there_once(tmp_path: Path) -> None:
    day = [glucose(f"2026-11-21 {n:02}:00:00 +0100", 200 + n) for n in range(16)]
    assert len(read(tmp_path, *day, f"<Correlation>{''.join(day)}</Correlation>").readings) == 16


@pytest.mark.parametrize(("value", "unit"), [(9, "mg/dL"), (901, "mg/dL"), (0.4, MMOL), (51, MMOL), ("inf", MMOL)])
def test_what_no_blood_has_is_skipped(tmp_path: Path, value: float, unit: str) -> None:
    found = read(tmp_path, glucose("2026-11-22 07:00:00 +0100", value, unit))
    assert (found.readings, found.skipped) == ([], 1)
