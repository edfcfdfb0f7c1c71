"""Sugar readings as providers send them: which can be true, how they are written down, and which a sensor made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

Unit = Literal["mg/dL", "mmol/L"]

READINGS_FOR = timedelta(days=30)  # older ones are not brought in
AHEAD_ALLOWED = timedelta(minutes=10)
# Nobody pricks a finger more often; a sensor that writes where meters write does (every 5 or 15 minutes).
MOST_FINGER_PRICKS = 16
MOST_IN_TWO_HOURS = 6

_TRUE = {"mg/dL": (10.0, 900.0), "mmol/L": (0.5, 50.0)}


def as_written(value: object, unit: Unit) -> str | None:
    """The number as a patient would type it, with two decimals at most; None for what no blood has."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    lowest, highest = _TRUE[unit]
    if not lowest <= value <= highest:
        return None
    return f"{value:.2f}".rstrip("0").rstrip(".")


def unit_of(text: object) -> Unit | None:
    """The unit that is meant, never guessed from the number. iOS writes `mmol<180.1558800000541>/L` in its exports."""
    if text == "mg/dL":
        return "mg/dL"
    if isinstance(text, str) and (text == "mmol/L" or (text.startswith("mmol<") and text.endswith("/L"))):
        return "mmol/L"
    return None


def is_sensor(moments: Sequence[datetime]) -> bool:
    """Whether one source read so often that no finger was pricked."""
    ordered = sorted(set(moments))

    def crowded(most: int, within: timedelta) -> bool:
        return any(last - first <= within for first, last in zip(ordered, ordered[most:], strict=False))

    return crowded(MOST_FINGER_PRICKS, timedelta(days=1)) or crowded(MOST_IN_TWO_HOURS, timedelta(hours=2))
