"""Patients with browsers whose reminders fall due together, what they say back, and whether all of it arrived."""

import random
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select

from integrations.push import Subscription
from server.database import Database
from server.models import AnyRow, Occurrence, PushDelivery, PushSubscription
from server.services import accounts, reminders
from server.services.owner import Owner
from tests.factories import make_patient
from tests.fakes.push_messages import Message
from tests.fakes.push_service import PushService

TIMES = ("09:00", "11:00", "13:00", "15:00", "17:00", "19:00")
KINDS = ("glucose", "foot_check", "massage")
MOST_PHONES = 6


@dataclass(frozen=True)
class Phone:
    """A browser, and whose reminders it shows."""

    service: PushService
    subscription: Subscription
    owner: Owner

    @property
    def token(self) -> str:
        return self.subscription.endpoint.rsplit("/", 1)[1]


class Patients:
    """A patient for each kind of reminder. What they say is sent until it is answered, as a phone's outbox does."""

    def __init__(
        self, chance: random.Random, database: Database, services: Mapping[str, PushService], now: datetime
    ) -> None:
        self._random, self._database, self._services = chance, database, services
        self._cookies: dict[Owner, str] = {}
        self._answered: list[UUID] = []
        self._shown: list[UUID] = []
        self._coming: list[Phone] = []
        self.phones: list[Phone] = []
        self.calls: list[dict[str, Any]] = []
        """What no process has answered with 2xx yet."""
        with database.write() as db:
            for number, kind in enumerate(KINDS):
                owner = make_patient(db, f"{number}@example.org", now=now)
                self._cookies[owner] = f"footwell={accounts.sign_in(db, owner.id, None, now=now)}"
                rule = {"kind": kind, "weekdays": [1, 2, 3, 4, 5, 6, 7], "times": TIMES, "active": True}
                rule |= {"starts_on": date(2026, 11, 1), "ends_on": None}
                reminders.save_reminder(db, owner, uuid4(), rule, if_match=None, now=now)
        for owner in self._cookies:
            for name in ("mozilla", "mozilla", "apple"):
                self._register(name, owner)

    def next_due(self, after: datetime) -> datetime:
        """When everybody is reminded next."""
        with self._database.read() as db:
            later = select(func.min(Occurrence.due_at)).where(Occurrence.due_at > after, Occurrence.state == "open")
            found: datetime = db.execute(later).scalar_one()
            return found

    def is_settled(self, now: datetime) -> bool:
        """Whether nothing is due, nothing is waiting and everything said was heard."""
        with self._database.read() as db:
            due = select(Occurrence.id).where(Occurrence.wake_at <= now)
            waiting = select(PushDelivery.id).where(PushDelivery.next_try_at.is_not(None))
            return not (self.calls or db.execute(due).first() or db.execute(waiting).first())

    # What they say

    def say(self, due_at: datetime, messages: Collection[Message]) -> None:
        """Receipts for what was shown, an answer by the app or by the message, and now and then one more browser."""
        at = (due_at + timedelta(minutes=1)).isoformat()
        for message in messages:
            payload = message.json()
            self._shown.append(UUID(hex=payload["token"].split(".")[0]))
            said = {"token": payload["token"], "event": "shown", "at": at}
            self.calls.append({"method": "POST", "path": "/api/v1/push/receipts", "json": said})
            occurrence_id = payload["notification"]["data"]["occurrence_id"]
            if UUID(occurrence_id) in self._answered:
                continue
            self._answered.append(UUID(occurrence_id))
            owner = next(owner for owner in self._cookies if str(owner.id) == payload["store"])
            by = {"Authorization": f"message {payload['token']}"} if self._random.random() < 0.5 else self._own(owner)
            path = f"/api/v1/occurrences/{occurrence_id}"
            self.calls.append({"method": "PUT", "path": path, "json": {"state": "done", "at": at}, "headers": by})
        for owner in self._cookies:
            if sum(phone.owner == owner for phone in self.phones) < MOST_PHONES and self._random.random() < 0.3:
                self._register(self._random.choice(("mozilla", "apple")), owner)

    def _own(self, owner: Owner) -> dict[str, str]:
        return {"Cookie": self._cookies[owner], "Sec-Fetch-Site": "same-origin"}

    def _register(self, name: str, owner: Owner) -> None:
        made = self._services[name].subscribe()
        body = {"endpoint": made.endpoint, "keys": {"p256dh": made.p256dh, "auth": made.auth}, "label": name}
        path = "/api/v1/push/subscriptions"
        self.calls.append({"method": "PUT", "path": path, "json": body, "headers": self._own(owner)})
        self._coming.append(Phone(self._services[name], made, owner))

    # Whether it arrived

    def look_at_the_said(self) -> None:
        """What was answered with 2xx is kept, once."""
        self.phones += self._coming
        self._coming = []
        with self._database.read() as db:
            answers = select(Occurrence.state).where(Occurrence.id.in_(self._answered))
            assert Counter(db.execute(answers).scalars()) == Counter({"done": len(self._answered)})
            seen = select(PushDelivery.id).where(PushDelivery.id.in_(self._shown), PushDelivery.shown_at.is_not(None))
            assert set(db.execute(seen).scalars()) == set(self._shown)
            endpoints = db.execute(select(PushSubscription.endpoint)).scalars().all()
        assert sorted(endpoints) == sorted(phone.subscription.endpoint for phone in self.phones)

    def look_at_the_due(self, due_at: datetime, *, may_be_late: bool) -> dict[UUID, AnyRow]:
        """Each patient's moment: sent to every browser, one delivery each, and over."""
        with self._database.read() as db:
            moments = db.execute(select(*Occurrence.__table__.c).where(Occurrence.due_at == due_at)).all()
            rows = select(PushDelivery.occurrence_id, PushDelivery.subscription_id, PushDelivery.state)
            deliveries = db.execute(rows.where(PushDelivery.woken_at == due_at)).all()
        assert len(moments) == len(self._cookies)
        states = ("sent", "over") if may_be_late else ("sent",)
        assert {row.state for row in deliveries} <= set(states)
        assert len({(row.occurrence_id, row.subscription_id) for row in deliveries}) == len(deliveries)
        for moment in moments:
            assert moment.wake_at is None
            assert (moment.sent_at is None) == (moment.not_sent is not None)
            assert moment.not_sent in ((None, "too_late") if may_be_late else (None,))
        return {moment.patient_id: moment for moment in moments}

    def messages(self) -> dict[tuple[str, UUID], list[Message]]:
        """What came since the last look, by browser and moment."""
        found: defaultdict[tuple[str, UUID], list[Message]] = defaultdict(list)
        for service in self._services.values():
            assert service.refusals == []
            for message in service.messages:
                occurrence_id = UUID(message.json()["notification"]["data"]["occurrence_id"])
                found[message.subscription, occurrence_id].append(message)
            service.messages.clear()
        return found
