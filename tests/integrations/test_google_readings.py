"""Sugar readings and trackers of Google Health, against a strict fake."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from integrations.google_health import MOST_PAGES
from integrations.provider import Device, Reading
from tests.fakes.google import Google
from tests.fakes.google_world import GLUCOSE_SCOPE, SETTINGS_SCOPE, Answer
from tests.integrations.google_setup import provider_of

ALL = (SETTINGS_SCOPE, GLUCOSE_SCOPE)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def readings(google: Google, since: datetime = NOON - timedelta(days=1)) -> list[Reading]:
    return list(provider_of(google).fetch_readings(google.grant(ALL), since))


def test_r4_readings_are_bounded_and_capped(google: Google) -> None:
    google.page_size = 1
    for hours in range(40):
        google.account.add_reading(NOON - timedelta(hours=hours), 100 + hours)
    found = readings(google)
    assert [reading.value for reading in found] == [str(100 + hours) for hours in range(MOST_PAGES)]
    google.page_size = None
    assert len(readings(google)) == 25


def test_c6_a_reading_keeps_its_value_and_its_unit(google: Google) -> None:
    google.account.add_reading(
        NOON, 104.5, measurementTiming="FASTING", measurementSource="SELF_MONITORING_BLOOD_GLUCOSE"
    )
    google.account.add_reading(NOON - timedelta(hours=1), 88, measurementTiming="OVER_NIGHT")
    assert readings(google) == [
        Reading(NOON, "104.5", "mg/dL", "fasting"),
        Reading(NOON - timedelta(hours=1), "88", "mg/dL", "other"),
    ]


@pytest.mark.parametrize(
    ("timing", "context"),
    [("BEFORE_MEAL", "before_meal"), ("AFTER_MEAL", "after_meal"), ("BEFORE_BED", "bedtime"), ("GENERAL", "other")],
)
def test_when_a_reading_was_taken_is_said_in_our_words(google: Google, timing: str, context: str) -> None:
    google.account.add_reading(NOON, 100, measurementTiming=timing)
    assert readings(google)[0].context == context


@pytest.mark.parametrize(
    ("members", "from_meter"),
    [
        ({"measurementSource": "CONTINUOUS_GLUCOSE_MONITORING"}, False),
        ({"specimen": "INTERSTITIAL_FLUID"}, False),
        ({"measurementSource": "LAB_TEST"}, True),
        ({}, True),
    ],
)
def test_a_sensors_values_are_told_from_a_meters(google: Google, members: dict[str, str], from_meter: bool) -> None:
    google.account.add_reading(NOON, 100, **members)
    assert readings(google)[0].from_meter is from_meter


@pytest.mark.parametrize(
    ("sent", "kept"),
    # A phone may keep mmol/L and hand on what it makes of them.
    [(104.49036, "104.49"), (99.99999999999999, "100"), (70, "70"), (69.996, "70"), (69.994, "69.99")],
)
def test_c6_a_value_is_written_as_a_patient_could_type_it(google: Google, sent: float, kept: str) -> None:
    google.account.add_reading(NOON, sent)
    assert [reading.value for reading in readings(google)] == [kept]


def test_of_a_sensor_only_the_newest_value_is_kept(google: Google) -> None:
    for minutes in range(0, 60, 5):
        google.account.add_reading(
            NOON - timedelta(minutes=minutes), 100 + minutes, measurementSource="CONTINUOUS_GLUCOSE_MONITORING"
        )
    google.account.add_reading(NOON - timedelta(minutes=12), 88, measurementSource="SELF_MONITORING_BLOOD_GLUCOSE")
    google.page_size = 5
    assert [(reading.value, reading.from_meter) for reading in readings(google)] == [("100", False), ("88", True)]


@pytest.mark.parametrize("value", [0, 0.5, -1, 9.9, 900.5, 100000])
def test_c7_what_no_meter_shows_is_left_out(google: Google, value: float) -> None:
    sample = {"sampleTime": {"physicalTime": "2026-11-22T06:30:00Z"}, "bloodGlucoseMilligramsPerDeciliter": value}
    google.script("glucose", Answer(200, {"dataPoints": [{"bloodGlucose": sample}, {}]}))
    assert readings(google) == []


def test_the_tracker_that_synced_last_is_shown(google: Google) -> None:
    google.account.add_device("Old Charge", NOON - timedelta(days=9))
    google.account.add_device("Aria", NOON + timedelta(hours=1), deviceType="SCALE")
    google.account.add_device("Never synced")
    for number in range(5):  # more than a page has when nobody says how many
        google.account.add_device(f"Spare {number}")
    google.account.add_device("Pixel  Watch 3", NOON)
    provider, token = provider_of(google), google.grant(ALL)
    assert provider.fetch_device(token) == Device("Pixel Watch 3", NOON)
    google.account.devices.clear()
    assert provider.fetch_device(token) is None


def test_a_device_may_have_neither_a_name_nor_a_time(google: Google) -> None:
    google.script("devices", Answer(200, {"pairedDevices": [{}]}))
    assert provider_of(google).fetch_device(google.grant(ALL)) == Device("", None)
