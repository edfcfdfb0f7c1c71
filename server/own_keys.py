"""Keys that a server on one machine makes for itself."""

import os
import secrets
from pathlib import Path

SECRET_BYTES = 32


def own_key(path: Path) -> str:
    """The key in `path`, made at first start, readable by its owner alone.

    A VAPID key is a number below the curve's order; 32 random bytes are one, short of a chance of 1 in 2³².
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(SECRET_BYTES))
    try:
        os.link(draft, path)  # two starts at once: the first one's key wins for both
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()
