"""The step goal as brief §10 has it, line by line; written by reading the brief, not the tables."""

from dataclasses import replace
from typing import Any

import pytest

from server.care.content import load_table, text
from server.care.step_goal import (
    CAP_ANSWERS,
    Cap,
    Week,
    after_rest,
    after_week,
    baseline_of,
    cap_of,
    floor_of,
    is_valid,
    rest_level,
    start_goal,
    target_of,
    walk_minutes,
)
from tests.care.goal_cap import FREE, cap

GOOD = Week(met=4, missed=3, clear_checks=5, pain_up=0.0, redness="no", red_flag="no")
WIDE = Cap("usual", 7_000, None, 2)


def week(
    goal: int = 4_000, target: int | None = 4_300, returning_to: int | None = None, **changes: Any
) -> tuple[int, str]:
    """The goal after a good week with these changes, and why; baseline 3,500."""
    found = after_week(
        goal, replace(GOOD, **changes), baseline=3_500, target=target, cap=WIDE, returning_to=returning_to
    )
    return found.steps, found.why


@pytest.mark.parametrize(("steps", "valid"), [(499, False), (500, True), (30_000, True), (30_001, False), (0, False)])
def test_a_valid_day_has_500_to_30_000_steps(steps: int, valid: bool) -> None:
    assert is_valid(steps) is valid


@pytest.mark.parametrize(
    ("days", "baseline"),
    [
        ([], None),
        ([3000, 3100, 3200], None),
        ([3000, 3100, 3200, 3300], 3150),
        ([3000, 9000, 3200, 3300, 3100], 3200),
        ([1000, 2000, 3000, 4000, 5000, 6000, 7000], 4000),
        ([1000, 2000, 3000, 4000, 5000, 6000, 7000, 29_000, 29_000], 4000),  # the first seven alone
    ],
)
def test_the_baseline_is_the_median_of_the_first_seven_valid_days_and_needs_four(
    days: list[int], baseline: int | None
) -> None:
    assert baseline_of(days) == baseline


@pytest.mark.parametrize(("baseline", "goal"), [(3000, 3300), (3049, 3300), (3100, 3400), (3199, 3400), (500, 800)])
def test_the_first_goal_is_the_baseline_and_250_to_the_nearest_hundred(baseline: int, goal: int) -> None:
    assert start_goal(baseline, cap(baseline)) == goal


@pytest.mark.parametrize(
    ("days", "target"),
    [
        ([], None),
        ([4210], 4200),
        ([1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000], 6000),  # the sixth of nine
        ([9000, 1000, 8000, 2000, 7000, 3000, 6000, 4000, 5000], 6000),
        ([30_000, 30_000, 1000, 2000, 3000, 4000, 5000, 6050, 7000, 8000, 9000], 6100),  # the last nine alone
        ([1000, 2000, 3000, 4000, 5000], 3000),
    ],
)
def test_the_target_is_the_60th_percentile_of_the_last_nine_valid_days(days: list[int], target: int | None) -> None:
    assert target_of(days) == target


def test_a_good_week_raises_the_goal_to_the_target_and_by_500_at_most() -> None:
    assert week(target=4_300) == (4_300, "up")
    assert week(target=4_500) == (4_500, "up")
    assert week(target=4_600) == (4_500, "up")
    assert week(target=9_000) == (4_500, "up")
    assert week(target=4_000) == (4_000, "at_target")
    assert week(target=3_000) == (4_000, "at_target")
    assert week(target=None) == (4_000, "at_target")


@pytest.mark.parametrize(
    ("changes", "after", "why"),
    [
        ({"met": 4}, 4_300, "up"),
        ({"met": 7, "missed": 0}, 4_300, "up"),
        ({"met": 4, "missed": 0}, 4_300, "up"),  # days without steps are not missed
        ({"met": 3, "missed": 4}, 4_000, "some_met"),
        ({"met": 2, "missed": 5}, 4_000, "some_met"),
        ({"met": 1, "missed": 6}, 3_600, "few_met"),
        ({"met": 0, "missed": 7}, 3_600, "few_met"),
        ({"met": 0, "missed": 4}, 3_600, "few_met"),
        ({"met": 0, "missed": 3}, 4_000, "few_known"),  # 4 days are not known
        ({"met": 1, "missed": 3}, 4_000, "few_known"),
        ({"met": 3, "missed": 0}, 4_000, "few_known"),
        ({"met": 0, "missed": 0}, 4_000, "few_known"),
        ({"clear_checks": 5}, 4_300, "up"),
        ({"clear_checks": 4}, 4_000, "few_checks"),
        ({"clear_checks": 0}, 4_000, "few_checks"),
        ({"pain_up": 1.9}, 4_300, "up"),
        ({"pain_up": -3.0}, 4_300, "up"),
        ({"pain_up": 2.0}, 3_600, "pain"),
        ({"pain_up": 2.0, "met": 7, "missed": 0}, 3_600, "pain"),
        ({"pain_up": None}, 4_000, "pain_not_known"),
        ({"pain_up": None, "met": 1, "missed": 6}, 3_600, "few_met"),
        ({"redness": "yes"}, 4_000, "redness"),
        ({"redness": "not_answered"}, 4_000, "redness_not_answered"),
        ({"red_flag": "week"}, 4_000, "red_flag_in_week"),
        ({"red_flag": "now"}, 4_000, "red_flag"),
    ],
)
def test_what_a_week_does(changes: dict[str, Any], after: int, why: str) -> None:
    assert week(**changes) == (after, why)


def test_no_week_lowers_the_goal_under_70_percent_of_the_baseline() -> None:
    assert floor_of(3_500) == 2_500  # 2,450, and a goal is a whole hundred
    assert week(goal=2_700, met=0, missed=7) == (2_500, "few_met")
    assert week(goal=2_500, met=0, missed=7) == (2_500, "at_floor")
    assert week(goal=1_800, met=0, missed=7) == (1_800, "at_floor")  # after a rest it may be lower, and is not raised


@pytest.mark.parametrize("name", CAP_ANSWERS)
@pytest.mark.parametrize("answer", ["yes", "not_sure", None, "nonsense"])
def test_numb_feet_unsure_p5_and_p6_are_capped_at_1_000_over_the_baseline(name: str, answer: str | None) -> None:
    found = cap_of(3_500, FREE | {name: answer}, lifted=False, chosen=10_000, steps=4_500)
    assert (found.kind, found.most, found.may_choose) == ("careful", 4_500, None)
    lifted = cap_of(3_500, FREE | {name: answer}, lifted=True, chosen=None, steps=4_500)
    assert (lifted.kind, lifted.most) == ("lifted", 7_000)


def test_without_answers_the_cap_is_the_careful_one() -> None:
    assert cap_of(3_500, {}, lifted=False, chosen=None, steps=None).most == 4_500


def test_others_are_capped_at_7_000_or_their_baseline_and_then_may_choose_up_to_10_000() -> None:
    assert cap(3_500).most == 7_000
    assert cap(8_050).most == 8_000
    assert cap(3_500, steps=6_900, chosen=9_000) == Cap("usual", 7_000, None, 2)  # not there yet
    assert cap(3_500, steps=7_000) == Cap("usual", 7_000, 10_000, 2)
    assert cap(3_500, steps=7_000, chosen=9_000) == Cap("usual", 9_000, 10_000, 2)
    assert cap(3_500, steps=7_000, chosen=10_000).most == 10_000
    assert cap(12_000, steps=12_000, chosen=10_000) == Cap("usual", 12_000, None, 2)


def test_a_high_baseline_with_numb_feet_has_the_smaller_of_the_two_caps() -> None:
    assert cap(8_000, numb_feet="yes").most == cap(8_000).most == 8_000
    assert cap(6_500, numb_feet="yes").most == 7_000


def test_a_goal_at_its_cap_says_so() -> None:
    careful = replace(WIDE, kind="careful", most=4_200)
    for limit, goal, found in (
        (careful, 4_000, (4_200, "up")),
        (careful, 4_200, (4_200, "at_cap_careful")),
        (replace(careful, kind="usual"), 4_200, (4_200, "at_cap")),
        (careful, 4_400, (4_200, "cap_lower")),
    ):
        step = after_week(goal, GOOD, baseline=3_200, target=6_000, cap=limit)
        assert (step.steps, step.why) == found


def test_after_a_rest_half_of_the_last_goal_comes_back_and_then_a_tenth_of_it_each_week() -> None:
    back = after_rest(4_000, WIDE)
    assert (back.steps, back.returning_to) == (2_000, 4_000)
    goals = [back.steps]
    returning: int | None = 4_000
    while returning is not None:
        step = after_week(goals[-1], GOOD, baseline=3_500, target=9_000, cap=WIDE, returning_to=returning)
        goals, returning = [*goals, step.steps], step.returning_to
    assert goals == [2_000, 2_400, 2_800, 3_200, 3_600, 4_000]
    assert after_rest(700, WIDE).steps == 300
    assert week(goal=300, returning_to=700) == (400, "up_return")  # whole hundreds, so a small goal comes back too
    assert week(goal=2_000, returning_to=7_000) == (2_500, "up_return")  # never more than 500 a week
    assert week(goal=2_000, returning_to=4_000, clear_checks=4) == (2_000, "few_checks")


def test_a_rest_is_kept_under_half_of_the_last_goal() -> None:
    assert rest_level(4_200, 3_500) == 2_100
    assert rest_level(None, 3_500) == 1_700
    assert rest_level(None, None) is None


def test_walks_begin_with_five_minutes_and_grow_by_one_or_two_until_six_of_them_are_150_a_week() -> None:
    careful, usual = walk_minutes(cap(0, numb_feet="yes")), walk_minutes(cap(0))
    assert careful == [*range(5, 26)]
    assert usual == [5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25]
    assert 2 * 3 * careful[-1] == 150


def test_every_reason_has_its_sentence() -> None:
    reasons = {str(row.outcome["why"]) for row in load_table("step_goal").rows}
    reasons |= {"start", "up_return", "at_target", "at_cap", "at_cap_careful", "cap_lower", "at_floor", "returned"}
    reasons |= {"off", "resumed"}
    assert {f"goal.why.{reason}" for reason in reasons} == {key for key in text() if key.startswith("goal.why.")}
