"""Numbers and dates as phones write them: nasty cases C5 and D10."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.phone import AmbiguousNumber
from tests.integrations.phone_bodies import days, health_auto_export, read, reasons


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (1830, 1830), (1830.4, 1830), (1830.5, 1831), (6204.0000000001, 6204), ("1830", 1830), ("1830.4", 1830),
        ("1830,4", 1830), ("1830,45", 1830), (" 1830\n", 1830), (0, 0), ("0", 0), (-0.0, 0), (200_000, 200_000),
    ],
)  # fmt: skip
def test_c5_numbers_that_are_read(steps: Any, expected: int) -> None:
    assert days(read({"date": "2026-11-21", "steps": steps})) == [(21, expected, False)]


@pytest.mark.parametrize(
    "steps",
    [
        -1, 200_001, 10**400, -(10**400), float("nan"), float("inf"), True, False, None, [], {}, [5], "", " ", "many",
        "1e3", "+5", "-5", "0x10", "1 830", "1\u202f830", "1'830", "12.3456", "1,2,3", "1830.", ".5", "٣", "９",
        "1_000", "200001", "9" * 400, "99999999999",
    ],
)  # fmt: skip
def test_c5_numbers_that_are_refused(steps: Any) -> None:
    ingest = read({"date": "2026-11-21", "steps": steps})
    assert ingest.days == ()
    assert len(ingest.rejected) == 1
    assert "steps" in ingest.rejected[0].reason


@pytest.mark.parametrize("steps", ["1.830", "1,830", "12.000", " 1.830 "])
def test_c5_a_number_that_can_be_read_in_two_ways(steps: str) -> None:
    with pytest.raises(AmbiguousNumber) as caught:
        read({"date": "2026-11-21", "steps": steps})
    assert caught.value.code == "ambiguous_number"
    assert "without a separator" in caught.value.detail
    ingest = read({"days": [{"date": "2026-11-21", "steps": steps}, {"date": "2026-11-22", "steps": 7}]})
    assert days(ingest) == [(22, 7, True)]
    assert "separator" in ingest.rejected[0].reason


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21 7:57:00 am +1000", "2026-11-21 7:57:00\u202fam +1000", "2026-11-21\u00a07:57:00\u2009PM +1000",
        "2026-11-21 07:57:00 +0100", "2026-11-21 07:57:00 +01:00", "2026-11-21T07:57:00+01:00", "2026-11-21",
        "2026-11-21T07:57:00.123+01:00", "2026-11-21 07:57", "2026-11-21 7:57:00 a.m. +1000", " 2026-11-21 ",
        "2026-11-21 11:57:00 p.m. -0330", "2026-11-21T07:57:00Z",
    ],
)  # fmt: skip
def test_d10_dates_of_twelve_hour_and_localised_phones(text: str) -> None:
    assert days(read(health_auto_export({"qty": 44, "date": text}))) == [(21, 44, False)]


@pytest.mark.parametrize(
    "text",
    [
        "21.11.2026", "11/21/2026", "2026-13-01", "2026-02-30", "2026-11-21x", "2026-11-2", "20261121", "", "today",
        None, 1_795_000_000, "2026-11-21 25:00:00 +0100", "2026-11-21 10:61:00", "２０２６-11-21",
        "2026-11-21 10:00 +9900", "2026-11-21 " + "0" * 100, "2026-11-21\n2026-11-22", ["2026-11-21"],
        "-2026-11-21", "2026-11-21T",
    ],
)  # fmt: skip
def test_d10_dates_that_are_none_reject_the_record_alone(text: object) -> None:
    ingest = read(health_auto_export({"qty": 44, "date": text}, {"qty": 1, "date": "2026-11-20"}))
    assert days(ingest) == [(20, 1, False)]
    assert [index for index, _ in reasons(ingest)] == [0]
