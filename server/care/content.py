"""The clinical files, each read once: tables, scripts, texts, consents, emergency numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import resources
from typing import Literal, cast

from server.care.rules import Json, Table, parse_table

TABLES = (
    "profile_gate",
    "allowed_scripts",
    "own_techniques",
    "session_gate",
    "block_end",
    "low_reading",
    "session_stop",
    "triage",
    "book_triggers",
    "programme_gate",
    "glucose_label",
    "glucose_ketones",
    "glucose_action",
    "glucose_pre_exercise",
    "symptom_change",
    "heat_gate",
    "bath_water",
    "foot_check",
    "skin_temperature",
    "foot_exam",
    "shoe_check",
)
SERVER_TABLES = ("step_goal", "step_cap")  # what they decide is worked out on the server alone

OWN = "OWN"  # the script id of a session that the patient put together
SHORTEST_OWN, LONGEST_OWN = 4, 30  # minutes, brief §2.1 mode table

Foot = Literal["left", "right", "both"]
StepKind = Literal["move", "hold", "look", "rest"]


@dataclass(frozen=True)
class Step:
    """One step of a script as the player runs it; `row` is the row of brief §5 whose seconds it shares."""

    key: str
    row: str
    technique: str
    foot: Foot
    seconds: int
    kind: StepKind
    line: str
    regions: tuple[str, ...]
    motion: str
    period: float
    pressure: int | None
    sock: bool


@dataclass(frozen=True)
class Script:
    """A session script of brief §5: settle, left foot, right foot, close."""

    id: str
    title: str
    total_seconds: int
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Consent:
    """What is accepted at sign-up, with the date of its wording."""

    version: str
    text: str


@dataclass(frozen=True)
class Periods:
    """After how long the profile is asked again and a clearance ends; `once`: reasons whose OK no time ends."""

    profile_months: int
    clearance_months: int
    warn_days: int
    once: tuple[str, ...]


@dataclass(frozen=True)
class EmergencyNumbers:
    """Whom to call in a region; `say` is the key of the sentence."""

    emergency: str
    advice: str | None
    say: str


def _read(name: str) -> Mapping[str, Json]:
    file = resources.files("server.care").joinpath(name)
    return cast("Mapping[str, Json]", json.loads(file.read_text(encoding="utf-8")))


@cache
def load_table(name: str) -> Table:
    """The decision table of this name; KeyError for a name that is not one."""
    if name not in TABLES + SERVER_TABLES:
        raise KeyError(name)
    return parse_table(_read(f"{name}.json"))


@cache
def rules_version() -> str:
    """The newest date among the tables: what a decision is stamped with."""
    return max(load_table(name).rules_version for name in TABLES)


@cache
def scripts() -> Mapping[str, Script]:
    """Every script by id, its per-foot steps laid out for the left foot and then the right (brief §4 [M16])."""
    data = _read("scripts.json")
    found = {}
    for item in cast("list[Mapping[str, Json]]", data["scripts"]):
        each_foot: list[tuple[Foot, Json]] = [
            (foot, step) for foot in cast("tuple[Foot, ...]", ("left", "right")) for step in _list(item, "each_foot")
        ]
        both = [("both", step) for step in _list(item, "settle")], [("both", step) for step in _list(item, "close")]
        laid_out = cast("list[tuple[Foot, Mapping[str, Json]]]", [*both[0], *each_foot, *both[1]])
        script_id = str(item["id"])
        found[script_id] = Script(
            id=script_id,
            title=str(item["title"]),
            total_seconds=cast("int", item["total_seconds"]),
            steps=tuple(_step(step, foot) for foot, step in laid_out),
        )
    return found


@cache
def feet() -> Mapping[str, Json]:
    """What a foot check looks at: its points, signs, spots to measure and do-nots (brief §7, §8)."""
    return _read("feet.json")


@cache
def techniques() -> Mapping[str, Json]:
    """The five techniques as cards and the five pressure spots, sentences by key (brief §4)."""
    return _read("techniques.json")


def _list(data: Mapping[str, Json], name: str) -> list[Json]:
    return cast("list[Json]", data[name])


def _step(data: Mapping[str, Json], foot: Foot) -> Step:
    line = data["line"]
    if isinstance(line, Mapping):
        line = line[foot]
    key = str(data["key"])
    return Step(
        key=key if foot == "both" else f"{key}_{foot}",
        row=str(data["row"]),
        technique=str(data["technique"]),
        foot=foot,
        seconds=cast("int", data["seconds"]),
        kind=cast("StepKind", data["kind"]),
        line=str(line),
        regions=tuple(str(region) for region in _list(data, "regions")),
        motion=str(data["motion"]),
        period=cast("float", data["period"]),
        pressure=cast("int | None", data["pressure"]),
        sock=data.get("sock") is True,
    )


@cache
def text(language: str = "en") -> Mapping[str, str]:
    """Every clinical and push sentence by key; a language we do not have is answered in English."""
    name = language if language in languages() else "en"
    return cast("Mapping[str, str]", _read(f"text/{name}.json"))


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a text file."""
    folder = resources.files("server.care").joinpath("text")
    return tuple(sorted(file.name.removesuffix(".json") for file in folder.iterdir() if file.name.endswith(".json")))


@cache
def consents() -> Mapping[str, Consent]:
    """disclaimer, adult and health_data, each with its version."""
    data = cast("Mapping[str, Mapping[str, str]]", _read("consents.json"))
    return {name: Consent(**data[name]) for name in ("disclaimer", "adult", "health_data")}


@cache
def periods() -> Periods:
    """The periods of brief §2 and §2.1."""
    data = cast("Mapping[str, Mapping[str, Json]]", _read("periods.json"))
    clearance = data["clearance"]
    return Periods(
        profile_months=cast("int", data["profile"]["months"]),
        clearance_months=cast("int", clearance["months"]),
        warn_days=cast("int", clearance["warn_days"]),
        once=tuple(str(reason) for reason in _list(clearance, "once")),
    )


@cache
def useful_for() -> Mapping[str, timedelta]:
    """How long a message is of use after its moment, by what it is for."""
    minutes = cast("Mapping[str, int]", _read("reminders.json")["useful_minutes"])
    return {kind: timedelta(minutes=some) for kind, some in minutes.items()}


@cache
def most_of_reminders() -> Mapping[str, int]:
    """How many reminders, times of one, and days from one of its days to the next there may be."""
    return cast("Mapping[str, int]", _read("reminders.json")["most"])


@cache
def glucose_limits() -> Mapping[str, Json]:
    """What a sugar reading may be, the usual targets, and the periods around a reading (brief §9)."""
    return _read("glucose_limits.json")


@cache
def step_numbers() -> Mapping[str, int]:
    """The numbers of the step goal by name (brief §10)."""
    numbers = cast("Mapping[str, Mapping[str, Json]]", _read("step_goal.json")["numbers"])
    return {name: cast("int", number["is"]) for name, number in numbers.items()}


@cache
def insight_rules() -> Mapping[str, Json]:
    """What an insight needs before it is said, and its sentences (brief §11, §12)."""
    return _read("insights.json")


@cache
def emergency_numbers() -> Mapping[str, EmergencyNumbers]:
    """By region: US, GB, IE, EU, OTHER."""
    data = _read("emergency_numbers.json")
    return {
        region: EmergencyNumbers(**cast("dict[str, str]", numbers))
        for region, numbers in data.items()
        if isinstance(numbers, Mapping)
    }
