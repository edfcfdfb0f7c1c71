"""What a push says, and that each browser understands it."""

from typing import Any

import pytest

from tests.messages import OCCURRENCE, PUBLIC_URL, all_messages

MESSAGES = list(all_messages())
APPLES = [(kind, message) for kind, apple, message in MESSAGES if apple]
OTHERS = [(kind, message) for kind, apple, message in MESSAGES if not apple]
ANSWERED = ("massage", "glucose", "foot_check", "shoe_check", "symptom_entry", "own")

# WebKit's NotificationJSONParser.cpp: one optional member of a wrong type fails the whole message.
WEBKIT = {
    "title": str,
    "navigate": str,
    "lang": str,
    "dir": str,
    "body": str,
    "tag": str,
    "icon": str,
    "silent": bool,
    "mutable": bool,
    "app_badge": int,
    "data": dict,
}


@pytest.mark.parametrize(("kind", "message"), APPLES)
def test_apple_gets_what_it_shows_by_itself(kind: str, message: dict[str, Any]) -> None:
    assert message["web_push"] == 8030
    notification = message["notification"]
    for name, value in notification.items():
        assert type(value) is WEBKIT[name], name
    assert notification["title"]
    assert notification["navigate"].startswith(f"{PUBLIC_URL}/#/")
    told = {name: message[name] for name in ("type", "token", "store")}
    assert notification["data"].items() >= told.items()  # its worker sees the notification alone
    assert notification.get("app_badge") == (None if kind == "test" else 1)


@pytest.mark.parametrize(("kind", "message"), APPLES)
def test_where_a_notification_has_no_buttons_its_tap_leads_to_a_page_that_has_them(
    kind: str, message: dict[str, Any]
) -> None:
    asks = f"{PUBLIC_URL}/#/answer?occurrence={OCCURRENCE}"
    assert (message["notification"]["navigate"] == asks) == (kind in ANSWERED)


@pytest.mark.parametrize(("kind", "message"), OTHERS)
def test_others_get_an_ordinary_push_with_two_buttons_that_are_links_as_well(
    kind: str, message: dict[str, Any]
) -> None:
    assert "web_push" not in message
    notification = message["notification"]
    assert not {"mutable", "app_badge"} & set(notification)
    assert "/#/answer" not in notification["navigate"]
    first = "start" if kind == "massage" else "done"
    wanted = [first, "later"] if kind in ANSWERED else []
    assert [action["action"] for action in notification["actions"]] == wanted
    assert all(action["navigate"].startswith(PUBLIC_URL) for action in notification["actions"])
