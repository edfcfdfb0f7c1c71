"""Session logs: owner, another patient, nobody; and what is refused."""

from uuid import uuid4

from server.care.decisions import decide
from tests.care.answers import NO_FLAG, NO_WARNING
from tests.factories import Browser, session_log


def test_a_log_is_kept_and_read_back(patient: Browser) -> None:
    log = patient.put_log(note="Felt good.")
    found = patient.get(f"/session-logs/{log['id']}")
    assert found.get_json() == log
    assert found.headers["Footwell-Api"] == "1"


def test_saving_twice_keeps_one_log(patient: Browser) -> None:
    log = patient.put_log()
    again = patient.put(f"/session-logs/{log['id']}", log)
    assert again.status_code == 200
    assert len(patient.get("/session-logs").get_json()["items"]) == 1


def test_another_patient_finds_no_such_log(patient: Browser, stranger: Browser) -> None:
    path = f"/session-logs/{patient.put_log()['id']}"
    assert stranger.get(path).status_code == 404
    assert stranger.put(path, session_log()).status_code == 404
    assert stranger.delete(path).status_code == 404
    assert stranger.get("/session-logs").get_json()["items"] == []
    assert patient.get(path).status_code == 200


def test_nobody_must_sign_in(nobody: Browser) -> None:
    assert nobody.get("/session-logs").get_json()["code"] == "not_signed_in"
    assert nobody.put(f"/session-logs/{uuid4()}", session_log()).status_code == 401


def test_a_session_of_ones_own_keeps_what_was_put_together(patient: Browser) -> None:
    own = {"techniques": ["stroking", "rolling"], "minutes": 12}
    log = patient.put_log(script_id="OWN", own=own, areas_skipped=["left.heel"])
    assert (log["own"], log["areas_skipped"]) == (own, ["left.heel"])
    assert patient.get(f"/session-logs/{log['id']}").get_json() == log


def test_a_log_of_an_older_app_has_nothing_left_out(patient: Browser) -> None:
    log = patient.put_log()
    assert (log["own"], log["areas_skipped"], log["profile_decision"]) == (None, [], None)


def test_both_decisions_are_made_again_and_a_difference_is_marked(patient: Browser) -> None:
    check, profile = decide("session", NO_WARNING), decide("profile", {**NO_FLAG, "cleared": "no"})
    looser = {**profile, "inputs": {**NO_FLAG, "numb_feet": "yes"}}
    assert patient.put_log(decision=check, profile_decision=profile)["rules_differ"] is False
    assert patient.put_log(decision=check, profile_decision=looser)["rules_differ"] is True
    assert patient.put_log(decision=profile, profile_decision=profile)["rules_differ"] is True


def test_what_an_older_app_sends_has_no_comfort_no_redness_and_no_speed(patient: Browser) -> None:
    log = patient.put_log()
    assert (log["comfort"], log["redness"], log["redness_at"], log["speed"]) == ([], None, None, None)


def test_comfort_redness_and_speed_come_back_as_they_were(patient: Browser) -> None:
    said = {
        "comfort": [{"second": 60, "score": 7}, {"second": 120, "score": 9}],
        "redness": "still_red",
        "redness_at": "2026-11-22T08:25:00Z",
        "speed": 0.75,
    }
    log = patient.put_log(**said)
    assert {name: log[name] for name in said} == said
