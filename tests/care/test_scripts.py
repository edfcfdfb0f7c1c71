"""The scripts against the seconds of brief §5, and the steps against what the player can draw."""

from __future__ import annotations

from collections import Counter

import pytest

from server.care.content import Script, scripts, text

# brief §5: seconds per foot of each row; settle, close, total
ROWS = {
    "S8": {"stroke": 45, "knead": 60, "toes": 30, "roll": 30, "bend": 30, "closing": 20},
    "S10": {"stroke": 45, "knead": 60, "toes": 30, "spots": 40, "roll": 50, "bend": 30, "closing": 20},
}
PER_FOOT = {"S8": 215, "S10": 275}
SETTLE_CLOSE_TOTAL = {"S8": (20, 30, 480), "S10": (20, 30, 600)}
REGIONS = {f"toe_{n}" for n in range(1, 6)} | {
    "ball",
    "arch_inner",
    "arch_outer",
    "heel",
    "top",
    "ankle",
    "between_toes",
}
MOTIONS = {"stroke", "circles", "roll", "bend", "ankle_circle", "rest"}
# brief §4: the highest pressure of each technique
PRESSURE = {"stroking": 2, "kneading": 4, "pressure_points": 3, "rolling": 3}


def seconds(script: Script, foot: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for step in script.steps:
        if step.foot == foot:
            found[step.row] += step.seconds
    return found


def test_every_script_is_in_these_rows() -> None:
    assert set(scripts()) == set(ROWS)
    assert [script.id for script in scripts().values() if script.offered] == ["S8"]


@pytest.mark.parametrize("script", scripts().values(), ids=lambda script: script.id)
def test_sums_are_the_briefs(script: Script) -> None:
    settle, close, total = SETTLE_CLOSE_TOTAL[script.id]
    assert seconds(script, "both") == {"settle": settle, "close": close}
    for foot in ("left", "right"):
        assert seconds(script, foot) == ROWS[script.id]
        assert seconds(script, foot).total() == PER_FOOT[script.id]
    assert script.total_seconds == sum(step.seconds for step in script.steps) == total
    assert total <= 30 * 60


@pytest.mark.parametrize("script", scripts().values(), ids=lambda script: script.id)
def test_settle_left_right_close(script: Script) -> None:
    order = [step.row if step.foot == "both" else step.foot for step in script.steps]
    assert list(dict.fromkeys(order)) == ["settle", "left", "right", "close"]
    assert order == sorted(order, key=["settle", "left", "right", "close"].index)


@pytest.mark.parametrize("script", scripts().values(), ids=lambda script: script.id)
def test_every_step_can_be_drawn_and_spoken(script: Script) -> None:
    assert len({step.key for step in script.steps}) == len(script.steps)
    for step in script.steps:
        assert step.line in text()
        assert set(step.regions) <= REGIONS
        assert step.motion in MOTIONS
        assert step.kind in ("move", "hold", "look", "rest")
        assert step.seconds > 0
        assert 0 < step.period <= step.seconds
        assert step.pressure == PRESSURE.get(step.technique)
        # Speech takes about 0.45 s a word; a line must be over before the next begins.
        assert len(text()[step.line].split()) * 0.45 <= step.seconds


def test_the_counts_of_the_techniques() -> None:
    steps = {step.key: step for step in scripts()["S8"].steps}
    assert steps["stroke_left"].period == 6
    assert [steps[f"knead_{part}_left"].seconds / 2 for part in ("heel", "arch", "ball")] == [10, 10, 10]
    assert [steps[f"toes_{way}_left"].seconds for way in ("up", "down")] == [10, 10]
    assert [steps[f"toe_{n}_left"].seconds for n in range(1, 6)] == [6] * 5


def test_the_skin_is_looked_at_on_each_foot_and_at_the_end() -> None:
    for script in scripts().values():
        assert [step.foot for step in script.steps if step.kind == "look"] == ["left", "right", "both"]
