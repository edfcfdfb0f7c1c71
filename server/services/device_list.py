"""Every way that steps can come by, connected or not, as Devices shows it."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.models import AccessToken, AnyRow, ArchiveImport
from server.services import wearables
from server.services.owner import Owner

PROVIDERS = ("google_health", "google_fit", "nightscout", "phone", "apple_export", "fitbit_legacy")
STATES = (
    "not_connected",
    "waiting",
    "active",
    "needs_reconnect",
    "needs_setup",
    "admin_problem",
    "backing_off",
    "provider_retired",
    "disconnected",
)
# Google ends Google Fit with the year 2026 and names no day.
ENDS_ON = {"google_fit": date(2026, 12, 31)}
_EMPTY: dict[str, Any] = {
    "state": "not_connected",
    "reason": None,
    "link": None,
    "confirm": False,
    "missing_permissions": [],
    "glucose": False,
    "device": None,
    "device_synced_at": None,
    "connected_at": None,
    "last_synced_at": None,
    "next_sync_at": None,
    "reconnect_by": None,
    "archive": None,
}


def list_devices(
    db: Session, owner: Owner, *, offered: Collection[str], off: Collection[str], now: datetime
) -> list[dict[str, Any]]:
    """One entry a provider. `offered`: those this server can connect; `off`: those that it must not."""
    connected = wearables.list_connections(db, owner)
    confirm = wearables.waiting_confirmations(db, owner, now=now)
    found = []
    for provider in PROVIDERS:
        entry = {**_EMPTY, "provider": provider, "offered": provider in offered, "ends_on": ENDS_ON.get(provider)}
        entry["confirm"] = provider in confirm
        if provider in connected:
            entry |= _connection(connected[provider])
        elif provider == "phone":
            entry |= {"offered": True, **_phone(db, owner)}
        elif provider == "apple_export":
            entry |= {"offered": True, **_archive(db, owner)}
        if provider == "fitbit_legacy" or provider in off:
            entry |= {"offered": False, "state": "provider_retired", "next_sync_at": None}
        found.append(entry)
    return found


def _connection(row: AnyRow) -> dict[str, Any]:
    return {
        "state": row.state,
        "reason": row.reason,
        "link": row.link,
        "missing_permissions": row.missing,
        "glucose": row.glucose,
        "device": row.device,
        "device_synced_at": row.device_synced_at,
        "connected_at": row.connected_at,
        "last_synced_at": row.last_ok_at,
        "next_sync_at": row.next_sync_at,
        "reconnect_by": row.consent_expires_at if row.state != "disconnected" else None,
    }


def _phone(db: Session, owner: Owner) -> dict[str, Any]:
    columns = (AccessToken.created_at, AccessToken.last_used_at, AccessToken.glucose)
    keys = db.execute(select(*columns).where(AccessToken.patient_id == owner.id, AccessToken.scope == "ingest")).all()
    used = max((key.last_used_at for key in keys if key.last_used_at), default=None)
    return {
        "state": "active" if used else "waiting" if keys else "not_connected",
        "glucose": any(key.glucose for key in keys),
        "connected_at": min((key.created_at for key in keys), default=None),
        "last_synced_at": used,
    }


def _archive(db: Session, owner: Owner) -> dict[str, Any]:
    row = db.execute(select(*ArchiveImport.__table__.c).where(ArchiveImport.patient_id == owner.id)).first()
    if row is None:
        return {}
    names = ("state", "reason", "bytes_total", "bytes_done", "days", "uploaded_at")
    archive = {name: getattr(row, name) for name in names}
    state = {"done": "active", "failed": "not_connected"}.get(row.state, "waiting")
    return {"state": state, "connected_at": row.uploaded_at, "archive": archive}
