"""A reminder on its way: planned, sent, shown by a real Firefox, tapped, and reported back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import pytest

from tests.browser.reminded import InFirefox, work_at
from tests.browser.site import ApiClient, Site, eventually
from tests.care.answers import NO_FLAG
from tests.fakes.firefox import Firefox
from tests.fakes.notification_daemon import NotificationDaemon
from tests.fakes.push_service import PushService

EMAIL = "reminder@example.org"


@pytest.fixture(scope="module")
def service() -> Iterator[PushService]:
    with PushService() as service:
        yield service


@pytest.fixture(scope="module")
def site(service: PushService, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"), FOOTWELL_PUSH_HOSTS=service.host)
    site.start()
    yield site
    site.stop()


@pytest.fixture(scope="module")
def desktop() -> Iterator[NotificationDaemon]:
    with NotificationDaemon() as desktop:
        yield desktop


@pytest.fixture(scope="module")
def firefox(service: PushService, desktop: NotificationDaemon, site: Site) -> Iterator[InFirefox]:
    with Firefox(push_service=service, system_notifications=True, environment=desktop.environment) as firefox:
        yield InFirefox(firefox, site)


@pytest.fixture(scope="module")
def api(site: Site) -> ApiClient:
    client = ApiClient(site)
    client.sign_up(EMAIL)
    profile = {"answers": NO_FLAG, "answered_at": "2026-11-22T08:00:00Z", "decision": None}
    client.call("PATCH", "/me", {"profile": profile})
    return client


@pytest.fixture(scope="module")
def reminders(api: ApiClient, firefox: InFirefox) -> InFirefox:
    """Firefox on the Reminders screen: a plan with its days chosen, notifications on."""
    firefox.sign_in(EMAIL)
    firefox.go("plan/choose")
    firefox.tap("Next")  # three times a week is chosen until another is
    for day in ("Monday", "Wednesday", "Friday", "Tuesday", "Thursday", "Saturday"):
        firefox.tap(day)  # the three that were chosen, and three others instead
    firefox.evaluate("() => { document.querySelector('input[name=time]').focus() }")
    firefox.firefox.fill("input[name=time]", "19:00")
    firefox.tap("Save my plan")
    firefox.firefox.wait_for("() => document.querySelector('h1')?.textContent === 'My plan'")
    firefox.go("reminders")
    firefox.tap("Turn on reminders")
    eventually(lambda: api.call("GET", "/push/subscriptions")["items"])
    return firefox


def owner_of(api: ApiClient) -> str:
    return str(api.call("GET", "/me")["id"])


def test_send_me_a_test_arrives_at_once(reminders: InFirefox, desktop: NotificationDaemon, api: ApiClient) -> None:
    before = len(desktop.notifications)
    reminders.tap("Send me a test")
    shown = desktop.wait_for(before + 1)[-1]
    assert shown.title == "Footwell test"
    eventually(lambda: api.call("GET", "/push/subscriptions")["items"][0]["last_shown_at"])
    reminders.firefox.wait_for("() => document.body.textContent.includes('Last arrived')")


def test_at_the_due_moment_it_is_shown_once_and_its_tap_opens_the_session(
    reminders: InFirefox, desktop: NotificationDaemon, service: PushService, site: Site, api: ApiClient
) -> None:
    (reminder,) = api.call("GET", "/reminders")["items"]
    assert reminder["id"] == str(uuid5(UUID(owner_of(api)), "reminder/plan"))  # the same on every phone
    occurrences = eventually(lambda: api.call("GET", "/occurrences")["items"])
    assert {datetime.fromisoformat(item["on"]).isoweekday() for item in occurrences} == {2, 4, 6}
    assert {item["local_time"] for item in occurrences} == {"19:00"}
    due_at = datetime.fromisoformat(occurrences[0]["due_at"])
    before = len(desktop.notifications)
    assert [work_at(site, due_at + timedelta(seconds=late)) for late in (-1, 0, 1)] == [0, 1, 0]
    shown = desktop.wait_for(before + 1)[-1]
    assert shown.title == "Footwell: it is time"
    assert {"Start", "Later"} <= set(shown.actions.values())
    desktop.click(shown)
    opened = f"#/session?occurrence={occurrences[0]['id']}"
    eventually(lambda: any(opened in page for page in reminders.pages()))
    sent = eventually(lambda: [o for o in api.call("GET", "/occurrences")["items"] if o["sent_at"]])
    assert [occurrence["id"] for occurrence in sent] == [occurrences[0]["id"]]
    assert service.refusals == []


def test_a_subscription_that_the_push_service_lost_is_made_anew_without_asking(
    reminders: InFirefox, desktop: NotificationDaemon, service: PushService, api: ApiClient
) -> None:
    [lost] = api.call("GET", "/push/subscriptions")["items"]
    reminders.close_app()
    service.disconnect_browsers(forget=True)
    items = eventually(
        lambda: [one for one in api.call("GET", "/push/subscriptions")["items"] if one["id"] != lost["id"]], within=30
    )
    assert items == api.call("GET", "/push/subscriptions")["items"]
    before = len(desktop.notifications)
    assert [result["state"] for result in api.call("POST", "/push/test", {})["results"]] == ["sent"]
    assert desktop.wait_for(before + 1)[-1].title == "Footwell test"


def test_a_browser_that_is_gone_is_forgotten_and_no_other(
    reminders: InFirefox, service: PushService, api: ApiClient
) -> None:
    other = service.subscribe()
    body = {"endpoint": other.endpoint, "keys": {"p256dh": other.p256dh, "auth": other.auth}, "label": "Another phone"}
    api.call("PUT", "/push/subscriptions", body)
    service.forget(service.browser_endpoints()[0])
    results = api.call("POST", "/push/test", {})["results"]
    assert sorted(result["state"] for result in results) == ["gone", "sent"]
    assert [item["label"] for item in api.call("GET", "/push/subscriptions")["items"]] == ["Another phone"]
