"""Who may run what: modes, the clinic's OK and its end, answers that grow old, sore areas, a session of one's own."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from server.care.clearances import add_months
from tests.browser.phone import REPEAT_GUARD_MS, ZONE, Phone, answered_now
from tests.browser.site import ApiClient, Site, eventually
from tests.factories import clearance

SCRIPTS = "fieldset[data-name=script] label"


@pytest.fixture
def api(site: Site, email: str) -> ApiClient:
    client = ApiClient(site)
    client.sign_up(email)
    return client


@pytest.fixture
def phone(chromium: Browser, site: Site, api: ApiClient, email: str) -> Iterator[Phone]:
    with Phone(chromium, site) as phone:
        yield phone


def answered(api: ApiClient, **answers: str) -> None:
    api.call("PATCH", "/me", {"profile": answered_now(**answers)})


def offered(phone: Phone) -> list[str]:
    """The scripts on the screen, in their order."""
    phone.page.locator(SCRIPTS).first.wait_for()
    return phone.page.eval_on_selector_all("fieldset[data-name=script] input", "all => all.map((one) => one.value)")


def today() -> date:
    return datetime.now(ZoneInfo(ZONE)).date()


def test_thin_skin_runs_only_what_is_gentle(phone: Phone, api: ApiClient, email: str, site: Site) -> None:
    answered(api, fragile_skin="yes")
    phone.sign_in(email)
    phone.worker_ready()
    phone.go("session")
    phone.page.locator(SCRIPTS).first.wait_for()
    site.stop()
    try:
        phone.page.reload()
        assert set(offered(phone)) <= {"G12", "A6", "OWN"}
        phone.sees("Press no harder than 2 out of 10")
        phone.sees("Gentle massage")
        phone.go("session?script=S20")
        assert set(offered(phone)) <= {"G12", "A6", "OWN"}
    finally:
        site.start()


def test_the_clinics_ok_opens_a_gentle_session_and_is_kept_offline(
    phone: Phone, api: ApiClient, email: str, site: Site
) -> None:
    answered(api, blood_clot="yes", pregnant="yes")
    phone.sign_in(email)
    phone.worker_ready()
    phone.go("session")
    phone.sees("Ask your clinic first")
    site.stop()
    try:
        phone.tap("My clinic said OK")
        phone.page.locator("label:has(input[name=pregnant])").click()
        phone.tap("Save the OK")
        phone.sees("Please type the name")
        phone.page.get_by_label("Who said OK?").fill("Dr Okafor")
        phone.tap("Save the OK")
        expect(phone.page.get_by_text("You may have had a blood clot")).to_have_count(0)
        phone.sees("You may be pregnant")
        phone.tap("My clinic said OK")
        phone.page.get_by_label("Who said OK?").fill("Midwife Jo")
        phone.tap("Save the OK")
        assert "OWN" in offered(phone)
        phone.sees("Gentle massage")
        phone.sees("Dr Okafor said OK. It counts until")
    finally:
        site.start()
    phone.go("profile")
    phone.sees("Midwife Jo said OK")
    kept = eventually(lambda: api.call("GET", "/clearances")["items"], within=60)
    assert {tuple(one["reasons"]) for one in kept} <= {("blood_clot",), ("pregnant",)}
    phone.page.get_by_role("button", name="This OK no longer holds").first.click()
    phone.tap("Yes, end it")
    phone.sees("Ask your clinic first")


@pytest.mark.parametrize(("days_left", "said"), [(3, "It ends soon"), (-1, "Ask your clinic first")])
def test_an_ok_ends_after_six_months_and_says_so_before(
    phone: Phone, api: ApiClient, email: str, days_left: int, said: str
) -> None:
    answered(api, blood_clot="yes")
    on = add_months(today() + timedelta(days=days_left), -6).isoformat()
    kept = clearance(clinician_on=on, on=on, recorded_at=f"{on}T08:00:00Z")
    api.call("PUT", f"/clearances/{uuid4()}", kept)
    phone.sign_in(email)
    phone.go("session")
    phone.sees(said)


def test_answers_of_three_months_ago_are_looked_at_again(phone: Phone, api: ApiClient, email: str, site: Site) -> None:
    answered(api, sees_soles="no")
    phone.page.clock.install()
    phone.sign_in(email)
    phone.worker_ready()
    phone.go("session")
    offered(phone)
    site.stop()  # a server would take the phone's clock for wrong
    try:
        phone.page.clock.set_system_time(datetime.now(UTC) + timedelta(days=93))
        phone.page.reload()
        phone.sees("Still right?")
        expect(phone.page.get_by_text("Start with a foot check")).to_have_count(0)
        phone.go("today")
        phone.sees("Still right?")
        phone.tap("Look at my answers")
        phone.sees("It has been 3 months")
        phone.keep_profile()
        phone.sees("You answered on")
        phone.go("session")
        offered(phone)
        phone.sees("Ask a helper to look at your soles")
    finally:
        site.start()


def running(phone: Phone) -> bool:
    """Whether the massage still runs, once the last tap has had its effect."""
    phone.page.wait_for_timeout(2 * REPEAT_GUARD_MS)
    return phone.page.get_by_role("button", name="STOP").count() > 0


def start_check(phone: Phone, script: str = "S8") -> None:
    phone.go("session")
    phone.choose(f"fieldset[data-name=script] input[value={script}]")
    phone.tap("Start with a foot check")


def test_a_sore_area_is_left_out_and_kept_in_the_log(phone: Phone, api: ApiClient, email: str, site: Site) -> None:
    answered(api)
    phone.sign_in(email)
    phone.worker_ready()
    start_check(phone)
    site.stop()
    try:
        phone.tap("Rash, wart, foot fungus")
        phone.tap("Continue with 1")
        phone.tap("No")
        phone.sees("Where is it?")
        phone.tap("Continue")
        phone.sees("Tap at least one area")
        phone.page.locator("label:has(input[name='left.heel'])").click()
        phone.page.locator("svg [data-region=top]").last.click()
        expect(phone.page.locator("input[name='right.top']")).to_be_checked()
        phone.tap("Continue with 2")
        phone.sees("Heel, Left foot · Top of the foot, Right foot")
        phone.tap("Yes, that is right")
        phone.sees("We leave that area out")
        phone.sees("Call your clinic in the next 1–2 working days")
        phone.tap("Go on without that area")
        phone.choose("fieldset input[value='4']")
        phone.tap("Continue")
        phone.tap("Start the massage")
        phone.tap("Next")
        phone.tap("Next")
        phone.tap("Next")
        phone.sees("Leave out the sore area.")
        phone.tap("Next")
        phone.sees("Small circles on the arch")
        phone.tap("STOP")
        phone.tap("I have had enough")
        phone.tap("Save my session")
    finally:
        site.start()
    (log,) = eventually(lambda: api.call("GET", "/session-logs")["items"], within=60)
    assert (log["areas_skipped"], log["rules_differ"]) == (["left.heel", "right.top"], False)
    assert log["profile_decision"]["outcome"]["mode"] == "standard"
    (block,) = eventually(lambda: api.call("GET", "/blocks")["items"])
    assert (block["areas"], block["ended_at"]) == (["left.heel", "right.top"], None)


def test_not_sure_where_it_is_starts_no_session(phone: Phone, api: ApiClient, email: str) -> None:
    answered(api)
    phone.sign_in(email)
    start_check(phone)
    phone.tap("Rash, wart, foot fungus")
    phone.tap("Continue with 1")
    phone.tap("No")
    phone.tap("I am not sure where")
    phone.tap("Yes, that is right")
    phone.sees("Call this week")
    phone.sees("No massage until we know where it is")
    phone.tap("Check my feet again")
    phone.tap("None of these today")
    offered(phone)
    phone.tap("Start")
    phone.sees("How do your feet feel?")


def test_a_session_of_ones_own_runs_as_it_was_put_together(
    phone: Phone, api: ApiClient, email: str, site: Site
) -> None:
    answered(api)
    phone.sign_in(email)
    phone.worker_ready()
    phone.go("session")
    offered(phone)
    site.stop()
    try:
        phone.choose("fieldset[data-name=script] input[value=OWN]")
        phone.tap("Choose my steps")
        phone.tap("Go on to the foot check")
        phone.sees("Tick at least one step")
        phone.choose("input[name=stroking]")
        phone.choose("input[name=rolling]")
        phone.page.get_by_label("How many minutes?").select_option("7")
        phone.tap("Go on to the foot check")
        phone.tap("None of these today")
        phone.choose("fieldset input[value='2']")
        phone.tap("Continue")
        phone.sees("My own session")
        phone.tap("Start the massage")
        expect(phone.page.get_by_role("timer")).to_contain_text("6:5")
        phone.page.reload()
        phone.tap("Go on")
        while running(phone):
            phone.page.get_by_role("button", name="Next").click()
        phone.tap("Save my session")
        phone.sees("Saved")
        phone.tap("Go to Today")
        expect(phone.page.get_by_role("heading", level=1, name="Today")).to_be_visible()
        phone.go("session")
        phone.sees("One a day is enough")
    finally:
        site.start()
    (log,) = eventually(lambda: api.call("GET", "/session-logs")["items"], within=60)
    assert (log["script_id"], log["state"]) == ("OWN", "finished")
    assert log["own"] == {"techniques": ["stroking", "rolling"], "minutes": 7}


@pytest.mark.parametrize("helper", ["yes", "no"])
def test_who_cannot_reach_needs_a_helper(phone: Phone, api: ApiClient, email: str, helper: str) -> None:
    answered(api, reaches_feet="no", has_helper=helper)
    phone.sign_in(email)
    phone.go("session")
    phone.page.locator("input[name=helper]").wait_for()
    assert "OWN" not in offered(phone)
    phone.choose("input[name=helper]")
    assert "S8" in offered(phone)
    phone.choose("fieldset[data-name=script] input[value=S8]")
    phone.tap("Start with a foot check")
    phone.sees("Look at both feet")


def test_who_nothing_fits_is_told_why_and_whom_to_ask(phone: Phone, api: ApiClient, email: str) -> None:
    answered(api, touch_hurts="yes", reaches_feet="no")
    phone.sign_in(email)
    for screen in ("session", "profile"):
        phone.go(screen)
        phone.sees("With these answers no session here fits you")
        phone.sees("Light touch may hurt your feet")
        phone.sees("You may not reach your feet")
        expect(phone.page.get_by_role("button", name="My clinic said OK")).to_have_count(0)
    phone.go("today")
    phone.sees("Ask your clinic first")
