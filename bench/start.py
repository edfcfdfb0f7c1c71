"""How long a start takes until the first answer: on an empty data folder, again, and with the setup check before it."""

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.processes import footwell


@dataclass(frozen=True)
class Starts:
    """Seconds from the command to the first answer of /healthz; medians."""

    cold: float
    second: float
    whole: float


def measure(*, rounds: int) -> Starts:
    """`whole` is `python3 -m server` by the Python outside `.venv`, as whoever starts it by hand has it."""
    outside = [str(getattr(sys, "_base_executable", sys.executable)), "-m", "server"]
    found: list[list[float]] = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            found.append([_start(Path(folder) / "data", command) for command in ((), (), outside)])
    return Starts(*(median(seconds) for seconds in zip(*found, strict=True)))


def _start(data: Path, command: Sequence[str]) -> float:
    with footwell(data, command) as server:
        return server.seconds_to_answer
