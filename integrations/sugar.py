"""Sugar readings as providers send them: which numbers can be true, and how they are written down."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

Unit = Literal["mg/dL", "mmol/L"]

_TRUE = {"mg/dL": (10.0, 900.0), "mmol/L": (0.5, 50.0)}


def as_written(value: object, unit: Unit) -> str | None:
    """The number as a patient would type it, with two decimals at most; None for what no blood has."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    lowest, highest = _TRUE[unit]
    if not lowest <= value <= highest:
        return None
    return f"{value:.2f}".rstrip("0").rstrip(".")
