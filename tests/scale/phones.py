"""Phones that keep what they have to say until a web has answered with 2xx, as the app's outbox does."""

import random
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID, uuid4

import requests
from sqlalchemy import select

from server.models import PushDelivery, SessionLog
from tests.factories import session_log
from tests.scale.audience import Audience, Patient

THREADS = 3
FIRST_DELAY, LONGEST_DELAY = 1.0, 8.0  # the app's are 5 s and an hour: these are in a hurry


@dataclass(frozen=True)
class Entry:
    """One change, which may be sent any number of times."""

    method: str
    path: str
    body: dict[str, Any]
    made_at: datetime


@dataclass
class Phone:
    """An outbox, and how long to leave it alone after a failure."""

    patient: Patient
    outbox: deque[Entry] = field(default_factory=deque)
    until: float = 0.0
    delay: float = 0.0


class Phones:
    """One for each patient: it logs a session now and then and reports each message that it shows."""

    def __init__(self, audience: Audience, hosts: Sequence[str], *, logs_per_second: float) -> None:
        self._audience, self._hosts = audience, hosts
        self._phones = {str(patient.owner.id): Phone(patient) for patient in audience.patients}
        self._every = 1 / logs_per_second
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self.logs: dict[UUID, dict[str, Any]] = {}
        """What was answered with 2xx."""
        self.shown: set[UUID] = set()
        self.failures = 0
        """Requests that had to be made again."""
        self.refused: list[str] = []
        """Answers that would never become 2xx; empty in a healthy test."""

    def __enter__(self) -> Self:
        phones = list(self._phones.values())
        self._threads = [threading.Thread(target=self._live, daemon=True)]
        for n in range(THREADS):
            self._threads.append(threading.Thread(target=self._send, args=(phones[n::THREADS],), daemon=True))
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join(30)

    def oldest(self) -> datetime:
        """When the oldest change was made that no web has taken yet; now, when there is none."""
        waiting = [phone.outbox[0].made_at for phone in self._phones.values() if phone.outbox]
        return min(waiting, default=datetime.now(UTC))

    def _live(self) -> None:
        next_log = time.monotonic()
        while not self._ending.wait(0.1):
            for message in self._audience.new_messages():
                payload = message.json()
                at = datetime.now(UTC)
                said = {"token": payload["token"], "event": "shown", "at": at.isoformat()}
                self._phones[payload["store"]].outbox.append(Entry("POST", "/push/receipts", said, at))
            if time.monotonic() >= next_log:
                next_log += self._every
                random.choice(list(self._phones.values())).outbox.append(_new_log())

    def _send(self, phones: Sequence[Phone]) -> None:
        with requests.Session() as http:
            while not self._ending.wait(0.05):
                for phone in phones:
                    while phone.outbox and time.monotonic() >= phone.until and not self._ending.is_set():
                        self._judge(phone, self._reply(http, phone, phone.outbox[0]))

    def _reply(self, http: requests.Session, phone: Phone, entry: Entry) -> requests.Response | None:
        headers = {"Cookie": phone.patient.cookie, "Sec-Fetch-Site": "same-origin"}
        url = f"http://{random.choice(self._hosts)}/api/v1{entry.path}"
        try:
            return http.request(entry.method, url, json=entry.body, headers=headers, timeout=10)
        except requests.RequestException:
            return None

    def _judge(self, phone: Phone, reply: requests.Response | None) -> None:
        entry = phone.outbox[0]
        if reply is not None and "Footwell-Api" in reply.headers and reply.status_code not in (408, 429):
            if reply.ok:
                phone.outbox.popleft()
                phone.delay = 0.0
                return self._note(entry)
            if reply.status_code < 500:
                phone.outbox.popleft()
                self.refused.append(f"{entry.path}: {reply.status_code}")
                return None
        phone.delay = min(max(phone.delay * 2, FIRST_DELAY), LONGEST_DELAY)
        phone.until = time.monotonic() + phone.delay
        with self._lock:
            self.failures += 1
        return None

    def _note(self, entry: Entry) -> None:
        with self._lock:
            if entry.method == "PUT":
                self.logs[UUID(entry.path.rsplit("/", 1)[1])] = entry.body
            else:
                self.shown.add(UUID(hex=entry.body["token"].split(".")[0]))

    def look_at_the_said(self) -> None:
        """All of what was answered with 2xx is kept, as it was said."""
        assert self.refused == []
        with self._lock:  # they go on talking while the database is asked
            logs, shown = dict(self.logs), set(self.shown)
        with self._audience.database.read() as db:
            here = SessionLog
            kept = {row.id: row for row in db.execute(select(here.id, here.started_at, here.pain_before))}
            reported = set(db.execute(select(PushDelivery.id).where(PushDelivery.shown_at.is_not(None))).scalars())
        assert shown <= reported, "a receipt was lost"
        assert logs.keys() <= kept.keys(), "a session log was lost"
        for log_id, body in logs.items():
            said = datetime.fromisoformat(body["started_at"]), body["pain_before"]
            assert (kept[log_id].started_at, kept[log_id].pain_before) == said


def _new_log() -> Entry:
    now = datetime.now(UTC).replace(microsecond=0)
    times = {
        "started_at": (now - timedelta(minutes=9)).isoformat(),
        "ended_at": (now - timedelta(minutes=1)).isoformat(),
    }
    body = session_log(on=now.date().isoformat(), pain_before=random.randrange(11), **times)
    return Entry("PUT", f"/session-logs/{uuid4()}", body, datetime.now(UTC))
