"""The huey instance: a file of its own when embedded, Redis when there is one. Made by a function, not at import."""

from huey import Huey, RedisHuey, SqliteHuey

from server.settings import Settings

NAME = "footwell"


def make_queue(settings: Settings) -> Huey:
    """Losing what is in it loses nothing: rows in the database say what is to be done."""
    if settings.redis_url:
        return RedisHuey(NAME, url=settings.redis_url, results=False)
    return SqliteHuey(NAME, filename=str(settings.data_dir / "queue.db"), results=False, fsync=False)
