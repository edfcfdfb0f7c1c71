"""States of a patient that change whole screens, for eyes that do not see well and fingers that are not steady."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser

from tests.browser.for_everybody import look
from tests.browser.phone import Phone, answered_now
from tests.browser.site import ApiClient, Site


@pytest.fixture(scope="module", params=["light", "dark"])
def asked(request: pytest.FixtureRequest, chromium: Browser, site: Site) -> Iterator[Phone]:
    """Somebody who must ask the clinic first."""
    email = f"asked_{request.param}@example.org"
    api = ApiClient(site)
    api.sign_up(email)
    api.call("PATCH", "/me", {"profile": answered_now(blood_clot="yes", reaches_feet="no")})
    with Phone(chromium, site, color_scheme=request.param, reduced_motion="reduce") as phone:
        phone.sign_in(email)
        yield phone


def test_what_the_clinic_said_is_for_everybody(asked: Phone) -> None:
    asked.go("session")
    asked.sees("Ask your clinic first")
    look(asked)
    asked.tap("My clinic said OK")
    asked.tap("Save the OK")
    asked.sees("Please type the name")
    look(asked)
    asked.page.get_by_label("Who said OK?").fill("Dr Okafor")
    asked.tap("Save the OK")
    asked.go("profile")
    asked.sees("Dr Okafor said OK")
    look(asked)
    asked.tap("Add another OK")
    look(asked)


@pytest.fixture(scope="module", params=["light", "dark"])
def resting(request: pytest.FixtureRequest, chromium: Browser, site: Site) -> Iterator[Phone]:
    """Somebody whose step goal is off, for a warning rests the feet."""
    email = f"resting_{request.param}@example.org"
    api = ApiClient(site)
    api.sign_up(email)
    for day in range(1, 8):
        on = datetime.now(UTC).date() - timedelta(days=day)
        api.call("PUT", f"/step-counts/{on}", {"steps": 3000, "recorded_at": f"{on + timedelta(days=1)}T00:00:00Z"})
    with Phone(chromium, site, color_scheme=request.param, reduced_motion="reduce") as phone:
        phone.sign_in(email)
        yield phone


def test_each_state_of_the_step_goal_is_for_everybody(resting: Phone) -> None:
    resting.go("goal")
    resting.sees("Why this goal")
    resting.tap("My clinic said OK")
    resting.tap("Save the OK")
    look(resting)
    resting.tap("Turn the goal off")
    resting.sees("The goal is off")
    look(resting)
    resting.go("help")
    resting.tap("Pus, bad smell or new redness")
    resting.tap("Continue with 1")
    resting.page.get_by_role("button", name="No", exact=True).click()
    resting.tap("Yes, that is right")
    resting.go("goal")
    resting.sees("Rest your foot")
    look(resting)
