"""Signing up, in and out: cookies, throttling, one-time links, and requests of foreign pages."""

from http.cookies import SimpleCookie
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from integrations.vapid import generate_vapid_key
from server.api import auth
from server.api.limits import limit
from server.app import create_app
from server.database import Database
from server.dependencies import Dependencies
from server.services.accounts import create_password_reset
from server.settings import Settings
from tests.conftest import ORIGIN, Clock
from tests.factories import PASSWORD, Browser, sign_up_body

EMAIL = "patient@example.org"
DAY = 24 * 3600


def cookie(reply: TestResponse) -> Any:
    morsels = list(SimpleCookie(reply.headers.get("Set-Cookie", "")).values())
    return morsels[0] if morsels else None


def sign_in(browser: Browser, password: str = PASSWORD, email: str = EMAIL, address: str = "127.0.0.1") -> TestResponse:
    return browser.client.post(
        "/api/v1/auth/sign-in",
        json={"email": email, "password": password},
        headers=browser.headers,
        environ_base={"REMOTE_ADDR": address},
    )


def test_signing_up_makes_an_account_and_signs_in(nobody: Browser) -> None:
    reply = nobody.post("/auth/sign-up", sign_up_body("new@example.org", time_zone="America/New_York"))
    me = reply.get_json()
    assert reply.status_code == 201
    assert (me["email"], me["time_zone"], me["profile"]) == ("new@example.org", "America/New_York", None)
    assert me["accepted"].keys() == {"disclaimer", "adult", "health_data"}
    assert nobody.get("/me").get_json() == me


def test_somebody_under_18_cannot_sign_up(nobody: Browser) -> None:
    body = sign_up_body("new@example.org")
    reply = nobody.post("/auth/sign-up", {**body, "accepted": {**body["accepted"], "adult": False}})
    assert reply.get_json()["errors"] == {"accepted.adult": ["Footwell is for people of 18 or over."]}


def test_an_old_text_cannot_be_accepted(nobody: Browser) -> None:
    body = sign_up_body("new@example.org")
    reply = nobody.post("/auth/sign-up", {**body, "accepted": {**body["accepted"], "adult_version": "1999"}})
    assert list(reply.get_json()["errors"]) == ["accepted.adult_version"]


def test_a_closed_server_takes_no_new_accounts(
    settings: Settings, deps: Dependencies, nobody: Browser, app: Flask
) -> None:
    object.__setattr__(settings, "sign_up", "closed")
    reply = nobody.post("/auth/sign-up", sign_up_body("new@example.org"))
    assert (reply.status_code, reply.get_json()["code"]) == (403, "sign_up_closed")


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(patient: Browser) -> None:
    set_by = cookie(sign_in(patient))
    assert set_by.key == "footwell"
    assert (set_by["httponly"], set_by["samesite"], set_by["path"]) == (True, "Lax", "/")
    assert int(set_by["max-age"]) == 400 * DAY
    assert not set_by["secure"]
    assert not set_by["domain"]


def test_with_https_the_cookie_is_bound_to_the_host(settings: Settings, deps: Dependencies) -> None:
    object.__setattr__(settings, "public_url", "https://feet.example.org")
    app = create_app(dependencies=deps)
    browser = Browser(app, "https://feet.example.org")
    reply = browser.post("/auth/sign-up", sign_up_body("new@example.org"))
    assert cookie(reply).key == "__Host-footwell"
    assert cookie(reply)["secure"]
    assert cookie(reply)["path"] == "/"


def test_a_wrong_password_and_an_unknown_address_look_alike(patient: Browser, nobody: Browser) -> None:
    wrong, unknown = sign_in(nobody, "not this one"), sign_in(nobody, email="unknown@example.org")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.get_json() == unknown.get_json()
    assert wrong.get_json()["code"] == "wrong_credentials"
    assert cookie(wrong) is None


def test_the_address_is_compared_without_case_or_spaces(patient: Browser, nobody: Browser) -> None:
    assert sign_in(nobody, email=f" {EMAIL.upper()} ").status_code == 200


def test_use_renews_the_cookie_after_a_day_and_not_before(patient: Browser, clock: Clock) -> None:
    clock.move(hours=23)
    assert cookie(patient.get("/me")) is None
    clock.move(hours=2)
    assert int(cookie(patient.get("/me"))["max-age"]) == 400 * DAY
    assert cookie(patient.get("/me")) is None
    clock.move(days=399)
    assert patient.get("/me").status_code == 200
    clock.move(days=399)
    assert patient.get("/me").status_code == 200


def test_a_sign_in_that_was_not_used_for_400_days_has_ended(patient: Browser, clock: Clock) -> None:
    clock.move(days=400)
    reply = patient.get("/me")
    assert (reply.status_code, reply.get_json()["code"]) == (401, "not_signed_in")
    assert patient.post("/me/access-tokens", {"label": "x", "scope": "read"}).status_code == 401
    assert sign_in(patient).status_code == 200
    assert patient.get("/me").status_code == 200


def test_signing_out_ends_it_on_the_server_too(patient: Browser) -> None:
    secret = patient.client.get_cookie("footwell").value
    reply = patient.post("/auth/sign-out")
    assert reply.status_code == 204
    assert patient.client.get_cookie("footwell") is None
    patient.client.set_cookie("footwell", secret)
    assert patient.get("/me").status_code == 401
    assert patient.post("/auth/sign-out").status_code == 204


def test_a_deleted_account_leaves_no_cookie_behind(patient: Browser, nobody: Browser, clock: Clock) -> None:
    clock.move(days=2)  # due for renewal: deleting must win
    assert patient.delete("/me", {"password": PASSWORD}).status_code == 204
    assert patient.client.get_cookie("footwell") is None
    assert sign_in(nobody).status_code == 401


def test_a_guest_at_an_unlocked_phone_has_no_more_tries_than_at_sign_in(patient: Browser, clock: Clock) -> None:
    for _ in range(6):
        assert patient.delete("/me", {"password": "a guess at it"}).get_json()["code"] == "wrong_password"
    assert patient.delete("/me", {"password": PASSWORD}).status_code == 429
    assert patient.get("/me").status_code == 200


def test_a_link_sets_a_new_password_once_and_signs_out_everywhere(
    patient: Browser, nobody: Browser, database: Database, now: Any
) -> None:
    with database.write() as db:
        old = create_password_reset(db, EMAIL, now=now)
        token = create_password_reset(db, EMAIL, now=now)
    assert nobody.post("/auth/reset-password", {"token": old, "password": "another phrase"}).status_code == 422
    assert nobody.post("/auth/reset-password", {"token": token, "password": "another phrase"}).status_code == 204
    assert patient.get("/me").status_code == 401
    assert nobody.post("/auth/reset-password", {"token": token, "password": "a third phrase"}).status_code == 422
    assert sign_in(nobody).status_code == 401
    assert sign_in(nobody, "another phrase").status_code == 200


def test_a_link_is_good_for_a_day(patient: Browser, nobody: Browser, database: Database, clock: Clock) -> None:
    with database.write() as db:
        token = create_password_reset(db, EMAIL, now=clock())
    clock.move(hours=24)
    reply = nobody.post("/auth/reset-password", {"token": token, "password": "another phrase"})
    assert reply.get_json()["code"] == "link_expired"
    assert patient.get("/me").status_code == 200


def test_five_tries_are_free_and_then_each_waits_longer(patient: Browser, nobody: Browser, clock: Clock) -> None:
    for _ in range(6):
        assert sign_in(nobody, "a guess at it").status_code == 401
    waits = []
    for _ in range(4):
        refused = sign_in(nobody)  # not even the right password is looked at
        assert (refused.status_code, refused.get_json()["code"]) == (429, "too_many_attempts")
        waits.append(int(refused.headers["Retry-After"]))
        clock.move(seconds=waits[-1])
        assert sign_in(nobody, "a guess at it").status_code == 401
    assert waits == [3, 5, 9, 17]
    clock.move(hours=1)
    assert sign_in(nobody).status_code == 200
    assert sign_in(nobody, "a guess at it").status_code == 401  # free again


def test_another_address_and_another_account_do_not_wait(patient: Browser, stranger: Browser, nobody: Browser) -> None:
    for _ in range(6):
        sign_in(nobody, "a guess at it")
    assert sign_in(nobody).status_code == 429
    assert sign_in(nobody, address="192.0.2.7").status_code == 200
    assert sign_in(nobody, email="stranger@example.org").status_code == 200


def test_one_address_may_not_try_many_accounts_a_minute(app: Flask, nobody: Browser) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        for _ in range(29):
            limit("sign-in", 30)
    assert sign_in(nobody, email="one@example.org").status_code == 401
    refused = sign_in(nobody, email="two@example.org")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert sign_in(nobody, email="two@example.org", address="192.0.2.7").status_code == 401


OWN = {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        (OWN, True),
        ({"Origin": ORIGIN}, True),
        ({"Origin": "http://localhost"}, True),  # the host that was asked
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Origin": ORIGIN}, False),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:9000"}, False),
        ({"Origin": "http://localhost:9000"}, False),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Authorization": "", "Origin": "https://evil.example"}, False),
        ({"Authorization": " ", "Sec-Fetch-Site": "cross-site"}, False),
        ({}, False),
    ],
)
def test_a_cookie_vouches_only_for_our_own_pages(patient: Browser, headers: dict[str, str], allowed: bool) -> None:
    patient.headers = headers
    for method, path, body in (
        ("PATCH", "/me", {"region": "GB"}),
        ("POST", "/auth/sign-in", {"email": EMAIL, "password": PASSWORD}),
        ("POST", "/auth/sign-up", sign_up_body("new@example.org")),
        ("POST", "/auth/sign-out", None),
    ):
        reply = patient.call(method, path, body)
        assert (reply.status_code < 300) == allowed, path
        assert allowed or reply.get_json()["code"] == "foreign_origin"


def test_reading_needs_no_origin(patient: Browser) -> None:
    patient.headers = {}
    assert patient.get("/me").status_code == 200


def test_a_token_needs_no_origin_and_a_cookie_beside_it_vouches_for_nothing(patient: Browser) -> None:
    token = patient.make_token("read")["token"]
    patient.headers = {"Authorization": f"Bearer {token}"}
    assert patient.get("/me").status_code == 200
    assert patient.patch("/me", {"region": "GB"}).status_code == 401
    patient.headers = {"Authorization": "Bearer nonsense"}
    assert patient.get("/me").status_code == 401


def test_a_refusal_that_a_view_returns_keeps_nothing(app: Flask, patient: Browser, database: Database) -> None:
    """As if it had been raised: half a write would be worse than none."""
    from flask import Response
    from sqlalchemy import text

    @auth.signed_in
    def view(self: object, db: Any, owner: Any) -> Response:
        db.execute(text("UPDATE patients SET region = 'GB'"))
        return Response(status=409)

    cookies = {"Cookie": f"footwell={patient.client.get_cookie('footwell').value}"}
    with app.test_request_context(method="POST", headers={**OWN, **cookies}):
        assert view(None).status_code == 409
    assert patient.get("/me").get_json()["region"] == "EU"


def test_a_key_that_is_not_ours_signs_no_message_tokens(deps: Dependencies) -> None:
    assert deps.message_tokens.read(generate_vapid_key()) is None
