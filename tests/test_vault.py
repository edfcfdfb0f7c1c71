"""Tokens at rest: unreadable without a key, readable through a change of keys, and gone keys are an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.tokens import new_secret
from server.vault import Unreadable, Vault

OLD, NEW = "o" * 43, "n" * 43
TOKENS = {"access_token": "ya29.secret", "refresh_token": "1//secret"}


def test_what_is_sealed_says_nothing_and_opens_again() -> None:
    vault = Vault([OLD])
    sealed = vault.seal(TOKENS)
    assert b"secret" not in sealed
    assert vault.open(sealed) == TOKENS
    assert vault.seal(TOKENS) != sealed


def test_the_first_key_seals_and_all_of_them_open() -> None:
    sealed = Vault([OLD]).seal(TOKENS)
    both = Vault([NEW, OLD])
    assert both.open(sealed) == TOKENS
    again = both.reseal(sealed)
    assert Vault([NEW]).open(again) == TOKENS
    with pytest.raises(Unreadable):
        Vault([OLD]).open(again)


@given(st.one_of(st.none(), st.binary(max_size=200)))
def test_anything_else_is_unreadable_and_nothing_worse(sealed: bytes | None) -> None:
    with pytest.raises(Unreadable):
        Vault([NEW]).open(sealed)
    with pytest.raises(Unreadable):
        Vault([NEW]).reseal(sealed or b"")


def test_a_secret_of_ours_is_a_key() -> None:
    vault = Vault([new_secret()])
    assert vault.open(vault.seal(TOKENS)) == TOKENS


@pytest.mark.parametrize("key", ["", "short", "!" * 43])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Vault([key])
