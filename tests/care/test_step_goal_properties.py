"""What holds of the step goal for any weeks, any answers and any patient."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from server.care.step_goal import (
    CAP_ANSWERS,
    Week,
    after_rest,
    after_week,
    baseline_of,
    cap_of,
    rest_level,
    start_goal,
    target_of,
)
from tests.care.goal_cap import cap

days = st.lists(st.integers(500, 30_000), min_size=4, max_size=20)
answers = st.fixed_dictionaries({name: st.sampled_from(["yes", "no", "not_sure"]) for name in CAP_ANSWERS})
weeks = st.builds(
    Week,
    met=st.integers(0, 7),
    missed=st.integers(0, 7),
    clear_checks=st.integers(0, 7),
    pain_up=st.none() | st.floats(-10, 10),
    redness=st.sampled_from(["yes", "not_answered", "no"]),
    red_flag=st.sampled_from(["now", "week", "no"]),
)
chosen = st.none() | st.integers(7_000, 10_000)


@given(days, answers, st.booleans(), chosen, st.lists(st.tuples(weeks, days), max_size=30))
def test_over_any_weeks_the_goal_stays_between_floor_and_cap_and_never_rises_by_more_than_500(
    first: list[int], sheet: dict[str, str], lifted: bool, choice: int | None, later: list[tuple[Week, list[int]]]
) -> None:
    baseline = baseline_of(first)
    assert baseline is not None
    goal = start_goal(baseline, cap_of(baseline, sheet, lifted=lifted, chosen=choice, steps=None))
    careful = not lifted and set(sheet.values()) != {"no"}
    for one, counted in later:
        limit = cap_of(baseline, sheet, lifted=lifted, chosen=choice, steps=goal)
        step = after_week(goal, one, baseline=baseline, target=target_of(counted), cap=limit)
        assert step.steps <= limit.most
        assert step.steps <= max(7_000, baseline, choice or 0)
        assert not careful or step.steps <= baseline + 1_000
        assert step.steps - goal <= 500
        assert step.steps >= min(0.7 * baseline, goal)
        assert step.steps % 100 == 0
        may_rise = one.met >= 4 and one.clear_checks >= 5 and one.redness == "no" and one.red_flag == "no"
        may_rise = may_rise and one.pain_up is not None and one.pain_up < 2
        assert step.steps <= goal or may_rise
        goal = step.steps


STRICTER = [
    lambda one: replace(one, met=max(one.met - 1, 0), missed=min(one.missed + 1, 7)),
    lambda one: replace(one, met=max(one.met - 1, 0)),
    lambda one: replace(one, clear_checks=max(one.clear_checks - 1, 0)),
    lambda one: replace(one, redness="not_answered" if one.redness == "no" else "yes"),
    lambda one: replace(one, red_flag="week" if one.red_flag == "no" else "now"),
    lambda one: one if one.pain_up is None else replace(one, pain_up=min(one.pain_up + 1, 10)),
    lambda one: replace(one, pain_up=None if one.pain_up is None or one.pain_up < 2 else one.pain_up),
]


@given(
    weeks,
    st.sampled_from(STRICTER),
    st.integers(500, 9_000),
    st.integers(1, 100),
    st.none() | st.integers(1, 300),
    st.none() | st.integers(1, 100),
)
def test_no_stricter_week_gives_a_higher_goal(
    one: Week, stricter: Any, baseline: int, goal: int, target: int | None, returning: int | None
) -> None:
    before = returning and max(returning, goal) * 100
    limit = cap(baseline, steps=goal * 100)

    def after(asked: Week) -> int:
        aim = target and target * 100
        found = after_week(goal * 100, asked, baseline=baseline, target=aim, cap=limit, returning_to=before)
        return found.steps

    # A warning that stands turns the goal off before any week is asked about.
    if stricter(one).red_flag != "now":
        assert after(stricter(one)) <= after(one)


@given(st.integers(500, 30_000), answers, st.sampled_from(CAP_ANSWERS), chosen, st.none() | st.integers(0, 300))
def test_no_stricter_answer_gives_a_higher_cap(
    baseline: int, sheet: dict[str, str], name: str, choice: int | None, goal: int | None
) -> None:
    steps = goal and goal * 100
    for before in (True, False):
        wide = cap_of(baseline, sheet, lifted=before, chosen=choice, steps=steps)
        for after, narrow_sheet in ((before, sheet | {name: "yes"}), (False, sheet)):
            narrow = cap_of(baseline, narrow_sheet, lifted=after, chosen=choice, steps=steps)
            assert narrow.most <= wide.most
            assert narrow.walk_up <= wide.walk_up


@given(st.lists(st.integers(0, 60_000), max_size=30))
def test_the_order_of_days_does_not_matter_to_baseline_and_target(counts: list[int]) -> None:
    assert baseline_of(counts[:7]) == baseline_of(sorted(counts[:7]))
    assert target_of(counts[-9:]) == target_of(sorted(counts[-9:]))


@given(st.integers(500, 30_000), st.integers(1, 300))
def test_a_return_never_begins_over_half_or_the_cap(baseline: int, hundreds: int) -> None:
    last, limit = hundreds * 100, cap(baseline, numb_feet="yes")
    back = after_rest(last, limit)
    assert back.steps <= max(last / 2, 100)
    assert back.steps <= limit.most
    assert (rest_level(last, baseline) or 0) <= last / 2
