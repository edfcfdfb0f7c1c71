"""Connecting, confirming, reading now and disconnecting, as a phone and a stranger would."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from integrations.provider import AddressRefused, AuthorizationExpired, ClientRefused, ProviderUnavailable
from server.dependencies import Dependencies
from server.models import AuthorizationRequest, WearableConnection
from tests.conftest import ORIGIN, Clock
from tests.factories import Browser
from tests.providers import ScriptedProvider, ScriptedSite

START = "/wearables/google_health/authorization"
CALLBACK = "/wearables/google_health/callback"


def entry(browser: Browser, provider: str = "google_health") -> dict[str, object]:
    items = browser.get("/wearables").get_json()["items"]
    return next(item for item in items if item["provider"] == provider)


def begin(browser: Browser, **body: object) -> str:
    """Begin a consent; returns its state."""
    reply = browser.post(START, body)
    assert reply.status_code == 200, reply.get_json()
    return parse_qs(urlsplit(reply.get_json()["url"]).query)["state"][0]


@pytest.fixture
def safari(app: Flask) -> Browser:
    """The browser that an installed app's link is opened in on an iPhone: it has other cookies."""
    return Browser(app, ORIGIN)


def test_every_way_is_listed_with_what_it_is(patient: Browser) -> None:
    items = patient.get("/wearables").get_json()["items"]
    seen = {item["provider"]: (item["state"], item["offered"]) for item in items}
    assert seen == {
        "google_health": ("not_connected", True),
        "google_fit": ("not_connected", False),
        "nightscout": ("not_connected", True),
        "phone": ("not_connected", True),
        "apple_export": ("not_connected", True),
        "fitbit_legacy": ("provider_retired", False),
    }
    assert entry(patient, "google_fit")["ends_on"] == "2026-12-31"


def test_a_consent_goes_round_and_is_read_at_once(patient: Browser, provider: ScriptedProvider) -> None:
    state = begin(patient)
    back = patient.get(f"{CALLBACK}?state={state}&code=good")
    assert (back.status_code, back.headers["Location"]) == (303, f"{ORIGIN}/#/devices?connected=google_health")
    assert (entry(patient)["state"], entry(patient)["next_sync_at"]) == ("active", "2026-11-22T09:15:00Z")


def test_the_verifier_stays_here_and_its_challenge_goes_out(patient: Browser, deps: Dependencies) -> None:
    reply = patient.post(START, {"glucose": True})
    query = parse_qs(urlsplit(reply.get_json()["url"]).query)
    with deps.database.read() as db:
        sealed = db.execute(select(AuthorizationRequest.sealed)).scalar_one()
    verifier = deps.vault.open(sealed)["verifier"]
    assert verifier not in reply.get_data(as_text=True)
    assert 43 <= len(verifier) <= 128
    assert query["to"] == [f"{ORIGIN}/api/v1/wearables/google_health/callback"]
    assert query["glucose"] == ["True"]


def test_t18_a_state_is_good_once_for_ten_minutes_and_for_nobody_else(
    patient: Browser, stranger: Browser, clock: Clock, provider: ScriptedProvider
) -> None:
    state = begin(patient)
    foreign = stranger.get(f"{CALLBACK}?state={state}&code=good")
    assert (foreign.status_code, foreign.mimetype) == (403, "text/html")
    assert patient.get(f"{CALLBACK}?state={state}&code=good").status_code == 400  # spent
    state = begin(patient)
    clock.move(minutes=11)
    over = patient.get(f"{CALLBACK}?state={state}&code=good")
    assert over.status_code == 400
    assert "start again" in over.get_data(as_text=True)
    assert patient.get(f"{CALLBACK}?state=invented&code=good").status_code == 400
    assert patient.get(CALLBACK).status_code == 400
    assert entry(patient)["state"] == entry(stranger)["state"] == "not_connected"


def test_t19_a_refusal_is_no_error(patient: Browser, safari: Browser) -> None:
    back = patient.get(f"{CALLBACK}?state={begin(patient)}&error=access_denied")
    assert back.headers["Location"] == f"{ORIGIN}/#/devices?refused=google_health"
    page = safari.get(f"{CALLBACK}?state={begin(patient)}&error=access_denied")
    assert (page.status_code, "nothing was connected" in page.get_data(as_text=True)) == (200, True)
    assert entry(patient)["state"] == "not_connected"


def test_t17_what_comes_back_in_safari_waits_for_the_app(
    patient: Browser, safari: Browser, stranger: Browser, provider: ScriptedProvider
) -> None:
    page = safari.get(f"{CALLBACK}?state={begin(patient)}&code=good")
    text = page.get_data(as_text=True)
    assert (page.status_code, "p…@example.org" in text, "patient@example.org" in text) == (200, True, False)
    assert "script" not in text
    assert (entry(patient)["state"], entry(patient)["confirm"]) == ("not_connected", True)
    assert entry(stranger)["confirm"] is False
    assert stranger.post("/wearables/google_health/confirmation").status_code == 404
    confirmed = patient.post("/wearables/google_health/confirmation")
    assert (confirmed.get_json()["state"], confirmed.get_json()["confirm"]) == ("active", False)
    assert patient.post("/wearables/google_health/confirmation").status_code == 404


def test_t17_what_waits_for_the_app_is_gone_after_ten_minutes(patient: Browser, safari: Browser, clock: Clock) -> None:
    safari.get(f"{CALLBACK}?state={begin(patient)}&code=good")
    clock.move(minutes=11)
    assert entry(patient)["confirm"] is False
    assert patient.post("/wearables/google_health/confirmation").status_code == 404


def test_t16_one_account_belongs_to_one_patient(
    patient: Browser, stranger: Browser, provider: ScriptedProvider
) -> None:
    patient.get(f"{CALLBACK}?state={begin(patient)}&code=good")
    back = stranger.get(f"{CALLBACK}?state={begin(stranger)}&code=good")
    assert back.headers["Location"] == f"{ORIGIN}/#/devices?account_taken=google_health"
    assert (entry(patient)["state"], entry(stranger)["state"]) == ("active", "not_connected")
    patient.delete("/wearables/google_health")
    back = stranger.get(f"{CALLBACK}?state={begin(stranger)}&code=good")
    assert back.headers["Location"].endswith("connected=google_health")


def test_t9_what_was_unticked_is_said(patient: Browser, provider: ScriptedProvider) -> None:
    provider.granted = ("steps",)
    patient.get(f"{CALLBACK}?state={begin(patient, glucose=True)}&code=good")
    assert entry(patient)["missing_permissions"] == ["settings", "glucose"]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(ClientRefused(), "admin_problem"), (ProviderUnavailable(), "try_later"), (AuthorizationExpired(), "start_again")],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_consent_that_comes_to_nothing_is_told(
    error: Exception, outcome: str, patient: Browser, safari: Browser, provider: ScriptedProvider
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    provider.exchange_code = fail  # type: ignore[method-assign,assignment]
    back = patient.get(f"{CALLBACK}?state={begin(patient)}&code=good")
    assert back.headers["Location"] == f"{ORIGIN}/#/devices?{outcome}=google_health"
    assert safari.get(f"{CALLBACK}?state={begin(patient)}&code=good").status_code == 409


def test_disconnecting_revokes_and_keeps_the_word_of_it(
    patient: Browser, provider: ScriptedProvider, deps: Dependencies
) -> None:
    patient.get(f"{CALLBACK}?state={begin(patient)}&code=good")
    assert patient.delete("/wearables/google_health").status_code == 204
    assert provider.revoked == ["refresh-0"]
    assert entry(patient)["state"] == "disconnected"
    with deps.database.read() as db:
        row = db.execute(select(WearableConnection.sealed, WearableConnection.provider_user_id)).one()
    assert tuple(row) == (None, None)
    assert patient.delete("/wearables/google_health").status_code == 404


def test_t15_disconnecting_works_though_the_provider_cannot_be_told(
    patient: Browser, provider: ScriptedProvider
) -> None:
    def fail(*_: object) -> None:
        raise ProviderUnavailable

    provider.revoke = fail  # type: ignore[method-assign,assignment]
    patient.get(f"{CALLBACK}?state={begin(patient)}&code=good")
    assert patient.delete("/wearables/google_health").status_code == 204
    assert entry(patient)["state"] == "disconnected"


def test_reading_now_brings_the_pull_forward_but_not_twice_in_a_moment(
    patient: Browser, provider: ScriptedProvider, deps: Dependencies, clock: Clock
) -> None:
    from server.pulling import Puller

    patient.get(f"{CALLBACK}?state={begin(patient)}&code=good")
    puller = Puller(deps, at_once=1)
    for _ in range(3):
        puller.run_due()
        clock.move(seconds=31)
    later = entry(patient)["next_sync_at"]
    assert patient.post("/wearables/google_health/sync").get_json()["next_sync_at"] < later
    assert puller.run_due() == 1
    later = entry(patient)["next_sync_at"]
    assert patient.post("/wearables/google_health/sync").get_json()["next_sync_at"] == later
    puller.close()
    assert patient.post("/wearables/nightscout/sync").status_code == 404


def test_a_server_without_a_client_says_so(patient: Browser, deps: Dependencies) -> None:
    deps.__dict__["providers"] = {}
    reply = patient.post(START, {})
    assert (reply.status_code, reply.get_json()["code"]) == (409, "not_offered")
    assert entry(patient)["offered"] is False


def test_r13_a_nightscout_site_is_asked_once(patient: Browser, nightscout: ScriptedSite) -> None:
    site = {"url": "https://night.example.org/", "token": "phone-0123456789abcdef"}
    nightscout.fail = [AuthorizationExpired()]
    refused = patient.put("/wearables/nightscout/site", site)
    assert (refused.status_code, refused.get_json()["code"], nightscout.asked) == (422, "token_refused", 1)
    assert site["token"] not in refused.get_data(as_text=True)
    taken = patient.put("/wearables/nightscout/site", site)
    assert (taken.status_code, taken.get_json()["state"], nightscout.asked) == (200, "active", 2)


@pytest.mark.parametrize("reason", ["private", "not_https", "unknown_host", "not_a_url", "something new"])
def test_r14_an_address_inside_is_refused_in_plain_words(
    reason: str, patient: Browser, nightscout: ScriptedSite
) -> None:
    nightscout.fail = [AddressRefused(reason)]
    reply = patient.put("/wearables/nightscout/site", {"url": "https://10.0.0.1/", "token": None})
    assert (reply.status_code, reply.get_json()["code"]) == (422, "address_refused")
    assert "10.0.0.1" not in reply.get_data(as_text=True)
    assert entry(patient, "nightscout")["state"] == "not_connected"


def test_nobody_makes_this_server_ask_another(nobody: Browser, nightscout: ScriptedSite) -> None:
    assert nobody.put("/wearables/nightscout/site", {"url": "https://night.example.org"}).status_code == 401
    assert nightscout.asked == 0


def test_a_phone_waits_until_its_first_steps_come(patient: Browser) -> None:
    token = patient.make_token("ingest")["token"]
    assert (entry(patient, "phone")["state"], entry(patient, "phone")["last_synced_at"]) == ("waiting", None)
    body = {"days": [{"date": "2026-11-21", "steps": 6204}]}
    assert patient.client.post("/api/v1/ingest", json=body, headers={"X-Api-Key": token}).status_code == 200
    assert (entry(patient, "phone")["state"], entry(patient, "phone")["last_synced_at"]) == (
        "active",
        "2026-11-22T09:15:00Z",
    )


def test_a_consent_that_ends_is_announced(patient: Browser, provider: ScriptedProvider, clock: Clock) -> None:
    """T7: a client in testing gets consents for a week."""
    usual = provider.exchange_code

    def short(code: str, *, verifier: str, redirect_uri: str) -> object:
        from dataclasses import replace

        return replace(usual(code, verifier=verifier, redirect_uri=redirect_uri), refresh_expires_in=604799.0)

    provider.exchange_code = short  # type: ignore[method-assign,assignment]
    patient.get(f"{CALLBACK}?state={begin(patient)}&code=good")
    assert entry(patient)["reconnect_by"] == "2026-11-29T09:14:59Z"


def test_an_archive_is_taken_in_and_only_a_zip_is(patient: Browser, deps: Dependencies) -> None:
    path = "/api/v1/wearables/apple_export/archive"
    folder = deps.settings.data_dir / "archives"
    own = {"Origin": ORIGIN, "Content-Type": "application/zip"}
    reply = patient.client.put(path, data=b"PK\x03\x04 and so on", headers=own)
    assert reply.status_code == 202, reply.get_json()
    assert reply.get_json()["archive"] | {"uploaded_at": ""} == {
        "state": "waiting",
        "reason": None,
        "bytes_total": 14,
        "bytes_done": 0,
        "days": 0,
        "uploaded_at": "",
    }
    (first,) = folder.iterdir()
    assert (first.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
    refused = patient.client.put(path, data=b"<xml/>", headers=own)
    assert (refused.status_code, refused.get_json()["code"]) == (422, "not_a_zip")
    patient.client.put(path, data=b"PK\x03\x04 another", headers=own)
    (second,) = folder.iterdir()
    assert second != first


def test_nobody_and_no_other_page_sends_an_archive(nobody: Browser, patient: Browser, deps: Dependencies) -> None:
    path = "/api/v1/wearables/apple_export/archive"
    assert nobody.client.put(path, data=b"PK\x03\x04", headers={"Origin": ORIGIN}).status_code == 401
    foreign = patient.client.put(path, data=b"PK\x03\x04", headers={"Origin": "https://elsewhere.example"})
    assert foreign.status_code == 403
    assert not (deps.settings.data_dir / "archives").exists()
