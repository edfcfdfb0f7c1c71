"""Overlapping intervals of several devices: what counts once, and what may never be lost."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from integrations.intervals import Interval, merge_steps

MINUTES = 60

intervals = st.lists(
    st.tuples(st.integers(0, MINUTES), st.integers(0, 15), st.integers(0, 500)).map(
        lambda parts: (parts[0], parts[0] + parts[1], parts[2])
    ),
    max_size=12,
)
sources = st.lists(intervals, max_size=4)


def test_c1_a_phone_in_the_pocket_does_not_double_the_watch() -> None:
    watch = [(minute, minute + 1, 100) for minute in range(10)]
    phone = [(0, 10, 950)]
    assert merge_steps([phone, watch]) == 1000


def test_c2b_hours_without_the_watch_come_from_the_phone() -> None:
    watch = [(minute, minute + 1, 100) for minute in range(10)]
    phone = [(0, 10, 950), (20, 30, 700), (30, 40, 300)]
    assert merge_steps([phone, watch]) == 2000


def test_a_moment_of_the_watch_does_not_hide_all_that_the_phone_counted() -> None:
    assert merge_steps([[(5, 6, 3)], [(0, 600, 8000)]]) == 8000


def test_intervals_that_touch_do_not_overlap() -> None:
    assert merge_steps([[(0, 1, 10), (2, 3, 10)], [(1, 2, 5), (3, 20, 7)]]) == 32


def test_an_interval_without_steps_hides_nothing() -> None:
    assert merge_steps([[(0, 1, 10), (4, 5, 0)], [(4, 9, 70)]]) == 80


def test_what_does_not_count_hides_nothing_either() -> None:
    watch = [(0, 1, 100), (1, 2, 100)]
    phone = [(0, 5, 150), (5, 7, 80)]
    app = [(3, 20, 30)]
    assert merge_steps([watch, phone, app]) == 280  # the app lies over what counts of the phone
    assert merge_steps([watch, [(0, 5, 150)], app]) == 230


def test_a_manual_entry_is_a_moment_and_counts() -> None:
    assert merge_steps([[(5, 5, 400)], [(0, 3, 60)]]) == 460


def test_the_same_interval_twice_in_a_source_counts_once() -> None:
    assert merge_steps([[(0, 1, 10), (0, 1, 10), (0, 1, 12)]]) == 12


def test_nothing_is_no_steps() -> None:
    assert merge_steps([]) == merge_steps([[]]) == merge_steps([[(0, 1, 0)]]) == 0


@given(sources, st.randoms(use_true_random=False))
def test_neither_the_order_of_sources_nor_of_intervals_matters(
    found: list[list[Interval]], dice: random.Random
) -> None:
    shuffled = [dice.sample(source, len(source)) for source in found]
    dice.shuffle(shuffled)
    assert merge_steps(shuffled) == merge_steps(found)


@given(sources)
def test_never_above_the_sum_and_never_below_the_best_source(found: list[list[Interval]]) -> None:
    alone = [merge_steps([source]) for source in found]
    assert max(alone, default=0) <= merge_steps(found) <= sum(alone)


@given(sources)
def test_a_copy_of_all_sources_changes_nothing(found: list[list[Interval]]) -> None:
    """The same app under two names: whatever it counted counts once."""
    assert merge_steps([*found, *found]) == merge_steps(found)


@given(sources)
def test_as_a_map_of_minutes_says(found: list[list[Interval]]) -> None:
    """The same rule, minute by minute, without sorting or pointers."""

    def usual(source: dict[tuple[int, int], int]) -> int:
        lengths = sorted(end - start for start, end in source)
        return lengths[len(lengths) // 2] if lengths else 0

    tidy = []
    for source in found:
        seen: dict[tuple[int, int], int] = {}
        for start, end, steps in source:
            if steps:
                span = (start, end if end > start else start + 1)
                seen[span] = max(seen.get(span, 0), steps)
        tidy.append(seen)
    tidy.sort(key=lambda seen: (usual(seen), -sum(seen.values()), sorted((*span, n) for span, n in seen.items())))
    owner: dict[int, int] = {}
    total = 0
    for number, seen in enumerate(tidy):
        for (start, end), steps in seen.items():
            if all(owner.get(minute, number) == number for minute in range(start, end)):
                total += steps
                owner.update(dict.fromkeys(range(start, end), number))
    assert merge_steps(found) == max([total, *(sum(seen.values()) for seen in tidy)])
