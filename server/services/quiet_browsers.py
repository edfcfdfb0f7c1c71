"""Browsers that used to report what arrives, and for a week have not, though messages went out to them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from server.localtime import local_date
from server.models import Patient, PushDelivery, PushSubscription
from server.services.owner import lock_patients, next_seq
from server.services.second_ways import add_about_browser

SILENT_FOR = timedelta(days=7)
AT_ONCE = 500


def find_silent(db: Session, *, now: datetime) -> Sequence[tuple[UUID, UUID]]:
    """Patients with a browser each that is not marked yet.

    On two different days of the week messages were accepted for it. One that never reported is left out: of that
    nothing is known.
    """
    since = now - SILENT_FOR
    # Found by the index over browsers with a message that nobody has heard of, which is small.
    silent = select(PushSubscription.id).where(
        PushSubscription.quiet.is_(False),
        PushSubscription.last_received_at < PushSubscription.last_sent_at,
        PushSubscription.last_received_at <= since,
        PushSubscription.last_sent_at > since,
    )
    ids = db.execute(silent).scalars().all()
    return [
        pair for start in range(0, len(ids), AT_ONCE) for pair in _on_two_days(db, ids[start : start + AT_ONCE], since)
    ]


def _on_two_days(db: Session, ids: Sequence[UUID], since: datetime) -> Iterator[tuple[UUID, UUID]]:
    """Those of these browsers for which messages were accepted on two of their patients' days."""
    first, last = func.min(PushDelivery.sent_at), func.max(PushDelivery.sent_at)
    query = (
        select(PushDelivery.patient_id, PushDelivery.subscription_id, Patient.time_zone, first, last)
        .join(Patient, Patient.id == PushDelivery.patient_id)
        .where(PushDelivery.subscription_id.in_(ids), PushDelivery.state == "sent", PushDelivery.sent_at > since)
        .group_by(PushDelivery.patient_id, PushDelivery.subscription_id, Patient.time_zone)
    )
    for patient_id, browser_id, zone, first_at, last_at in db.execute(query):
        if first_at and last_at and local_date(first_at, zone) != local_date(last_at, zone):
            yield patient_id, browser_id


def mark_quiet(db: Session, patient_id: UUID, subscription_id: UUID, *, now: datetime) -> None:
    """Say so on the browser's record, and once by e-mail when the patient gets e-mails. The next receipt ends it."""
    if not lock_patients(db, [patient_id]):
        return
    this = update(PushSubscription).where(
        PushSubscription.id == subscription_id,
        PushSubscription.quiet.is_(False),
        PushSubscription.last_received_at <= now - SILENT_FOR,  # asked again: it may have reported just now
    )
    values = {"quiet": True, "seq": next_seq(db, patient_id), "updated_at": now}
    if db.execute(this.values(values).returning(PushSubscription.id)).first() is None:
        return
    choice = db.execute(select(Patient.email_reminders).where(Patient.id == patient_id)).scalar_one()
    if choice != "never":
        add_about_browser(db, patient_id, subscription_id, now=now)
