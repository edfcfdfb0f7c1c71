"""Google's half of OAuth 2, as strict as it can be: consent page, token endpoint, revocation."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import secrets
import time
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from aiohttp import web

from tests.fakes.google_rules import Problem
from tests.fakes.google_world import FIT_SCOPE, GLUCOSE_SCOPE, SETTINGS_SCOPE, STEPS_SCOPE, Call, Code, Grant, World

SCOPES = {
    STEPS_SCOPE: "See your activity and fitness data",
    SETTINGS_SCOPE: "See your settings and devices",
    GLUCOSE_SCOPE: "See your health measurements",
    FIT_SCOPE: "See your Google Fit activity",
}
FIXED = {
    "response_type": "code",
    "code_challenge_method": "S256",
    "access_type": "offline",
    "prompt": "consent",
    "include_granted_scopes": "true",
}
FREE = {"client_id", "redirect_uri", "scope", "state", "code_challenge"}
MEMBERS = {
    "authorization_code": {"code", "code_verifier", "redirect_uri"},
    "refresh_token": {"refresh_token"},
}
CODE_SECONDS = 600


def show_consent(world: World, call: Call) -> web.Response:
    """The page where a person says yes or no, and to how much."""
    _check_request(world, call.query)
    hidden = {name: call.query[name] for name in ("client_id", "redirect_uri", "state", "code_challenge")}
    fields = [f'<input type="hidden" name="{name}" value="{html.escape(value)}">' for name, value in hidden.items()]
    ticks = [
        f'<p><label><input type="checkbox" name="scope" value="{scope}" checked> {SCOPES[scope]}</label></p>'
        for scope in call.query["scope"].split()
    ]
    page = (
        "<!DOCTYPE html><html lang=en><meta name=viewport content='width=device-width'><title>Google</title>"
        "<link rel=icon href='data:,'>"
        f"<h1>Footwell wants access to your Google Account</h1><form action='/consent'>{''.join(fields + ticks)}"
        "<button name=answer value=allow>Allow</button> <button name=answer value=deny>Deny</button></form></html>"
    )
    return web.Response(text=page, content_type="text/html")


def _check_request(world: World, query: dict[str, str]) -> None:
    if set(query) != FREE | set(FIXED):
        raise Problem(f"the consent page wants {sorted((FREE | set(FIXED)) ^ set(query))}")
    for name, value in FIXED.items():
        if query[name] != value:
            raise Problem(f"{name} is {query[name]}")
    if query["client_id"] not in world.clients:
        raise Problem("no such client")
    if world.redirect_uris and query["redirect_uri"] not in world.redirect_uris:
        raise Problem("redirect_uri_mismatch")
    scopes = query["scope"].split(" ")
    if len(set(scopes)) != len(scopes) or not set(scopes) <= set(SCOPES):
        raise Problem("unknown scopes")
    if not re.fullmatch(r"[A-Za-z0-9_-]{43}", query["code_challenge"]) or len(query["state"]) < 20:
        raise Problem("a challenge or state that anyone could guess")


def answer_consent(world: World, call: Call) -> web.Response:
    """What the form leads to: back to the app, with a code or without."""
    given = call.query
    ticked = [scope for scope in given.get("scope", "").split(",") if scope]
    back = {"state": given["state"]}
    if given["answer"] != "allow":
        back["error"] = "access_denied"
    else:
        account, client_id = world.account, given["client_id"]
        earlier = [g for g in world.refresh.values() if g.account is account and g.client_id == client_id]
        scopes = dict.fromkeys([*ticked, *(scope for grant in earlier for scope in grant.scopes)])
        code = f"4/0A{secrets.token_urlsafe(32)}"
        grant = Grant(account, client_id, tuple(scopes))
        world.codes[code] = Code(grant, given["redirect_uri"], given["code_challenge"], time.time())
        back |= {"code": code, "scope": " ".join(scopes)}
    return web.Response(status=302, headers={"Location": f"{given['redirect_uri']}?{urlencode(back)}"})


def give_tokens(world: World, call: Call) -> web.Response:
    """The token endpoint."""
    form = call.body
    if not call.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise Problem("the token endpoint wants a form")
    if "authorization" in call.headers:
        raise Problem("the client belongs into the form")
    kind = form.get("grant_type")
    if kind not in MEMBERS or set(form) != MEMBERS[kind] | {"grant_type", "client_id", "client_secret"}:
        raise Problem(f"members of the form: {sorted(form)}")
    if world.clients.get(form["client_id"]) != form["client_secret"]:
        return _error("invalid_client", "The OAuth client was not found.", 401)
    if kind == "refresh_token":
        grant = world.refresh.get(form["refresh_token"])
        if grant is None or grant.client_id != form["client_id"]:
            return _error("invalid_grant", "Token has been expired or revoked.")
        return _tokens(world, grant, fresh=world.rotates, old=form["refresh_token"])
    code = world.codes.pop(form["code"], None)
    if code is None or code.grant.client_id != form["client_id"] or time.time() - code.made_at > CODE_SECONDS:
        return _error("invalid_grant", "Malformed auth code.")
    if code.redirect_uri != form["redirect_uri"]:
        return _error("redirect_uri_mismatch", "Bad Request")
    digest = hashlib.sha256(form["code_verifier"].encode()).digest()
    if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != code.challenge:
        return _error("invalid_grant", "Invalid code verifier.")
    return _tokens(world, code.grant, fresh=True)


def _tokens(world: World, grant: Grant, *, fresh: bool, old: str = "") -> web.Response:
    reply: dict[str, object] = {
        "access_token": world.new_access(grant),
        "expires_in": world.token_seconds,
        "scope": " ".join(grant.scopes),
        "token_type": "Bearer",
    }
    if fresh:
        world.refresh.pop(old, None)
        reply["refresh_token"] = world.new_refresh(grant)
        if world.refresh_seconds is not None:
            reply["refresh_token_expires_in"] = world.refresh_seconds
    return web.json_response(reply)


def revoke(world: World, call: Call) -> web.Response:
    """Takes back the consent behind either token."""
    if call.query or set(call.body or {}) != {"token"}:
        raise Problem("revoking wants a form with a token")
    grant = world.access.get(call.body["token"]) or world.refresh.get(call.body["token"])
    if grant is None:
        return _error("invalid_token", "Token expired or revoked")
    world.revoke_all(grant.account)
    return web.json_response({})


def _error(word: str, text: str, status: int = 400) -> web.Response:
    return web.json_response({"error": word, "error_description": text}, status=status)


def go_through_consent(url: str, *, untick: tuple[str, ...], deny: bool) -> str:
    """Reads the page at `url`, sends its form, and returns where that leads. Raises AssertionError."""
    page = requests.get(url, timeout=10)
    assert page.status_code == 200, page.text
    hidden = dict(re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page.text))
    form = [(name, html.unescape(value)) for name, value in hidden.items()]
    form += [
        ("scope", scope) for scope in re.findall(r'name="scope" value="([^"]*)"', page.text) if scope not in untick
    ]
    form.append(("answer", "deny" if deny else "allow"))
    host = urlsplit(url)
    sent = requests.get(f"{host.scheme}://{host.netloc}/consent", params=form, allow_redirects=False, timeout=10)
    assert sent.status_code == 302, sent.text
    return sent.headers["Location"]


def query_of(url: str) -> dict[str, str]:
    """The query of an address that a page led to."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


OAUTH_ROUTES = [
    ("GET", "/o/oauth2/v2/auth", "consent", show_consent),
    ("GET", "/consent", "answer", answer_consent),
    ("POST", "/token", "token", give_tokens),
    ("POST", "/revoke", "revoke", revoke),
]
