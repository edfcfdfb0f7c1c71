"""How a step goal is worked out from its row and what is known: begun, limited, decided, at rest, back again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from server.care import step_goal
from server.care.content import step_numbers
from server.models import AnyRow
from server.services import step_goal_facts as facts
from server.services.owner import Owner
from server.services.step_goal_facts import DAY, WEEK, Standing
from server.services.step_goal_history import begun_on, goal_on, tell

LATE_DAYS = timedelta(days=2)  # trackers upload late: until Wednesday, what a week was like may still change
_WORKED = (
    *("phase", "steps", "last", "returning_to", "baseline", "days_known", "cap", "walk_minutes", "walks_from_on"),
    *("rest", "week_on", "before", "history"),
)

Values = dict[str, Any]


def work_out(db: Session, owner: Owner, row: AnyRow, known: Standing, *, now: datetime) -> Values:
    """The columns of the row as they are to be."""
    values = {name: getattr(row, name) for name in _WORKED}
    _rest(values, known, row.active)
    _begin(db, owner, values, known, row)
    _limit(values, known, row)
    _decide(db, owner, values, known, row, now)
    _limit(values, known, row)
    _look_at_rest(db, owner, values, known)
    return values


def look_on(values: Values, known: Standing) -> date:
    """The next day on which something may change by itself."""
    settled = values["phase"] == "on" and known.today >= known.monday + LATE_DAYS
    return known.monday + WEEK if settled else known.today + DAY


def _cap(values: Values, known: Standing, row: AnyRow, steps: int | None) -> step_goal.Cap:
    return step_goal.cap_of(
        values["baseline"] or 0, known.answers, lifted=known.lifted, chosen=row.cap_choice, steps=steps
    )


def _tell(values: Values, today: date, active: bool, *, steps: int | None, why: str) -> None:
    """The goal changes, or stays with a reason. While the patient has it off, nobody is told."""
    if active:
        values["history"] = tell(values["history"], today, steps=steps, was=values["steps"], why=why)
    values["steps"] = steps


def _rest(values: Values, known: Standing, active: bool) -> None:
    """A warning that rests the feet turns the goal off; the clinic's OK brings half of it back (brief §10)."""
    flagged_on = known.red_flag_on
    if flagged_on is not None and values["phase"] != "resting":
        last = values["steps"]
        most = step_goal.rest_level(last, values["baseline"])
        values |= {"phase": "resting", "last": last, "returning_to": None, "before": None}
        values["rest"] = {
            "from_on": min(flagged_on, known.today).isoformat(),
            "most": most,
            "on": None,
            "steps": None,
            "kept": None,
        }
        _tell(values, known.today, active, steps=None, why="red_flag")
    elif flagged_on is None and values["phase"] == "resting":
        values |= {"phase": "waiting", "rest": None}
        if values["walks_from_on"] is not None:
            values["walks_from_on"] = known.today  # walks begin short again
        if values["last"] is not None and values["baseline"] is not None:
            cap = step_goal.cap_of(values["baseline"], known.answers, lifted=known.lifted, chosen=None, steps=None)
            back = step_goal.after_rest(values["last"], cap)
            values |= {"phase": "on", "returning_to": back.returning_to, "last": None}
            _tell(values, known.today, active, steps=back.steps, why=back.why)


def _begin(db: Session, owner: Owner, values: Values, known: Standing, row: AnyRow) -> None:
    """The first goal, once there are seven valid days, or four in a week (brief §10 'min 4')."""
    if values["phase"] != "waiting" or not row.active:
        return
    days = facts.first_days(db, owner, since=row.baseline_from_on, today=known.today)
    values["days_known"] = len(days)
    baseline = step_goal.baseline_of([steps for _, steps in days])
    if baseline is None or (len(days) < step_numbers()["baseline_days"] and known.today < days[0][0] + WEEK):
        return
    values |= {"phase": "on", "baseline": baseline}
    start = step_goal.start_goal(baseline, _cap(values, known, row, None))
    _tell(values, known.today, row.active, steps=start, why="start")


def _limit(values: Values, known: Standing, row: AnyRow) -> None:
    """The cap as it is now; a goal over it comes down at once."""
    cap = _cap(values, known, row, values["steps"])
    values["walk_minutes"] = step_goal.walk_minutes(cap)
    if values["baseline"] is None:
        return
    if values["phase"] == "on" and values["steps"] > cap.most:
        _tell(values, known.today, row.active, steps=cap.most, why="cap_lower")
        cap = _cap(values, known, row, values["steps"])
    values["cap"] = {"kind": cap.kind, "most": cap.most, "may_choose": cap.may_choose}


@dataclass(frozen=True)
class _Start:
    """What a week's decision begins from: the goal before it, and the history without it."""

    steps: int
    returning_to: int | None
    history: Sequence[Mapping[str, Any]]


def _decide(db: Session, owner: Owner, values: Values, known: Standing, row: AnyRow, now: datetime) -> None:
    """Once a week, for the week before; until Wednesday once more when something that was late changes it."""
    if values["phase"] != "on" or not row.active:
        return
    monday = known.monday
    fresh = values["week_on"] is None or values["week_on"] < monday
    if fresh and begun_on(values["history"], default=row.baseline_from_on) > monday - WEEK:
        values |= {"week_on": monday, "before": None}  # a week counts when the goal was there all through it
        return
    start = _Start(values["steps"], values["returning_to"], values["history"]) if fresh else _decided(values, known)
    if start is None:
        return
    goals = {monday - n * DAY: goal_on(start.history, monday - n * DAY) for n in range(1, 8)}
    found = step_goal.after_week(
        start.steps,
        facts.week_facts(db, owner, known, goals, now=now),
        baseline=values["baseline"],
        target=step_goal.target_of(facts.last_days(db, owner, before=monday)),
        cap=_cap(values, known, row, start.steps),
        returning_to=start.returning_to,
    )
    newest = values["history"][-1]
    if not fresh and (newest["steps"], newest["why"]) == (found.steps, found.why):
        return
    on = known.today if fresh else date.fromisoformat(newest["from_on"])
    history = tell(start.history, on, steps=found.steps, was=start.steps, why=found.why, after=newest["n"])
    values |= {"steps": found.steps, "returning_to": found.returning_to, "week_on": monday, "history": history}
    values["before"] = {"n": history[-1]["n"], "steps": start.steps, "returning_to": start.returning_to}


def _decided(values: Values, known: Standing) -> _Start | None:
    """What this week's decision began from, if it is the last thing that happened and its week is still young."""
    before = values["before"]
    if before is None or values["week_on"] != known.monday or known.today > known.monday + LATE_DAYS:
        return None
    if values["history"][-1]["n"] != before["n"]:
        return None
    return _Start(before["steps"], before["returning_to"], values["history"][:-1])


def _look_at_rest(db: Session, owner: Owner, values: Values, known: Standing) -> None:
    """Whether the rest was kept: today once it is not, else yesterday. A day that nothing is known of says nothing."""
    rest = values["rest"]
    if rest is None or rest["most"] is None:
        return
    since = max(date.fromisoformat(rest["from_on"]), known.today - DAY)
    days = {day.on: day.steps for day in facts.steps_of(db, owner, since, known.today)}
    days.pop(date.fromisoformat(rest["from_on"]), None)
    seen = next((on for on, steps in days.items() if on == known.today and steps > rest["most"]), known.today - DAY)
    steps = days.get(seen)
    kept = None if steps is None else steps <= rest["most"]
    values["rest"] = {**rest, "on": None if steps is None else seen.isoformat(), "steps": steps, "kept": kept}
