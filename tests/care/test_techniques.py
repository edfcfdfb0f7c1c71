"""The technique cards against the table of brief §4."""

from typing import Any, cast

import pytest

from server.care.content import techniques, text

# brief §4: the highest pressure of 10, and the minutes of the single module
CARDS = {
    "stroking": (2, 4),
    "kneading": (4, 6),
    "pressure_points": (3, 5),
    "rolling": (3, 6),
    "warm_oil": (2, 8),
}
WORDS = {
    "stroking": ("Both palms", "toes to ankle", "10 to 15 slow strokes", "Rush", "still palm"),
    "kneading": ("Thumbs", "heel, arch, ball", "10 circles", "Rub between the toes", "flat palm circles"),
    "pressure_points": ("pad of your thumb", "slowly, hold", "10 to 12 seconds", "Press on bone", "pregnant"),
    "rolling": ("only while you sit", "heel to ball", "10 slides", "Bounce", "no ball"),
    "warm_oil": ("10 to 15 seconds", "toes to ankle", "Half a teaspoon", "Walk with oily soles", "no helper"),
}


def cards() -> dict[str, dict[str, Any]]:
    return {card["id"]: card for card in cast("list[dict[str, Any]]", techniques()["techniques"])}


def test_there_are_the_five_of_the_brief() -> None:
    assert {name: (card["most_pressure"], card["minutes"]) for name, card in cards().items()} == CARDS


@pytest.mark.parametrize("name", CARDS)
def test_each_card_says_what_the_brief_says(name: str) -> None:
    card = cards()[name]
    keys = [card["hands"], card["direction"], card["count"], *card["mistakes"], *card["skip_if"]]
    said = " ".join(text()[key] for key in keys)
    for words in WORDS[name]:
        assert words in said


def test_no_spot_has_the_name_of_an_organ() -> None:
    spots = cast("list[dict[str, str]]", techniques()["spots"])
    assert [spot["region"] for spot in spots] == ["ball", "arch_inner", "heel", "toe_1", "top"]
    for spot in spots:
        assert not {"liver", "heart", "kidney", "lung", "stomach"} & set(text()[spot["text"]].lower().split())
