"""Where a provider sends the browser back to, with or without the app's own sign-in."""

import base64
import hashlib
from html import escape

from flask import Response, redirect, request
from flask.views import MethodView
from sqlalchemy.orm import Session

from server import web
from server.api.auth import cookie_secret
from server.api.base import Resource
from server.api.limits import limit
from server.care.content import text
from server.dependencies import dependencies
from server.errors import DomainError
from server.models import AnyRow
from server.services import accounts, wearables
from server.services.owner import Owner

STYLE = (
    "body{font:1.25rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:34rem;padding:2rem 1.25rem;"
    "color-scheme:light dark}h1{font-size:1.75rem}a{display:inline-block;padding:1rem 0;font-weight:600}"
)
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

PAGES = {
    200: "The consent waits for the app, or was refused.",
    400: "The link was used already, or is over.",
    403: "Somebody else began this.",
    409: "The provider did not give what it should.",
}

blueprint = Resource("wearable_consent", __name__, url_prefix="/api/v1/wearables", description=__doc__)


def page(status: int, kind: str, **values: str) -> Response:
    """A page for a browser that the app does not run in. One way on, and nothing that runs."""
    words = text("en")
    title, body, way = (words[f"consent_page.{kind}.{part}"] for part in ("title", "text", "link"))
    home = escape(f"{dependencies().settings.public_url}/#/devices")
    shown = escape(body.format(**values))
    html = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)} · Footwell</title><style>{STYLE}</style>"
        f'<main><h1>{escape(title)}</h1><p>{shown}</p><a href="{home}">{escape(way)}</a></main></html>'
    )
    policy = web.policy(web.POLICY | {"style-src": f"'sha256-{STYLE_HASH}'"})
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store"}
    return Response(html, status, mimetype="text/html", headers=headers)


def _to_app(provider: str, outcome: str) -> Response:
    response = redirect(f"{dependencies().settings.public_url}/#/devices?{outcome}={provider}", 303)
    response.headers["Cache-Control"] = "no-store"
    return response  # type: ignore[return-value]


@blueprint.route("/<any(google_health, google_fit):provider>/callback")
class Callback(MethodView):
    @blueprint.doc(
        security=[],
        responses={
            "303": {"description": "Back to the app."},
            **{str(status): {"description": said, "content": {"text/html": {}}} for status, said in PAGES.items()},
        },
    )
    def get(self, provider: str) -> Response:
        """Take what a provider's consent page sends back

        A state is good once, for ten minutes. Without the app's sign-in (an iPhone leads an installed app's links to
        Safari) the consent waits until the signed-in app confirms it: nobody is made to link what is not theirs.
        """
        limit("consent", 30)
        deps = dependencies()
        here = self._here()
        state, code = request.args.get("state", ""), request.args.get("code", "")
        try:
            with deps.database.write() as db:
                waiting, owner, email = wearables.take_authorization(db, provider, state, now=deps.clock())
        except DomainError:
            return page(400, "over")
        if here is not None and here.id != owner.id:
            return page(403, "other")
        if not code or request.args.get("error"):
            return _to_app(provider, "refused") if here else page(200, "refused")
        try:
            consent = deps.connecting.exchange(waiting, code, now=deps.clock())
            with deps.database.write() as db:
                if here is None:
                    deps.connecting.park(db, waiting, consent)
                else:
                    self._connect(db, owner, waiting, consent)
        except DomainError as error:
            return _to_app(provider, error.code) if here else page(error.status, "failed")
        return _to_app(provider, "connected") if here else page(200, "almost", account=masked(email))

    def _connect(self, db: Session, owner: Owner, waiting: AnyRow, consent: wearables.Consent) -> None:
        now = dependencies().clock()
        wearables.save_connection(db, owner, waiting.provider, consent, glucose=waiting.glucose, now=now)

    def _here(self) -> Owner | None:
        """Who is signed in in the browser that came back, if anybody is."""
        deps = dependencies()
        secret = cookie_secret()
        if secret is None:
            return None
        try:
            with deps.database.read() as db:
                return accounts.find_signed_in(db, secret, now=deps.clock()).owner
        except DomainError:
            return None


def masked(email: str) -> str:
    """Enough of an address for its owner to know it: m…@example.org."""
    name, _, host = email.partition("@")
    return f"{name[:1]}…@{host}"
