"""Foot checks of a patient, as far as other services ask about them."""

from datetime import date

from sqlalchemy.orm import Session

from server.services.owner import Owner


def clear_check_days(_db: Session, _owner: Owner, _first: date, _last: date) -> set[date]:
    """The days from `first` to `last` with a check that was all clear."""
    return set()
