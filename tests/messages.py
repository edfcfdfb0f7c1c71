"""Every message there is: of each kind, to Apple's browsers and to others, with its kind shown and not."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from server.care.content import text
from server.services.messages import build_message
from server.services.reminders import USEFUL_FOR

PUBLIC_URL = "https://footwell.example"
NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
APPLE = "https://web.push.apple.com/QA"
OTHER = "https://fcm.googleapis.com/fcm/send/QA"
OCCURRENCE, DELIVERY, PATIENT, LOG = (UUID(int=number) for number in range(1, 5))


def all_messages() -> Iterator[tuple[str, bool, dict[str, Any]]]:
    """Kind (`test` for a test), whether it goes to Apple, and what it says."""
    for kind, endpoint, shown in product((*USEFUL_FOR, None), (APPLE, OTHER), (True, False)):
        row = SimpleNamespace(
            id=DELIVERY,
            patient_id=PATIENT,
            occurrence_id=OCCURRENCE if kind else None,
            session_log_id=LOG if kind == "redness" else None,
            kind=kind,
            language="en",
            show_reminder_kind=shown,
            endpoint=endpoint,
            p256dh="",
            auth="",
            expires_at=NOW + timedelta(hours=1),
        )
        made = build_message(row, public_url=PUBLIC_URL, texts=text, make_token=lambda _: "t1", now=NOW)  # type: ignore[arg-type]
        yield kind or "test", endpoint == APPLE, json.loads(made.payload)
