"""The programmes as brief §5 has them, and who may choose which; written by reading the brief, not the tables."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.care.content import scripts, text
from server.care.decisions import evaluate_profile
from server.care.programmes import choose_programmes, programmes, script_of
from tests.care.answers import NO_FLAG
from tests.care.test_properties import anything, sheets, strict_answer

FREE = {"mode": "standard", "scripts": ["S20", "E30"], "scripts_with_helper": []}


def outcome(mode: str, *alone: str, helped: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"mode": mode, "scripts": list(alone), "scripts_with_helper": list(helped)}


@pytest.mark.parametrize(
    ("name", "first", "times", "rest_day"),
    [
        ("standard", "S20", 3, True),
        ("light", "S20", 2, True),
        ("daily_short", "S8", 7, False),
        ("severe", "S8", 7, False),
        ("trial_like", "E30", 3, True),
    ],
)
def test_the_programmes_of_the_brief(name: str, first: str, times: int, rest_day: bool) -> None:
    programme = programmes()[name]
    assert (programme.scripts[0], programme.times_a_week, programme.rest_day_between) == (first, times, rest_day)
    assert programme.weeks == 4
    assert {programme.title, programme.text} <= set(text())


def test_the_days_that_are_chosen_at_first_may_be_chosen() -> None:
    for programme in programmes().values():
        assert programme.fits(programme.weekdays)
        assert programme.rests(programme.weekdays)


@pytest.mark.parametrize(
    ("weekdays", "rests"),
    [([1, 3, 5], True), ([2, 4, 6], True), ([1, 3, 7], False), ([6, 7], False), ([1, 2, 4], False), ([3], True)],
)
def test_sunday_and_monday_are_neighbours(weekdays: list[int], rests: bool) -> None:
    assert programmes()["standard"].rests(weekdays) is rests
    assert programmes()["daily_short"].rests(weekdays)


@pytest.mark.parametrize(
    ("profile", "severe", "allowed", "recommended", "clinic_first"),
    [
        (outcome("block"), "no", [], None, True),
        (outcome("ask"), "no", [], None, True),
        (outcome("ask"), "yes", [], None, True),
        (outcome("still"), "no", [], None, True),  # touch hurts and cannot reach: nothing may run
        (outcome("standard", "S20"), "yes", ["severe"], "severe", True),
        (outcome("gentle", "G12"), "yes", ["severe"], "severe", True),
        (outcome("still", "A6"), "no", ["standard", "light"], "light", False),
        (outcome("gentle", "G12"), "no", ["standard", "light"], "standard", False),
        (outcome("gentle", helped=("G12",)), "no", ["standard", "light"], "standard", False),
        (outcome("standard", "S20"), "no", ["standard", "light", "daily_short"], "standard", False),
        (FREE, "no", ["standard", "light", "daily_short", "trial_like"], "standard", False),
        ({}, "no", [], None, True),
        (FREE, None, ["severe"], "severe", True),  # not known is severe
    ],
)  # fmt: skip
def test_who_may_choose_which(
    profile: dict[str, Any], severe: object, allowed: list[str], recommended: str | None, clinic_first: bool
) -> None:
    assert choose_programmes(profile, severe_pain=severe) == {
        "allowed": allowed,
        "recommended": recommended,
        "clinic_first": clinic_first,
    }


def test_the_trial_like_one_is_for_people_without_any_flag() -> None:
    assert "trial_like" in choose_programmes(evaluate_profile(NO_FLAG), severe_pain="no")["allowed"]
    for name in NO_FLAG:
        flagged = evaluate_profile(NO_FLAG | {name: strict_answer("profile", name)})
        if name != "has_helper":  # no helper alone is no flag (brief §2.1 P14)
            assert "trial_like" not in choose_programmes(flagged, severe_pain="no")["allowed"], name


@given(sheets("profile"), st.sampled_from(list(NO_FLAG)), st.sampled_from(["yes", "no"]))
def test_no_stricter_answer_opens_a_programme(sheet: dict[str, str], name: str, severe: str) -> None:
    """All but the one for severe pain, which is what is left, and only after the clinic."""
    before = choose_programmes(evaluate_profile(sheet), severe_pain=severe)
    stricter = evaluate_profile(sheet | {name: strict_answer("profile", name)})
    for after in (choose_programmes(stricter, severe_pain=severe), choose_programmes(stricter, severe_pain="yes")):
        assert set(after["allowed"]) - {"severe"} <= set(before["allowed"])
        assert after["clinic_first"] or not before["clinic_first"]
        assert "severe" not in after["allowed"] or after["clinic_first"]


@given(st.dictionaries(st.sampled_from(["mode", "scripts", "scripts_with_helper"]), anything), anything)
def test_what_cannot_be_read_opens_nothing_but_what_the_clinic_must_know_of(
    profile: dict[str, Any], severe: object
) -> None:
    found = choose_programmes(profile, severe_pain=severe)
    assert found["clinic_first"] or severe == "no"
    assert profile.get("mode") in ("standard", "gentle", "still") or found["allowed"] == []


def test_a_programme_runs_the_first_of_its_scripts_that_may_start() -> None:
    """Of those that are offered: the profile says the rest."""
    offered = [script_id for script_id, script in scripts().items()]
    for programme in programmes().values():
        assert script_of(programme, {}) is None
        for script_id in set(programme.scripts) & set(offered):
            allowed = {"start": "allowed", "mode": "standard", "scripts": [script_id], "scripts_with_helper": []}
            assert script_of(programme, allowed) == script_id
    helped = {"start": "with_helper", "scripts": [], "scripts_with_helper": ["S8"]}
    assert script_of(programmes()["severe"], helped) == "S8"
