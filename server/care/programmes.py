"""The programmes of brief §5, and which of them a person may choose; pwa/src/care/programmes.ts is its twin."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from server.care.content import load_table
from server.care.decisions import may_start
from server.care.rules import Json, Outcome


@dataclass(frozen=True)
class Programme:
    """So many times a week, with which scripts in order of preference, and with a rest day between or not."""

    id: str
    scripts: tuple[str, ...]
    fewest_a_week: int
    times_a_week: int
    rest_day_between: bool
    weeks: int
    weekdays: tuple[int, ...]

    @property
    def title(self) -> str:
        """Key of the sentence."""
        return f"programme.{self.id}.title"

    @property
    def text(self) -> str:
        """Key of the sentence."""
        return f"programme.{self.id}.text"

    def fits(self, weekdays: Sequence[int]) -> bool:
        """Whether these are as many days as it wants."""
        return self.fewest_a_week <= len(weekdays) <= self.times_a_week

    def rests(self, weekdays: Sequence[int]) -> bool:
        """Whether a day of rest lies between them where it is wanted; Sunday and Monday are neighbours."""
        return not (self.rest_day_between and any(day % 7 + 1 in weekdays for day in weekdays))


@cache
def programmes() -> Mapping[str, Programme]:
    """Every programme by id, in the order in which they are shown."""
    file = resources.files("server.care").joinpath("programmes.json")
    found = {}
    for item in json.loads(file.read_text(encoding="utf-8"))["programmes"]:
        values = {name: value for name, value in item.items() if name != "source"}
        lists = {name: tuple(values[name]) for name in ("scripts", "weekdays")}
        found[item["id"]] = Programme(**{**values, **lists})
    return found


def choose_programmes(profile: Mapping[str, Json], *, severe_pain: object) -> Outcome:
    """Which programmes this profile outcome allows, the one to begin with, and whether the clinic comes first."""
    alone, helped = profile.get("scripts"), profile.get("scripts_with_helper")
    return load_table("programme_gate").evaluate(
        {
            "mode": profile.get("mode"),
            "may_run": "yes" if alone or helped else "no",
            "severe_pain": severe_pain,
            "any_flag": "no" if isinstance(alone, list) and "E30" in alone else "yes",
        }
    )


def script_of(programme: Programme, profile: Mapping[str, Json]) -> str | None:
    """The first of the programme's scripts that this profile outcome lets start: alone if it can be, else helped."""
    for helper in (False, True):
        for script_id in programme.scripts:
            if may_start(profile, script_id, helper=helper):
                return script_id
    return None
