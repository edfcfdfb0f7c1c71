"""Second ways at work: what the messages say, crashes between any two steps, and servers without a way."""

import json
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from integrations.mail import Mailer, SmtpServer, parse_sender
from integrations.notices import NoticeResult
from server import second_sending
from server.database import Database
from server.dependencies import Dependencies
from server.jobs import Ticker, prune
from server.models import SecondDelivery
from server.second_sending import look_for_quiet, send_second
from server.services import second_ways as service
from tests.conftest import Clock
from tests.factories import PASSWORD, Browser, RecordingNotices
from tests.fakes.mail_server import MailServer

SECRET = ("foot", "sugar", "massage", "pain", "glucose", "check")


@pytest.fixture
def due(patient: Browser, deps: Dependencies, clock: Clock) -> None:
    """A foot check is due, and both ways are wanted."""
    patient.patch("/me", {"email_reminders": "always", "ntfy_reminders": "always"})
    patient.put_reminder(kind="foot_check", weekdays=[7], times=["10:20"])
    clock.move(minutes=5)
    Ticker(deps).tick()


def states(database: Database) -> list[str]:
    with database.read() as db:
        return list(db.execute(select(SecondDelivery.state).order_by(SecondDelivery.way)).scalars())


def test_both_say_when_and_not_what(
    due: None, deps: Dependencies, patient: Browser, second_ways: dict[str, RecordingNotices], database: Database
) -> None:
    assert send_second(deps)
    assert not send_second(deps)
    (mail,), (note,) = second_ways["email"].notices, second_ways["ntfy"].notices
    assert (mail.to, mail.title, note.title) == ("patient@example.org", "Footwell: it is time", "Footwell: it is time")
    assert patient.get("/me").get_json()["ntfy_topic"] == note.to
    assert mail.text.count("http://localhost:8000/#/today") == 1
    assert mail.stop_link in mail.text
    said = f"{mail} {note}".replace("footwell-", "").replace("Footwell", "").lower()
    assert [word for word in SECRET if word in said] == []
    assert states(database) == ["sent", "sent"]


def test_whoever_gets_the_e_mails_can_end_them(
    due: None, deps: Dependencies, patient: Browser, nobody: Browser, second_ways: dict[str, RecordingNotices]
) -> None:
    send_second(deps)
    link = second_ways["email"].notices[0].stop_link
    token = link.removeprefix("http://localhost:8000/#/mail-stop/")
    nobody.headers = {}
    message = deps.message_tokens.make(UUID(patient.id))  # signed by us, but for something else
    for wrong in (token[:-2], message, "x"):
        assert nobody.post("/mail-stop", {"token": wrong}).get_json()["code"] == "invalid_fields"
    assert patient.get("/me").get_json()["email_reminders"] == "always"
    assert [nobody.post("/mail-stop", {"token": token}).status_code for _ in range(2)] == [204, 204]
    me = patient.get("/me").get_json()
    assert (me["email_reminders"], me["ntfy_reminders"]) == ("never", "always")
    patient.delete("/me", {"password": PASSWORD})
    assert nobody.post("/mail-stop", {"token": token}).status_code == 204


def test_what_is_old_is_let_go_of(due: None, deps: Dependencies, clock: Clock, database: Database) -> None:
    send_second(deps)
    clock.move(days=89)
    prune(deps)
    assert states(database) == ["sent", "sent"]
    clock.move(days=2)
    prune(deps)
    assert states(database) == []


def test_who_wants_the_kind_shown_reads_it_and_is_led_there(
    patient: Browser, deps: Dependencies, clock: Clock, second_ways: dict[str, RecordingNotices]
) -> None:
    patient.patch("/me", {"email_reminders": "always", "show_reminder_kind": True})
    patient.put_reminder(kind="foot_check", weekdays=[7], times=["10:20"])
    clock.move(minutes=5)
    Ticker(deps).tick()
    send_second(deps)
    (mail,) = second_ways["email"].notices
    assert mail.title == "Time for your foot check"
    assert "/#/log/foot-check?occurrence=" in mail.text


@pytest.mark.parametrize("step", ["claim", "send", "finish"])
def test_a_crash_anywhere_loses_nothing(
    step: str, due: None, deps: Dependencies, clock: Clock, database: Database,
    second_ways: dict[str, RecordingNotices], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    holder: Any = service if step != "send" else second_ways["email"]
    real = getattr(holder, step)

    def crash(*args: Any, **kwargs: Any) -> Any:
        real(*args, **kwargs)
        raise SystemError

    monkeypatch.setattr(holder, step, crash)
    with pytest.raises(SystemError):
        send_second(deps)
    monkeypatch.setattr(holder, step, real)
    clock.move(seconds=service.LEASE.total_seconds())
    assert send_second(deps)
    assert states(database) == ["sent", "sent"]
    ids = [notice.id for notice in second_ways["email"].notices]
    assert len(ids) == (1 if step == "claim" else 2)
    assert len(set(ids)) == 1  # by which a mailbox can tell that it has it


def test_a_server_that_lost_its_way_says_so_once(due: None, deps: Dependencies, database: Database) -> None:
    object.__setattr__(deps, "make_second_ways", dict)
    assert send_second(deps)
    assert not send_second(deps)
    assert states(database) == ["failed", "failed"]


def test_one_way_that_is_down_does_not_hold_up_the_other(
    due: None, deps: Dependencies, second_ways: dict[str, RecordingNotices], database: Database, clock: Clock
) -> None:
    second_ways["email"].answers = [NoticeResult("retry")]
    send_second(deps)
    assert states(database) == ["waiting", "sent"]
    clock.move(minutes=6)
    send_second(deps)
    assert states(database) == ["sent", "sent"]


def test_many_go_in_batches(
    deps: Dependencies, patient: Browser, clock: Clock, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    monkeypatch.setattr(second_sending, "BATCH", 2)
    patient.patch("/me", {"email_reminders": "always"})
    for _ in range(5):
        patient.put_reminder(kind="foot_check", weekdays=[7], times=["10:20"])
    clock.move(minutes=5)
    Ticker(deps).tick()
    assert [send_second(deps) for _ in range(4)] == [True, True, True, False]
    assert states(database) == ["sent"] * 5


def test_a_quiet_browser_is_named_in_one_real_e_mail(
    deps: Dependencies, patient: Browser, nobody: Browser, clock: Clock, sender: Any
) -> None:
    patient.patch("/me", {"email_reminders": "when_missed"})
    patient.subscribe("one", label="Chrome, Android")
    with MailServer() as server:
        mailer = Mailer(SmtpServer("127.0.0.1", server.port, is_tls=False), parse_sender("no-reply@example.org"))
        object.__setattr__(deps, "make_second_ways", lambda: {"email": mailer})
        patient.post("/push/test", {})
        token = _token(sender)
        nobody.post("/push/receipts", {"token": token, "event": "shown", "at": clock().isoformat()})
        for days in (5, 1):
            clock.move(days=days)
            patient.post("/push/test", {})
        clock.move(days=1)
        assert look_for_quiet(deps) == 1
        assert look_for_quiet(deps) == 0
        assert patient.get("/push/subscriptions").get_json()["items"][0]["quiet"] is True
        assert send_second(deps)
    (letter,) = server.letters
    assert "Chrome, Android" in letter.get_content()
    assert "http://localhost:8000/#/reminders/why" in letter.get_content()
    nobody.post("/push/receipts", {"token": _token(sender), "event": "shown", "at": clock().isoformat()})
    assert patient.get("/push/subscriptions").get_json()["items"][0]["quiet"] is False


def _token(sender: Any) -> str:
    token: str = json.loads(sender.messages[-1].payload)["token"]
    return token
