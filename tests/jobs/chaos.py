"""Reminders fall due while workers and web processes die at any line, and the clock goes forward and back."""

import json
import random
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from server.database import Database
from server.services.sending import LEASE
from tests.fakes.push_messages import Message
from tests.fakes.push_service import PushService
from tests.jobs.chaos_patients import Patients

FIRST_DAY = datetime(2026, 11, 22, tzinfo=UTC)
PAST_LEASE = LEASE.total_seconds() + 1
LATE = 4 * 3600.0
KILLS_A_LOAD = 6


@dataclass
class Figures:
    """What happened, for whoever reads the test's output."""

    kills: int = 0
    processes: int = 0
    loads: int = 0
    messages: int = 0
    repeats: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills in {self.processes} processes, {self.loads} loads of reminders, {self.messages} "
            f"messages; sent again to Apple {self.repeats['apple']}, to others {self.repeats['mozilla']}; "
            f"killed in {dict(self.places.most_common())}"
        )


class World:
    """One load of reminders after the other; every load is looked at when nothing is left to do."""

    def __init__(
        self, seed: int, database: Database, workers: "subprocess.Popen[str]", services: Mapping[str, PushService]
    ) -> None:
        self._random = random.Random(seed)
        self._workers = workers
        self._services = services
        self._rounds = 0
        self._lines = Counter[str]()
        self._deadly: set[int] = set()
        self._round_of: dict[str, int] = {}
        self._now = self._latest = FIRST_DAY
        self.patients = Patients(self._random, database, services, FIRST_DAY)
        self.figures = Figures()
        self.round(deadly=False)  # browsers register, and the lines of a process are counted
        self.patients.look_at_the_said()

    def run(self, kills: int) -> None:
        """Until so many processes were killed."""
        while self.figures.kills < kills:
            self.load(min(kills - self.figures.kills, KILLS_A_LOAD))

    def load(self, kills: int) -> None:
        """Everybody's next reminder, with so many kills if there is that much to do."""
        due_at = self._now = self._latest = self.patients.next_due(self._latest)
        phones = list(self.patients.phones)
        enough = self.figures.kills + kills
        while self.figures.kills < enough and not self.patients.is_settled(self._latest):
            self.round(deadly=True)
        late_from = self._rounds if self._random.random() < 0.15 else None
        self._move(0 if late_from is None else LATE)
        while not self.patients.is_settled(self._latest):
            self._now = self._latest
            self._move(PAST_LEASE)
            self.round(deadly=False)
        self.figures.loads += 1
        self.patients.look_at_the_said()
        moments = self.patients.look_at_the_due(due_at, may_be_late=late_from is not None)
        messages = self.patients.messages()
        for phone in phones:
            came = messages[phone.token, moments[phone.owner.id].id]
            assert late_from is not None or came, "a reminder was lost"
            self._look_at(came, "apple" if phone.service is self._services["apple"] else "mozilla", late_from)
        self.patients.say(due_at, [came[-1] for came in messages.values() if came])

    def round(self, *, deadly: bool) -> None:
        """One or two workers at once, and a web process when a patient has something to say."""
        tasks = [self._task(deadly) for _ in range(self._random.choice((1, 1, 2)))]
        if self.patients.calls:
            tasks.append({**self._task(deadly, "web"), "calls": self.patients.calls})
        if len(tasks) == 1 and deadly and self._random.random() < 0.3:  # processes of one machine have one clock
            tasks[0] |= {"jump_at": self._line("worker"), "jump": self._random.choice((-90, -3600))}
        said = self.at_once(tasks)[-1]
        if "statuses" in said:
            assert {status // 100 for status in said["statuses"]} == {2}, said
            self.patients.calls = []
        if deadly:
            self._move(self._random.choice((PAST_LEASE, PAST_LEASE, 20, -90, -600)))

    def _line(self, kind: str) -> int:
        """Any line of such a process: a late one, when it has sent, or an early one, when there is less to do."""
        return 1 + int(self._lines[kind] * self._random.random() ** self._random.choice((0.5, 1, 2)))

    def _task(self, deadly: bool, kind: str = "worker") -> dict[str, Any]:
        kill_at = self._line(kind) if deadly and self._random.random() < 0.8 else None
        return {"now": self._now.isoformat(), "kill_at": kill_at, "jump_at": None, "jump": 0}

    def at_once(self, tasks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Each task in a process of its own."""
        assert self._workers.stdin is not None
        assert self._workers.stdout is not None
        print(json.dumps(tasks), file=self._workers.stdin, flush=True)
        said: list[dict[str, Any]] = json.loads(self._workers.stdout.readline())
        self._rounds += 1
        for task, one in zip(tasks, said, strict=True):
            assert "fault" not in one, one["fault"]
            kind = "web" if "calls" in task else "worker"
            self.figures.processes += 1
            if one["killed"]:
                self.figures.kills += 1
                self.figures.places[one["place"].split(":")[0]] += 1
                self._deadly |= {self._rounds} if kind == "worker" else set()
            else:
                self._lines[kind] = max(self._lines[kind], one["lines"])
        for service in self._services.values():
            for message in service.messages:
                self._round_of.setdefault(message.version, self._rounds)
        return said

    def _move(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        self._latest = max(self._latest, self._now)

    def _look_at(self, came: Sequence[Message], service: str, late_from: int | None) -> None:
        """One notification, in its time; more than one message only where a process was killed."""
        shown = {message.json()["notification"]["tag"] for message in came}
        assert len(shown) <= 1, "one moment is shown twice"
        assert {message.headers["Topic"] for message in came} == shown
        assert ["web_push" in message.json() for message in came] == [service == "apple"] * len(came)
        rounds = [self._round_of[message.version] for message in came]
        assert late_from is None or max(rounds, default=0) <= late_from, "sent when it was of no use any more"
        assert set(rounds[:-1]) <= self._deadly, "sent again though nobody was killed"
        self.figures.messages += len(came)
        self.figures.repeats[service] += max(len(came) - 1, 0)
