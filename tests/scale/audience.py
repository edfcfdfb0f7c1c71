"""Patients whose reminders fall due all the time, each with a browser at one of several push services."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from server.database import Database
from server.models import AnyRow, Occurrence, PushDelivery, PushSubscription, StepGoal
from server.services import accounts, push, step_goals
from server.services.owner import Owner, next_seq
from tests.factories import make_patient, step_goal
from tests.fakes.push_messages import Message
from tests.fakes.push_service import PushService

KIND = "symptom_entry"  # of use for two hours: longer than any disturbance


@dataclass(frozen=True)
class Patient:
    """Somebody who is signed in, and the push service of their browser."""

    owner: Owner
    cookie: str
    service: PushService


class Audience:
    """`per_second` moments from `begins` on, patient after patient. What they get is found by moment."""

    def __init__(
        self,
        database: Database,
        services: Sequence[PushService],
        *,
        patients: int,
        begins: datetime,
        seconds: int,
        per_second: float,
    ) -> None:
        self.database, self._services = database, services
        self._came: defaultdict[UUID, list[Message]] = defaultdict(list)
        self._seen = [0] * len(services)
        now = datetime.now(UTC)
        with database.write() as db:
            self.patients = [
                self._join(db, number, services[number % len(services)], now) for number in range(patients)
            ]
            each = int(seconds * per_second) // patients + 1
            seqs = {patient.owner.id: next_seq(db, patient.owner.id, each) for patient in self.patients}
            alike = {"kind": KIND, "on": begins.date(), "local_time": begins.time(), "state": "open"}
            moments = []
            for number in range(int(seconds * per_second)):
                due_at = begins + timedelta(seconds=number / per_second)
                whose = self.patients[number % patients].owner.id
                own = {"id": uuid4(), "patient_id": whose, "seq": seqs[whose] + number // patients}
                moments.append(alike | own | {"due_at": due_at, "wake_at": due_at, "updated_at": now})
            db.execute(insert(Occurrence), moments)

    def _join(self, db: Session, number: int, service: PushService, now: datetime) -> Patient:
        owner = make_patient(db, f"{number}@example.org", now=now)
        made = service.subscribe()
        keys = {"endpoint": made.endpoint, "p256dh": made.p256dh, "auth": made.auth}
        push.save_subscription(db, owner, **keys, label="phone", replaces=None, now=now)
        return Patient(owner, f"footwell={accounts.sign_in(db, owner.id, None, now=now)}", service)

    def service_of(self, patient_id: UUID) -> PushService:
        """Where this patient's browser listens."""
        return next(patient.service for patient in self.patients if patient.owner.id == patient_id)

    def due(self, since: datetime, until: datetime) -> Sequence[AnyRow]:
        """The moments that fell due in between, as they are now."""
        here = Occurrence
        query = select(*here.__table__.c).where(here.due_at >= since, here.due_at < until).order_by(here.due_at)
        with self.database.read() as db:
            return db.execute(query).all()

    def lag(self) -> float:
        """Seconds for which the oldest row that is due has waited to be taken up."""
        now = datetime.now(UTC)
        with self.database.read() as db:
            oldest = [
                db.execute(select(column).where(column <= now).order_by(column).limit(1)).scalar()
                for column in (Occurrence.wake_at, PushDelivery.next_try_at)
            ]
        return max((now - at).total_seconds() for at in oldest if at) if any(oldest) else 0.0

    def is_settled(self, until: datetime) -> bool:
        """Whether nothing is left to do for what fell due before."""
        waking = select(Occurrence.id).where(Occurrence.wake_at < until)
        sending = select(PushDelivery.id).where(PushDelivery.woken_at < until, PushDelivery.next_try_at.is_not(None))
        with self.database.read() as db:
            return not db.execute(waking.limit(1)).first() and not db.execute(sending.limit(1)).first()

    def make_goals_due(self) -> None:
        """Give somebody a step goal that is to be looked at now, as whenever a day begins."""
        owner, now = self.patients[0].owner, datetime.now(UTC)
        with self.database.write() as db:
            step_goals.save_goal(db, owner, step_goal(), if_match=None, now=now)
            db.execute(update(StepGoal).values(look_at=now - timedelta(minutes=1)))

    def goals_are_looked_at(self) -> bool:
        """Whether none is due to be looked at."""
        with self.database.read() as db:
            return not step_goals.due_for_look(db, limit=1, now=datetime.now(UTC))

    def blamed(self) -> int:
        """How many browsers are held to have lost their subscription."""
        with self.database.read() as db:
            return len(db.execute(select(PushSubscription.id).where(PushSubscription.state != "active")).all())

    # What arrives

    def new_messages(self) -> Iterator[Message]:
        """What came since this was asked last. For one asker."""
        for number, service in enumerate(self._services):
            new = service.messages[self._seen[number] :]
            for message in new:
                self._came[UUID(message.json()["notification"]["data"]["occurrence_id"])].append(message)
            self._seen[number] += len(new)
            yield from new

    def has_seen_all(self) -> bool:
        """Whether what has come was asked for."""
        return self._seen == [len(service.messages) for service in self._services]

    def came(self, occurrence_id: UUID) -> Sequence[Message]:
        """The messages about one moment, oldest first."""
        return self._came.get(occurrence_id, [])
