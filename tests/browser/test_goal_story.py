"""The step goal: begun, explained once, off under a warning even without a network, back in half, and short walks."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from playwright.sync_api import expect
from sqlalchemy.orm import Session

from server import jobs
from server.services import step_counts
from server.services.owner import Owner
from server.services.records import daily_id
from server.services.step_counts import StepsOfDay
from server.wiring import build_dependencies
from tests.browser.phone import ZONE, Phone, answered_now
from tests.browser.site import ApiClient, Site, eventually
from tests.factories import block, foot_check, symptom_entry

NOW = datetime.now(ZoneInfo(ZONE))
TODAY = NOW.date()
DAY = timedelta(days=1)
MONDAY = TODAY - TODAY.weekday() * DAY
OPEN_SORE = "Open sore, blister"


@contextmanager
def worker(site: Site, at: datetime) -> Iterator[Any]:
    """A worker of the same database that lives at another moment."""
    deps = replace(build_dependencies(site.settings), clock=lambda: at)
    try:
        yield deps
    finally:
        deps.push_sender.close()
        deps.database.engine.dispose()


def push(db: Session, owner: Owner, steps: int, first: date, days: int, now: datetime) -> None:
    counts = [StepsOfDay(first + n * DAY, steps, False, now) for n in range(days)]
    step_counts.save_device_counts(db, owner, "watch", "Watch", counts, now=now)


def lived(site: Site, api: ApiClient, *, week: int) -> None:
    """A goal of 3,300 since two Mondays ago, then a week of so many steps a day, decided this Monday."""
    owner = Owner(UUID(api.call("GET", "/me")["id"]), ZONE)
    for monday, steps in ((MONDAY - 14 * DAY, 3_000), (MONDAY - 7 * DAY, week)):
        at = datetime.combine(monday + 7 * DAY, datetime.min.time(), ZoneInfo(ZONE)).astimezone(UTC)
        with worker(site, at) as deps:
            with deps.database.write() as db:
                push(db, owner, steps, monday, 7, at)
            jobs.look_at_goals(deps)


def looked_after(api: ApiClient) -> None:
    """Pain noted on each day of the last two whole weeks, feet found clear on each day of the last."""
    me = UUID(api.call("GET", "/me")["id"])
    for on in (MONDAY - n * DAY for n in range(1, 15)):
        entry = symptom_entry(on=str(on), recorded_at=f"{on}T18:00:00Z", pain=3)
        api.call("PUT", f"/symptom-entries/{daily_id(me, 'symptom_entry', on)}", entry)
        if on >= MONDAY - 7 * DAY:
            check = foot_check(on=str(on), recorded_at=f"{on}T18:00:00Z")
            api.call("PUT", f"/foot-checks/{uuid4()}", check)


def type_steps(api: ApiClient, steps: int, *days: date) -> None:
    for on in days:
        after = datetime.combine(on + DAY, datetime.min.time(), ZoneInfo(ZONE)) if on < TODAY else NOW
        api.call("PUT", f"/step-counts/{on}", {"steps": steps, "recorded_at": after.isoformat()})


def kept(api: ApiClient) -> Any:
    return api.call("GET", "/me/step-goal")


def sent_goals(api: ApiClient) -> list[Any]:
    items = api.call("GET", "/changes")["items"]
    return [item["record"] for item in items if item["kind"] == "step_goal"]


def test_a_goal_comes_with_the_steps_is_told_once_and_explained(phone: Phone, api: ApiClient) -> None:
    phone.go("goal")
    phone.sees("Your goal is on its way")
    phone.sees("No steps are known yet.")
    type_steps(api, 3_000, *(TODAY - n * DAY for n in range(1, 8)))
    type_steps(api, 1_200, TODAY)
    phone.go("today")
    phone.page.reload()
    phone.sees("Goal 3,300: 2,100 steps to go")
    phone.sees("Your first goal is 3,300 steps a day. It is close to how you walk now.")
    phone.page.get_by_role("button", name="OK, I see").click()
    expect(phone.page.get_by_text("Your first goal is")).to_have_count(0)
    assert eventually(lambda: kept(api)["told"]) == 1
    phone.page.reload()
    phone.sees("Goal 3,300")
    expect(phone.page.get_by_text("Your first goal is")).to_have_count(0)
    phone.tap("See my goal")
    phone.sees("Why this goal")
    for line in ("Wear shoes, indoors too.", "Have sugar with you.", "Walk on even ground.", "Take a stick"):
        phone.sees(line)
    phone.sees("Your goal goes up to 7,000 steps.")
    phone.tap("Turn the goal off")
    phone.sees("The goal is off")
    assert eventually(lambda: kept(api)["state"] == "off")
    phone.go("today")
    expect(phone.page.get_by_text("to go")).to_have_count(0)
    phone.go("goal")
    phone.tap("Turn the goal on")
    phone.sees("Your goal is on again: 3,300 steps a day.", within=15)


def test_a_good_week_with_clear_foot_checks_raises_it(phone: Phone, site: Site, api: ApiClient) -> None:
    looked_after(api)
    lived(site, api, week=4_000)
    phone.page.reload()
    phone.sees("Up from 3,300 to 3,800 steps a day. You had a good week.", within=15)
    phone.go("goal")
    phone.sees("Your foot check was clear on 5 days.")


def test_a_hard_week_makes_it_easier_and_nobody_is_shamed(phone: Phone, site: Site, api: ApiClient) -> None:
    lived(site, api, week=800)
    phone.page.reload()
    phone.sees("Down from 3,300 to 2,900 steps a day. A goal should be easy to reach.", within=15)
    phone.go("goal")
    phone.sees("A day without the goal is fine. Nothing is lost.")
    phone.go("progress")
    phone.page.get_by_text("28 days", exact=True).click()
    chart = phone.page.get_by_role("region", name="Steps")
    chart.get_by_text("Show as a table").click()
    for words in ("3,300", "2,900", "no goal"):
        expect(chart.get_by_role("cell", name=words).first).to_be_visible()
    expect(chart).to_contain_text(re.compile("goal 2,900"))


def test_a_warning_turns_it_off_without_a_network_and_the_clinic_brings_half_of_it_back(
    phone: Phone, site: Site, api: ApiClient
) -> None:
    lived(site, api, week=800)
    phone.page.reload()
    phone.sees("Goal 2,900", within=15)
    phone.worker_ready()
    site.stop()
    try:
        phone.go("help")
        phone.tap(OPEN_SORE)
        phone.tap("Continue with 1")
        phone.page.get_by_role("button", name="No", exact=True).click()
        phone.tap("Yes, that is right")
        phone.go("today")
        phone.sees("A warning sign means that your foot needs rest.")
        expect(phone.page.get_by_text("to go")).to_have_count(0)
        phone.go("goal")
        phone.sees("No walks for exercise. No foot exercises, not even in a chair.")
        phone.sees("It begins with half of 2,900 steps.")
    finally:
        site.start()
    phone.page.reload()
    assert eventually(lambda: kept(api)["state"] == "resting", within=60)
    phone.sees("While it rests, stay under 1,400 steps a day.", within=15)
    phone.tap("See what to do")
    phone.tap("My clinic said OK")
    phone.page.get_by_label("Who said OK?").fill("Dr Okafor")
    phone.page.locator("main form button[type=submit], main button:has-text('Save')").first.click()
    assert eventually(lambda: kept(api)["state"] == "on", within=30)
    phone.go("goal")
    phone.page.reload()
    phone.sees("Your goal is back at 1,400 steps a day. It begins low and grows bit by bit.", within=15)
    phone.sees("On the way back to 2,900 steps.")


def test_a_rest_that_is_hard_to_keep_is_said_kindly(phone: Phone, site: Site, api: ApiClient) -> None:
    owner = Owner(UUID(api.call("GET", "/me")["id"]), ZONE)
    lived(site, api, week=800)
    began = NOW - 3 * DAY
    flag = block(on=str(began.date()), started_at=began.isoformat(), level="same_day")
    api.call("PUT", f"/blocks/{uuid4()}", flag)
    with worker(site, datetime.now(UTC)) as deps, deps.database.write() as db:
        push(db, owner, 4_200, TODAY - DAY, 1, datetime.now(UTC))
    phone.go("goal")
    phone.page.reload()
    phone.sees("4,200 steps. Your foot needs more rest. Please stay under 1,400.", within=15)
    phone.sees("Tell your clinic when rest is hard to keep. They can help.")


def test_feet_that_may_be_numb_have_a_lower_cap_until_the_clinic_lifts_it(phone: Phone, api: ApiClient) -> None:
    api.call("PATCH", "/me", {"profile": answered_now(numb_feet="not_sure")})
    type_steps(api, 3_000, *(TODAY - n * DAY for n in range(1, 8)))
    phone.go("goal")
    phone.page.reload()
    phone.sees("Your goal stays at 4,000 steps or less.", within=15)
    phone.tap("My clinic said OK")
    phone.page.get_by_label("Who said OK?").fill("Dr Okafor")
    phone.tap("Save the OK")
    phone.sees("Your clinic said that more steps are fine.")
    assert eventually(lambda: kept(api)["cap"]["kind"] == "lifted")
    phone.sees("Your goal goes up to 7,000 steps.", within=15)
    phone.tap("This OK no longer holds")
    phone.sees("Your goal stays at 4,000 steps or less.", within=15)


def test_who_has_come_as_far_as_7_000_may_choose_more(phone: Phone, api: ApiClient) -> None:
    type_steps(api, 6_900, *(TODAY - n * DAY for n in range(1, 8)))
    phone.go("goal")
    phone.page.reload()
    phone.sees("You have come as far as 7,000 steps. Do you want to go on?", within=15)
    phone.choose("main input[value='9000']")
    phone.page.locator("main").get_by_role("button", name="Save", exact=True).click()
    assert eventually(lambda: kept(api)["cap"] == {"kind": "usual", "most": 9_000, "may_choose": 10_000})


def test_short_walks_begin_without_a_network_and_grow_by_the_week(phone: Phone, site: Site, api: ApiClient) -> None:
    phone.worker_ready()
    site.stop()
    try:
        phone.go("goal")
        phone.tap("Begin with short walks")
        phone.sees("Walk 5 minutes at a time, 2 to 3 times a day.")
        phone.sees("Stand up or move a bit every 30 minutes.")
    finally:
        site.start()
    phone.page.reload()
    assert eventually(lambda: sent_goals(api), within=60)[0]["walks_from_on"] == str(TODAY)
    later = NOW + timedelta(days=14)
    phone.page.clock.set_fixed_time(later)
    phone.page.reload()
    phone.sees("Walk 9 minutes at a time, 2 to 3 times a day.", within=15)
    phone.tap("Stop the short walks")
    phone.sees("Begin with short walks")
