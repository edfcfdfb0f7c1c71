"""Chaos at scale: two webs and four workers on PostgreSQL and Redis, under load, watched by a real Prometheus.

Nothing is lost, lag recovers by itself, every alarm that should fire fires, and no other.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fakes.push_service import Answer, PushService
from tests.plan import CACHE
from tests.scale.audience import Audience
from tests.scale.chaos import Chaos
from tests.scale.phones import Phones
from tests.scale.prometheus import prometheus
from tests.scale.site import site

PATIENTS = 40
FOREVER = 4 * 3600.0


@dataclass(frozen=True)
class World:
    """What is disturbed: everything through `chaos`, and push services by what is wrong with them."""

    chaos: Chaos
    services: Sequence[PushService]
    hanging: PushService
    throttling: PushService
    failing: PushService


Begin = Callable[..., AbstractContextManager[World]]


@pytest.fixture
def begin(tmp_path: Path, request: pytest.FixtureRequest) -> Begin:
    """A world in which so many moments fall due and logs are made each second. Its log is left in `.cache`."""

    @contextmanager
    def made(
        *, seconds: int, due_per_second: float, logs_per_second: float, calm: float, every: int, settles: bool = False
    ) -> Iterator[World]:
        with ExitStack() as stack:
            # By address: what is known of a push service is known by its name, whatever the port.
            services = [stack.enter_context(PushService(name=f"127.0.0.{n}")) for n in (1, 2, 3, 4)]
            here = stack.enter_context(site(tmp_path, [service.host for service in services]))
            audience = Audience(
                here.database,
                services,
                patients=PATIENTS,
                begins=datetime.now(UTC),
                seconds=seconds,
                per_second=due_per_second,
            )
            watch = stack.enter_context(prometheus(tmp_path, here.hosts, every=every))
            phones = stack.enter_context(Phones(audience, here.hosts, logs_per_second=logs_per_second))
            chaos = Chaos(here, audience, phones, watch, calm=calm, settles=settles)
            try:
                chaos.wait_until_well(datetime.now(UTC))
                yield World(chaos, services, *services[1:])
                chaos.account()
                assert [service.refusals for service in services] == [[]] * len(services)
            finally:
                said = f"{len(phones.logs)} session logs and {len(phones.shown)} receipts were taken; "
                said += f"phones sent {phones.failures} times more, after no or another answer."
                CACHE.mkdir(exist_ok=True)
                (CACHE / f"{request.node.name}.md").write_text(f"{chaos.log()}\n{said}\n")
                print(f"\n{chaos.log()}\n{said}", flush=True)

    return made


def kill_two_workers(world: World) -> None:
    with world.chaos.phase("two of four workers killed, two added"):
        for _ in range(2):
            world.chaos.kill_worker()
            world.chaos.site.add_worker()


def kill_workers_that_send(world: World) -> None:
    """Push services take a second, so that messages are on their way."""
    with world.chaos.phase("two of four workers killed while they send, two added"):
        for service in world.services:
            service.always(Answer(delay=1))
        time.sleep(5)
        for _ in range(2):
            world.chaos.kill_worker()
            world.chaos.site.add_worker()
        for service in world.services:
            service.always(None)


def flush_redis(world: World) -> None:
    with world.chaos.phase("Redis flushed"):
        world.chaos.site.redis.flush()


def restart_redis(world: World, seconds: float) -> None:
    with world.chaos.phase("Redis killed, away, started"):
        world.chaos.site.redis.kill()
        time.sleep(seconds)
        world.chaos.site.redis.start()


def restart_postgresql(world: World, seconds: float) -> None:
    with world.chaos.phase("PostgreSQL crashed, away, started"):
        world.chaos.site.cluster.crash()
        time.sleep(seconds)
        world.chaos.site.cluster.start()


def see_the_schedule(world: World) -> None:
    with world.chaos.phase("the schedule goes on, through Redis"):
        world.chaos.wait_for_the_schedule()


def kill_a_web(world: World, seconds: float) -> None:
    with world.chaos.phase("one of two webs killed, started"):
        world.chaos.site.webs[0].kill()
        time.sleep(seconds)
        world.chaos.site.webs[0].start()


def throttle(world: World, seconds: float, retry_after: int) -> None:
    with world.chaos.phase(f"a push host answers 429, Retry-After {retry_after}"):
        world.throttling.always(Answer(429, {"Retry-After": str(retry_after)}))
        time.sleep(seconds)
        world.throttling.always(None)


def hang_and_throttle(world: World) -> None:
    """For as long as it takes until the alert has waited its ten minutes: both at once, for it is a long time."""
    alerts = [f"PushBreakerOpen {service.name}" for service in (world.hanging, world.throttling)]
    with world.chaos.phase("a push host hangs, another answers 429, Retry-After 20", *alerts):
        world.hanging.always(Answer(delay=FOREVER, drop="before"))
        world.throttling.always(Answer(429, {"Retry-After": "20"}))
        world.chaos.wait_for_alerts(*alerts, within=1200)
        world.hanging.always(None)
        world.throttling.always(None)


def fail(world: World, seconds: float) -> None:
    with world.chaos.phase("a push host answers 503 to all"):
        world.failing.always(Answer(503))
        time.sleep(seconds)
        world.failing.always(None)


def have_no_worker(world: World) -> None:
    alerts = ("NoWorker", "Late", "QueueGrows")
    with world.chaos.phase("all four workers killed, four added", *alerts):
        count = len(world.chaos.site.workers)
        for _ in range(count):
            world.chaos.kill_worker()
        world.chaos.wait_for_alerts(*alerts, within=720)
        for _ in range(count):
            world.chaos.site.add_worker()


def have_no_web(world: World) -> None:
    with world.chaos.phase("both webs killed, started", "Unseen"):
        for web in world.chaos.site.webs:
            web.kill()
        world.chaos.wait_for_alerts("Unseen", within=600)
        for web in world.chaos.site.webs:
            web.start()


def refuse(world: World) -> None:
    alert = f"PushFault {world.failing.name}"
    with world.chaos.phase("a push host answers 403 to all", alert, refusing=world.failing):
        world.failing.always(Answer(403))
        world.chaos.wait_for_alerts(alert, within=120)
        time.sleep(3)  # every worker meets it
        world.failing.always(None)


@pytest.mark.postgresql
@pytest.mark.timeout(420)
def test_nothing_is_lost_and_lag_recovers_by_itself(begin: Begin) -> None:
    with begin(seconds=420, due_per_second=6, logs_per_second=2, calm=2, every=1) as world:
        kill_two_workers(world)
        flush_redis(world)
        restart_redis(world, 2)
        restart_postgresql(world, 2)
        kill_a_web(world, 1)
        throttle(world, 4, retry_after=2)
        refuse(world)


@pytest.mark.postgresql
@pytest.mark.long
@pytest.mark.timeout(2 * 3600)
def test_every_alarm_that_should_fire_fires_and_no_other(begin: Begin) -> None:
    """In real time: most of it is waiting for what alerts wait for."""
    with begin(seconds=2 * 3600, due_per_second=4, logs_per_second=1, calm=10, every=5, settles=True) as world:
        with world.chaos.phase("nothing"):
            time.sleep(30)
        kill_workers_that_send(world)
        flush_redis(world)
        restart_redis(world, 20)
        see_the_schedule(world)
        restart_postgresql(world, 20)
        kill_a_web(world, 20)
        hang_and_throttle(world)
        fail(world, 60)
        refuse(world)
        have_no_worker(world)
        have_no_web(world)
