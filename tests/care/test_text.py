"""The sentences a patient reads: short, easy, whole, and without a claim that brief §12 forbids."""

from __future__ import annotations

import re

import pytest

from server.care.content import languages, load_table, scripts, text

MOST_WORDS = 15
HIGHEST_GRADE = 6.0
DISCLAIMER = (
    "This app gives general self-care information. It does not find, treat or watch disease. It does not replace your"
    " care team. Massage can add comfort; it is not a cure. Stop if anything hurts. If you see a foot problem, call"
    " your clinic today. In an emergency call {number}."
)
# brief §12, "Not OK"; the disclaimer says "treat" and "cure" only to deny them.
BANNED = re.compile(
    r"\b(treats?|cures?|heals?|reverses?|repairs?|stimulates?|restores?|detox\w*|prevents?)\b"
    r"|improves? (your )?(circulation|blood flow)|lowers? (your )?(blood )?sugar|organ zones?"
    r"|your insulin|you have (an?|the) |no need to see|safe for everyone",
    re.IGNORECASE,
)
DENIALS = {"consent.disclaimer.text"}
# Asking is not claiming: these ask or quote what the patient has.
ASKS = re.compile(r"\?|^Say yes")


def sentences(words: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?:])[\"”]?\s+", words) if re.search(r"\w", part)]


def words_of(sentence: str) -> list[str]:
    return re.findall(r"[A-Za-z0-9{}°%/.,'’-]*[A-Za-z0-9][A-Za-z0-9{}°%/'’-]*", sentence)


def syllables(word: str) -> int:
    """Groups of vowels, a silent last e left out; a number or a name in braces is one."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    if not letters or "{" in word:
        return 1
    groups = len(re.findall(r"[aeiouy]+", letters))
    if letters.endswith("e") and not letters.endswith(("le", "ee")) and groups > 1:
        groups -= 1
    if re.search(r"[^aeioutd]ed$", letters) and groups > 1:
        groups -= 1
    return max(groups, 1)


def grade(all_sentences: list[str]) -> float:
    """Flesch-Kincaid: 0.39 words a sentence + 11.8 syllables a word - 15.59."""
    words = [word for sentence in all_sentences for word in words_of(sentence)]
    return 0.39 * len(words) / len(all_sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("foot", 1),
        ("massage", 2),
        ("ankle", 2),
        ("gentle", 2),
        ("clinic", 2),
        ("rubbed", 1),
        ("{number}", 1),
        ("15", 1),
    ],
)
def test_syllables_are_counted_as_spoken(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_grade_formula_knows_easy_from_hard() -> None:
    assert grade(["The cat sat on the mat."]) < 1
    assert grade(["Peripheral neuropathy necessitates comprehensive multidisciplinary evaluation."]) > 20


@pytest.mark.parametrize("key", list(text()))
def test_no_sentence_is_longer_than_fifteen_words(key: str) -> None:
    for sentence in sentences(text()[key]):
        assert len(words_of(sentence)) <= MOST_WORDS, sentence


def test_all_of_it_reads_at_grade_six() -> None:
    everything = [sentence for words in text().values() for sentence in sentences(words)]
    assert grade(everything) <= HIGHEST_GRADE


@pytest.mark.parametrize("group", sorted({key.split(".")[0] for key in text()}))
def test_each_group_reads_at_grade_six(group: str) -> None:
    own = [part for key, words in text().items() if key.startswith(f"{group}.") for part in sentences(words)]
    assert grade(own) <= HIGHEST_GRADE


@pytest.mark.parametrize(
    "topic",
    sorted({key.removesuffix(".title") for key in text() if re.fullmatch(r"(learn|technique)\.\w+\.title", key)}),
)
def test_each_topic_of_learn_reads_at_grade_six(topic: str) -> None:
    own = [part for key, words in text().items() if key.startswith(f"{topic}.") for part in sentences(words)]
    assert grade(own) <= HIGHEST_GRADE


@pytest.mark.parametrize("key", [key for key in text() if key not in DENIALS])
def test_no_forbidden_claim(key: str) -> None:
    for sentence in sentences(text()[key]):
        if not ASKS.search(sentence):
            assert not BANNED.search(sentence), sentence


def test_the_disclaimer_is_the_briefs_word_for_word() -> None:
    assert text()["consent.disclaimer.text"] == DISCLAIMER


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("ladder.emergency.say", "Call {number} now. Do not drive yourself."),
        (
            "ladder.same_day.say",
            "Call your foot clinic or doctor today. If closed, go to urgent care. Keep weight off the foot.",
        ),
        (
            "ladder.within_days.say",
            "Call your clinic in the next 1–2 working days. Ask for a visit this week.",
        ),
        ("line.palm_hold.left", "Hold your left foot with both hands. Breathe out slowly."),
        ("line.stroke", "Slide your hands from toes to ankle. Light, like lotion."),
        ("line.knead_heel", "Small circles on the heel. Soft thumbs."),
        ("line.look", "Look at your skin. Same colour as before?"),
    ],
)
def test_the_briefs_own_sentences(key: str, words: str) -> None:
    assert text()[key] == words


def test_no_number_to_call_is_written_into_a_sentence() -> None:
    for words in text().values():
        assert not re.search(r"\b(911|999|111|112)\b", words)


def test_a_notification_holds_no_health_value() -> None:
    for key, words in text().items():
        if key.startswith("push.") and "shown_kind" not in key:
            assert not re.search(r"massage|sugar|foot check|pain|numb", words.lower()), key
    for kind in ("massage", "glucose", "foot_check"):
        assert text()[f"push.{kind}.title"] == "Footwell: it is time"


def test_every_sentence_the_tables_need_is_there() -> None:
    catalogue = text()
    for known in load_table("session_gate").inputs:
        if known.after is None:
            assert {f"warning.{known.name}.{part}" for part in ("title", "help", "todo")} <= set(catalogue)
    for known in load_table("profile_gate").inputs:
        assert f"profile.{known.name}.help" in catalogue
        assert known.group is None or f"profile.group.{known.group}" in catalogue
        assert {f"answer.{answer}" for answer in known.answers} <= set(catalogue)
    for row in load_table("profile_gate").rows:
        for word in row.outcome.get("ask_about", []):
            assert f"profile.reason.{word}" in catalogue
    for row in load_table("own_techniques").rows:
        assert all(f"technique.own.{word}" in catalogue for word in row.outcome.get("offered", []))
    for row in load_table("block_end").rows:
        assert f"block.{row.outcome['ends']}.text" in catalogue
        assert all(f"block.ended.{reason}" in catalogue for reason in row.outcome["by"])
    assert all(script.title in catalogue for script in scripts().values())


def test_every_language_has_the_same_sentences_with_the_same_blanks() -> None:
    english = {key: sorted(re.findall(r"{\w+}", words)) for key, words in text("en").items()}
    for language in languages():
        assert {key: sorted(re.findall(r"{\w+}", words)) for key, words in text(language).items()} == english
    assert text("xx") == text("en")
