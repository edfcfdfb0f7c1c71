"""How often one asker may knock: on what costs much or could be guessed. Counts are in memory, or in Redis.

In memory each web process counts for itself, so two of them let twice as much through.
"""

import hashlib
import math
import time

from flask import Flask, current_app, request
from limits import RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from werkzeug.middleware.proxy_fix import ProxyFix

from server.errors import TooManyAttempts
from server.settings import Settings

EXTENSION = "footwell limits"


def asker() -> str:
    """The address that a request comes from; it leaves this module only as part of a key."""
    return request.remote_addr or "unknown"


def limit(what: str, per_minute: int, who: str | None = None) -> None:
    """Count this request. Raises TooManyAttempts when `who` (by default the address) asked too often."""
    limiter: MovingWindowRateLimiter = current_app.extensions[EXTENSION]
    item = RateLimitItemPerMinute(per_minute)
    key = hashlib.sha256((who or asker()).encode()).hexdigest()
    if not limiter.hit(item, what, key):
        free_again_at = limiter.get_window_stats(item, what, key).reset_time
        raise TooManyAttempts(max(1, math.ceil(free_again_at - time.time())))


def install(app: Flask, settings: Settings) -> None:
    """Count in Redis where several processes answer, and believe the proxy that an https address implies."""
    app.extensions[EXTENSION] = MovingWindowRateLimiter(storage_from_string(settings.redis_url or "memory://"))
    if settings.secure:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
