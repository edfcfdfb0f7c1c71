"""Notices of Google Health: which days, and whose signature."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any

import pytest

from integrations.google_webhooks import (
    FETCH_EVERY,
    Notice,
    NoticeSignature,
    is_verification,
    parse_keyset,
    parse_notices,
)
from integrations.http import ApiClient
from integrations.provider import ProviderUnavailable, UnexpectedResponse
from tests.fakes.google import Google
from tests.fakes.google_notices import notice
from tests.fakes.google_world import Answer
from tests.integrations.google_setup import MONDAY, SUNDAY

USER = "111111256096816351"
BODY = b'{"data": {"healthUserId": "111111256096816351"}}'


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def signature(google: Google, clock: Clock) -> NoticeSignature:
    return NoticeSignature(google.keyset_url, ApiClient(), clock=clock)


def only(interval: dict[str, Any]) -> Notice:
    (found,) = parse_notices(notice(USER, MONDAY, SUNDAY, intervals=[interval]))
    return found


def test_r7_one_notice_or_a_list_of_them() -> None:
    one = notice(USER, MONDAY, SUNDAY)
    expected = Notice(USER, "steps", "UPSERT", MONDAY, SUNDAY)
    assert parse_notices(one) == [expected]
    assert parse_notices([one, one]) == [expected, expected]
    assert len(parse_notices([one] * 99)) == 99
    assert parse_notices([]) == []


@pytest.mark.parametrize(
    "body", [None, 7, "x", {}, {"data": 1}, [1], {"data": {"healthUserId": "", "dataType": "steps"}}]
)
def test_what_is_no_notice_is_refused(body: object) -> None:
    with pytest.raises(UnexpectedResponse):
        parse_notices(body)


def test_a_list_that_is_too_long_is_refused() -> None:
    with pytest.raises(UnexpectedResponse):
        parse_notices([notice(USER, MONDAY, SUNDAY)] * 100)


def test_an_unreadable_notice_does_not_hide_the_others() -> None:
    found = parse_notices([{"data": {}}, notice(USER, MONDAY, SUNDAY), {"type": "new"}])
    assert [item.user_id for item in found] == [USER]


def test_c10_a_deletion_names_its_days() -> None:
    (found,) = parse_notices(notice(USER, MONDAY, MONDAY, operation="DELETE", data_type="blood-glucose"))
    assert found == Notice(USER, "blood-glucose", "DELETE", MONDAY, MONDAY)


def test_an_operation_that_is_new_is_read_again() -> None:
    (found,) = parse_notices(notice(USER, MONDAY, MONDAY, operation="REPLACE"))
    assert found.operation == "UPSERT"


FORMS = ["civilIso8601TimeInterval", "civilDateTimeInterval", "physicalTimeInterval"]
WHOLE = notice(USER, MONDAY, SUNDAY)["data"]["intervals"][0]


@pytest.mark.parametrize("form", FORMS[:2])
def test_either_civil_form_is_enough(form: str) -> None:
    found = only({form: WHOLE[form]})
    assert (found.first, found.last) == (MONDAY, SUNDAY)


def test_without_a_civil_form_a_day_more_is_read_on_both_sides() -> None:
    found = only({FORMS[2]: {"startTime": "2026-11-16T23:00:00Z", "endTime": "2026-11-22T22:30:00.5Z"}})
    assert (found.first, found.last) == (date(2026, 11, 15), date(2026, 11, 23))


def test_an_unreadable_form_gives_way_to_the_next() -> None:
    found = only(WHOLE | {FORMS[0]: {"startTime": "soon"}, FORMS[1]: []})
    assert (found.first, found.last) == (date(2026, 11, 15), date(2026, 11, 24))


def test_an_interval_that_ends_before_it_begins_is_none() -> None:
    assert only({FORMS[0]: {"startTime": "2026-11-22T08:00:00", "endTime": "2026-11-20T08:00:00"}}).first is None


@pytest.mark.parametrize(
    "intervals", [None, [], [{}], "x", [WHOLE, 7], [WHOLE, {}], [{FORMS[0]: {"startTime": "2026-11-22"}}]]
)
def test_a_notice_without_readable_days_is_still_one(intervals: object) -> None:
    (found,) = parse_notices(notice(USER, MONDAY, SUNDAY, intervals=intervals))
    assert (found.first, found.last) == (None, None)


def test_several_intervals_are_one_span() -> None:
    days = [notice(USER, day, day)["data"]["intervals"][0] for day in (SUNDAY, MONDAY)]
    (found,) = parse_notices(notice(USER, MONDAY, MONDAY, intervals=days))
    assert (found.first, found.last) == (MONDAY, SUNDAY)


def test_a_quarter_of_an_hour_is_its_day_and_midnight_ends_the_one_before() -> None:
    day = "2026-11-22T"
    assert only({FORMS[0]: {"startTime": f"{day}08:01:00", "endTime": f"{day}08:16:00"}}).last == SUNDAY
    assert only({FORMS[0]: {"startTime": f"{day}23:45:00", "endTime": "2026-11-23T00:00:00"}}).last == SUNDAY
    assert only({FORMS[0]: {"startTime": f"{day}00:00:00", "endTime": f"{day}00:00:00"}}).last == SUNDAY


def test_r8_the_question_whether_the_address_is_ours_is_told_from_a_notice() -> None:
    assert is_verification({"type": "verification"})
    assert not is_verification(notice(USER, MONDAY, SUNDAY))
    assert not is_verification([{"type": "verification"}])


def test_a_signature_holds_for_its_own_body_only(google: Google, signature: NoticeSignature) -> None:
    good = google.notices.sign(BODY)
    assert signature.is_valid(BODY, good)
    assert not signature.is_valid(BODY + b" ", good)
    assert google.counts["keyset"] == 1


@pytest.mark.parametrize("text", ["", "x", "?", "AQ==", "AQAAAAA=", base64.b64encode(b"\x00" * 80).decode(), "ü"])
def test_what_is_no_signature_asks_nobody(google: Google, signature: NoticeSignature, text: str) -> None:
    assert not signature.is_valid(BODY, text)
    assert google.counts["keyset"] == 0


def test_a_signature_of_the_right_key_and_nonsense_is_refused(google: Google, signature: NoticeSignature) -> None:
    nonsense = b"\x01" + google.notices.key_id.to_bytes(4, "big") + b"nonsense"
    assert not signature.is_valid(BODY, base64.b64encode(nonsense).decode())


def test_a_new_key_is_fetched_but_not_more_often_than_every_five_minutes(
    google: Google, signature: NoticeSignature, clock: Clock
) -> None:
    assert signature.is_valid(BODY, google.notices.sign(BODY))
    google.notices.turn_key()
    clock.now += FETCH_EVERY - 1
    assert not signature.is_valid(BODY, google.notices.sign(BODY))
    clock.now += 1
    assert signature.is_valid(BODY, google.notices.sign(BODY))
    assert google.counts["keyset"] == 2


def test_a_key_that_google_does_not_know_is_refused(google: Google, signature: NoticeSignature) -> None:
    with Google() as stranger:
        assert not signature.is_valid(BODY, stranger.notices.sign(BODY))
        assert not signature.is_valid(BODY, stranger.notices.sign(BODY))
    assert google.counts["keyset"] == 1


@pytest.mark.parametrize(
    "answer",
    [Answer(503, "<html>"), Answer(200, "<html>"), Answer(200, {}), Answer(200, {"key": 7}), Answer(drop="before")],
)
def test_without_keys_nothing_is_said_until_they_can_be_fetched(
    google: Google, signature: NoticeSignature, clock: Clock, answer: Answer
) -> None:
    google.script("keyset", answer)
    for _ in range(2):  # the second is not asked for
        with pytest.raises(ProviderUnavailable):
            signature.is_valid(BODY, google.notices.sign(BODY))
    assert google.counts["keyset"] == 1
    clock.now += FETCH_EVERY
    assert signature.is_valid(BODY, google.notices.sign(BODY))


def test_known_keys_go_on_while_new_ones_cannot_be_fetched(
    google: Google, signature: NoticeSignature, clock: Clock
) -> None:
    old = google.notices.sign(BODY)
    assert signature.is_valid(BODY, old)
    google.notices.turn_key()
    clock.now += FETCH_EVERY
    google.script("keyset", Answer(503))
    for _ in range(2):
        with pytest.raises(ProviderUnavailable):
            signature.is_valid(BODY, google.notices.sign(BODY))
    assert signature.is_valid(BODY, old)


def test_a_key_that_is_off_or_of_another_kind_is_left_out(google: Google) -> None:
    (key,) = google.notices.keyset()["key"]
    with_sha_512 = base64.b64decode(key["keyData"]["value"]).replace(b"\x08\x03", b"\x08\x04", 1)
    others = [
        key | {"status": "DISABLED"},
        key | {"outputPrefixType": "RAW"},
        key | {"keyId": "7"},
        key | {"keyData": key["keyData"] | {"typeUrl": "type.googleapis.com/google.crypto.tink.Ed25519PublicKey"}},
        key | {"keyData": key["keyData"] | {"value": "%%%"}},
        key | {"keyData": {}},
        key | {"keyData": key["keyData"] | {"value": base64.b64encode(with_sha_512).decode()}},
    ]
    assert parse_keyset({"key": others}) == {}
    assert set(parse_keyset({"key": [*others, key]})) == {google.notices.key_id}


# Made by Tink 1.16 itself: a key of its template ECDSA_P256, and its signature of BODY.
TINK_KEY = "EgYIAxACGAIaIIdNrMpZYh6ukxFJcQMEGP5z/xPHEudPHQVuEZibw/LWIiCSTyJL+L4Hxdz9PbxIU7Rf6jdhb5SmRA+JjUY7KwtPfQ=="
TINK_SIGNATURE = (
    "ASetLugwRgIhALR4vpIkz+FgwUBNQxhuvPBgEZtFXFDz1NI4I07e+DP+AiEA5U9WT7QgF0fCmG23Hfu0ug+RM4yJESpHvwmul/jZsGA="
)


def test_what_tink_itself_signs_is_read(google: Google, signature: NoticeSignature) -> None:
    (key,) = google.notices.keyset()["key"]
    theirs = key | {"keyId": 665661160, "keyData": key["keyData"] | {"value": TINK_KEY}}
    google.script("keyset", Answer(200, {"primaryKeyId": 665661160, "key": [theirs]}))
    assert signature.is_valid(BODY, TINK_SIGNATURE)
    assert not signature.is_valid(BODY[::-1], TINK_SIGNATURE)
