"""Who asks: a cookie of our own app, a bearer token, or the token of one push message."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from flask import Response, g, request
from sqlalchemy.orm import Session

from server.dependencies import Dependencies, dependencies
from server.errors import NotAllowed, NotSignedIn
from server.models import AnyRow
from server.services import accounts, push
from server.services.access_tokens import find_bearer
from server.services.owner import Owner

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
COOKIE_DAYS = accounts.SIGNED_IN_FOR.days

P = ParamSpec("P")
R = TypeVar("R")


def cookie_name(deps: Dependencies) -> str:
    """`__Host-` makes browsers refuse a cookie that another host or an http page set; it needs https."""
    return "__Host-footwell" if deps.settings.secure else "footwell"


def set_cookie(response: Response, secret: str) -> Response:
    """Give the browser its sign-in for 400 days, the longest that browsers keep one."""
    deps = dependencies()
    response.set_cookie(
        cookie_name(deps),
        secret,
        max_age=COOKIE_DAYS * 24 * 3600,
        path="/",
        secure=deps.settings.secure,
        httponly=True,
        samesite="Lax",
    )
    return response


def clear_cookie(response: Response) -> Response:
    """Take the sign-in out of the browser."""
    deps = dependencies()
    g.pop("renewal", None)
    response.delete_cookie(cookie_name(deps), path="/", secure=deps.settings.secure, httponly=True, samesite="Lax")
    return response


def cookie_secret() -> str | None:
    """The secret of this browser's sign-in."""
    return request.cookies.get(cookie_name(dependencies()))


def require_own_origin() -> None:
    """An unsafe request that a cookie vouches for must come from our own pages.

    `SameSite=Lax` alone lets a form on another port of the same host through. Raises NotAllowed (`foreign_origin`).
    """
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    own = origin == dependencies().settings.public_url or origin == request.host_url.rstrip("/")
    if site in ("same-origin", "none") if site else own:
        return
    raise NotAllowed("This request did not come from the Footwell app.", code="foreign_origin")


def signed_in(view: Callable[Concatenate[Any, Session, Owner, P], R]) -> Callable[Concatenate[Any, P], R]:
    """Open the transaction of a view, find whose data it is about, and commit once when the view returns."""

    @wraps(view)
    def opened(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> R:
        deps = dependencies()
        safe = request.method in SAFE
        if not safe and not _authorization()[0]:
            require_own_origin()
        with deps.database.read() as db:
            owner = current_owner(db, deps.clock())
            if safe:
                return view(self, db, owner, *args, **kwargs)
        # Writers take turns, so nothing is done in a turn that can be done before it.
        with deps.database.write() as db:
            reply = view(self, db, owner, *args, **kwargs)
            if isinstance(reply, Response) and reply.status_code >= 400:
                db.rollback()  # a refusal that is returned must keep no more than one that is raised
            return reply

    return opened


def _authorization() -> tuple[str, str]:
    scheme, _, token = request.headers.get("Authorization", "").strip().partition(" ")
    return scheme, token.strip()


def current_owner(db: Session, now: datetime) -> Owner:
    """The patient who asks. An Authorization header is taken alone: a cookie beside it vouches for nothing."""
    scheme, token = _authorization()
    if scheme:
        if scheme.lower() != "bearer" or request.method not in SAFE:
            raise NotSignedIn("This needs the app itself; a token can only read.")
        return find_bearer(db, token, "read")[0]
    secret = cookie_secret()
    if secret is None:
        raise NotSignedIn
    found = accounts.find_signed_in(db, secret, now=now)
    if found.is_due:
        g.renewal = (secret, found.sign_in_id)
    return found.owner


def renew_cookie(response: Response) -> Response:
    """After the view: a browser that comes back after a day gets its 400 days anew."""
    renewal = g.pop("renewal", None)
    if renewal is not None and response.status_code < 400:
        secret, sign_in_id = renewal
        deps = dependencies()
        with deps.database.write() as db:
            accounts.renew(db, sign_in_id, now=deps.clock())
        set_cookie(response, secret)
    return response


INGEST_HEADERS = ("X-Api-Key", "api-key", "X-Webhook-Token")


def ingest_secret(body: object) -> str:
    """The token that a phone app sent, wherever it can put one. Raises NotSignedIn."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    for name in INGEST_HEADERS:
        if name in request.headers:
            return request.headers[name].strip()
    if isinstance(body, dict) and isinstance(body.get("deviceKey"), str):
        return str(body["deviceKey"])
    raise NotSignedIn("Send the token from Devices, as Authorization: Bearer …")


def message_delivery(db: Session, token: str, now: datetime) -> AnyRow:
    """The delivery that a push message's own token speaks for. Raises NotSignedIn."""
    deps = dependencies()
    return push.message_delivery(db, deps.message_tokens.read(token.strip()), now=now)
