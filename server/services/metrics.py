"""What whoever runs the server sees of it: numbers by kind, never by person, read from the database alone.

So it does not matter which of several web processes is asked. Alerts on them are in `deploy/alerts.yml`.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from integrations.push import service_of
from server.models import Occurrence, PushDelivery, SecondDelivery
from server.services.counters import LABELS, counted, labels_text
from server.services.provider_states import count_overdue, quiet_until
from server.services.second_ways import WAYS
from server.services.server_facts import push_faults, push_pauses, worker_silent_for

Samples = Mapping[str, float]  # by the text of the labels
QUEUES = {
    "reminders": Occurrence.wake_at,
    "push": PushDelivery.next_try_at,
    "second_ways": SecondDelivery.next_try_at,
}
COUNTERS = {
    "push_messages": "Answers of push services; status none: nobody was asked, or nobody answered.",
    "receipts": "What browsers reported of messages.",
    "second_messages": "E-mails and ntfy messages by what became of each try; waiting: it will be tried again.",
    "pulls": "Reads of connected providers by the state that the connection has since.",
}
# A counter that is not there yet and then is 1 has not grown, for Prometheus: these begin at 0.
SECOND_STATES = ("sent", "waiting", "failed", "expired")
PULL_STATES = ("active", "backing_off", "admin_problem", "provider_retired")


@dataclass(frozen=True)
class Metric:
    """One name with its values; `kind` is `gauge` or `counter`."""

    name: str
    kind: str
    says: str
    samples: Samples


def read_metrics(db: Session, providers: Collection[str], *, now: datetime) -> list[Metric]:
    """All of them, of the `providers` that can be connected."""
    silent_for = worker_silent_for(db, now=now)
    seconds = math.inf if silent_for is None else silent_for.total_seconds()
    found = [Metric("worker_silent_seconds", "gauge", "Since a worker last claimed what is due.", {"": seconds})]
    waiting = {queue: _due(db, queue, now) for queue in QUEUES}
    dues = _by("queue", {queue: due for queue, (due, _) in waiting.items()})
    lags = _by("queue", {queue: lag for queue, (_, lag) in waiting.items()})
    found.append(Metric("due", "gauge", "Rows whose time has come and that no worker has taken up.", dues))
    found.append(Metric("lag_seconds", "gauge", "How late the oldest of them is.", lags))
    refusing = dict.fromkeys(map(service_of, push_faults(db)), 1.0)
    found.append(Metric("push_fault", "gauge", "A push service refuses all we send.", _by("service", refusing)))
    pauses = {service: 1.0 for service, until in push_pauses(db).items() if until > now}
    found.append(Metric("push_breaker_open", "gauge", "A push service is let alone.", _by("service", pauses)))
    counts = counted(db)
    for name, says in COUNTERS.items():
        samples: Samples = {**_zeros(name, providers), **counts.get(name, {})}
        found.append(Metric(f"{name}_total", "counter", says, samples))
    return found + _of_providers(db, providers, counts.get("connections", {}), now)


def _due(db: Session, queue: str, now: datetime) -> tuple[float, float]:
    """How many are due, and how long the oldest is; the partial index of each queue knows both."""
    column = QUEUES[queue]
    due, oldest = db.execute(select(func.count(), func.min(column)).where(column <= now)).one()
    return due, (now - oldest).total_seconds() if oldest else 0.0


def _zeros(name: str, providers: Iterable[str]) -> Samples:
    known = {
        "second_messages": [(way, state) for way in WAYS for state in SECOND_STATES],
        "pulls": [(provider, state) for provider in providers for state in PULL_STATES],
    }
    return {labels_text(LABELS[name], values): 0 for values in known.get(name, [])}


def _of_providers(db: Session, providers: Iterable[str], connections: Samples, now: datetime) -> list[Metric]:
    overdue = {name: float(count_overdue(db, name, now=now)) for name in providers}
    alone = {name: float(quiet_until(db, name, now=now) is not None) for name in providers}
    return [
        Metric("connections", "gauge", "Connections to providers by state, ten minutes old at most.", connections),
        Metric("pulls_overdue", "gauge", "Connections overdue by ten minutes.", _by("provider", overdue)),
        Metric("provider_let_alone", "gauge", "A provider that answers nobody is let alone.", _by("provider", alone)),
    ]


def _by(label: str, values: Mapping[str, float]) -> Samples:
    return {labels_text((label,), (value,)): number for value, number in sorted(values.items())}


def exposition(metrics: Iterable[Metric]) -> str:
    """As Prometheus reads it (text format 0.0.4)."""
    lines = []
    for metric in metrics:
        name = f"footwell_{metric.name}"
        lines += [f"# HELP {name} {metric.says}", f"# TYPE {name} {metric.kind}"]
        lines += [
            f"{name}{{{labels}}} {_number(value)}" if labels else f"{name} {_number(value)}"
            for labels, value in metric.samples.items()
        ]
    return "\n".join(lines) + "\n"


def _number(value: float) -> str:
    return "+Inf" if value == math.inf else f"{value:.15g}"
