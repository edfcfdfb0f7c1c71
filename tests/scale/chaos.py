"""Disturbances one after the other, what each of them cost, and the log of it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from integrations.push_transport import TOTAL_SECONDS
from server.models import AnyRow
from server.services.sending import LEASE
from tests.fakes.push_service import PushService
from tests.scale.audience import Audience
from tests.scale.phones import Phones
from tests.scale.processes import wait_until
from tests.scale.prometheus import Prometheus
from tests.scale.site import Site

LAG = 3.0  # seconds that a row may wait while all is well: workers look each second
COLUMNS = ("after", "what was done", "for", "due", "worst", "recovered", "messages", "again", "not sent", "alerts")


@dataclass
class Phase:
    """One disturbance, with its recovery."""

    name: str
    began: datetime
    over: datetime
    """When the disturbance ended."""
    ended: datetime
    """When all was well again."""
    refusing: PushService | None = None
    alerts: set[str] = field(default_factory=set)
    due: int = 0
    messages: int = 0
    repeats: int = 0
    not_sent: int = 0
    worst: float = 0.0
    recovered: float = 0.0

    def cells(self, start: datetime) -> tuple[str, ...]:
        """As COLUMNS names them."""
        after = (self.began - start).total_seconds()
        lasted = (self.over - self.began).total_seconds()
        return (
            f"{after // 60:.0f}:{after % 60:02.0f}",
            self.name,
            f"{lasted:.0f} s",
            f"{self.due}",
            f"{self.worst:.1f} s",
            f"{self.recovered:.1f} s",
            f"{self.messages}",
            f"{self.repeats}",
            f"{self.not_sent}",
            ", ".join(sorted(self.alerts)) or "none",
        )


class Chaos:
    """A site under load, watched by Prometheus."""

    def __init__(
        self, site: Site, audience: Audience, phones: Phones, prometheus: Prometheus, *, calm: float, settles: bool
    ) -> None:
        """`calm`: seconds that are looked on after each disturbance before all may be well.

        `settles`: all that fell due is sent before the next disturbance, leases of killed workers included.
        """
        self.site, self.prometheus = site, prometheus
        self._audience, self._phones = audience, phones
        self._calm, self._settles = calm, settles
        self.phases: list[Phase] = []
        self._kills: list[datetime] = []
        self._problems: list[str] = []

    # What is done

    @contextmanager
    def phase(self, name: str, *alerts: str, refusing: PushService | None = None) -> Iterator[None]:
        """A disturbance in which exactly these alerts fire; ends when all is well again, by itself.

        `refusing`: whose patients are told that their reminders could not be sent meanwhile.
        """
        now = datetime.now(UTC)
        phase = Phase(name, began=now, over=now, ended=now, refusing=refusing)
        self.phases.append(phase)
        print(f"{phase.began:%H:%M:%S} {name}", flush=True)
        yield
        phase.over = datetime.now(UTC)
        time.sleep(self._calm)
        self.wait_until_well(phase.over)
        if self._settles:
            self.settle()
        phase.ended = datetime.now(UTC)
        phase.alerts = self.prometheus.fired(phase.began, phase.ended)
        self._expect(phase.alerts == set(alerts), phase, f"{sorted(phase.alerts)} fired")

    def wait_until_well(self, since: datetime) -> None:
        """Rows are taken up as they fall due, phones get rid of what they have to say, and no alert fires."""
        wait_until("rows are taken up as they fall due", lambda: self._audience.lag() < LAG, within=180)
        self.site.wait_for_webs()
        wait_until("phones were heard", lambda: self._phones.oldest() > since, within=180)
        wait_until("Prometheus hears both webs", lambda: self.prometheus.hears(len(self.site.hosts)), within=60)
        wait_until("no alert fires", lambda: not self.prometheus.firing(), within=240)

    def settle(self) -> None:
        """Wait until nothing is left to do for what has fallen due: ten minutes are the longest between two tries."""
        now = datetime.now(UTC)
        wait_until("all that was due is done", lambda: self._audience.is_settled(now), within=900)
        wait_until("its messages were seen", self._audience.has_seen_all, within=60, every=0.02)
        wait_until("phones were heard", lambda: self._phones.oldest() > now, within=60)

    def kill_worker(self) -> None:
        """What it was sending is sent again, once its lease is over."""
        self._kills.append(datetime.now(UTC))
        self.site.kill_worker()

    def wait_for_alerts(self, *names: str, within: float) -> None:
        """Until all of them fire."""
        wait_until(f"{names} fire", lambda: self.prometheus.firing() >= set(names), within=within, every=1)

    def wait_for_the_schedule(self) -> None:
        """Until what workers do by the clock, through Redis, is done again."""
        self._audience.make_goals_due()
        wait_until("the schedule goes on", self._audience.goals_are_looked_at, within=150)

    # What it cost

    def account(self) -> None:
        """Nothing that fell due or was said is lost, and nothing is sent again but what a killed worker had."""
        self.settle()
        ends = [phase.began for phase in self.phases[1:]] + [self.phases[-1].ended]
        for phase, end in zip(self.phases, ends, strict=True):
            self._account(phase, end)
        assert not self._problems, self._problems
        assert self._audience.blamed() == 0, "a browser is blamed for what was not its fault"
        self._phones.look_at_the_said()

    def _account(self, phase: Phase, end: datetime) -> None:
        for moment in self._audience.due(phase.began, end):
            phase.due += 1
            came = [datetime.fromtimestamp(message.at, UTC) for message in self._audience.came(moment.id)]
            if not came:
                after = (moment.due_at - phase.began).total_seconds()
                lost = f"a reminder {after:.1f} s after it began was lost ({moment.not_sent})"
                self._expect(self._was_refused(moment), phase, lost)
                phase.not_sent += 1
                continue
            self._expect(moment.sent_at is not None, phase, "what was sent is not noted")
            phase.messages += len(came)
            phase.repeats += len(came) - 1
            phase.worst = max(phase.worst, (came[0] - moment.due_at).total_seconds())
            if moment.due_at < phase.over:
                phase.recovered = max(phase.recovered, (came[0] - phase.over).total_seconds())
            for first, again in pairwise(came):
                self._look_at_the_repeat(phase, first, again)

    def _was_refused(self, moment: AnyRow) -> bool:
        """Whether it met a service that refused it for good, and the patient is told so."""
        service, slack = self._audience.service_of(moment.patient_id), timedelta(seconds=LAG)
        met = any(p.refusing is service and p.began - slack <= moment.due_at <= p.over for p in self.phases)
        return met and moment.not_sent in ("failed", "no_phone")

    def _look_at_the_repeat(self, phase: Phase, first: datetime, again: datetime) -> None:
        batch = timedelta(seconds=TOTAL_SECONDS)
        killed = any(first - timedelta(seconds=1) <= kill <= first + batch for kill in self._kills)
        self._expect(killed, phase, "sent again though nobody was killed")
        self._expect(again - first >= LEASE - batch, phase, "sent again before the lease was over")

    def _expect(self, is_so: bool, phase: Phase, problem: str) -> None:
        """Said at the end, so that one problem does not hide what comes after it."""
        if not is_so:
            self._problems.append(f"{phase.name}: {problem}")

    def log(self) -> str:
        """The table."""
        rows = [COLUMNS, *(phase.cells(self.phases[0].began) for phase in self.phases)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
        lines.insert(1, "-|-".join("-" * width for width in widths))
        return "\n".join(f"| {line} |" for line in lines) + "\n"
