"""Sugar readings that phones push: which are taken, in whose unit, at what moment, and which a sensor made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.provider import Reading
from integrations.sugar import is_sensor
from tests.integrations.phone_bodies import HAE_BODY, HC_DAILY_BODY, HC_RAW_BODY, NOW, hc_webhook, read, reasons

AT = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
METER = {"qty": 5.8, "date": "2026-11-22 07:30:00 +0100", "source": "mySugr", "mealTime": "Before Meal"}


def exported(*records: Any, units: Any = "mmol/L") -> dict[str, Any]:
    """Health Auto Export with these sugar records."""
    return {"data": {"metrics": [{"name": "blood_glucose", "units": units, "data": list(records)}]}}


def connected(*records: Any, **more: Any) -> dict[str, Any]:
    """HC Webhook with these sugar records, as an app that writes into Health Connect made them."""
    return hc_webhook(blood_glucose=list(records)) | more


def hc_reading(mmol: Any = 5.8, time: Any = "2026-11-22T06:30:00Z", origin: Any = "com.mysugr") -> dict[str, Any]:
    return {"mmol_per_liter": mmol, "time": time, "metadata": {"data_origin": origin}}


@pytest.mark.parametrize("body", [HAE_BODY, HC_DAILY_BODY, HC_RAW_BODY | connected(hc_reading(), steps=[])])
def test_a_reading_comes_beside_the_steps(body: dict[str, Any]) -> None:
    assert read(body).readings == (Reading(AT, "5.8", "mmol/L", "other"),)


def test_one_app_is_one_source_whichever_way_it_counts_steps() -> None:
    raw, alone = read(HC_RAW_BODY | {"blood_glucose": [hc_reading()]}), read(connected(hc_reading()))
    assert (raw.client, alone.client) == ("hc_webhook_raw", "hc_webhook")
    assert (raw.app, raw.readings) == (alone.app, alone.readings)


@pytest.mark.parametrize(
    ("qty", "units", "value", "unit"),
    [
        (5.8, "mmol/L", "5.8", "mmol/L"),
        (5.7721, "mmol/L", "5.77", "mmol/L"),
        (5.8, "mmol<180.1558800000541>/L", "5.8", "mmol/L"),
        (104, "mg/dL", "104", "mg/dL"),
        (35.0, "mg/dL", "35", "mg/dL"),  # not taken for 35 mmol/L, whatever it looks like
        (33.4, "mmol/L", "33.4", "mmol/L"),
    ],
)
def test_c6_value_and_unit_stay_as_sent(qty: float, units: str, value: str, unit: str) -> None:
    (reading,) = read(exported(METER | {"qty": qty}, units=units)).readings
    assert (reading.value, reading.unit, reading.context) == (value, unit, "before_meal")


@pytest.mark.parametrize("units", [None, "", "mg", "MG/DL", "count", 5, ["mg/dL"]])
def test_c6_a_unit_is_never_guessed(units: Any) -> None:
    ingest = read(exported(METER, units=units))
    assert (ingest.readings, reasons(ingest)) == ((), [(0, "sugar: unit must be mg/dL or mmol/L")])


@pytest.mark.parametrize("qty", ["5.8", "5,8", None, True, -1, 0, 0.49, 50.01, float("nan"), float("inf"), 10**400, []])
def test_what_no_blood_has_is_left_out_and_the_rest_counts(qty: Any) -> None:
    later = METER | {"date": "2026-11-22 08:30:00 +0100"}
    for ingest in (read(exported(METER | {"qty": qty}, later)), read(connected(hc_reading(qty), hc_reading()))):
        assert [reading.value for reading in ingest.readings] == ["5.8"]
        assert reasons(ingest) == [(0, "sugar: value must be a number that a meter can show")]


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("2026-11-22 07:30:00 +0100", AT),
        ("2026-11-22 01:30:00 -0500", AT),
        ("2026-11-22 12:00:00 +0530", AT),
        ("2026-11-22 7:30:00\u202fam +0100", AT),
        ("2026-11-21 7:30:00 p.m. -1100", AT),
        ("2026-11-22 12:30:00 AM -0600", AT),
        ("2026-11-22 12:30:00 PM +0600", AT),
        ("2026-11-22T06:30:00Z", AT),
    ],
)
def test_d10_a_moment_is_what_the_phone_wrote_at_its_own_offset(date: str, at: datetime) -> None:
    assert [reading.at for reading in read(exported(METER | {"date": date})).readings] == [at]


@pytest.mark.parametrize(
    "date",
    [
        "2026-11-22 07:30:00",  # no offset: which night's low it was would be a guess
        "2026-11-22",
        "2026-11-22 13:30:00 pm +0100",
        "2026-11-22 0:30:00 am +0100",
        "2026-11-22 7:30:00 vm +0100",
        "2026-11-22 24:00:00 +0100",
        "2026-11-31 07:30:00 +0100",
        "2026-11-22 07:30:00 +1500",
        "0001-01-01 07:30:00 +0100",
        "9999-12-31 23:30:00 -0100",
        "2026-11-22 00:00:00 +0100",  # the average of a day
        "2026-11-22 12:00:00 am +0100",
        "2026-11-22 10:31:00 +0100",  # d5: eleven minutes ahead
        1795329000,
        None,
    ],
)
def test_a_reading_without_a_moment_of_its_own_is_left_out(date: Any) -> None:
    ingest = read(exported(METER | {"date": date}))
    assert (ingest.readings, [index for index, _ in reasons(ingest)]) == ((), [0])


def test_readings_of_a_first_export_go_back_thirty_days() -> None:
    old, older = (hc_reading(time=(NOW - timedelta(days=days)).isoformat()) for days in (29.9, 30.1))
    ingest = read(connected(old, older, "nonsense"))
    assert (len(ingest.readings), ingest.ignored) == (1, 1)
    assert reasons(ingest) == [(2, "sugar: record must be an object")]


@pytest.mark.parametrize(
    ("count", "minutes", "is_one"),
    [(7, 5, True), (7, 20, True), (6, 5, False), (7, 20.1, False), (17, 90, True), (17, 90.1, False), (16, 80, False)],
)
def test_c7_who_reads_more_often_than_fingers_are_pricked_is_a_sensor(count: int, minutes: float, is_one: bool) -> None:
    moments = [AT - timedelta(minutes=minutes * number) for number in range(count)]
    assert is_sensor(moments) is is_one
    assert is_sensor([*moments, *moments]) is is_one


def test_a_meter_beside_a_sensor_stays_a_meter() -> None:
    sensor = [hc_reading(6, (AT - timedelta(minutes=5 * n)).isoformat(), "com.dexcom") for n in range(12)]
    ingest = read(connected(*sensor, hc_reading()))
    assert [reading.value for reading in ingest.readings if reading.from_meter] == ["5.8"]
    assert sum(not reading.from_meter for reading in ingest.readings) == 12
