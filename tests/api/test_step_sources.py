"""Which source counts: the same choice by either way to set it, told to every phone of the patient."""

from typing import Any

from tests.api.test_step_counts import day, push
from tests.factories import Browser


def two_phones(patient: Browser) -> tuple[str, str]:
    """The sources of a phone that counted less and of one that counted more."""
    for steps in (3000, 5000):
        push(patient, patient.make_token("ingest")["token"], steps)
    less, more = sorted(day(patient)["counts"], key=lambda count: count["steps"])
    return less["source"], more["source"]


def told_since(patient: Browser, cursor: str) -> dict[str, Any]:
    items = patient.get(f"/changes?since={cursor}").get_json()["items"]
    return {item["kind"]: item["record"] for item in items}


def test_the_choice_travels_with_the_settings_and_the_days_with_it(patient: Browser) -> None:
    less, _ = two_phones(patient)
    cursor = patient.get("/changes").get_json()["next"]
    assert patient.put("/me/step-sources", {"order": [less]}).get_json()["order"] == [less]
    told = told_since(patient, cursor)
    assert told["me"]["step_sources"] == [less]
    assert (told["step_count"]["source"], told["step_count"]["steps"]) == (less, 3000)


def test_a_phone_that_was_offline_sends_the_choice_as_a_setting(patient: Browser) -> None:
    less, more = two_phones(patient)
    assert patient.patch("/me", {"step_sources": [less]}).get_json()["step_sources"] == [less]
    assert (day(patient)["source"], patient.get("/me/step-sources").get_json()["order"]) == (less, [less])
    patient.patch("/me", {"step_sources": []})
    assert (day(patient)["source"], day(patient)["history"][0]["why"]) == (more, "choice")
