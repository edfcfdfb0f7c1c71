"""Google's notices at our address: the handshake, signatures, and whose next pull comes forward."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from server.dependencies import Dependencies
from server.models import AnyRow, WearableConnection
from server.services import wearables
from server.services.owner import Owner
from server.settings import Settings
from tests.conftest import Clock
from tests.factories import Browser
from tests.fakes.google import Answer, Google
from tests.fakes.google_notices import SIGNATURE_HEADER, notice

SECRET = "Bearer a-secret-that-google-was-told"
USER = "111111256096816351"
MONDAY, SUNDAY = date(2026, 11, 16), date(2026, 11, 22)
Send = Callable[..., TestResponse]
Row = Callable[[], AnyRow]


@pytest.fixture
def settings(settings: Settings, google: Google) -> Settings:
    ours = replace(settings.wearables, google_webhook_secret=SECRET, google_keyset_url=google.keyset_url)
    return replace(settings, wearables=ours)


@pytest.fixture
def send(nobody: Browser, google: Google) -> Send:
    """Posts as Google does: no origin, no cookie. `body` is signed as it is; None sends a header not at all."""

    def post(body: Any, *, secret: str | None = SECRET, signature: str | None = "right") -> TestResponse:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        if secret is not None:
            headers["Authorization"] = secret
        if signature is not None:
            headers[SIGNATURE_HEADER] = google.notices.sign(raw) if signature == "right" else signature
        return nobody.client.post("/api/v1/webhooks/google-health", data=raw, headers=headers)

    return post


@pytest.fixture
def row(patient: Browser, deps: Dependencies, clock: Clock) -> Row:
    """The patient's connection, read an hour from now."""
    consent = wearables.Consent(b"sealed", [], [], USER, None, None)
    with deps.database.write() as db:
        owner = Owner(UUID(patient.id), "Europe/Berlin")
        wearables.save_connection(db, owner, "google_health", consent, glucose=False, now=clock())
        db.execute(update(WearableConnection).values(next_sync_at=clock() + timedelta(hours=1)))

    def only() -> AnyRow:
        with deps.database.read() as db:
            return db.execute(select(*WearableConnection.__table__.c)).one()

    return only


def test_r5_the_handshake_wants_201_with_the_secret_and_401_without(send: Send) -> None:
    asked = {"type": "verification"}
    assert send(asked, signature=None).status_code == 201
    refused = send(asked, secret=None, signature=None)
    assert (refused.status_code, refused.mimetype) == (401, "application/problem+json")
    assert send(asked, secret="Bearer another").status_code == 401


def test_a_signed_notice_brings_the_next_pull_forward_and_names_the_days(send: Send, row: Row, clock: Clock) -> None:
    reply = send(notice(USER, MONDAY, SUNDAY))
    assert (reply.status_code, reply.data) == (204, b"")
    found = row()
    assert (found.next_sync_at, found.reread_from, found.deleted_from) == (clock(), MONDAY, None)


def test_r7_a_list_and_the_same_again_make_one_pull(send: Send, row: Row, clock: Clock) -> None:
    older = notice(USER, MONDAY - timedelta(days=7), MONDAY)
    for _ in range(2):
        assert send([notice("900", MONDAY, SUNDAY), notice(USER, SUNDAY, SUNDAY), older]).status_code == 204
    found = row()
    assert (found.next_sync_at, found.reread_from) == (clock(), MONDAY - timedelta(days=7))


def test_r8_a_deletion_names_the_days_that_may_be_gone(send: Send, row: Row) -> None:
    send(notice(USER, MONDAY, MONDAY, operation="DELETE"))
    send(notice(USER, SUNDAY, SUNDAY, operation="DELETE"))
    assert (row().deleted_from, row().deleted_to) == (MONDAY, SUNDAY)


def test_a_notice_whose_days_cannot_be_read_means_the_last_week(send: Send, row: Row) -> None:
    assert send(notice(USER, MONDAY, SUNDAY, intervals="soon")).status_code == 204
    assert row().reread_from == MONDAY


def test_a_user_whom_nobody_knows_is_noted_and_changes_nothing(send: Send, row: Row) -> None:
    before = row()
    assert send(notice("900000", MONDAY, SUNDAY)).status_code == 204
    assert row() == before


@pytest.mark.parametrize("signature", [None, "", "AAAA", "not base64", "foreign", "of another body"])
def test_a_signature_that_is_not_googles_is_refused_and_changes_nothing(
    signature: str | None, send: Send, row: Row, google: Google
) -> None:
    before = row()
    body = notice(USER, MONDAY, SUNDAY)
    if signature == "foreign":
        stranger = Google()
        stranger.notices.key_id, stranger.notices._keys = (
            google.notices.key_id,
            {google.notices.key_id: stranger.notices._keys[stranger.notices.key_id]},
        )
        signature = stranger.notices.sign(json.dumps(body).encode())
    elif signature == "of another body":
        signature = google.notices.sign(b"{}")
    assert send(body, signature=signature).status_code == 401
    assert row() == before


def test_a_wrong_secret_is_refused_whatever_is_signed(send: Send, row: Row) -> None:
    before = row()
    for secret in (None, "", SECRET.removeprefix("Bearer "), SECRET + " ", "Bearer ünïcode"):
        assert send(notice(USER, MONDAY, SUNDAY), secret=secret).status_code == 401
    assert row() == before


def test_whoever_guesses_is_slowed_down(send: Send) -> None:
    statuses = [send({"type": "verification"}, secret="Bearer guess").status_code for _ in range(61)]
    assert (set(statuses[:60]), statuses[60]) == ({401}, 429)
    assert send({"type": "verification"}).status_code == 201  # Google itself is not


@pytest.mark.parametrize("body", [b"<html>", b"", b"\xff", b'"word"', b"7", b"{}", b'[{"data": 1}]', b"[[]]"])
def test_what_is_no_notice_is_a_bad_request(body: bytes, send: Send) -> None:
    assert send(body).status_code == 400


def test_r9_keys_that_cannot_be_fetched_ask_google_to_send_it_again(send: Send, row: Row, google: Google) -> None:
    google.script("keyset", Answer(502, "<html>Bad Gateway", {"Content-Type": "text/html"}))
    before = row()
    assert send(notice(USER, MONDAY, SUNDAY)).status_code == 503
    assert row() == before


def test_a_body_that_is_too_large_is_not_read(send: Send, google: Google) -> None:
    assert send([notice(USER, MONDAY, SUNDAY, note="x" * 300_000)]).status_code == 413
    assert google.counts["keyset"] == 0


@pytest.mark.parametrize("missing", ["secret", "client"])
def test_a_server_that_takes_no_notices_says_so(missing: str, send: Send, deps: Dependencies, google: Google) -> None:
    if missing == "secret":
        wearables_off = replace(deps.settings.wearables, google_webhook_secret="")
        object.__setattr__(deps, "settings", replace(deps.settings, wearables=wearables_off))
    else:
        deps.__dict__["providers"] = {}
    secret = "" if missing == "secret" else SECRET
    assert send({"type": "verification"}, secret=secret).status_code == 404
