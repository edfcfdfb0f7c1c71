"""The patient's own settings and account, access tokens, the way in, and the browsers that get pushes."""

from typing import Any
from uuid import uuid4

from tests.api.bad.cases import AHEAD, Case
from tests.factories import sign_up_body, subscription

SUBSCRIBE, TOKENS, RECEIPTS = "/push/subscriptions", "/me/access-tokens", "/push/receipts"


def keys(p256dh: str | None = None, auth: str | None = None) -> dict[str, Any]:
    good = subscription()["keys"]
    return {"keys": {"p256dh": p256dh or good["p256dh"], "auth": auth or good["auth"]}}


ME: list[Case] = [
    ("PATCH", "/me", {"time_zone": "Mars/Olympus"}, "invalid_fields", "time_zone"),
    ("PATCH", "/me", {"time_zone": "../../etc/passwd"}, "invalid_fields", "time_zone"),
    ("PATCH", "/me", {"time_zone": ["UTC"]}, "invalid_fields", "time_zone"),
    ("PATCH", "/me", {"language": "tlh"}, "invalid_fields", "language"),
    ("PATCH", "/me", {"glucose_unit": "furlong"}, "invalid_fields", "glucose_unit"),
    ("PATCH", "/me", {"glucose_on": None}, "invalid_fields", "glucose_on"),
    ("PATCH", "/me", {"show_reminder_kind": None}, "invalid_fields", "show_reminder_kind"),
    ("PATCH", "/me", {"second_nudge": "twice"}, "invalid_fields", "second_nudge"),
    ("PATCH", "/me", {"quiet_hours": {"from": "22:00", "until": "22:00"}}, "invalid_fields", "quiet_hours.until"),
    ("PATCH", "/me", {"quiet_hours": {"from": "10pm", "until": "07:00"}}, "invalid_fields", "quiet_hours.from"),
    ("PATCH", "/me", {"reminders_paused": {"reason": "tea"}}, "invalid_fields", "reminders_paused.reason"),
    (
        "PATCH",
        "/me",
        {"reminders_paused": {"reason": "ill", "from_on": "2026-11-22", "until_on": "2026-11-21"}},
        "invalid_fields",
        "reminders_paused.until_on",
    ),
    ("PATCH", "/me", {"email_reminders": "weekly"}, "invalid_fields", "email_reminders"),
    ("PATCH", "/me", {"ntfy_reminders": None}, "invalid_fields", "ntfy_reminders"),
    ("PATCH", "/me", {"ntfy_topic": "mine"}, "invalid_fields", "ntfy_topic"),
    ("PATCH", "/me", {"home_kept_in": "Mars/Olympus"}, "invalid_fields", "home_kept_in"),
    (
        "PATCH",
        "/me",
        {"accepted": {"health_data": {"version": "1999"}}},
        "invalid_fields",
        "accepted.health_data.version",
    ),
    ("PATCH", "/me", {"accepted": {"cookies": {"version": "2026-11-22"}}}, "invalid_fields", "accepted.cookies.key"),
    ("PATCH", "/me", {"email": "new@example.org"}, "invalid_fields", "email"),
    ("PATCH", "/me", {"foot_exam": None}, "invalid_fields", "foot_exam"),
    ("PATCH", "/me", {"foot_exam": {"on": "2026-11-01"}}, "invalid_fields", "foot_exam.answered_on"),
    ("PATCH", "/me", {"foot_exam": {"on": "May", "answered_on": "2026-11-22"}}, "invalid_fields", "foot_exam.on"),
    (
        "PATCH",
        "/me",
        {"foot_exam": {"on": "2026-11-23", "answered_on": "2026-11-22"}},
        "invalid_fields",
        "foot_exam.on",
    ),
    ("PATCH", "/me", {"profile": {"answers": {}}}, "invalid_fields", "profile.answered_at"),
    ("PATCH", "/me", {"profile": {"answers": [], "answered_at": AHEAD}}, "invalid_fields", "profile.answers"),
    ("PATCH", "/me", {"profile": {"answers": {}, "answered_at": AHEAD}}, "time_in_future", "answered_at"),
    ("DELETE", "/me", {"password": "not this one"}, "wrong_password", None),
    ("DELETE", "/me", {}, "invalid_fields", "password"),
    ("POST", TOKENS, {"label": "", "scope": "read"}, "invalid_fields", "label"),
    ("POST", TOKENS, {"label": "x", "scope": "admin"}, "invalid_fields", "scope"),
]
PUSH: list[Case] = [
    ("PUT", SUBSCRIBE, subscription("http://127.0.0.1/push/1"), "push_endpoint_refused", "endpoint"),
    ("PUT", SUBSCRIBE, subscription("https://evil.example/push/1"), "push_endpoint_refused", "endpoint"),
    ("PUT", SUBSCRIBE, subscription("https://169.254.169.254/latest"), "push_endpoint_refused", "endpoint"),
    ("PUT", SUBSCRIBE, subscription("not a url/"), "push_endpoint_refused", "endpoint"),
    ("PUT", SUBSCRIBE, subscription("https://x/" + "y" * 2048), "invalid_fields", "endpoint"),
    ("PUT", SUBSCRIBE, subscription(**keys(p256dh="BA" + "A" * 85)), "push_keys_refused", "keys.p256dh"),
    ("PUT", SUBSCRIBE, subscription(**keys(p256dh="short")), "push_keys_refused", "keys.p256dh"),
    ("PUT", SUBSCRIBE, subscription(**keys(p256dh="!" * 87)), "push_keys_refused", "keys.p256dh"),
    ("PUT", SUBSCRIBE, subscription(**keys(auth="AAAA")), "push_keys_refused", "keys.auth"),
    ("PUT", SUBSCRIBE, subscription(keys={}), "invalid_fields", "keys.auth"),
    ("PUT", SUBSCRIBE, subscription(expirationTime=None), "invalid_fields", "expirationTime"),
    ("POST", "/push/test", {"subscription_id": str(uuid4())}, "not_found", None),
    ("POST", RECEIPTS, {"token": "x", "event": "eaten", "at": "2026-11-22T09:00:00Z"}, "invalid_fields", "event"),
    ("POST", RECEIPTS, {"token": "x", "event": "shown", "at": "2026-11-22T09:00:00Z"}, "not_signed_in", None),
]
WAY_IN: list[Case] = [
    *(
        ("POST", "/auth/sign-up", sign_up_body("new@example.org", **{member: value}), code, named)
        for member, value, code, named in (
            ("email", "nobody", "invalid_fields", "email"),
            ("email", "x" * 250 + "@example.org", "invalid_fields", "email"),
            ("email", "patient@example.org", "email_taken", None),
            ("email", " PATIENT@example.org ", "email_taken", None),
            ("password", "too short", "invalid_fields", "password"),
            ("password", "x" * 201, "invalid_fields", "password"),
            ("time_zone", "Nowhere", "invalid_fields", "time_zone"),
            ("accepted", {}, "invalid_fields", "accepted.adult"),
        )
    ),
    ("POST", "/auth/reset-password", {"token": "x", "password": "a long pass phrase"}, "link_expired", None),
]
CASES = [*ME, *PUSH, *WAY_IN]
