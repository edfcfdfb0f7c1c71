"""The step goal through the API: begun by steps, wished for, off under a block, told by the feed."""

from tests.conftest import Clock
from tests.factories import Browser, block, step_goal

WEEK = [f"2026-11-{day}" for day in range(15, 22)]


def test_the_goal_begins_with_the_steps(patient: Browser) -> None:
    assert patient.get("/me/step-goal").status_code == 404
    patient.put_steps(3_000, *WEEK[:3])
    waiting = patient.get("/me/step-goal").get_json()
    assert (waiting["state"], waiting["steps"], waiting["days_known"]) == ("waiting", None, 3)
    patient.put_steps(3_000, *WEEK)
    reply = patient.get("/me/step-goal")
    assert (reply.get_json()["state"], reply.get_json()["steps"], reply.get_json()["baseline"]) == ("on", 3_300, 3_000)
    assert patient.get("/me/step-goal", headers={"If-None-Match": reply.headers["ETag"]}).status_code == 304


def test_a_wish_makes_one_too_and_what_a_get_returns_may_be_sent_back(patient: Browser) -> None:
    made = patient.put("/me/step-goal", step_goal(walks_from_on="2026-11-22"))
    assert (made.status_code, made.get_json()["state"]) == (201, "waiting")
    again = patient.put("/me/step-goal", made.get_json(), headers={"If-Match": made.headers["ETag"]})
    assert again.status_code == 200
    assert patient.put("/me/step-goal", step_goal(), headers={"If-Match": made.headers["ETag"]}).status_code == 412


def test_what_only_the_server_works_out_cannot_be_written(patient: Browser) -> None:
    patient.put_steps(3_000, *WEEK)
    wrong = {"steps": 30_000, "baseline": 9_000, "history": [], "state": "off", "cap": None, "rest": {"most": 1}}
    kept = patient.put_goal(**wrong, told=99)
    assert (kept["steps"], kept["baseline"], kept["state"], kept["rest"], kept["told"]) == (3_300, 3_000, "on", None, 1)


def test_a_block_turns_it_off_and_its_end_brings_half_of_it_back(patient: Browser, clock: Clock) -> None:
    patient.put_steps(3_000, *WEEK)
    made = patient.put_block()
    resting = patient.get("/me/step-goal").get_json()
    assert (resting["state"], resting["steps"], resting["last"], resting["rest"]["most"]) == (
        "resting",
        None,
        3_300,
        1_600,
    )
    clock.move(hours=1)
    ended = {"ended_at": "2026-11-22T10:00:00Z", "end_reason": "clinic_ok", "clinician_name": "Dr Okafor"}
    patient.put(f"/blocks/{made['id']}", block(**ended, clinician_on="2026-11-22"))
    back = patient.get("/me/step-goal").get_json()
    assert (back["state"], back["steps"], back["returning_to"], back["rest"]) == ("on", 1_600, 3_300, None)


def test_one_that_is_off_shows_no_steps(patient: Browser) -> None:
    patient.put_steps(3_000, *WEEK)
    off = patient.put_goal(active=False)
    assert (off["state"], off["steps"], off["history"][-1]["why"]) == ("off", None, "off")
    assert patient.put_goal()["steps"] == 3_300


def test_the_feed_tells_of_it_with_its_patients_id(patient: Browser) -> None:
    patient.put_steps(3_000, *WEEK[:3])
    cursor = patient.get("/changes").get_json()["next"]
    patient.put_steps(3_000, WEEK[3])
    told = {item["kind"]: item for item in patient.get(f"/changes?since={cursor}").get_json()["items"]}
    assert told["step_goal"]["id"] == patient.id
    assert told["step_goal"]["record"] == patient.get("/me/step-goal").get_json()


def test_another_patient_has_a_goal_of_their_own(patient: Browser, stranger: Browser, nobody: Browser) -> None:
    patient.put_steps(3_000, *WEEK)
    assert stranger.get("/me/step-goal").status_code == 404
    stranger.put_goal(active=False)
    stranger.put_block()
    assert patient.get("/me/step-goal").get_json()["steps"] == 3_300
    assert nobody.get("/me/step-goal").status_code == nobody.put("/me/step-goal", step_goal()).status_code == 401
