"""A real Firefox subscribes, receives what our sender encrypts, shows it and hands back the tap."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import web

from integrations.push import PushMessage, Subscription
from integrations.vapid import generate_vapid_key, public_key
from integrations.web_push import WebPushSender
from tests.fakes.firefox import Firefox, ScriptError
from tests.fakes.notification_daemon import NotificationDaemon
from tests.fakes.push_service import PushService

pytestmark = pytest.mark.browser

KEY = generate_vapid_key()

PAGE = "<!doctype html><html lang=en><title>Page</title><button>Subscribe</button><input><script src=page.js></script>"
PAGE_SCRIPT = """
const seen = [];
navigator.serviceWorker.addEventListener('message', event => seen.push(event.data));
navigator.serviceWorker.register('/sw.js');
document.querySelector('button').addEventListener('click', async () => {
  const registration = await navigator.serviceWorker.ready;
  const subscription = await registration.pushManager.subscribe(
    {userVisibleOnly: true, applicationServerKey: document.body.dataset.key});
  document.body.dataset.subscription = JSON.stringify(subscription);
});
"""
WORKER = """
const tell = async message => {
  for (const page of await clients.matchAll({includeUncontrolled: true})) page.postMessage(message);
};
self.addEventListener('install', () => skipWaiting());
self.addEventListener('activate', event => event.waitUntil(clients.claim()));
self.addEventListener('push', event => event.waitUntil((async () => {
  const {notification} = event.data.json();
  await registration.showNotification(notification.title, notification);
  await tell({kind: 'push', title: notification.title});
})()));
self.addEventListener('notificationclick', event => event.waitUntil((async () => {
  event.notification.close();
  await tell({kind: 'click', action: event.action, trusted: event.isTrusted, data: event.notification.data});
  if (!event.action) await clients.openWindow('/opened?occurrence=' + event.notification.data.occurrence_id);
})()));
self.addEventListener('notificationclose', event => event.waitUntil(tell({kind: 'close'})));
self.addEventListener('pushsubscriptionchange', event => event.waitUntil(tell(
  {kind: 'change', old: event.oldSubscription?.endpoint, fresh: event.newSubscription?.endpoint ?? null})));
"""


@pytest.fixture(scope="module")
def page_url() -> Iterator[str]:
    """A page with a service worker on a loopback origin, which browsers count as secure."""

    def answer(text: str, kind: str) -> object:
        async def handler(_: web.Request) -> web.Response:
            return web.Response(text=text, content_type=kind)

        return handler

    async def start() -> web.AppRunner:
        app = web.Application()
        for path, text, kind in (
            ("/", PAGE, "text/html"),
            ("/opened", "<!doctype html><title>Opened</title>", "text/html"),
            ("/page.js", PAGE_SCRIPT, "text/javascript"),
            ("/sw.js", WORKER, "text/javascript"),
        ):
            app.router.add_get(path, answer(text, kind))
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return runner

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    runner = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture(scope="module")
def service() -> Iterator[PushService]:
    with PushService() as running:
        yield running


@pytest.fixture(scope="module")
def desktop() -> Iterator[NotificationDaemon]:
    with NotificationDaemon() as running:
        yield running


@pytest.fixture(scope="module")
def firefox(service: PushService, desktop: NotificationDaemon, page_url: str) -> Iterator[Firefox]:
    with Firefox(push_service=service, system_notifications=True, environment=desktop.environment) as running:
        running.open(page_url)
        yield running


@pytest.fixture(scope="module")
def sender(service: PushService) -> Iterator[WebPushSender]:
    running = WebPushSender(KEY, "mailto:ops@example.org", extra_hosts=[service.host])
    yield running
    running.close()


@pytest.fixture
def subscription(firefox: Firefox) -> Subscription:
    """Subscribed by a trusted click, as Firefox demands."""
    firefox.evaluate(
        "key => { document.body.dataset.key = key; delete document.body.dataset.subscription }", public_key(KEY)
    )
    firefox.click("button")
    made = json.loads(firefox.wait_for("() => document.body.dataset.subscription"))
    return Subscription(made["endpoint"], made["keys"]["p256dh"], made["keys"]["auth"])


def message(subscription: Subscription, title: str, tag: str = "massage") -> PushMessage:
    notification = {
        "title": title,
        "body": "Eight minutes for your feet",
        "navigate": "https://feet.example.org/#/session",
        "tag": tag,
        "lang": "en",
        "silent": False,
        "data": {"occurrence_id": "o1"},
        "actions": [
            {"action": "start", "title": "Start", "navigate": "https://feet.example.org/#/session"},
            {"action": "later", "title": "Later", "navigate": "https://feet.example.org/#/today"},
        ],
    }
    payload = json.dumps({"v": 1, "notification": notification}).encode()
    return PushMessage("d1", subscription, payload, 60, "high", tag)


def seen(firefox: Firefox, kind: str) -> list[dict[str, object]]:
    """What the worker told the page."""
    found: list[dict[str, object]] = firefox.wait_for(
        "k => { const f = seen.filter(s => s.kind === k); return f.length ? f : null }", kind
    )
    firefox.evaluate("() => { seen.length = 0 }")
    return found


def test_a_message_is_shown_and_its_button_reaches_the_worker(
    firefox: Firefox,
    desktop: NotificationDaemon,
    service: PushService,
    sender: WebPushSender,
    subscription: Subscription,
) -> None:
    before = len(desktop.notifications)
    assert sender.send_now(message(subscription, "Time for your massage")).outcome == "accepted"
    shown = desktop.wait_for(before + 1)[-1]
    assert (shown.title, shown.body) == ("Time for your massage", "Eight minutes for your feet")
    assert {"Start", "Later"} <= set(shown.actions.values())
    assert seen(firefox, "push") == [{"kind": "push", "title": "Time for your massage"}]
    desktop.click(shown, "Later")
    assert seen(firefox, "click") == [
        {"kind": "click", "action": "later", "trusted": True, "data": {"occurrence_id": "o1"}}
    ]
    service.wait_for(1, acked=True)
    assert {m.ack for m in service.messages} == {100}
    assert service.refusals == []


def test_the_same_tag_replaces_and_a_tap_on_the_body_opens_the_page(
    firefox: Firefox, desktop: NotificationDaemon, sender: WebPushSender, subscription: Subscription
) -> None:
    before = len(desktop.notifications)
    for number in (1, 2):
        sender.send_now(message(subscription, f"Message {number}"))
        shown = desktop.wait_for(before + number)[-1]
    assert [notification.title for notification in desktop.open] == ["Message 2"]
    desktop.click(shown)
    ends = time.monotonic() + 10
    while not any("/opened?occurrence=o1" in page for page in firefox.pages()):
        assert time.monotonic() < ends, firefox.pages()
        time.sleep(0.05)
    assert seen(firefox, "click")[-1]["action"] == ""


def test_a_message_waits_for_a_browser_that_is_away(
    firefox: Firefox,
    desktop: NotificationDaemon,
    service: PushService,
    sender: WebPushSender,
    subscription: Subscription,
) -> None:
    before = len(desktop.notifications)
    service.disconnect_browsers()
    assert sender.send_now(message(subscription, "While you were away", "away")).outcome == "accepted"
    assert desktop.wait_for(before + 1, timeout=30)[-1].title == "While you were away"
    desktop.dismiss(desktop.notifications[-1])
    assert seen(firefox, "close") == [{"kind": "close"}]


def test_unsubscribing_answers_gone(firefox: Firefox, sender: WebPushSender, subscription: Subscription) -> None:
    firefox.evaluate(
        "async () => (await (await navigator.serviceWorker.ready).pushManager.getSubscription()).unsubscribe()"
    )
    ends = time.monotonic() + 10
    while (result := sender.send_now(message(subscription, "Nobody there"))).outcome != "gone":
        assert time.monotonic() < ends, result
        time.sleep(0.05)


def test_a_forgotten_browser_hears_of_it(firefox: Firefox, service: PushService, subscription: Subscription) -> None:
    service.disconnect_browsers(forget=True)
    change = firefox.wait_for("() => seen.find(s => s.kind === 'change')", timeout=30)
    assert change == {"kind": "change", "old": subscription.endpoint, "fresh": None}


def test_the_page_is_as_large_as_a_phone_and_can_be_used(firefox: Firefox, page_url: str, tmp_path: Path) -> None:
    firefox.open(page_url)
    assert firefox.evaluate("() => [innerWidth, innerHeight]") == [390, 844]
    firefox.fill("input", "Grüße 7")
    firefox.fill("input", "Feet")
    assert firefox.evaluate("s => document.querySelector(s).value", "input") == "Feet"
    assert "Subscribe" in firefox.text()
    with pytest.raises(ScriptError, match="nothing there"):
        firefox.evaluate("() => { throw new Error('nothing there') }")
    firefox.screenshot(tmp_path / "page.png")
    assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")
