"""A reminder in real browsers: subscribed by a tap, sent by the worker, shown, answered by its buttons, reported."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Playwright
from sqlalchemy import select

from integrations.push import message_topic
from server.models import PushDelivery
from server.wiring import build_dependencies
from tests.browser.conftest import FLAGS, chromium_path
from tests.browser.phone import answered_now, midday_zone
from tests.browser.reminded import ProfileOnDisk, Reminded, in_chromium, in_firefox, work_at
from tests.browser.site import ApiClient, Site, eventually
from tests.factories import reminder
from tests.fakes.fcm import Fcm
from tests.fakes.notification_daemon import NotificationDaemon, Shown
from tests.fakes.push_service import PushService

OUTBOX = """(store, key) => new Promise((resolve) => {
  indexedDB.open(`footwell-${store}`).onsuccess = ({ target: { result: db } }) => {
    db.transaction('outbox').objectStore('outbox').get(key).onsuccess = ({ target }) => {
      db.close()
      resolve(target.result?.body ?? null)
    }
  }
})"""
TAGS = """async () => {
  const shown = await (await navigator.serviceWorker.ready).getNotifications()
  return shown.map(({ tag }) => tag)
}"""

WORDS = "() => document.querySelector('main').textContent"


@pytest.fixture(scope="module", params=["chromium", "firefox"])
def service(request: pytest.FixtureRequest) -> Iterator[PushService]:
    with Fcm() if request.param == "chromium" else PushService() as service:
        yield service


@pytest.fixture(scope="module")
def site(service: PushService, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"), FOOTWELL_PUSH_HOSTS=service.host)
    site.start()
    yield site
    site.stop()


@pytest.fixture(scope="module")
def desktop(service: PushService) -> Iterator[NotificationDaemon]:
    with NotificationDaemon() as desktop:
        yield desktop


@pytest.fixture(scope="module")
def api(site: Site) -> ApiClient:
    client = ApiClient(site)
    client.sign_up("pushed@example.org")
    client.call("PATCH", "/me", {"profile": answered_now(), "time_zone": midday_zone()})
    return client


@pytest.fixture(scope="module")
def phone(
    driver: Playwright,
    service: PushService,
    site: Site,
    desktop: NotificationDaemon,
    api: ApiClient,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Reminded]:
    email = "pushed@example.org"
    if isinstance(service, Fcm):
        env = {**os.environ, **desktop.environment}
        folder = tmp_path_factory.mktemp("profile")
        profile = ProfileOnDisk(driver, folder, chromium_path(), [*FLAGS, *service.flags], env)
        with in_chromium(profile, site, email, service) as phone:
            yield phone
    else:
        with in_firefox(site, email, service, desktop) as phone:
            yield phone


class Moment:
    """One due moment of a reminder of its own, and the message of it."""

    def __init__(self, kind: str, site: Site, api: ApiClient, phone: Reminded, desktop: NotificationDaemon) -> None:
        self._site, self._api, self._phone, self._desktop = site, api, phone, desktop
        zone = ZoneInfo(api.call("GET", "/me")["time_zone"])
        due = (datetime.now(UTC) + timedelta(minutes=2)).astimezone(zone)
        rule = reminder(kind=kind, weekdays=[1, 2, 3, 4, 5, 6, 7], times=[f"{due:%H:%M}"], starts_on=str(due.date()))
        made = api.call("PUT", f"/reminders/{uuid4()}", rule)
        of_it = [one for one in api.call("GET", "/occurrences")["items"] if one["reminder_id"] == made["id"]]
        self.id = of_it[0]["id"]
        self.due_at = datetime.fromisoformat(of_it[0]["due_at"])

    def now(self) -> dict[str, Any]:
        """As the server has it."""
        return next(one for one in self._api.call("GET", "/occurrences")["items"] if one["id"] == self.id)

    def send(self, at: datetime | None = None) -> Shown:
        """The worker sends it; the desktop shows it."""
        before = len(self._desktop.notifications)
        assert work_at(self._site, at or self.due_at, self._phone.led) == 1
        return self._desktop.wait_for(before + 1)[-1]

    def reported(self) -> set[str]:
        """What the phone told of its messages."""
        deps = build_dependencies(self._site.settings)
        with deps.database.read() as db:
            found = db.execute(select(PushDelivery).where(PushDelivery.occurrence_id == UUID(self.id))).scalars().all()
            events = ("received", "shown", "tapped", "dismissed")
            told = {event for row in found for event in events if getattr(row, f"{event}_at")}
        deps.database.engine.dispose()
        return told


@pytest.fixture
def moment(
    request: pytest.FixtureRequest, site: Site, api: ApiClient, phone: Reminded, desktop: NotificationDaemon
) -> Moment:
    return Moment(request.param, site, api, phone, desktop)


@pytest.mark.parametrize("moment", ["massage"], indirect=True)
def test_start_opens_the_session_and_each_step_is_reported(
    phone: Reminded, moment: Moment, desktop: NotificationDaemon, service: PushService
) -> None:
    shown = moment.send()
    assert shown.title == "Footwell: it is time"
    assert {"Start", "Later"} <= set(shown.actions.values())
    desktop.click(shown, "Start")
    eventually(lambda: any(f"#/session?occurrence={moment.id}" in page for page in phone.pages()))
    eventually(lambda: moment.reported() == {"received", "shown", "tapped"})
    assert service.refusals == []
    phone.open_app()
    phone.evaluate("() => { location.hash = '#/reminders' }")
    eventually(lambda: re.search("Last arrived: [^,]+, (Firefox|Chrome)", phone.evaluate(WORDS)))


@pytest.mark.parametrize("moment", ["massage"], indirect=True)
def test_later_is_half_an_hour_and_comes_again_under_the_same_tag_with_the_app_closed(
    phone: Reminded, moment: Moment, desktop: NotificationDaemon
) -> None:
    phone.close_app()
    first = moment.send()
    desktop.click(first, "Later")
    answered = eventually(lambda: moment.now() if moment.now()["state"] == "snoozed" else None)
    asked_at, until = (datetime.fromisoformat(answered[name]) for name in ("answered_at", "until"))
    assert until - asked_at == timedelta(minutes=30)
    again = moment.send(until)
    assert again.title == first.title
    phone.open_app()
    assert phone.evaluate(TAGS) == [message_topic(moment.id)]
    desktop.dismiss(again)
    eventually(lambda: "dismissed" in moment.reported())


@pytest.mark.parametrize("moment", ["foot_check"], indirect=True)
def test_done_without_a_network_waits_on_the_phone_and_goes_later(
    phone: Reminded, moment: Moment, site: Site, api: ApiClient, desktop: NotificationDaemon
) -> None:
    owner = api.call("GET", "/me")["id"]
    phone.close_app()
    shown = moment.send()
    assert {"Done", "Later"} <= set(shown.actions.values())
    site.stop()
    desktop.click(shown, "Done")
    phone.open_app()  # from what the phone keeps
    eventually(lambda: (phone.evaluate(OUTBOX, owner, f"/occurrences/{moment.id}") or {}).get("state") == "done")
    site.start()
    phone.open_app()
    eventually(lambda: moment.now()["state"] == "done")


def test_signing_out_ends_the_subscription_here_and_at_the_server(
    phone: Reminded, api: ApiClient, service: PushService
) -> None:
    assert len(service.browser_endpoints()) == len(api.call("GET", "/push/subscriptions")["items"]) == 1
    phone.open_app()
    phone.sign_out()
    eventually(lambda: api.call("GET", "/push/subscriptions")["items"] == [])
    eventually(lambda: service.browser_endpoints() == [])
