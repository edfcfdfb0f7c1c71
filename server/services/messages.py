"""What a message says, by whichever way. Never a health value; the kind only when the patient wants it shown."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from integrations.notices import Notice
from integrations.push import Audience, PushMessage, Subscription, message_topic
from server.models import AnyRow

Texts = Callable[[str], Mapping[str, str]]
SCREENS = {
    "massage": "session",
    "glucose": "log/glucose",
    "foot_check": "log/foot-check",
    "shoe_check": "log/shoes",
    "symptom_entry": "log/symptoms",
    "own": "reminders",
    "redness": "redness",
    "clearance": "profile",
    "device": "devices",
}


def build_message(
    row: AnyRow, *, public_url: str, texts: Texts, make_token: Callable[[UUID], str], now: datetime
) -> PushMessage:
    """The message of a claimed delivery (see `services/sending.py`).

    The notification is written as Declarative Web Push wants it, so that Apple's browsers can show it without our
    service worker; everywhere else the marker is left out, for Firefox would then not run the worker at all. Apple's
    notifications have no buttons, so a tap leads to a page that has them; the number on the app's icon is this one,
    until the worker, which runs afterwards, has counted.
    """
    text = texts(row.language)
    kind = row.kind
    occurrence_id = str(row.occurrence_id) if row.occurrence_id else None
    subject = occurrence_id or str(row.id)
    token = make_token(row.id)
    title, body = ("shown_kind", "shown_kind_body") if kind and row.show_reminder_kind else ("title", "body")
    screen = SCREENS.get(kind, "reminders")
    navigate = f"{public_url}/#/{screen}" + _asked_about(row)
    # Also in `data`: of a message that the browser shows by itself, the worker sees the notification alone.
    told = {"type": "reminder" if kind else "test", "token": token, "store": str(row.patient_id)}
    notification: dict[str, Any] = {
        "title": text[f"push.{kind or 'test'}.{title}"],
        "body": text[f"push.{kind or 'test'}.{body}"],
        "navigate": navigate,
        "tag": message_topic(subject),
        "lang": row.language,
        "silent": False,
        "data": {"occurrence_id": occurrence_id, **told},
        "actions": _actions(kind, text, navigate),
    }
    payload: dict[str, Any] = {"v": 1, **told, "notification": notification}
    if Audience("", urlsplit(row.endpoint).hostname or "").is_apple:
        payload["web_push"] = 8030
        notification["mutable"] = True
        if kind:
            notification["app_badge"] = 1
        if notification.pop("actions"):
            notification["navigate"] = f"{public_url}/#/answer?occurrence={occurrence_id}"
    return PushMessage(
        delivery_id=row.id.hex,
        subscription=Subscription(row.endpoint, row.p256dh, row.auth),
        payload=json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode(),
        ttl=max(1, int((row.expires_at - now).total_seconds())),
        urgency="high",
        topic=message_topic(subject),
    )


def build_notice(
    row: AnyRow, moment: AnyRow | None, *, public_url: str, texts: Texts, make_token: Callable[[UUID], str]
) -> Notice:
    """The message of a claimed second delivery about an occurrence, or, without one, about a browser gone quiet.

    Its link can be read, so it names the screen only where the kind may be shown. The link to stop e-mails works for
    whoever gets them, who may not be the patient: an address can be mistyped.
    """
    text = texts(row.language)
    stop_link = f"{public_url}/#/mail-stop/{make_token(row.patient_id)}"
    if moment is None:
        title, body = text["mail.quiet.title"], text["mail.quiet.body"].format(label=row.label)
        link = f"{public_url}/#/reminders/why"
    elif row.show_reminder_kind:
        title, body = text[f"push.{moment.kind}.shown_kind"], text[f"push.{moment.kind}.shown_kind_body"]
        about = f"?log={moment.session_log_id}" if moment.session_log_id else f"?occurrence={moment.id}"
        link = f"{public_url}/#/{SCREENS.get(moment.kind, 'reminders')}{about}"
    else:
        title, body, link = text[f"push.{moment.kind}.title"], text["mail.reminder.body"], f"{public_url}/#/today"
    if row.way == "email":
        body = "\n\n".join([body, text["mail.open"].format(link=link), text["mail.stop"].format(link=stop_link)])
    to = row.email if row.way == "email" else row.ntfy_topic
    return Notice(row.id.hex, to, title, body, link=link, stop_link=stop_link, language=row.language)


def _asked_about(row: AnyRow) -> str:
    """What the screen is told: whose redness is asked about, or which moment it is."""
    if row.session_log_id:
        return f"?log={row.session_log_id}"
    return f"?occurrence={row.occurrence_id}" if row.occurrence_id else ""


def _actions(kind: str | None, text: Mapping[str, str], navigate: str) -> list[dict[str, str]]:
    """Two for a session, Start and Later; Done and Later for the rest; each can also be followed as a link.

    None for redness, which only a look at the foot answers, and for what is mended or renewed elsewhere.
    """
    if kind in (None, "redness", "clearance", "device"):
        return []
    names = ("start", "later") if kind == "massage" else ("done", "later")
    return [{"action": name, "title": text[f"push.action.{name}"], "navigate": navigate} for name in names]
