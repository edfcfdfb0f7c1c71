"""Apple Health's export: what is counted in the records, and how a day of several devices is made."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations import apple_records
from integrations.apple_export import ExportRefused, ExportStopped, read_export
from tests.integrations.apple_files import (
    GLUCOSE,
    METER,
    PHONE,
    STEPS,
    WATCH,
    document,
    glucose,
    read,
    record,
    steps,
    zipped,
)

DAY = date(2026, 11, 22)
anywhere = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

# Steps


def test_a_day_of_a_phone(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        steps(PHONE, "2026-11-21", "23:50:00", "23:58:00", 40),
        steps(PHONE, "2026-11-22", "08:00:00", "08:09:30", 812),
        steps(PHONE, "2026-11-22", "18:00:00", "18:03:00", 188),
    )
    assert found.days == {date(2026, 11, 21): 40, DAY: 1000}
    assert found.sources == {PHONE: 2}
    assert found.skipped == 0


def test_c1_watch_and_phone_are_merged_not_added(tmp_path: Path) -> None:
    watch = [steps(WATCH, "2026-11-22", f"08:{n:02}:00", f"08:{n + 1:02}:00", 100) for n in range(10)]
    phone = steps(PHONE, "2026-11-22", "08:00:00", "08:10:00", 930)
    assert read(tmp_path, phone, *watch).days == {DAY: 1000}


def test_c2b_hours_without_the_watch_are_not_lost(tmp_path: Path) -> None:
    watch = [steps(WATCH, "2026-11-22", f"08:{n:02}:00", f"08:{n + 1:02}:00", 100) for n in range(10)]
    phone = [steps(PHONE, "2026-11-22", f"{hour:02}:00:00", f"{hour:02}:10:00", 930) for hour in (8, 9, 10)]
    assert read(tmp_path, *watch, *phone).days == {DAY: 1000 + 2 * 930}


def test_c2c_the_name_alone_says_which_device_it_is(tmp_path: Path) -> None:
    """`device` holds an address in memory, another in each record: two phones would be merged where there is one."""
    found = read(
        tmp_path,
        record(STEPS, PHONE, "2026-11-22 08:00:00 +0100", "2026-11-22 08:05:00 +0100", 300, device="a: 0x1"),
        record(STEPS, PHONE, "2026-11-22 08:04:00 +0100", "2026-11-22 08:09:00 +0100", 200, device="a: 0x2"),
    )
    assert found.days == {DAY: 500}
    assert found.sources == {PHONE: 1}


def test_the_day_is_the_one_where_the_patient_was(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        steps(PHONE, "2026-11-22", "00:10:00", "00:20:00", 10, "+1300"),
        steps(PHONE, "2026-11-21", "23:40:00", "23:50:00", 20, "-0930"),
    )
    assert found.days == {DAY: 10, date(2026, 11, 21): 20}


def test_overlaps_are_of_moments_not_of_clocks(tmp_path: Path) -> None:
    """The hour that comes twice when summer time ends."""
    found = read(
        tmp_path,
        steps(WATCH, "2026-10-25", "02:30:00", "02:31:00", 100, "+0200"),
        steps(PHONE, "2026-10-25", "02:30:00", "02:35:00", 400, "+0100"),
        steps(PHONE, "2026-10-25", "01:30:00", "01:35:00", 70, "+0100"),
    )
    assert found.days == {date(2026, 10, 25): 500}


def test_c4_a_day_of_zero_is_a_day(tmp_path: Path) -> None:
    assert read(tmp_path, steps(PHONE, "2026-11-22", "08:00:00", "09:00:00", 0)).days == {DAY: 0}
    assert read(tmp_path).days == {}


def test_parts_of_steps_are_rounded_at_the_end(tmp_path: Path) -> None:
    parts = [steps(PHONE, "2026-11-22", f"08:{n:02}:00", f"08:{n:02}:50", "0.25") for n in range(6)]
    assert read(tmp_path, *parts).days == {DAY: 2}


def test_d10_a_phone_set_to_twelve_hours(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        steps(PHONE, "2026-11-22", "1:00:00 PM", "1:05:00\u202fpm", 50),
        steps(WATCH, "2026-11-22", "13:00:00", "13:01:00", 20),
        steps(PHONE, "2026-11-22", "12:00:00 AM", "12:05:00 a.m.", 5),
    )
    assert found.days == {DAY: 55}
    assert found.skipped == 0


@pytest.mark.parametrize(
    ("start", "end", "value"),
    [
        ("2026-11-22 08:00:00 +0100", "2026-11-22 07:59:59 +0100", "10"),
        ("2026-11-22 08:00:00 +0100", "2026-11-23 10:00:01 +0100", "10"),
        ("2026-11-22 08:00:00 +0100", "2026-11-22 08:10:00 +0100", "-1"),
        ("2026-11-22 08:00:00 +0100", "2026-11-22 08:10:00 +0100", "200001"),
        ("2026-11-22 08:00:00 +0100", "2026-11-22 08:10:00 +0100", "nan"),
        ("2026-11-22 08:00:00 +0100", "2026-11-22 08:10:00 +0100", "many"),
        ("2026-11-22 24:00:00 +0100", "2026-11-22 24:10:00 +0100", "10"),
        ("2026-11-22 08:61:00 +0100", "2026-11-22 08:70:00 +0100", "10"),
        ("2026-02-30 08:00:00 +0100", "2026-02-30 08:10:00 +0100", "10"),
        ("1999-11-22 08:00:00 +0100", "1999-11-22 08:10:00 +0100", "10"),
        ("2569-11-22 08:00:00 +0100", "2569-11-22 08:10:00 +0100", "10"),  # a phone with the Buddhist calendar
        ("2026-11-22 08:00:00 +1500", "2026-11-22 08:10:00 +1500", "10"),
        ("2026-11-22 08:00:00", "2026-11-22 08:10:00", "10"),
        ("", "", "10"),
    ],
)
def test_a_bad_record_is_counted_and_costs_nothing_else(tmp_path: Path, start: str, end: str, value: str) -> None:
    good = steps(PHONE, "2026-11-22", "10:00:00", "10:10:00", 100)
    found = read(tmp_path, record(STEPS, PHONE, start, end, value), good)
    assert (found.days, found.skipped) == ({DAY: 100}, 1)


def test_a_record_without_what_it_needs_is_counted(tmp_path: Path) -> None:
    bare = f' <Record type="{STEPS}"/><Record type="{GLUCOSE}"/><Record/>'
    assert read(tmp_path, bare, glucose("2026-11-22 08:00:00 +0100", 110)).skipped == 2


def test_characters_that_xml_forbids_do_not_end_the_reading(tmp_path: Path) -> None:
    dirty = steps("My\x0bApp\x00", "2026-11-22", "10:00:00", "10:10:00", 100)
    assert read(tmp_path, dirty).sources == {"MyApp": 1}


def test_a_name_has_an_end(tmp_path: Path) -> None:
    assert list(read(tmp_path, steps("x" * 5000, "2026-11-22", "10:00:00", "10:10:00", 100)).sources) == ["x" * 100]


@given(
    st.lists(
        st.tuples(st.integers(0, 86399), st.integers(0, 3600), st.integers(0, 3000), st.sampled_from([PHONE, WATCH])),
        max_size=30,
    )
)
@anywhere
def test_no_more_than_all_and_no_less_than_the_best(tmp_path: Path, parts: list[tuple[int, int, int, str]]) -> None:
    def clock(second: int) -> str:
        return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"

    written, single = [], {}
    for start, length, count, source in parts:
        end = min(start + length, 86399)
        written.append(steps(source, "2026-11-22", clock(start), clock(end), count))
        of_source = single.setdefault(source, {})
        of_source[start, end] = max(count, of_source.get((start, end), 0))
    found = read(tmp_path, *written).days
    totals = [sum(source.values()) for source in single.values()]
    assert max(totals, default=0) <= found.get(DAY, 0) <= sum(totals)
    assert (DAY in found) is bool(parts)


@given(st.text(alphabet="0123456789-+: TZAPMapm.\u202f", max_size=30), st.text(max_size=12))
@anywhere
def test_no_date_and_no_number_ends_the_reading(tmp_path: Path, when: str, value: str) -> None:
    value = "".join(c for c in value if c.isprintable())
    found = read(tmp_path, record(STEPS, PHONE, when, when, value), glucose(when, value))
    assert len(found.days) + found.skipped >= 1


# How it goes


def many(count: int) -> list[str]:
    """Records of different moments, 300 bytes each."""
    return [
        steps(PHONE, "2026-11-22", f"{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}", "23:59:59", 1) for n in range(count)
    ]


def test_progress_is_told_and_can_end_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(zipped(document(*many(9000))))
    told: list[tuple[int, int]] = []

    def listen(done: int, total: int) -> bool:
        told.append((done, total))
        return True

    read_export(path, listen)
    assert len(told) in (2, 3)
    assert told == sorted(told)
    assert all(0 < done <= total == path.stat().st_size for done, total in told)
    with pytest.raises(ExportStopped):
        read_export(path, lambda done, total: False)


def test_what_goes_wrong_with_the_progress_is_no_fault_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(zipped(document(*many(9000))))

    def fail(done: int, total: int) -> bool:
        raise RuntimeError("the database is gone")

    with pytest.raises(RuntimeError, match="database"):
        read_export(path, fail)
    with pytest.raises(FileNotFoundError):
        read_export(tmp_path / "gone.zip", fail)


@pytest.mark.parametrize(
    ("name", "records"),
    [
        ("MOST_RECORDS", [(PHONE, "2026-11-22"), (PHONE, "2026-11-22"), (PHONE, "2026-11-22")]),
        ("MOST_A_DAY", [(PHONE, "2026-11-22"), (PHONE, "2026-11-22"), (WATCH, "2026-11-22")]),
        ("MOST_CELLS", [(PHONE, "2026-11-20"), (PHONE, "2026-11-21"), (WATCH, "2026-11-22")]),
        ("MOST_SOURCES", [(PHONE, "2026-11-22"), (WATCH, "2026-11-22"), ("App", "2026-11-22")]),
    ],
)
def test_more_than_a_person_can_have_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, records: list[tuple[str, str]]
) -> None:
    monkeypatch.setattr(apple_records, name, 2)
    written = [steps(source, day, "08:00:00", "08:05:00", 10) for source, day in records]
    assert read(tmp_path, *written[:2]).days
    with pytest.raises(ExportRefused) as caught:
        read(tmp_path, *written)
    assert caught.value.reason == "too_large"
    assert METER not in str(caught.value)
