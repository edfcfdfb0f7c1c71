"""The plan in other time zones, on journeys and over clock changes."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from server.services import accounts, plans
from server.services.owner import Owner
from tests.factories import make_patient
from tests.services.plan_days import at, days, log, save, wakes


def test_another_zone_moves_the_days_that_are_ahead(db: Session, owner: Owner) -> None:
    save(db, owner)
    late = at("2026-11-23T23:30")  # Tuesday in Berlin, still Monday in New York
    plans.refresh(db, owner, now=late)
    assert days(db, owner)[0] == "24<23"
    accounts.change_me(db, owner, {"time_zone": "America/New_York"}, if_match=None, now=late)
    assert days(db, owner)[0] == "23"
    assert plans.due_for_planning(db, limit=1, now=at("2026-11-24T04:59")) == []
    assert len(plans.due_for_planning(db, limit=1, now=at("2026-11-24T05:00"))) == 1


def fly(db: Session, owner: Owner, zone: str, now: datetime) -> tuple[list[str], int, int]:
    """The next days of the plan there, and how many sessions were done and planned."""
    accounts.change_me(db, owner, {"time_zone": zone}, if_match=None, now=now)
    row = plans.get_plan(db, owner)
    return days(db, owner)[:2], row.done_28, row.planned_28


def test_d3c_a_day_lost_by_flying_west_makes_no_plan_day_missed(db: Session) -> None:
    now = at("2026-11-24T04:00")  # Monday evening in Los Angeles
    owner = make_patient(db, "west@example.org", now=now, time_zone="America/Los_Angeles")
    save(db, owner, now, weekdays=[1, 3, 5], starts_on=date(2026, 11, 23))
    log(db, owner, "2026-11-23", now)
    assert fly(db, owner, "Pacific/Auckland", at("2026-11-24T20:00")) == (["25", "27"], 1, 1)  # no Tuesday there


def test_d3c_a_plan_day_that_flying_left_out_waits_on_the_next(db: Session) -> None:
    now = at("2026-11-24T04:00")
    owner = make_patient(db, "west@example.org", now=now, time_zone="America/Los_Angeles")
    save(db, owner, now, weekdays=[2, 4, 6], starts_on=date(2026, 11, 23))
    assert fly(db, owner, "Pacific/Auckland", at("2026-11-24T20:00"))[0][0] == "25<24"
    log(db, owner, "2026-11-25", at("2026-11-24T21:00"))
    assert (plans.get_plan(db, owner).done_28, plans.get_plan(db, owner).planned_28) == (1, 1)


def test_d3c_a_day_gained_by_flying_east_asks_for_no_session_twice(db: Session) -> None:
    now = at("2026-11-24T20:00")  # Wednesday morning in Auckland
    owner = make_patient(db, "east@example.org", now=now, time_zone="Pacific/Auckland")
    save(db, owner, now, weekdays=[1, 3, 5], starts_on=date(2026, 11, 25))
    log(db, owner, "2026-11-25", now)
    assert fly(db, owner, "America/Los_Angeles", at("2026-11-25T05:00"))[0] == ["27", "30"]  # it is Tuesday again
    plans.refresh(db, owner, now=at("2026-11-25T20:00"))
    row = plans.get_plan(db, owner)
    assert (days(db, owner)[:2], row.done_28, row.planned_28) == (["27", "30"], 1, 1)


@pytest.mark.parametrize(
    ("zone", "start", "expected"),
    [
        ("Europe/Berlin", "2026-03-26", ["03-27T18:00", "03-30T17:00", "04-01T17:00"]),
        ("Europe/Berlin", "2026-10-22", ["10-23T17:00", "10-26T18:00", "10-28T18:00"]),
        ("America/New_York", "2026-03-05", ["03-07T00:00", "03-09T23:00", "03-11T23:00"]),
        ("America/New_York", "2026-10-29", ["10-30T23:00", "11-03T00:00", "11-05T00:00"]),
    ],
)
def test_the_time_on_the_wall_stays_over_both_clock_changes(
    db: Session, zone: str, start: str, expected: list[str]
) -> None:
    now = at(f"{start}T12:00")
    owner = make_patient(db, "clock@example.org", now=now, time_zone=zone)
    save(db, owner, now, starts_on=now.date())
    assert wakes(db)[:3] == expected


@pytest.mark.parametrize(
    ("zone", "change"),
    [("Europe/Berlin", "2026-03-29"), ("Europe/Berlin", "2026-10-25"), ("America/Santiago", "2026-09-06")],
)
def test_the_day_begins_once_where_the_clock_changes(db: Session, zone: str, change: str) -> None:
    now = at(f"{change}T12:00") - timedelta(days=1)
    owner = make_patient(db, "clock@example.org", now=now, time_zone=zone)
    save(db, owner, now, starts_on=now.date())
    begun = []
    for hour in range(48):
        then = now + timedelta(hours=hour)
        for due in plans.due_for_planning(db, limit=10, now=then):
            plans.refresh_again(db, due, now=then)
            begun.append(plans.get_plan(db, owner).replan_at)
    assert len(begun) == len(set(begun)) == 2
