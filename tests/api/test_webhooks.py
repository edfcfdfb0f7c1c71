"""Notices from Google, signed as Google signs them: what is believed, and what of it reaches the next pull."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from server.dependencies import Dependencies
from server.models import AnyRow, WearableConnection
from server.services import wearables
from server.settings import Settings
from tests.conftest import Clock
from tests.factories import make_patient
from tests.fakes.google import Google
from tests.fakes.google_notices import SIGNATURE_HEADER, notice
from tests.fakes.google_world import Answer

SECRET = "Bearer of-forty-three-characters"
WALKER = "111111256096816351"
MONDAY, SUNDAY = date(2026, 11, 16), date(2026, 11, 22)
Send = Callable[..., int]


@pytest.fixture
def google() -> Iterator[Google]:
    with Google() as google:
        yield google
        assert google.problems == []


@pytest.fixture
def settings(settings: Settings, google: Google) -> Settings:
    given = replace(settings.wearables, google_keyset_url=google.keyset_url, google_webhook_secret=SECRET)
    return replace(settings, wearables=given)


@pytest.fixture
def send(app: Flask, google: Google) -> Send:
    """Sends a notice and returns the status; signed and with the secret, unless told otherwise."""

    def sent(content: Any, *, secret: str | None = SECRET, signature: str | None = None) -> int:
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        headers = {SIGNATURE_HEADER: google.notices.sign(raw) if signature is None else signature}
        if secret is not None:
            headers["Authorization"] = secret
        reply = app.test_client().post(
            "/api/v1/webhooks/google-health", data=raw, headers=headers, content_type="application/json"
        )
        return reply.status_code

    return sent


@pytest.fixture
def row(deps: Dependencies, clock: Clock) -> Callable[[], AnyRow]:
    """A connection whose next pull is an hour away."""
    with deps.database.write() as db:
        owner = make_patient(db, "walker@example.org", now=clock())
        consent = wearables.Consent(b"", ["steps"], [], WALKER, None, None)
        wearables.save_connection(db, owner, "google_health", consent, glucose=False, now=clock() + timedelta(hours=1))

    def read() -> AnyRow:
        with deps.database.read() as db:
            return db.execute(select(*WearableConnection.__table__.c)).one()

    return read


def test_r8_the_handshake_is_201_with_the_secret_and_401_without(send: Send, google: Google) -> None:
    question = {"type": "verification"}
    assert [send(question, secret=secret) for secret in (SECRET, None, "", "Bearer other", "Bëarer")] == [
        201, 401, 401, 401, 401,
    ]  # fmt: skip
    assert google.counts["keyset"] == 0


def test_a_notice_brings_the_pull_forward_and_names_its_days(
    send: Send, row: Callable[[], AnyRow], clock: Clock
) -> None:
    assert send(notice(WALKER, MONDAY, SUNDAY)) == 204
    assert (row().next_sync_at, row().reread_from, row().deleted_from) == (clock(), MONDAY, None)


def test_r7_a_list_twice_and_out_of_order_means_the_same(send: Send, row: Callable[[], AnyRow]) -> None:
    later = [notice(WALKER, SUNDAY, SUNDAY), notice("222", SUNDAY, SUNDAY)]
    for body in (later, notice(WALKER, MONDAY, MONDAY), later):
        assert send(body) == 204
    assert row().reread_from == MONDAY


def test_c10_a_deletion_is_remembered_until_it_is_read(send: Send, row: Callable[[], AnyRow]) -> None:
    assert send(notice(WALKER, MONDAY, SUNDAY, operation="DELETE")) == 204
    assert (row().deleted_from, row().deleted_to) == (MONDAY, SUNDAY)


def test_d7_a_deletion_of_something_else_takes_no_steps_away(
    send: Send, row: Callable[[], AnyRow], clock: Clock
) -> None:
    assert send(notice(WALKER, MONDAY, SUNDAY, operation="DELETE", data_type="blood-glucose")) == 204
    assert (row().next_sync_at, row().deleted_from, row().deleted_to) == (clock(), None, None)


def test_t14_a_notice_without_days_is_about_the_last_week(send: Send, row: Callable[[], AnyRow]) -> None:
    assert send(notice(WALKER, MONDAY, SUNDAY, operation="DELETE", intervals=[])) == 204
    assert (row().deleted_from, row().deleted_to) == (MONDAY, SUNDAY)


def test_a_user_whom_nobody_here_is_changes_nothing(send: Send, row: Callable[[], AnyRow], clock: Clock) -> None:
    assert send(notice("someone-else", MONDAY, SUNDAY)) == 204
    assert (row().next_sync_at, row().reread_from) == (clock() + timedelta(hours=1), None)


@pytest.mark.parametrize("signature", ["", "AQ==", "no base64", "é"])
def test_a_notice_that_google_did_not_sign_changes_nothing(
    send: Send, row: Callable[[], AnyRow], signature: str
) -> None:
    assert send(notice(WALKER, MONDAY, SUNDAY), signature=signature) == 401
    assert row().reread_from is None


def test_a_signature_is_of_its_own_body(send: Send, google: Google, row: Callable[[], AnyRow]) -> None:
    other = google.notices.sign(json.dumps(notice("222", MONDAY, SUNDAY)).encode())
    assert send(notice(WALKER, MONDAY, SUNDAY), signature=other) == 401
    assert row().reread_from is None


def test_while_the_keys_cannot_be_read_google_is_asked_to_send_again(send: Send, google: Google) -> None:
    google.script("keyset", Answer(503))
    assert send(notice(WALKER, MONDAY, SUNDAY)) == 503


@pytest.mark.parametrize("body", [b"{", b"7", b'{"data": {}}', b"[" + b"7," * 99 + b"7]"])
def test_what_is_no_notice_is_refused_without_a_fault(send: Send, body: bytes) -> None:
    assert send(body) == 400


def test_a_list_of_nothing_is_noted(send: Send) -> None:
    assert send([]) == 204


def test_a_notice_as_long_as_a_book_is_not_read(send: Send) -> None:
    assert send(b'"' + b"x" * (256 * 1024) + b'"') == 413


def test_without_a_secret_no_notices_are_taken(app: Flask, deps: Dependencies, send: Send) -> None:
    given = replace(deps.settings.wearables, google_webhook_secret="")
    app.extensions["footwell"] = replace(deps, settings=replace(deps.settings, wearables=given))
    assert send({"type": "verification"}, secret="") == 404


def test_r7_whoever_guesses_is_slowed_down(send: Send) -> None:
    assert [send({"type": "verification"}, secret="wrong") for _ in range(61)][-1] == 429
