"""What records add up to: only with enough of them, never with a claim, and the same in any order."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.care import insights
from server.care.content import text
from server.care.insights import Facts, Insight, Massage, Reading, Waiting
from server.care.weeks import Note

TODAY = date(2026, 11, 22)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def look(**facts: Any) -> tuple[dict[str, Insight], dict[str, Waiting]]:
    said, waiting = insights.insights(Facts(today=TODAY, **facts))
    return {one.key: one for one in said}, {one.key: one for one in waiting}


def diary(first: int, last: int, pain: int, numbness: int | None = None) -> list[Note]:
    """A note on each day from `first` to `last` days ago."""
    return [Note(ago(days), pain, numbness) for days in range(last, first + 1)]


def test_who_has_no_records_is_told_nothing() -> None:
    assert look() == ({}, {})


def test_pain_before_and_after_needs_six_massages_that_have_both() -> None:
    massages = [Massage(ago(2 * at), 6, 4) for at in range(5)] + [Massage(ago(20), 9, None), Massage(ago(22), None, 1)]
    said, waiting = look(massages=massages, first_massage=ago(22))
    assert said == {}
    assert waiting["pain_around_massage"] == Waiting("pain_around_massage", 5, 6, "sessions")
    said, _ = look(massages=[*massages, Massage(ago(30), 5, 5)], first_massage=ago(30))
    found = said["pain_around_massage"]
    assert (found.n, found.values) == (6, {"before": 5.8, "after": 4.2})
    words = insights.words(found, "en")
    assert words.startswith("Your pain was 5.8 before a massage and 4.2 after it.")
    assert "This can be chance. It does not show that a massage did this." in words


def test_massages_of_long_ago_do_not_count() -> None:
    massages = [Massage(ago(84 + at), 6, 4) for at in range(9)]
    assert look(massages=massages, first_massage=ago(92)) == ({}, {})


def test_weeks_with_two_massages_are_compared_from_four_of_each_kind_on() -> None:
    notes = diary(55, 28, 6) + diary(27, 0, 4)  # four weeks without and four weeks with
    massages = [Massage(ago(7 * week + day)) for week in range(4) for day in (1, 3)] + [Massage(ago(55))]
    said, _ = look(notes=notes, massages=massages, first_massage=ago(55))
    found = said["pain_by_massages"]
    assert found.n == 4
    assert found.values == {"with": 4, "without": 6, "weeks_with": 4, "weeks_without": 4}
    assert "It does not show that one causes the other." in insights.words(found, "en")
    _, waiting = look(notes=notes, massages=massages, first_massage=ago(54))  # its week before is not whole
    assert waiting["pain_by_massages"] == Waiting("pain_by_massages", 3, 4, "weeks")


def test_two_massages_of_one_day_are_one_day_with_a_massage() -> None:
    massages = [Massage(ago(3)), Massage(ago(3)), Massage(ago(6))]
    _, waiting = look(notes=diary(27, 0, 4), massages=massages, first_massage=ago(27))
    assert waiting["pain_by_massages"].n == 1
    assert "pain_by_massages" not in look(notes=diary(27, 0, 4), massages=massages[:2], first_massage=ago(27))[1]


def test_steps_of_days_with_and_without_a_massage_need_ten_days_each() -> None:
    steps = {ago(day): 6000 if day % 2 else 4000 for day in range(1, 21)}
    massages = [Massage(ago(day)) for day in range(1, 21, 2)]
    said, _ = look(steps=steps, massages=massages, first_massage=ago(20))
    assert said["steps_on_massage_days"].values == {"with": 6000, "without": 4000, "days_with": 10, "days_without": 10}
    assert "On 10 days with a massage you walked 6,000 steps a day." in insights.words(
        said["steps_on_massage_days"], "en"
    )
    _, waiting = look(steps=steps, massages=massages[1:], first_massage=ago(20))
    assert waiting["steps_on_massage_days"].n == 9


def test_four_weeks_of_steps_are_compared_with_the_four_before() -> None:
    steps = {ago(day): 5000 for day in range(1, 29)} | {ago(day): 4000 for day in range(29, 39)}
    found = look(steps=steps)[0]["steps_four_weeks"]
    assert (found.n, found.values) == (10, {"now": 5000, "before": 4000})
    assert look(steps={ago(day): 5000 for day in range(1, 29)}) == ({}, {})


def test_a_day_without_steps_is_unknown_and_a_phone_left_at_home_is_no_day() -> None:
    steps = {ago(day): 5000 for day in range(1, 57)}
    odd = steps | {ago(2): 499, ago(3): 30_001}
    assert look(steps=odd)[0]["steps_four_weeks"].values == {"now": 5000, "before": 5000}
    assert look(steps=steps | {ago(2): 500})[0]["steps_four_weeks"].values["now"] < 5000


def test_massages_are_counted_beside_the_plan() -> None:
    assert "sessions_against_plan" not in look(planned=None, done=4)[0]
    assert look(planned=2, done=1)[1]["sessions_against_plan"].n == 2
    found = look(planned=12, done=7)[0]["sessions_against_plan"]
    assert insights.words(found, "en") == "In the last 28 days you had 7 massages. Your plan had 12."


def test_a_day_is_in_the_target_when_all_its_readings_with_one_are() -> None:
    readings = [Reading(ago(day), in_target=True) for day in range(6)]
    assert look(readings=readings)[1]["glucose_in_target"] == Waiting("glucose_in_target", 6, 7, "days")
    assert look(readings=[*readings, Reading(ago(28), in_target=True)])[0] == {}
    mixed = [*readings, Reading(ago(6), in_target=True), Reading(ago(6), in_target=False)]
    found = look(readings=[*mixed, Reading(ago(7), in_target=False)])[0]["glucose_in_target"]
    assert (found.n, found.values) == (8, {"inside": 6})
    assert insights.words(found, "en").startswith("On 6 of 8 days, your readings before and after meals were in")


def test_the_week_is_compared_with_the_first_from_week_two_on() -> None:
    notes = diary(20, 14, 6) + diary(6, 0, 4)
    found = look(notes=notes, first_massage=ago(20))[0]["weekly_pain"]
    assert (found.values, found.level) == ({"pain": 4, "before": 6}, None)
    assert insights.words(found, "en").endswith(
        "That is clearly less pain than in your first week. It does not show why."
    )
    assert look(notes=diary(6, 0, 4), first_massage=ago(6)) == ({}, {})
    assert look(notes=diary(2, 0, 4))[1]["weekly_pain"] == Waiting("weekly_pain", 3, 4, "days")


def test_less_pain_and_more_numbness_comes_before_everything() -> None:
    notes = diary(20, 14, 6, 3) + diary(6, 0, 4, 5)
    massages = [Massage(ago(2 * at), 6, 4) for at in range(6)]
    said, _ = insights.insights(Facts(TODAY, notes, massages, first_massage=ago(20), planned=12, done=6))
    assert [one.key for one in said][:2] == ["pain_down_numbness_up", "weekly_pain"]
    assert said[0].level == "within_days"
    assert insights.words(said[0], "en").endswith("Tell your clinic. Less pain does not always mean nerves are better.")


def test_every_insight_has_its_words_and_comparisons_say_what_they_do_not_show() -> None:
    for row in insights.rows():
        assert row.id in insights.LOOKS
        assert f"insight.{row.id}.title" in text()
        assert all("{change}" in key or key in text() for key in row.say)
        honest = {"insight.chance", "symptoms.no_cause", "symptoms.pain_down_numbness_up"} & set(row.say)
        assert honest or row.id in ("sessions_against_plan", "glucose_in_target")


@pytest.mark.parametrize(
    ("key", "least"),
    [
        ("pain_down_numbness_up", 4),
        ("weekly_pain", 4),
        ("sessions_against_plan", 3),
        ("glucose_in_target", 7),
        ("pain_around_massage", 6),
        ("pain_by_massages", 4),
        ("steps_on_massage_days", 10),
        ("steps_four_weeks", 10),
    ],
)
def test_how_much_each_needs(key: str, least: int) -> None:
    assert {row.id: row.least for row in insights.rows()}[key] == least


score = st.none() | st.integers(0, 10)
past = st.integers(0, 200).map(ago)


@st.composite
def some_facts(draw: st.DrawFn) -> Facts:
    on = draw(st.sets(past, max_size=60))
    notes = [Note(day, draw(st.integers(0, 10)), draw(score)) for day in sorted(on)]
    massages = draw(st.lists(st.builds(Massage, past, score, score), max_size=40))
    steps = draw(st.dictionaries(past, st.integers(0, 40_000), max_size=80))
    readings = draw(st.lists(st.builds(Reading, past, st.booleans()), max_size=60))
    planned = draw(st.none() | st.integers(0, 28))
    first = min((massage.on for massage in massages), default=None)
    return Facts(TODAY, notes, massages, first, steps, readings, planned, draw(st.integers(0, 28)))


@given(some_facts(), st.randoms(use_true_random=False))
def test_the_order_of_the_records_does_not_matter(facts: Facts, rng: Any) -> None:
    def mixed(items: Any) -> list[Any]:
        found = list(items)
        rng.shuffle(found)
        return found

    other = replace(
        facts,
        notes=mixed(facts.notes),
        massages=mixed(facts.massages),
        steps=dict(mixed(facts.steps.items())),
        readings=mixed(facts.readings),
    )
    assert insights.insights(other) == insights.insights(facts)


@given(some_facts())
def test_nothing_is_said_with_less_than_it_needs_and_each_key_once(facts: Facts) -> None:
    said, waiting = insights.insights(facts)
    least = {row.id: row.least for row in insights.rows()}
    assert all(one.n >= least[one.key] for one in said)
    assert all(0 < one.n < one.least == least[one.key] for one in waiting)
    keys = [one.key for one in [*said, *waiting]]
    assert len(keys) == len(set(keys))
    for one in said:
        assert "{" not in insights.words(one, "en")


@given(some_facts())
def test_a_record_without_a_value_changes_no_mean(facts: Facts) -> None:
    more = replace(facts, massages=[*facts.massages, *(replace(one, pain_after=None) for one in facts.massages)])
    values = {one.key: one.values for one in insights.insights(facts)[0]}
    again = {one.key: one.values for one in insights.insights(more)[0]}
    assert again == values
