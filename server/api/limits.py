"""How often one asker may knock: on what costs much or could be guessed. Counts are in memory, or in Redis."""

import hashlib

from flask import Flask, request
from flask_limiter import Limiter
from werkzeug.middleware.proxy_fix import ProxyFix

from server.settings import Settings


def asker() -> str:
    """The address that a request comes from; it leaves this function only as a key in memory."""
    return request.remote_addr or "unknown"


def ingest_key() -> str:
    """One phone app is one asker; several may share an address."""
    for name in ("Authorization", "X-Api-Key", "api-key", "X-Webhook-Token"):
        if name in request.headers:
            return hashlib.sha256(request.headers[name].encode()).hexdigest()
    return asker()


limiter = Limiter(key_func=asker, headers_enabled=True, strategy="moving-window")


def install(app: Flask, settings: Settings) -> None:
    """Count in Redis where several processes answer, and believe the proxy that an https address implies."""
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or "memory://"
    limiter.init_app(app)
    if settings.secure:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
