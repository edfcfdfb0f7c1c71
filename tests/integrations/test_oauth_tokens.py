"""What a token endpoint answers: strict where a token is concerned, tolerant of the rest."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.oauth import LONGEST_LIFE, parse_tokens
from integrations.provider import UnexpectedResponse


@pytest.mark.parametrize(
    ("sent", "means"),
    [
        ("3599", 3599),
        (3599.5, 3599.5),
        (0, 0),
        (-1, None),
        (True, None),
        ("soon", None),
        ([], None),
        (1e99, LONGEST_LIFE),
    ],
)
def test_a_lifetime_is_a_number_or_unknown(sent: object, means: float | None) -> None:
    parsed = json.loads(json.dumps({"access_token": "a", "expires_in": sent}))
    assert parse_tokens(parsed).expires_in == means


def test_scopes_come_as_words_or_as_a_list_or_not_at_all() -> None:
    assert parse_tokens({"access_token": "a", "scope": " x  y "}).scopes == ("x", "y")
    assert parse_tokens({"access_token": "a", "scope": ["x", "y"]}).scopes == ("x", "y")
    assert parse_tokens({"access_token": "a", "scope": ""}).scopes == ()
    assert parse_tokens({"access_token": "a"}).scopes is None
    assert parse_tokens({"access_token": "a", "scope": 7}).scopes is None


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
MEMBERS = ["access_token", "refresh_token", "expires_in", "refresh_token_expires_in", "scope", "token_type"]


@given(st.dictionaries(st.sampled_from(MEMBERS), ANYTHING), st.booleans())
def test_any_answer_is_tokens_or_unexpected(answer: dict[str, Any], good: bool) -> None:
    try:
        tokens = parse_tokens(answer | ({"access_token": "ya29.a", "token_type": "bearer"} if good else {}))
    except UnexpectedResponse:
        assert not good
    else:
        assert tokens.expires_in is None or 0 <= tokens.expires_in <= LONGEST_LIFE
