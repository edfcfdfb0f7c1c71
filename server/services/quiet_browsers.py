"""Browsers that used to report what arrives, and for a week have not, though messages went out to them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from server.localtime import local_date
from server.models import Patient, PushDelivery, PushSubscription
from server.services.owner import lock_patients, next_seq
from server.services.second_ways import add_about_browser

SILENT_FOR = timedelta(days=7)


def find_silent(db: Session, *, now: datetime) -> Sequence[tuple[UUID, UUID]]:
    """Patients with a browser each that is not marked yet.

    On two different days of the week messages were accepted for it. One that never reported is left out: of that
    nothing is known.
    """
    since = now - SILENT_FOR
    first, last = func.min(PushDelivery.sent_at), func.max(PushDelivery.sent_at)
    query = (
        select(PushSubscription.patient_id, PushSubscription.id, Patient.time_zone, first, last)
        .join(Patient, Patient.id == PushSubscription.patient_id)
        .join(PushDelivery, PushDelivery.subscription_id == PushSubscription.id)
        .where(PushSubscription.quiet.is_(False), PushSubscription.last_received_at <= since)
        .where(PushDelivery.state == "sent", PushDelivery.sent_at > since)
        .group_by(PushSubscription.patient_id, PushSubscription.id, Patient.time_zone)
    )
    return [
        (patient_id, browser_id)
        for patient_id, browser_id, zone, first_at, last_at in db.execute(query)
        if first_at and last_at and local_date(first_at, zone) != local_date(last_at, zone)
    ]


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
