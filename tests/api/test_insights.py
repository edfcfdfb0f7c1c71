"""Insights through the API: the owner's, nobody else's, and only with enough records."""

from datetime import date, timedelta

from tests.factories import Browser

TODAY = date(2026, 11, 22)


def ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


def put_massages(patient: Browser, count: int) -> None:
    for at in range(count):
        on = ago(2 * at + 3)
        patient.put_log(on=on, started_at=f"{on}T08:00:00Z", ended_at=f"{on}T08:08:20Z", pain_before=6, pain_after=4)


def test_who_has_no_records_gets_no_insight(patient: Browser) -> None:
    reply = patient.get("/insights")
    assert reply.get_json() == {"on": "2026-11-22", "computed_at": "2026-11-22T09:15:00Z", "items": [], "waiting": []}
    assert reply.headers["Cache-Control"] == "no-store"


def test_each_says_what_it_rests_on_in_keys_and_in_words(patient: Browser) -> None:
    put_massages(patient, 5)
    assert patient.get("/insights").get_json()["waiting"] == [
        {"key": "pain_around_massage", "n": 5, "least": 6, "of": "sessions"}
    ]
    put_massages(patient, 1)
    found = patient.get("/insights").get_json()
    assert found["waiting"] == []
    (insight,) = found["items"]
    assert insight == {
        "key": "pain_around_massage",
        "n": 6,
        "of": "sessions",
        "level": None,
        "values": {"before": 6.0, "after": 4.0},
        "say": ["insight.pain_around_massage.text", "insight.chance", "insight.no_cause_massage"],
        "text": "Your pain was 6 before a massage and 4 after it. That is the average of 6 massages."
        " This can be chance. It does not show that a massage did this.",
    }


def test_a_deleted_record_is_gone_from_them(patient: Browser) -> None:
    put_massages(patient, 6)
    log = patient.get("/session-logs").get_json()["items"][0]
    patient.delete(f"/session-logs/{log['id']}")
    assert patient.get("/insights").get_json()["items"] == []


def test_the_warning_about_numbness_stands_first(patient: Browser) -> None:
    for days in range(20, 14, -1):
        patient.put_entry(on=ago(days), pain=6, numbness=2)
    for days in range(6):
        patient.put_entry(on=ago(days), pain=4, numbness=4)
    first, second = patient.get("/insights").get_json()["items"]
    assert (first["key"], first["level"]) == ("pain_down_numbness_up", "within_days")
    assert first["text"].endswith("Tell your clinic. Less pain does not always mean nerves are better.")
    assert (second["key"], second["values"]) == ("weekly_pain", {"pain": 4.0, "before": 6.0})
    assert "symptoms.change.meaningful" in second["say"]


def test_another_patient_has_their_own_and_nobody_has_none(
    patient: Browser, stranger: Browser, nobody: Browser
) -> None:
    put_massages(patient, 6)
    assert stranger.get("/insights").get_json()["items"] == []
    refused = nobody.get("/insights")
    assert (refused.status_code, refused.get_json()["code"]) == (401, "not_signed_in")


def test_the_plan_and_its_massages_are_counted_while_it_runs(patient: Browser) -> None:
    patient.put_plan(starts_on=ago(27))
    put_massages(patient, 6)
    counted = next(one for one in patient.get("/insights").get_json()["items"] if one["of"] == "sessions")
    assert (counted["key"], counted["values"]["done"]) == ("sessions_against_plan", 6)
    patient.put_plan(starts_on=ago(27), ended_on=ago(1))
    found = patient.get("/insights").get_json()["items"]
    assert "sessions_against_plan" not in [one["key"] for one in found]
