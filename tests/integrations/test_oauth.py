"""OAuth with PKCE against a strict Google, and the traps that others fell into (T)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from integrations.provider import (
    AuthorizationExpired,
    ClientRefused,
    ProviderError,
    ProviderRetired,
    ProviderUnavailable,
    RateLimited,
    StepProvider,
    TokenSet,
    UnexpectedResponse,
)
from tests.fakes.google import Google
from tests.fakes.google_oauth import query_of
from tests.fakes.google_world import GLUCOSE_SCOPE, SETTINGS_SCOPE, STEPS_SCOPE, Answer
from tests.integrations.google_setup import BACK, STATE, VERIFIER, consent_address, provider_of


def code_of(google: Google, **answers: Any) -> str:
    return query_of(google.consent(consent_address(provider_of(google)), **answers))["code"]


def connect(google: Google, **answers: Any) -> TokenSet:
    return provider_of(google).exchange_code(code_of(google, **answers), verifier=VERIFIER, redirect_uri=BACK)


def test_a_consent_becomes_tokens(google: Google) -> None:
    google.redirect_uris = {BACK}
    back = google.consent(consent_address(provider_of(google)))
    assert back.startswith(f"{BACK}?")
    assert query_of(back)["state"] == STATE
    tokens = provider_of(google).exchange_code(query_of(back)["code"], verifier=VERIFIER, redirect_uri=BACK)
    assert tokens.scopes == (STEPS_SCOPE, SETTINGS_SCOPE)
    assert tokens.expires_in == 3599
    assert tokens.refresh_token is not None
    assert google.access[tokens.access_token].account is google.account


def test_sugar_readings_are_asked_for_when_they_are_wanted(google: Google) -> None:
    provider = provider_of(google)
    wanted = query_of(google.consent(consent_address(provider, glucose=True)))
    assert wanted["scope"].split() == [STEPS_SCOPE, SETTINGS_SCOPE, GLUCOSE_SCOPE]
    assert GLUCOSE_SCOPE not in consent_address(provider)


def test_scopes_granted_earlier_stay_granted(google: Google) -> None:
    connect(google)
    address = consent_address(provider_of(google), glucose=True)
    code = query_of(google.consent(address, untick=(STEPS_SCOPE, SETTINGS_SCOPE)))["code"]
    tokens = provider_of(google).exchange_code(code, verifier=VERIFIER, redirect_uri=BACK)
    assert set(tokens.scopes or ()) == {STEPS_SCOPE, SETTINGS_SCOPE, GLUCOSE_SCOPE}


def test_t4_a_refresh_without_a_refresh_token_means_the_old_one(google: Google) -> None:
    tokens = connect(google)
    again = provider_of(google).refresh(tokens.refresh_token or "")
    assert again.refresh_token is None
    assert again.access_token != tokens.access_token


def test_t5_a_new_refresh_token_is_handed_on(google: Google) -> None:
    google.rotates = True
    tokens = connect(google)
    again = provider_of(google).refresh(tokens.refresh_token or "")
    assert again.refresh_token not in (None, tokens.refresh_token)


def test_t6_a_dead_grant_is_told_from_everything_else(google: Google) -> None:
    with pytest.raises(AuthorizationExpired):
        provider_of(google).refresh("1//0gone")
    google.script("token", Answer(401, {"error": "invalid_grant"}))
    with pytest.raises(AuthorizationExpired):
        provider_of(google).refresh("1//0gone")
    assert google.counts["token"] == 2


def test_t7_the_short_life_of_a_client_in_testing_is_handed_on(google: Google) -> None:
    google.refresh_seconds = 604_799
    assert connect(google).refresh_expires_in == 604_799


PAGE = "<html><title>Sign in to the guest network</title></html>"
PASSING = {
    "a page with 200": Answer(200, PAGE, {"Content-Type": "text/html"}),
    "a page without a type": Answer(200, PAGE),
    "502": Answer(502, PAGE),
    "a portal with 403": Answer(403, PAGE),
    "a portal with 400": Answer(400, PAGE),
    "a redirect": Answer(302, "", {"Location": "http://127.0.0.1:9/"}),
    "a cut": Answer(drop="after"),
    "500 with words": Answer(500, {"error": "internal_failure"}),
    "400 with words": Answer(400, {"error": "internal_failure"}),
    "408 with words": Answer(408, {"error": "invalid_grant"}),
    "their own word": Answer(400, {"error": "temporarily_unavailable"}),
}


@pytest.mark.parametrize("answer", PASSING.values(), ids=PASSING)
def test_t8_an_outage_or_a_portal_says_nothing_of_the_consent(google: Google, answer: Answer) -> None:
    tokens = connect(google)
    google.script("token", answer)
    with pytest.raises(ProviderUnavailable):
        provider_of(google).refresh(tokens.refresh_token or "")
    assert provider_of(google).refresh(tokens.refresh_token or "").access_token


def test_t9_the_scopes_that_were_granted_are_the_truth(google: Google) -> None:
    tokens = connect(google, untick=(SETTINGS_SCOPE,))
    assert tokens.scopes == (STEPS_SCOPE,)
    assert provider_of(google).missing_types(tokens.scopes, glucose=False) == ["settings"]
    assert provider_of(google).missing_types(tokens.scopes, glucose=True) == ["settings", "glucose"]


WORDS = ["invalid_client", "unauthorized_client", "invalid_scope", "redirect_uri_mismatch"]
WORDS += ["deleted_client", "disabled_client"]


@pytest.mark.parametrize("word", WORDS)
def test_t12_a_refused_client_is_no_refused_patient(google: Google, word: str) -> None:
    google.script("token", Answer(401 if "client" in word else 400, {"error": word, "error_description": "no"}))
    with pytest.raises(ClientRefused) as caught:
        provider_of(google).refresh("1//0good")
    assert caught.value.reason == word


def test_t12_the_credentials_of_another_client_are_refused(google: Google) -> None:
    google.clients["health-client"] = "another secret"
    provider = provider_of(google)
    google.clients["health-client"] = "the right secret"
    with pytest.raises(ClientRefused):
        provider.refresh("1//0good")


def test_a_redirect_address_that_differs_is_our_fault(google: Google) -> None:
    with pytest.raises(ClientRefused):
        provider_of(google).exchange_code(code_of(google), verifier=VERIFIER, redirect_uri=BACK + "/")


def test_pkce_a_stolen_code_is_worth_nothing(google: Google) -> None:
    with pytest.raises(AuthorizationExpired):
        provider_of(google).exchange_code(code_of(google), verifier=VERIFIER[::-1], redirect_uri=BACK)


def test_t18_a_code_works_once(google: Google) -> None:
    code = code_of(google)
    provider_of(google).exchange_code(code, verifier=VERIFIER, redirect_uri=BACK)
    with pytest.raises(AuthorizationExpired):
        provider_of(google).exchange_code(code, verifier=VERIFIER, redirect_uri=BACK)


def test_t19_a_no_comes_back_as_access_denied(google: Google) -> None:
    back = query_of(google.consent(consent_address(provider_of(google)), deny=True))
    assert back == {"error": "access_denied", "state": STATE}


def test_t14_a_revoked_consent_is_a_dead_grant(google: Google) -> None:
    tokens = connect(google)
    google.revoke_all(google.account)
    with pytest.raises(AuthorizationExpired):
        provider_of(google).refresh(tokens.refresh_token or "")


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_t15_either_token_revokes_and_twice_is_harmless(google: Google, which: str) -> None:
    tokens = connect(google)
    for _ in range(2):
        provider_of(google).revoke(getattr(tokens, which))
    assert not google.access
    assert not google.refresh


@pytest.mark.parametrize("word", ["invalid_token", "invalid_grant"])
def test_t15_a_consent_that_is_gone_already_is_revoked(google: Google, word: str) -> None:
    google.script("revoke", Answer(400, {"error": word}))
    provider_of(google).revoke("1//0good")
    assert google.counts["revoke"] == 1


def test_t15_a_revoke_that_fails_says_so(google: Google) -> None:
    google.script("revoke", Answer(503, PAGE))
    with pytest.raises(ProviderUnavailable):
        provider_of(google).revoke("1//0good")


FITBIT = {"errors": [{"errorType": "invalid_grant", "message": "Refresh token invalid"}], "success": False}


@pytest.mark.parametrize("status", [200, 400, 401])
def test_a_list_of_errors_is_never_taken_for_a_token(google: Google, status: int) -> None:
    google.script("token", Answer(status, FITBIT))
    with pytest.raises(AuthorizationExpired):
        provider_of(google).refresh("1//0good")


UNKNOWN: dict[str, tuple[Answer, type[ProviderError]]] = {
    "429": (Answer(429, {"error": "rate_limit_exceeded"}, {"Retry-After": "9"}), RateLimited),
    "an outage that repeats a word": (Answer(503, {"error": "invalid_grant"}), ProviderUnavailable),
    "a limit that repeats a word": (Answer(429, {"error": "invalid_client"}), RateLimited),
    "410": (Answer(410, {"error": {"code": 410, "status": "GONE"}}), ProviderRetired),
    "a word of another kind": (Answer(400, {"error": "invalid_request"}), UnexpectedResponse),
    "no word": (Answer(401, {"error": {"status": "UNAUTHENTICATED"}}), UnexpectedResponse),
    "an empty object": (Answer(200, {}), UnexpectedResponse),
    "another kind of token": (Answer(200, {"access_token": "a", "token_type": "mac"}), UnexpectedResponse),
    "a token of two lines": (Answer(200, {"access_token": "a\r\nX: y"}), UnexpectedResponse),
}


@pytest.mark.parametrize(("answer", "kind"), UNKNOWN.values(), ids=UNKNOWN)
def test_no_other_answer_ends_a_consent(google: Google, answer: Answer, kind: type[ProviderError]) -> None:
    google.script("token", answer)
    with pytest.raises(ProviderError) as caught:
        provider_of(google).refresh("1//0good")
    assert type(caught.value) is kind


def test_r9_a_token_endpoint_that_is_gone_is_a_provider_that_is_gone(google: Google) -> None:
    google.script("token", Answer(410, PAGE))
    with pytest.raises(ProviderRetired):
        provider_of(google).refresh("1//0good")


def test_t20_tokens_and_secrets_are_in_no_repr(google: Google) -> None:
    tokens = connect(google)
    shown = repr(tokens) + repr(provider_of(google)) + repr(google.credentials())
    for secret in (tokens.access_token, tokens.refresh_token or "", *google.clients.values()):
        assert secret not in shown


@pytest.mark.parametrize("call", [lambda p: p.refresh("1//0secret"), lambda p: p.revoke("1//0secret")])
def test_t20_an_error_holds_nothing_that_was_sent(google: Google, call: Callable[[StepProvider], object]) -> None:
    echo = {"error": "invalid_request", "error_description": "1//0secret health-secret"}
    google.always("token", Answer(400, echo))
    google.always("revoke", Answer(400, echo))
    with pytest.raises(ProviderError) as caught:
        call(provider_of(google))
    assert "secret" not in str(caught.value)
