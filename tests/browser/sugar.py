"""A sugar reading typed on the phone, what it leads to, and the clock that goes on after it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import expect

from tests.browser.phone import Phone
from tests.browser.site import ApiClient, eventually
from tests.factories import glucose_reading

CLINIC = {"FOOTWELL_CLINIC_PHONE": "+49 30 1234567", "FOOTWELL_CLINIC_OUT_OF_HOURS_PHONE": "+49 30 7654321"}
CALL, CLOSED, EMERGENCY = "tel:+49301234567", "tel:+49307654321", "tel:112"


def log(phone: Phone, value: str, unit: str = "mg/dL", **told: Any) -> None:
    phone.go("today")  # so that the form is a new one
    phone.go("log/glucose")
    phone.type_sugar(value, unit, **told)


def kept(api: ApiClient, matching: Callable[[dict[str, Any]], object] = lambda _one: True) -> dict[str, Any]:
    """The one reading like that, once it has arrived."""
    found = eventually(lambda: [one for one in api.call("GET", "/glucose-readings")["items"] if matching(one)])
    assert len(found) == 1
    reading: dict[str, Any] = found[0]
    return reading


def heading(phone: Phone, name: str) -> None:
    expect(phone.page.get_by_role("heading", level=1, name=name)).to_be_visible()


def calls(phone: Phone) -> list[str]:
    links = phone.page.eval_on_selector_all("main a[href^=tel]", "all => all.map((one) => one.getAttribute('href'))")
    return [str(href) for href in links]


def moment(at: datetime, **changes: Any) -> dict[str, Any]:
    return glucose_reading(on=at.date().isoformat(), recorded_at=at.isoformat().replace("+00:00", "Z"), **changes)


def later(phone: Phone, minutes: int) -> None:
    """The phone's clock goes on, and the app is looked at again."""
    phone.page.clock.set_fixed_time(datetime.now(UTC) + timedelta(minutes=minutes))
    phone.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
