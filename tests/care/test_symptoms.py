"""The symptom diary of brief §11: weeks, the change since the baseline week, and what the clinic should hear."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.care.content import load_table, text
from server.care.decisions import EVALUATORS
from server.care.weeks import Note, baseline, change_inputs, this_week, week_of

START = date(2026, 11, 1)
CALM = {"pain": 3, "compared": "no", "pain_fall": 0, "pain_fall_percent": 0, "numbness_rise": 0}


def day(number: int) -> date:
    """Day 1 is the day of the first massage."""
    return START + timedelta(days=number - 1)


def notes(first: int, *pains: int, numbness: int | None = None) -> list[Note]:
    return [Note(day(first + at), pain, numbness) for at, pain in enumerate(pains)]


def symptoms(**inputs: Any) -> dict[str, Any]:
    return dict(EVALUATORS["symptoms"](CALM | inputs))


def verdict(all_notes: list[Note], today: int, first_massage: int | None = 1) -> dict[str, Any]:
    """What the diary says on a day, from its notes."""
    week = this_week(all_notes, day(today))
    assert week is not None
    base = baseline(all_notes, None if first_massage is None else day(first_massage))
    return dict(EVALUATORS["symptoms"](change_inputs(week, base)))


@pytest.mark.parametrize(
    ("pain", "band"),
    [(0, "mild"), (3.9, "mild"), (4, "moderate"), (6.9, "moderate"), (7, "severe"), (10, "severe")],
)
def test_the_bands(pain: float, band: str) -> None:
    assert symptoms(pain=pain)["band"] == band


@pytest.mark.parametrize(
    ("fall", "percent", "change"),
    [
        (2, 20, "meaningful"),  # 2 points or more [Q1]
        (1.9, 29.9, "a_little_better"),
        (1, 30, "meaningful"),  # 30 % or more [Q1]
        (1, 10, "a_little_better"),  # 1 point [Q2]
        (0.9, 15, "a_little_better"),  # 15 % [Q2]
        (0.9, 14.9, "same"),
        (0, 0, "same"),
        (-0.9, -90, "same"),
        (-1, -20, "a_little_worse"),
        (-1.9, -40, "a_little_worse"),
        (-2, -40, "up"),  # up 2 or more
        (-9, -900, "up"),
    ],
)
def test_the_size_of_a_change(fall: float, percent: float, change: str) -> None:
    assert symptoms(compared="yes", pain_fall=fall, pain_fall_percent=percent)["change"] == change
    assert symptoms(pain_fall=fall, pain_fall_percent=percent)["change"] == "not_compared"


@pytest.mark.parametrize(
    ("inputs", "reasons"),
    [
        ({"pain": 7}, ["strong_pain"]),
        ({"pain": 6.9}, []),
        ({"compared": "yes", "pain_fall": -2}, ["pain_up"]),
        ({"compared": "yes", "pain_fall": -1.9}, []),
        ({"compared": "yes", "pain_fall": 0.5, "numbness_rise": 0.5}, ["pain_down_numbness_up"]),
        ({"compared": "yes", "pain_fall": 0.4, "numbness_rise": 3}, []),
        ({"compared": "yes", "pain_fall": 3, "numbness_rise": 0.4}, []),
        ({"compared": "yes", "pain_fall": -1, "numbness_rise": 3}, []),
        ({"compared": "no", "pain_fall": 3, "numbness_rise": 3}, []),
        ({"pain": 8, "compared": "yes", "pain_fall": 1, "numbness_rise": 1}, ["pain_down_numbness_up", "strong_pain"]),
    ],
)
def test_what_the_clinic_should_hear_this_week(inputs: dict[str, Any], reasons: list[str]) -> None:
    outcome = symptoms(**inputs)
    assert outcome["reasons"] == reasons
    assert outcome["level"] == ("within_days" if reasons else None)
    assert all(f"book.why.{reason}" in text() for reason in reasons)


def test_the_warning_is_the_briefs_word_for_word() -> None:
    assert text()["symptoms.pain_down_numbness_up"] == (
        "Tell your clinic. Less pain does not always mean nerves are better."
    )


def test_every_band_and_every_change_has_its_words() -> None:
    table = load_table("symptom_change")
    assert all(f"symptoms.band.{band}" in text() for band in table.members["band"].order)
    changes = set(table.members["change"].order) - {"not_compared"}
    assert all(f"symptoms.change.{change}" in text() for change in changes)


def test_what_is_missing_or_nonsense_is_the_strictest() -> None:
    strict = EVALUATORS["symptoms"]({})
    assert (strict["band"], strict["change"], strict["level"]) == ("severe", "up", "within_days")
    assert EVALUATORS["symptoms"]({"pain": "three", "compared": "maybe", "pain_fall": None}) == strict


@given(
    st.fixed_dictionaries(
        {
            "pain": st.floats(0, 10),
            "compared": st.sampled_from(["yes", "no"]),
            "pain_fall": st.floats(-10, 10),
            "pain_fall_percent": st.floats(-1000, 100),
            "numbness_rise": st.floats(-10, 10),
        }
    ),
    st.sampled_from(["pain", "numbness_rise"]),
    st.floats(0, 10),
)
def test_more_pain_or_more_numbness_is_never_taken_lighter(inputs: dict[str, Any], name: str, more: float) -> None:
    calm, strict = EVALUATORS["symptoms"](inputs), EVALUATORS["symptoms"](inputs | {name: inputs[name] + more})
    bands = ["mild", "moderate", "severe"]
    assert bands.index(str(strict["band"])) >= bands.index(str(calm["band"]))
    assert calm["level"] is None or strict["level"] == "within_days"


def test_a_week_needs_four_notes_and_a_day_without_one_is_not_zero() -> None:
    assert week_of(notes(1, 6, 6, 6), day(1)) is None
    week = week_of(notes(1, 6, 6, 6, 4), day(1))
    assert week is not None
    assert (week.pain.value, week.pain.days, week.numbness) == (5.5, 4, None)
    assert week_of(notes(5, 6, 6, 6, 6), day(1)) is None  # the eighth day is another week


def test_numbness_needs_four_notes_of_its_own() -> None:
    week = week_of([*notes(1, 5, 5, numbness=3), *notes(3, 5, 5)], day(1))
    assert week is not None
    assert week.numbness is None


def test_the_baseline_is_the_week_of_the_first_massage() -> None:
    before = notes(-20, 9, 9, 9, 9, 9)
    found = baseline([*before, *notes(1, 5, 5, 5, 5)], day(1))
    assert found is not None
    assert (found.first, found.pain.value) == (day(1), 5)


def test_where_that_week_has_too_few_notes_it_is_the_first_week_with_four() -> None:
    scattered = [*notes(-30, 9), *notes(1, 5, 5, 5), *notes(10, 4), *notes(12, 4, 4), *notes(16, 4)]
    found = baseline(scattered, day(1))
    assert found is not None
    assert found.first == day(10)
    assert baseline(scattered, None) == found
    assert baseline(notes(1, 5, 5, 5), day(1)) is None


@pytest.mark.parametrize(("today", "change"), [(7, "not_compared"), (13, "not_compared"), (14, "meaningful")])
def test_a_change_is_shown_only_from_the_second_week(today: int, change: str) -> None:
    assert verdict(notes(1, 6, 6, 6, 6, 6, 6, 6, 3, 3, 3, 3, 3, 3, 3), today)["change"] == change


@pytest.mark.parametrize(
    ("first", "now", "change"),
    [
        ([6] * 5, [4, 4, 4, 5, 4], "meaningful"),  # 6 to 4.2 is 30 %, though not in binary fractions
        ([6] * 5, [4, 4, 4, 5, 5], "a_little_better"),
        ([5, 5, 5, 5, 6], [3, 3, 3, 3, 4], "meaningful"),  # 5.2 to 3.2 is 2 points
        ([2] * 4, [1, 1, 2, 2], "a_little_better"),  # 25 %
        ([0] * 4, [0] * 4, "same"),
        ([3, 3, 3, 3, 4], [5, 5, 5, 5, 6], "up"),
    ],
)
def test_limits_are_met_exactly(first: list[int], now: list[int], change: str) -> None:
    assert verdict(notes(1, *first) + notes(8, *now), 14)["change"] == change


def test_less_pain_with_more_numbness_is_told() -> None:
    diary = notes(1, 6, 6, 6, 6, numbness=3) + notes(8, 4, 4, 4, 4, numbness=5)
    assert verdict(diary, 14)["reasons"] == ["pain_down_numbness_up"]
    unknown = notes(1, 6, 6, 6, 6) + notes(8, 4, 4, 4, 4, numbness=5)
    assert verdict(unknown, 14)["reasons"] == []


@st.composite
def diaries(draw: st.DrawFn) -> list[Note]:
    days = draw(st.sets(st.integers(1, 40), max_size=30))
    score = st.integers(0, 10)
    return [Note(day(number), draw(score), draw(st.none() | score)) for number in sorted(days)]


@given(diaries(), st.randoms(use_true_random=False), st.integers(1, 45), st.none() | st.integers(1, 40))
def test_the_order_of_the_notes_does_not_matter(diary: list[Note], rng: Any, today: int, first: int | None) -> None:
    mixed = list(diary)
    rng.shuffle(mixed)
    massage = None if first is None else day(first)
    assert this_week(mixed, day(today)) == this_week(diary, day(today))
    assert baseline(mixed, massage) == baseline(diary, massage)


@given(diaries(), st.integers(1, 45))
def test_a_mean_lies_between_its_notes_and_counts_only_days_that_have_one(diary: list[Note], today: int) -> None:
    inside = [note.pain for note in diary if day(today - 6) <= note.on <= day(today)]
    week = this_week(diary, day(today))
    assert (week is None) == (len(inside) < 4)
    if week is not None:
        assert week.pain.days == len(inside)
        assert min(inside) <= week.pain.value <= max(inside)
