"""`kill -9` at any line of worker and web: nothing is lost, and where a tag replaces nothing is shown twice."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from server.bootstrap import ROOT
from server.database import Database
from server.migrate import upgrade
from server.settings import Settings
from tests import postgresql
from tests.fakes.certificate import self_signed, server_context
from tests.fakes.push_service import Answer, PushService
from tests.jobs.chaos import World
from tests.jobs.chaos_patients import KINDS

APPLE = "web.push.apple.com"
SEEDS = (1, 2, 3, 4)
KILLS = 10
LONG_KILLS = 400
Begin = Callable[..., World]


@pytest.fixture
def services(tmp_path: Path) -> Iterator[dict[str, PushService]]:
    """Mozilla's and Apple's; the latter by its name, with a certificate that the workers trust."""
    tls = server_context(self_signed(tmp_path / "apple.pem", APPLE))
    with PushService() as mozilla, PushService(name=APPLE, tls=tls) as apple:
        yield {"mozilla": mozilla, "apple": apple}


@pytest.fixture
def begin(services: dict[str, PushService], settings: Settings, database_url: str, tmp_path: Path) -> Iterator[Begin]:
    """A world by its seed, and the processes in it."""
    with ExitStack() as stack:

        def made(seed: int, url: str = database_url) -> World:
            env = {
                **os.environ,
                "FOOTWELL_DATA_DIR": str(settings.data_dir),
                "DATABASE_URL": url,
                "FOOTWELL_SECRET_KEY": settings.secret_key,
                "FOOTWELL_VAPID_PRIVATE_KEY": settings.vapid_private_key,
                "FOOTWELL_TOKEN_KEYS": ",".join(settings.token_keys),
                "FOOTWELL_PUSH_HOSTS": ",".join(service.host for service in services.values()),
                "SSL_CERT_FILE": str(tmp_path / "apple.pem"),
            }
            command = [sys.executable, "-m", "tests.jobs.chaos_worker"]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
            workers = stack.enter_context(subprocess.Popen(command, cwd=ROOT, env=env, text=True, **pipes))
            stack.callback(workers.kill)
            database = Database(url)
            stack.callback(database.engine.dispose)
            return World(seed, database, workers, services)

        yield made


def survive(world: World, seed: int, kills: int) -> None:
    """A failure names its seed."""
    try:
        world.run(kills)
    except BaseException as error:
        error.add_note(f"seed {seed}; {world.figures}")
        raise
    print(f"seed {seed}: {world.figures}")


@pytest.mark.parametrize("seed", SEEDS)
def test_no_reminder_is_lost_or_shown_twice_whatever_line_is_the_last(seed: int, begin: Begin) -> None:
    survive(begin(seed), seed, KILLS)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_four_hundred_kills_at_random(begin: Begin) -> None:
    seed = random.SystemRandom().randrange(10**6)
    survive(begin(seed), seed, LONG_KILLS)


@pytest.mark.postgresql
def test_a_database_that_restarts_while_messages_are_on_their_way_makes_none_go_twice(
    begin: Begin, services: dict[str, PushService]
) -> None:
    with postgresql.cluster() as cluster:
        url = cluster.address.replace("postgresql://", "postgresql+psycopg://", 1)
        upgrade(url)
        world = begin(5, url)
        for service in services.values():
            service.always(Answer(delay=1.5))

        def restart() -> None:
            while not all(service.requests for service in services.values()):
                time.sleep(0.01)
            cluster.stop()
            while len(services["apple"].messages) < len(KINDS):
                time.sleep(0.01)
            time.sleep(0.5)  # the answers are known, and there is nowhere to note them
            cluster.start()

        with ThreadPoolExecutor() as pool:
            restarted = pool.submit(restart)
            world.load(kills=0)
            restarted.result()
        figures = world.figures
        assert (figures.kills, figures.repeats.total()) == (0, 0)
        assert figures.messages == sum(service.requests for service in services.values()) == 3 * len(KINDS)
