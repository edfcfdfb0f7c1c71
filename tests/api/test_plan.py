"""The plan through the API: chosen, changed, followed by the feed, the day and the reminder."""

from uuid import uuid4

from server.care.programmes import programmes
from tests.conftest import Clock
from tests.factories import Browser, plan, reminder


def test_a_plan_is_made_once_and_then_replaced(patient: Browser) -> None:
    assert patient.get("/me/plan").status_code == 404
    made = patient.put("/me/plan", plan())
    assert made.status_code == 201
    kept = made.get_json()
    assert [day["on"] for day in kept["days"]][:2] == ["2026-11-23", "2026-11-25"]
    assert (kept["done_28"], kept["planned_28"], kept["review_due"], kept["past_pauses"]) == (0, 0, None, [])
    assert patient.put("/me/plan", kept).status_code == 200  # what a GET returns may be sent back
    reply = patient.get("/me/plan")
    assert reply.get_json()["weekdays"] == [1, 3, 5]
    assert patient.get("/me/plan", headers={"If-None-Match": reply.headers["ETag"]}).status_code == 304
    assert patient.put("/me/plan", kept, headers={"If-Match": made.headers["ETag"]}).status_code == 412


def test_what_only_the_server_works_out_cannot_be_written(patient: Browser) -> None:
    kept = patient.put_plan(done_28=99, days=[], review_due=4, past_pauses=[{"from_on": "2026-11-01"}])
    assert (kept["done_28"], kept["review_due"], kept["past_pauses"], len(kept["days"])) == (0, None, [], 6)


def test_another_patient_has_a_plan_of_their_own(patient: Browser, stranger: Browser, nobody: Browser) -> None:
    patient.put_plan()
    assert stranger.get("/me/plan").status_code == 404
    assert nobody.get("/me/plan").status_code == 401
    assert nobody.put("/me/plan", plan()).status_code == 401
    stranger.put_plan(programme_id="light", weekdays=[2, 6])
    assert patient.get("/me/plan").get_json()["programme_id"] == "standard"


def test_the_feed_tells_of_the_plan_and_of_its_new_day(patient: Browser, clock: Clock) -> None:
    patient.put_plan()
    cursor = patient.get("/changes").get_json()["next"]
    clock.move(days=1)
    patient.put_log(on="2026-11-23")
    told = {item["kind"]: item for item in patient.get(f"/changes?since={cursor}").get_json()["items"]}
    assert told["plan"]["record"] == patient.get("/me/plan").get_json()
    assert (told["plan"]["id"], told["plan"]["record"]["done_28"]) == (patient.id, 1)
    assert told["occurrence"]["record"]["state"] == "done"


def test_the_day_knows_the_next_session_though_nothing_reminds_of_it(patient: Browser) -> None:
    patient.put_plan(remind=False)
    assert patient.get("/occurrences").get_json()["items"] == []
    assert patient.get("/today").get_json()["next_session_at"] == "2026-11-23T18:00:00Z"
    assert patient.get("/today?on=2026-11-24").get_json()["next_session_at"] == "2026-11-25T18:00:00Z"
    patient.put_plan(ended_on="2026-11-22")
    assert patient.get("/today").get_json()["next_session_at"] is None


def test_the_reminder_says_that_it_follows_the_plan_and_refuses_everything_else(patient: Browser) -> None:
    patient.put_plan()
    (made,) = patient.get("/reminders").get_json()["items"]
    assert made["follows_plan"] is True
    for reply in (patient.put(f"/reminders/{made['id']}", made), patient.delete(f"/reminders/{made['id']}")):
        assert (reply.status_code, reply.get_json()["code"]) == (409, "follows_plan")
        assert "Change your plan instead." in reply.get_json()["detail"]
    other = patient.put(f"/reminders/{uuid4()}", reminder(kind="glucose", follows_plan=True)).get_json()
    assert other["follows_plan"] is False


def test_neighbouring_days_are_refused_in_plain_words(patient: Browser) -> None:
    problem = patient.put("/me/plan", plan(weekdays=[1, 3, 7])).get_json()
    assert problem["errors"] == {
        "weekdays": ["Leave a day of rest between. Sunday and Monday are next to each other too."]
    }
    assert patient.put("/me/plan", plan(weekdays=[1, 3])).get_json()["errors"] == {
        "weekdays": ["Choose 3 days for this programme."]
    }


def test_everybody_may_read_the_programmes(nobody: Browser) -> None:
    items = nobody.get("/programmes").get_json()["items"]
    assert [item["id"] for item in items] == list(programmes())
    assert items[0]["title"] == "Three times a week"
    assert all(item["text"].endswith(".") for item in items)
