"""The calendar feed: RFC 5545 to the letter, stable where nothing changed, and nobody's but who has the address."""

from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
from werkzeug.test import TestResponse

from tests.conftest import Clock
from tests.factories import Browser


def feed(browser: Browser, url: str, **kwargs: Any) -> TestResponse:
    return browser.get(url.partition("/api/v1")[2], **kwargs)


@pytest.fixture
def url(patient: Browser) -> str:
    found: str = patient.post("/me/calendar").get_json()["url"]
    return found


def events(reply: TestResponse) -> list[Any]:
    assert reply.status_code == 200, reply.text
    calendar = icalendar.Calendar.from_ical(reply.data)
    assert calendar.errors == []
    return list(calendar.walk("VEVENT"))


def test_each_moment_is_an_event_with_an_alarm(patient: Browser, nobody: Browser, url: str) -> None:
    patient.put_reminder(kind="foot_check", weekdays=[1, 3], times=["08:00", "20:00"])
    planned = patient.get("/occurrences").get_json()["items"]
    found = events(feed(nobody, url))
    assert len(found) == 2 * 18  # Mondays and Wednesdays from 22 November to 21 January, twice each
    by_id = {str(event["UID"]): event for event in found}
    assert {one["id"] for one in planned} <= by_id.keys()
    event = by_id[planned[0]["id"]]
    assert event.decoded("DTSTART").isoformat().replace("+00:00", "Z") == planned[0]["due_at"]
    assert event.decoded("DURATION") == timedelta(minutes=15)
    (alarm,) = event.walk("VALARM")
    assert (alarm["ACTION"], alarm.decoded("TRIGGER")) == ("DISPLAY", timedelta(0))
    assert event["SUMMARY"] == alarm["DESCRIPTION"] == "Footwell: it is time"


def test_it_is_written_as_the_rfc_wants(patient: Browser, url: str) -> None:
    patient.put_reminder(kind="foot_check")
    reply = feed(patient, url)
    assert reply.headers["Content-Type"] == "text/calendar; charset=utf-8"
    lines = reply.data.split(b"\r\n")
    assert lines[-1] == b""
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 75
    assert (lines[0], lines[-2]) == (b"BEGIN:VCALENDAR", b"END:VCALENDAR")
    starts = [line for line in lines if line.startswith(b"DTSTART")]
    assert starts
    assert all(line.endswith(b"Z") and b"TZID" not in line for line in starts)
    assert len([line for line in lines if line.startswith(b"DTSTAMP:")]) == len(starts)


def test_clock_changes_are_in_it(patient: Browser, url: str, clock: Clock) -> None:
    clock.now = datetime(2027, 3, 20, 9, tzinfo=UTC)
    patient.put_reminder(kind="foot_check", weekdays=[6, 7], times=["02:30"], starts_on="2026-11-22")
    starts = [event.decoded("DTSTART") for event in events(feed(patient, url))]
    assert [f"{at:%d %H:%M}" for at in starts[:5]] == ["21 01:30", "27 01:30", "28 01:30", "03 00:30", "04 00:30"]


def test_a_massage_follows_the_plan_further_than_the_phone_knows(patient: Browser, url: str) -> None:
    patient.put_plan()
    starts = [event.decoded("DTSTART") for event in events(feed(patient, url))]
    assert starts[-1] > datetime(2027, 1, 15, tzinfo=UTC)
    assert {at.isoweekday() for at in starts} == {1, 3, 5}
    patient.put_block()
    assert events(feed(patient, url)) == []


def test_what_is_answered_or_paused_is_left_out_and_what_is_put_off_moves(patient: Browser, url: str) -> None:
    patient.put_reminder(kind="foot_check", weekdays=[1, 2, 3, 4, 5, 6, 7], times=["12:00"])
    today, second, third, *_ = patient.get("/occurrences").get_json()["items"]
    before = events(feed(patient, url))
    at = {"at": "2026-11-22T09:10:00Z"}
    for moment, answer in (
        (today, {"state": "snoozed", "until": "2026-11-22T13:00:00Z"}),
        (second, {"state": "done"}),
        (third, {"state": "skipped"}),
    ):
        assert patient.put(f"/occurrences/{moment['id']}", answer | at).status_code == 200
    after = {str(event["UID"]): event for event in events(feed(patient, url))}
    assert len(after) == len(before) - 2
    assert not {second["id"], third["id"]} & after.keys()
    assert f"{after[today['id']].decoded('DTSTART'):%d %H:%M}" == "22 13:00"


def test_an_event_that_changes_says_so(patient: Browser, url: str) -> None:
    made = patient.put_reminder(kind="foot_check", weekdays=[1], times=["08:00"])
    first = events(feed(patient, url))
    patient.put(f"/reminders/{made['id']}", {**made, "weekdays": [1, 2]})
    patient.patch("/me", {"time_zone": "America/New_York"})
    later = {str(event["UID"]): event for event in events(feed(patient, url))}
    for event in first:
        new = later[str(event["UID"])]
        assert new["SEQUENCE"] > event["SEQUENCE"]
        assert new.decoded("DTSTART") == event.decoded("DTSTART") + timedelta(hours=6)
        assert new.decoded("LAST-MODIFIED") >= event.decoded("LAST-MODIFIED")


def test_the_kind_stands_there_only_when_it_is_wanted(patient: Browser, url: str) -> None:
    patient.put_reminder(kind="glucose")
    assert "sugar" not in feed(patient, url).text
    patient.patch("/me", {"show_reminder_kind": True})
    assert events(feed(patient, url))[0]["SUMMARY"] == "Time for your sugar check"


def test_a_pause_empties_its_days(patient: Browser, url: str) -> None:
    patient.put_reminder(kind="foot_check", weekdays=[1, 2, 3, 4, 5, 6, 7])
    pause = {"reason": "away", "from_on": "2026-11-23", "until_on": "2026-12-31"}
    patient.patch("/me", {"reminders_paused": pause})
    days = {event.decoded("DTSTART").date().isoformat() for event in events(feed(patient, url))}
    assert min(days - {"2026-11-22"}) == "2027-01-01"


def test_an_unchanged_feed_is_not_sent_again(patient: Browser, url: str, clock: Clock) -> None:
    patient.put_reminder(kind="foot_check")
    reply = feed(patient, url)
    assert reply.headers["Cache-Control"] == "private, no-cache"
    clock.move(minutes=10)
    again = feed(patient, url, headers={"If-None-Match": reply.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    patient.put_reminder(kind="glucose")
    assert feed(patient, url, headers={"If-None-Match": reply.headers["ETag"]}).status_code == 200


def test_an_address_ends_with_a_new_one_and_with_the_patients_word(patient: Browser, stranger: Browser) -> None:
    first, second = (patient.post("/me/calendar").get_json()["url"] for _ in range(2))
    assert feed(stranger, first).get_json()["code"] == "not_found"
    assert feed(stranger, second).status_code == 200
    assert patient.get("/me").get_json()["calendar_made_at"] == "2026-11-22T09:15:00Z"
    assert second.rpartition("/")[2].removesuffix(".ics") not in patient.get("/me").text + patient.get("/changes").text
    patient.delete("/me/calendar")
    assert feed(stranger, second).status_code == 404
    assert patient.get("/me").get_json()["calendar_made_at"] is None


def test_nobody_may_guess_for_long(nobody: Browser) -> None:
    statuses = [nobody.get(f"/calendar/guess{number}.ics").status_code for number in range(31)]
    assert statuses == [404] * 30 + [429]
