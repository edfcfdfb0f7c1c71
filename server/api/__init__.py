"""The HTTP side: the ordered list of resources."""

from server.api import (
    access_tokens,
    accounts,
    blocks,
    changes,
    clearances,
    content,
    ingest,
    push,
    reminders,
    session_logs,
    sign_in,
    step_counts,
    symptom_entries,
    today,
    triage_events,
)

RESOURCES = (
    sign_in.blueprint,
    accounts.blueprint,
    access_tokens.blueprint,
    content.blueprint,
    today.blueprint,
    session_logs.blueprint,
    blocks.blueprint,
    clearances.blueprint,
    triage_events.blueprint,
    symptom_entries.blueprint,
    step_counts.blueprint,
    reminders.blueprint,
    push.blueprint,
    ingest.blueprint,
    changes.blueprint,
)
