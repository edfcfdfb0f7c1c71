"""What is asked of lists, feeds and days."""

import itertools

from tests.api.bad.cases import HUGE, Case

CASES: list[Case] = [
    *(
        ("GET", f"{path}?{query}", None, "invalid_fields", named)
        for path, (query, named) in itertools.product(
            (
                "/session-logs",
                "/step-counts",
                "/blocks",
                "/symptom-entries",
                "/triage-events",
                "/foot-checks",
                "/shoe-checks",
                "/glucose-readings",
            ),
            (
                ("limit=0", "limit"),
                ("limit=201", "limit"),
                ("limit=1e9", "limit"),
                (f"limit={HUGE}", "limit"),
                ("after=", "after"),
                ("after=%00", "after"),
                ("after=yesterday", "after"),
                ("from=yesterday", "from"),
                ("to=2026-13-01", "to"),
                ("colour=red", "colour"),
            ),
        )
    ),
    ("GET", "/session-logs?after=2026-11-22_5", None, "invalid_fields", "after"),
    ("GET", "/changes?since=-1", None, "invalid_fields", "since"),
    ("GET", "/changes?since=1e3", None, "invalid_fields", "since"),
    ("GET", "/changes?since=" + "9" * 19, None, "invalid_fields", "since"),
    ("GET", "/changes?since=%D9%A1", None, "invalid_fields", "since"),
    ("GET", "/occurrences?from=2026-01-01&to=2026-12-31", None, "invalid_fields", "to"),
    ("GET", "/occurrences?from=2026-11-22&to=2026-11-21", None, "invalid_fields", "to"),
    ("GET", "/today?on=tomorrow", None, "invalid_fields", "on"),
]
