"""The sentences a patient reads: each that a table needs, in every language. The phone tests how they read."""

from __future__ import annotations

import re

from server.care.content import languages, load_table, scripts, text


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
    assert all(script.title in catalogue for script in scripts().values())


def test_every_language_has_the_same_sentences_with_the_same_blanks() -> None:
    english = {key: sorted(re.findall(r"{\w+}", words)) for key, words in text("en").items()}
    for language in languages():
        assert {key: sorted(re.findall(r"{\w+}", words)) for key, words in text(language).items()} == english
    assert text("xx") == text("en")
