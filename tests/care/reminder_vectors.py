"""What Python makes of the rules of reminders, of quiet hours and pauses, for the phone's twin of it."""

import random
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta

from server.localtime import local_date
from server.services.quiet_hours import is_paused, quiet_until
from server.services.recurrence import REPEATS, Rule, never_comes, next_moments

# With the days on which their clocks change.
ZONES = {
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "Asia/Kolkata": (date(2026, 11, 22),),
}


def some_rule(rng: random.Random, near: date) -> Rule:
    """A rule that may be saved, and now and then one that never comes."""
    repeat = rng.choice(REPEATS)
    starts_on = near + timedelta(days=rng.choice((-400, -9, -1, 0, 1, 12)))
    return Rule(
        weekdays=sorted(rng.sample(range(1, 8), rng.choice((1, 2, 3, 7)))),
        times=rng.sample(("00:00", "01:15", "01:45", "02:00", "02:30", "03:00", "07:05", "19:00", "23:59"), 2),
        starts_on=starts_on,
        ends_on=rng.choice((None, None, starts_on + timedelta(days=rng.choice((0, 1, 3, 10))))),
        repeat=repeat,
        every=None if repeat == "weekdays" else rng.randint(1, 7 if repeat == "times_a_week" else 90),
    )


def reminder_vectors(rng: random.Random, count: int) -> Iterator[dict[str, object]]:
    """Rules of all kinds and what comes of them, quiet hours and pauses, on days around clock changes."""
    for _ in range(count):
        zone = rng.choice(list(ZONES))
        change = rng.choice(ZONES[zone])
        now = datetime(change.year, change.month, change.day, tzinfo=UTC)
        now += timedelta(days=rng.choice((-2, -1, 0, 0, 1)), minutes=rng.randrange(1440))
        rule = some_rule(rng, change)
        first, until = rng.sample(("22:00", "07:00", "00:00", "02:30", "03:00", "13:00"), 2)
        hours = rng.choice((None, {"from": first, "until": until}))
        pause_days = [(change + timedelta(days=offset)).isoformat() for offset in (-1, 0, 1)]
        pause = rng.choice((None, {"from_on": rng.choice(pause_days), "until_on": rng.choice((None, *pause_days))}))
        yield {
            "rule": asdict(rule),
            "zone": zone,
            "now": now,
            "moments": [
                {"on": one.on, "time": one.local_time.isoformat("minutes"), "at": one.due_at}
                for one in next_moments(rule, zone, count=10, now=now)
            ],
            "never": never_comes(rule),
            "quiet_hours": hours,
            "quiet_until": quiet_until(hours, zone, now),
            "pause": pause,
            "paused": is_paused(pause, local_date(now, zone)),
        }
