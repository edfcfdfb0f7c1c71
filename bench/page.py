"""Bytes of a first visit, counted by the browser as they come over the wire, headers included."""

import gzip
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, CDPSession, sync_playwright

from bench.processes import footwell
from tests.machine import chromium

PHONE = {"width": 390, "height": 844}
PRECACHED = """async () => {
  await navigator.serviceWorker.ready;
  const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
  return (await Promise.all(caches_.map((cache) => cache.keys()))).flat().map((request) => request.url);
}"""


@dataclass(frozen=True)
class FirstLoad:
    """Bytes. `js_*` are the page's own scripts; `precached` is what the service worker fetches after them."""

    requests: int
    total: int
    js_files: int
    js_wire: int
    js_gzip: int
    js_brotli: int
    precached_files: int
    precached: int


def measure(folder: Path) -> FirstLoad:
    """A browser with an empty profile opens the address, and then nothing is touched."""
    with footwell(folder / "data") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        wire, precached = _visit(browser, server.url)
        browser.close()
        scripts = [url for url in wire if urlsplit(url).path.endswith(".js")]
        return FirstLoad(
            requests=len(wire),
            total=sum(wire.values()),
            js_files=len(scripts),
            js_wire=sum(wire[url] for url in scripts),
            js_gzip=sum(len(_fetch(url, "gzip")) for url in scripts),
            js_brotli=sum(len(_fetch(url, "br")) for url in scripts),
            precached_files=len(precached),
            precached=sum(len(_fetch(url, "br")) for url in precached),
        )


def _visit(browser: Browser, url: str) -> tuple[dict[str, int], list[str]]:
    """Bytes of each response of the page itself, and what the service worker has kept in the end."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=3, is_mobile=True, has_touch=True)  # type: ignore[arg-type]
    page = context.new_page()
    session = context.new_cdp_session(page)
    wire = _count(session)
    page.goto(f"{url}/", wait_until="networkidle")
    precached: list[str] = page.evaluate(PRECACHED)
    context.close()
    return wire, precached


def _count(session: CDPSession) -> dict[str, int]:
    wire: dict[str, int] = {}
    urls: dict[str, str] = {}

    def sent(event: dict[str, Any]) -> None:
        urls[event["requestId"]] = event["request"]["url"]

    def finished(event: dict[str, Any]) -> None:
        url = urls.get(event["requestId"], "")
        if url.startswith("http"):
            wire[url] = wire.get(url, 0) + int(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", sent)
    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    return wire


def _fetch(url: str, encoding: str) -> bytes:
    """A body in this encoding, or as it is where the server keeps no such copy."""
    request = urllib.request.Request(url, headers={"Accept-Encoding": encoding})
    with urllib.request.urlopen(request, timeout=30) as reply:
        body: bytes = reply.read()
        if encoding == "gzip" and reply.headers["Content-Encoding"] is None and url.endswith(".js"):
            return gzip.compress(body, 9)
        return body
