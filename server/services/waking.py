"""From a due moment to one delivery per active browser, unless there is a reason to send nothing.

Who is told twice is told so once: a second message comes only when the patient wants it, and nothing was done.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, exists, insert, select
from sqlalchemy.orm import Session

from server.localtime import local_date
from server.models import AnyRow, Occurrence, Patient, PushDelivery, Reminder
from server.services import second_ways
from server.services.bulk import is_among, set_each
from server.services.clearance_notices import still_expires
from server.services.deliveries import active_browsers, new_delivery, seqs_of
from server.services.done_before import RECORDS, done_before
from server.services.plans import patients_at_rest
from server.services.quiet_hours import is_paused, quiet_until
from server.services.reminders import USEFUL_FOR

NUDGE_AFTER = timedelta(minutes=30)
NUDGED = frozenset(RECORDS) | {"own"}
_occurrences, _deliveries = (cast(Table, model.__table__) for model in (Occurrence, PushDelivery))


def wake_due(db: Session, *, limit: int, now: datetime) -> int:
    """Turn up to `limit` due occurrences into deliveries; returns how many were due.

    One for which there is a reason not to send (see `_reason`) is marked so. In quiet hours it waits for their end,
    if it is of use then.
    """
    # Patients are locked before anything of theirs, here as everywhere, or two transactions could wait in a ring.
    due = (
        select(Occurrence.id, Occurrence.patient_id)
        .join(Patient, Patient.id == Occurrence.patient_id)
        .where(Occurrence.wake_at <= now)
        .order_by(Occurrence.wake_at, Occurrence.id)
        .limit(limit)
        .with_for_update(of=Patient, skip_locked=True)
    )
    seen = db.execute(due).all()
    if not seen:
        return 0
    seqs = seqs_of(db, [row.patient_id for row in seen])
    # Asked again, for another worker may have finished some before we held their patient.
    rows = db.execute(_moments(is_among(db, Occurrence.id, [row.id for row in seen]), now)).all()
    facts = _Facts(db, rows, now)
    deliveries: list[dict[str, Any]] = []
    woken: list[second_ways.Woken] = []
    alike: defaultdict[frozenset[str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        values, woken_at = facts.judge(row)
        if woken_at is not None or values.get("not_sent") == "no_phone":
            woken.append(second_ways.Woken(row, values["woken_at"], is_sent=woken_at is not None))
        if woken_at is not None:
            expires_at = woken_at + USEFUL_FOR[row.kind]
            deliveries += [
                new_delivery(row.patient_id, browser, row.id, woken_at=woken_at, expires_at=expires_at, now=now)
                for browser in facts.browsers[row.patient_id]
            ]
        written = {**values, "seq": next(seqs[row.patient_id]), "updated_at": now}
        alike[frozenset(written)].append({**written, "key": row.id})
    for moments in alike.values():
        set_each(db, _occurrences, moments)
    if deliveries:
        db.execute(insert(_deliveries), deliveries)
    second_ways.add_for(db, woken, now=now)
    return len(seen)


class _Facts:
    """What decides whether a moment is sent, asked once for a batch."""

    def __init__(self, db: Session, rows: Sequence[AnyRow], now: datetime) -> None:
        self._now = now
        self.browsers = active_browsers(db, {row.patient_id for row in rows})
        self._done = done_before(db, rows)
        self._at_rest = patients_at_rest(db, {row.patient_id for row in rows if row.kind == "massage"}, now=now)
        clearances = [row for row in rows if row.kind == "clearance"]
        self._expiring = still_expires(db, clearances, now=now) if clearances else set()

    def judge(self, row: AnyRow) -> tuple[Mapping[str, Any], datetime | None]:
        """What the occurrence becomes, and the moment that deliveries are made for; None: nothing is sent now."""
        is_second = row.until is None and row.woken_at is not None
        moment = row.wake_at if is_second else row.until or row.due_at
        asleep = {"wake_at": None, "woken_at": moment}
        if is_second and (row.was_tapped or row.state != "open"):
            return asleep, None  # somebody is at it
        reason = self._reason(row, moment)
        # Who put it off until then wants to hear of it then.
        quiet = None if row.until else quiet_until(row.quiet_hours, row.time_zone, self._now)
        if reason == "done":
            return asleep | {"state": "done"} | ({} if is_second else {"not_sent": "done"}), None
        if reason is None and quiet is not None:
            if not is_second and quiet < moment + USEFUL_FOR[row.kind]:
                return {"wake_at": quiet}, None
            reason = "quiet_hours"
        if reason is not None:
            return asleep | ({} if is_second else {"not_sent": reason}), None
        twice = row.second_nudge and row.kind in NUDGED and row.until is None and not is_second
        second = max(moment, self._now) + NUDGE_AFTER
        return {"wake_at": second if twice else None, "woken_at": moment, "not_sent": None}, moment

    def _reason(self, row: AnyRow, moment: datetime) -> str | None:
        if row.id in self._done or (row.kind == "clearance" and row.id not in self._expiring):
            return "done"
        if is_paused(row.reminders_paused, local_date(self._now, row.time_zone)):
            return "paused"
        if row.kind == "massage" and row.patient_id in self._at_rest:
            return "paused"
        if moment + USEFUL_FOR[row.kind] <= self._now:
            return "too_late"
        return None if self.browsers[row.patient_id] else "no_phone"


def _moments(which: ColumnElement[bool], now: datetime) -> Select[*tuple[Any, ...]]:
    tapped = exists().where(PushDelivery.occurrence_id == Occurrence.id, PushDelivery.tapped_at.is_not(None))
    return (
        select(
            *Occurrence.__table__.c,
            Reminder.repeat,
            Reminder.every,
            Patient.time_zone,
            Patient.second_nudge,
            Patient.quiet_hours,
            Patient.reminders_paused,
            tapped.label("was_tapped"),
        )
        .join(Patient, Patient.id == Occurrence.patient_id)
        .outerjoin(Reminder, Reminder.id == Occurrence.reminder_id)
        .where(which, Occurrence.wake_at <= now)
        .order_by(Occurrence.wake_at, Occurrence.id)
    )
