"""Nothing stands against installing the app."""

from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.conftest import FLAGS, chromium_path
from tests.browser.site import Site


def test_chromium_finds_nothing_against_installing(chromium: Browser, site: Site, tmp_path: Path) -> None:
    # A private window may install nothing, so this needs a profile on disk.
    context = chromium.browser_type.launch_persistent_context(
        tmp_path / "profile", executable_path=chromium_path(), args=FLAGS
    )
    page = context.new_page()
    page.goto(site.url)
    page.wait_for_load_state("networkidle")
    session = context.new_cdp_session(page)
    assert session.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    assert session.send("Page.getAppManifest")["errors"] == []
    manifest = page.evaluate("async () => (await fetch('/manifest.webmanifest')).json()")
    assert manifest["id"] == "/"
    assert {icon.get("purpose", "any") for icon in manifest["icons"]} >= {"any", "maskable"}
    assert len(manifest["screenshots"]) >= 2
    for picture in [*manifest["icons"], *manifest["screenshots"]]:
        assert page.evaluate("async (src) => (await fetch(src)).status", picture["src"]) == 200, picture["src"]
    context.close()
