"""What other rules ask about the foot checks of a patient."""

from datetime import date
from typing import cast

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from server.models import FootCheck
from server.services.owner import Owner

_checks = cast(Table, FootCheck.__table__).c
_OF_DAYS = select(_checks.on, _checks.result).where(
    _checks.patient_id == bindparam("owner"), _checks.on.between(bindparam("first"), bindparam("last"))
)


def clear_check_days(db: Session, owner: Owner, first: date, last: date) -> set[date]:
    """The days from `first` to `last` with a check that was all clear, and none that found something."""
    rows = db.execute(_OF_DAYS, {"owner": owner.id, "first": first, "last": last}).all()
    clear, seen = ({row.on for row in rows if row.result == result} for result in ("all_clear", "seen"))
    return clear - seen
