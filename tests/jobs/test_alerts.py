"""`deploy/alerts.yml`, judged by Prometheus' own rule test on what /metrics says in scripted situations.

Every alarm that should fire fires, and no other.
"""

import json
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import insert

from integrations.notices import NoticeResult
from integrations.provider import ProviderUnavailable
from server.bootstrap import ROOT
from server.database import Database
from server.dependencies import Dependencies
from server.jobs import Ticker
from server.models import PushDelivery
from server.pulling import Puller
from server.second_sending import send_second
from server.services import server_facts
from tests.conftest import Clock
from tests.factories import Browser, RecordingNotices, RecordingSender
from tests.jobs.pulls import Connect
from tests.providers import ScriptedProvider

RULES = ROOT / "deploy" / "alerts.yml"
FIRING = 'group by (alertname) (ALERTS{alertstate="firing"})'


class Watch:
    """Reads /metrics once a minute, and asks promtool which alerts fire then."""

    def __init__(self, app: Flask, clock: Clock, folder: Path) -> None:
        self._app, self._clock, self._folder = app, clock, folder
        self.minutes = 0
        self._series: dict[str, list[str]] = {}

    def run(self, minutes: int, each: Callable[[], object] = lambda: None) -> None:
        """So many minutes, with what happens in each."""
        for _ in range(minutes):
            each()
            text = self._app.test_client().get("/metrics").text
            for line in text.splitlines():
                if not line.startswith("#"):
                    name, value = line.rsplit(" ", 1)
                    known = self._series.setdefault(name, [])
                    known += ["_"] * (self.minutes - len(known)) + [value.replace("+Inf", "Inf")]
            self.minutes += 1
            self._clock.move(minutes=1)

    def fires(self, at: dict[int, set[str]]) -> None:
        """At each of these minutes exactly these alerts."""
        series = [
            {"series": name, "values": " ".join(values + ["stale"] * (len(values) < self.minutes))}
            for name, values in self._series.items()
        ]
        expected = [
            {
                "eval_time": f"{minute}m",
                "expr": FIRING,
                "exp_samples": [{"labels": f'{{alertname="Footwell{name}"}}', "value": 1} for name in sorted(names)],
            }
            for minute, names in at.items()
        ]
        tests = [{"interval": "1m", "input_series": series, "promql_expr_test": expected}]
        file = self._folder / "test.yml"  # JSON is YAML
        file.write_text(json.dumps({"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": tests}))
        done = subprocess.run(["promtool", "test", "rules", file], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def watch(app: Flask, clock: Clock, tmp_path: Path) -> Watch:
    return Watch(app, clock, tmp_path)


@pytest.fixture
def work(deps: Dependencies) -> Iterator[Callable[[], None]]:
    """What a worker does in a minute."""
    ticker, puller = Ticker(deps), Puller(deps, at_once=4)

    def minute() -> None:
        ticker.tick()
        send_second(deps)
        puller.run_due()

    yield minute
    puller.close()


@pytest.fixture
def reminded(patient: Browser, clock: Clock) -> Browser:
    """A patient with a message each five minutes, beginning in five."""
    patient.subscribe("one")
    patient.patch("/me", {"email_reminders": "always"})
    for hour in (10, 11):
        patient.put_reminder(kind="own", text="Water", weekdays=[7], times=[f"{hour}:{n:02}" for n in range(0, 60, 10)])
    return patient


def test_the_rules_and_what_they_read_are_well_formed(app: Flask) -> None:
    checked = subprocess.run(["promtool", "check", "rules", RULES], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    text = app.test_client().get("/metrics").text
    lint = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False)
    assert lint.returncode == 0, lint.stderr


def test_while_all_is_well_nothing_fires(
    watch: Watch,
    work: Callable[[], None],
    reminded: Browser,
    connect: Connect,
    sender: RecordingSender,
) -> None:
    connect()
    sender.answers += [{"outcome": "retry", "status": 503}, {"outcome": "gone", "status": 410}]
    watch.run(95, work)
    watch.fires({minute: set() for minute in range(95)})


def test_no_worker(watch: Watch, work: Callable[[], None], reminded: Browser) -> None:
    watch.run(2, work)
    watch.run(30)
    watch.fires({1: set(), 3: set(), 4: {"NoWorker"}, 31: {"NoWorker", "Late"}})


def test_no_worker_ever(watch: Watch) -> None:
    watch.run(2)
    watch.fires({1: {"NoWorker"}})


def test_nothing_is_heard(watch: Watch, work: Callable[[], None]) -> None:
    watch.run(3, work)
    watch.minutes += 8
    watch.fires({2: set(), 6: set(), 10: {"Unseen"}})


def test_a_push_service_that_refuses_us(
    watch: Watch, work: Callable[[], None], reminded: Browser, sender: RecordingSender
) -> None:
    watch.run(15, work)
    sender.answers = [{"outcome": "config_fault", "status": 403}] * 2
    watch.run(20, work)
    watch.run(15, work)
    watch.fires({14: set(), 30: {"PushFault"}, 49: set()})


def test_a_push_service_that_is_away(
    watch: Watch, work: Callable[[], None], reminded: Browser, sender: RecordingSender
) -> None:
    watch.run(5, work)
    sender.answers = [{"outcome": "retry", "status": 429, "retry_after": 90.0}] * 2  # three minutes
    watch.run(20, work)
    sender.answers = [{"outcome": "retry", "status": 503, "retry_after": 30.0}] * 60
    watch.run(20, work)
    sender.answers = []
    watch.run(5, work)
    watch.fires({**{minute: set() for minute in range(30)}, 44: {"PushBreakerOpen"}, 49: set()})


def test_a_provider_that_fails(
    watch: Watch,
    work: Callable[[], None],
    connect: Connect,
    provider: ScriptedProvider,
) -> None:
    for number in range(4):
        connect(number)
    provider.fail = [ProviderUnavailable()]  # one of them, once
    watch.run(60, work)
    provider.fail = [ProviderUnavailable() for _ in range(500)]
    watch.run(150, work)
    watch.fires({30: set(), 60: set(), 209: {"PullsFail"}})


def test_a_mail_server_that_takes_nothing(
    watch: Watch, work: Callable[[], None], reminded: Browser, second_ways: dict[str, RecordingNotices]
) -> None:
    second_ways["email"].answers = [NoticeResult("sent"), NoticeResult("retry")]
    watch.run(40, work)
    second_ways["email"].answers = [NoticeResult("retry")] * 500
    watch.run(45, work)
    watch.fires({20: set(), 39: set(), 84: {"SecondWaysFail"}})


def test_more_falls_due_than_is_sent(watch: Watch, patient: Browser, database: Database, clock: Clock) -> None:
    browser = patient.subscribe("one")

    def minute() -> None:
        now = clock()
        with database.write() as db:
            server_facts.note_worker(db, now=now)
            shared: dict[str, Any] = {"patient_id": UUID(patient.id), "subscription_id": UUID(browser["id"])}
            shared |= {"state": "waiting", "attempts": 0, "created_at": now, "woken_at": now, "next_try_at": now}
            shared["expires_at"] = now + timedelta(hours=1)
            db.execute(insert(PushDelivery), [{**shared, "id": uuid4()} for _ in range(20)])

    watch.run(20, minute)
    watch.fires({1: set(), 5: {"Late"}, 19: {"Late", "QueueGrows"}})
