"""The scripts against the seconds of brief §5, and the steps against what the player can draw."""

from __future__ import annotations

from collections import Counter

import pytest

from server.care.content import Script, scripts, text

# brief §5: seconds per foot of each row; settle, close, total
ROWS = {
    "S20": {"stroke": 90, "knead": 120, "toes": 60, "spots": 60, "roll": 75, "bend": 75, "closing": 45},
    "E30": {"stroke": 135, "knead": 210, "toes": 90, "spots": 90, "roll": 105, "bend": 105, "closing": 75},
    "S8": {"stroke": 45, "knead": 60, "toes": 30, "roll": 30, "bend": 30, "closing": 20},
    "S10": {"stroke": 45, "knead": 60, "toes": 30, "spots": 40, "roll": 50, "bend": 30, "closing": 20},
    "G12": {"palm_hold": 45, "palm_strokes": 75, "palm_circles": 60, "toe_squeeze": 30, "ankle": 60, "closing": 30},
    "C8": {"pumps": 40, "scrunch": 50, "towel": 60, "circles": 40, "rest": 20},
    "A6": {"still": 120, "ankle": 30},
}
PER_FOOT = {"S20": 525, "E30": 810, "S8": 215, "S10": 275, "G12": 300, "C8": 210, "A6": 150}
SETTLE_CLOSE_TOTAL = {
    "S20": (60, 90, 1200),
    "E30": (60, 120, 1800),
    "S8": (20, 30, 480),
    "S10": (20, 30, 600),
    "G12": (60, 60, 720),
    "C8": (30, 30, 480),
    "A6": (30, 30, 360),
}
IN_SOCKS = {"C8", "A6"}
REGIONS = {f"toe_{n}" for n in range(1, 6)} | {
    "ball",
    "arch_inner",
    "arch_outer",
    "heel",
    "top",
    "ankle",
    "between_toes",
}
BY_ITSELF = {"pump", "turn", "scrunch", "towel"}  # the foot moves, no hand helps
MOTIONS = {"stroke", "circles", "palm_circles", "squeeze", "roll", "bend", "ankle_circle", "rest"} | BY_ITSELF
# brief §4 and §2.1: the highest pressure of each technique; flat and still palms are as light as stroking
PRESSURE = {"stroking": 2, "kneading": 4, "pressure_points": 3, "rolling": 3} | dict.fromkeys(
    ("palm_hold", "palm_strokes", "palm_circles", "toe_squeeze", "still_hold"), 2
)
LONGEST_PRESS = 12  # seconds, brief §4 card 3
MOST_PRESSES = 20  # brief §4 card 3 [M16]


def seconds(script: Script, foot: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for step in script.steps:
        if step.foot == foot:
            found[step.row] += step.seconds
    return found


def test_every_script_is_in_these_rows() -> None:
    assert set(scripts()) == set(ROWS)


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


def test_a_press_is_never_longer_nor_more_often_than_allowed() -> None:
    for script in scripts().values():
        presses = [step for step in script.steps if step.technique == "pressure_points"]
        assert all(step.kind == "hold" and step.seconds <= LONGEST_PRESS for step in presses)
        assert len(presses) <= MOST_PRESSES


def test_the_still_session_holds_thirty_seconds_and_lets_go_ten_three_times() -> None:
    steps = [step for step in scripts()["A6"].steps if step.foot == "left" and step.row == "still"]
    assert [(step.kind, step.seconds) for step in steps] == [("hold", 30), ("rest", 10)] * 3


def test_the_counts_of_the_chair_session() -> None:
    steps = {step.key: step for step in scripts()["C8"].steps}
    counts = {"pumps": 10, "scrunch": 10, "turns": 5, "turns_back": 5}
    for key, count in counts.items():
        assert steps[f"{key}_left"].seconds == count * steps[f"{key}_left"].period


def test_no_hand_touches_a_foot_that_moves_by_itself() -> None:
    for script in scripts().values():
        for step in script.steps:
            assert (step.technique == "self_move") >= (step.motion in BY_ITSELF)
            if step.technique == "self_move":
                assert step.pressure is None


def test_gentle_and_still_sessions_have_nothing_that_their_modes_leave_out() -> None:
    """Brief §2.1 P7: no thumbs, knuckles, ball or points; P3: no stroking."""
    gentle = {step.technique for step in scripts()["G12"].steps}
    assert not gentle & {"kneading", "pressure_points", "rolling"}
    assert not {step.motion for step in scripts()["A6"].steps} & {
        "stroke",
        "circles",
        "palm_circles",
        "squeeze",
        "roll",
    }


def test_the_skin_is_looked_at_on_each_foot_and_at_the_end() -> None:
    for script in scripts().values():
        feet = [step.foot for step in script.steps if step.kind == "look"]
        assert list(dict.fromkeys(feet)) == (["both"] if script.id in IN_SOCKS else ["left", "right", "both"])


def test_socks_are_on_for_each_foot_of_their_sessions_and_off_when_the_skin_is_looked_at() -> None:
    for script in scripts().values():
        for step in script.steps:
            assert step.sock == (script.id in IN_SOCKS and step.foot != "both")
