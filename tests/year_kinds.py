"""What a year of patients consists of: of each table so many rows for so many of them.

A patient has three massages a week with a reminder of each, a note a week, a month of messages; one in seven looks at
the feet each day, one in ten has a wearable, one in twelve measures sugar, one in ten gets e-mails.
"""

from collections.abc import Iterable, Iterator
from datetime import time

from server.database import Database
from server.models import (
    AccessToken,
    ArchiveImport,
    AuthorizationRequest,
    Block,
    Clearance,
    ComfortLog,
    Consent,
    DailyStepCount,
    FootCheck,
    GlucoseReading,
    Occurrence,
    PasswordReset,
    Plan,
    PushDelivery,
    PushSubscription,
    Reminder,
    SecondDelivery,
    SessionLog,
    ShoeCheck,
    SignIn,
    SignInThrottle,
    StepChange,
    StepDay,
    StepGoal,
    StepPiece,
    SymptomEntry,
    Tombstone,
    TriageEvent,
    WearableConnection,
)
from tests.factories import subscription
from tests.filling import Said
from tests.year import DAY, FEW, NOW, TODAY, YEAR, Kind, Size, write_year

MASSAGES = 156  # a year
ON_WALK = 10  # one patient in so many has a wearable
KEPT = 90  # days that it is kept what became of a message
ENDPOINT = "https://updates.push.services.mozilla.com/wpush/v2/"
DECISION = {
    "rules_version": "2026-11-22",
    "inputs": {"open_sore": "no", "redness": "no", "swelling": "no", "fever": "no", "numbness": 5, "skin": "same"},
    "outcome": {"may": "yes", "why": [], "text": "session.may"},
}
RECORDED = {"recorded_at": "{at}"}


def make_year(database: Database, size: Size) -> Iterator[str]:
    """Fills an empty database; says each table when it is done."""
    yield from write_year(database, size, kinds)


def kinds(sql: Said, size: Size) -> Iterable[Kind]:
    """In an order that foreign keys allow."""
    return (*_accounts(sql), *_reminders(sql, size), *_records(sql), *_walks(sql), *_old(sql))


def _accounts(sql: Said) -> Iterable[Kind]:
    ended = {"token_hash": "{hash}", "expires_at": sql.later(NOW, "86400 * ({k} + 1) + {p}")}
    yield Kind(
        Consent, 2, alike={"version": "2026-11-22", "accepted_at": NOW - YEAR * DAY}, own={"kind": "'text ' || {k}"}
    )
    now = sql.later(NOW, "0")
    yield Kind(SignIn, 2, own={**ended, "seen_at": "{at}"})
    yield Kind(SignInThrottle, 1, 100, {"failures": 1, "retry_at": NOW}, {"key_hash": "{hash}", "updated_at": now})
    yield Kind(PasswordReset, 1, 100, own=ended)
    yield Kind(AccessToken, 2, 10, {"label": "Phone", "scope": "ingest"}, {"token_hash": "{hash}"})
    consent = {"provider": "google_health", "glucose": False, "sealed": b"sealed"}
    yield Kind(AuthorizationRequest, 1, 100, consent, {"state_hash": "{hash}", "expires_at": ended["expires_at"]})
    grave = {"kind": "'glucose_reading'", "record_id": "{p} || ' ' || {k}", "deleted_at": "{at}"}
    yield Kind(Tombstone, 12, own=grave)


def _reminders(sql: Said, size: Size) -> Iterable[Kind]:
    rule = {"weekdays": [1, 3, 5], "times": ["19:00"], "active": True, "starts_on": TODAY - YEAR * DAY}
    planned = sql.day(TODAY, "CASE WHEN {p} < " + f"{FEW}" + " THEN 3 ELSE 8 + {p} % 6 END")
    ahead_of_all = sql.day(TODAY, "14")
    plan = {"programme_id": "standard", "weekdays": [1, 3, 5], "time": "19:00", "starts_on": TODAY - YEAR * DAY}
    plan |= {"remind": True, "past_pauses": [], "reviews": [], "days": [], "done_28": 12, "planned_28": 12}
    replan = sql.later(NOW, "CASE WHEN {p} < " + f"{FEW}" + " THEN -60 ELSE 3600 + {p} % 86400 END")
    yield Kind(Plan, 1, alike=plan, own={"replan_at": replan})
    for kind, each, ahead, share, hour, until in (
        ("massage", MASSAGES, 6, 1, 19, planned),
        ("foot_check", YEAR, 14, 7, 21, ahead_of_all),
    ):
        remind = sql.uuid(f"'{kind}' || {{p}}")
        yield Kind(Reminder, 1, share, {**rule, "kind": kind}, {"id": remind, "planned_until": until})
        later = "{k} >= {before}"
        moment = {
            "reminder_id": remind,
            "due_at": "{at}",
            "wake_at": f"CASE WHEN {later} THEN {{at}} END",
            "woken_at": f"CASE WHEN {later} THEN NULL ELSE {{at}} END",
            "sent_at": f"CASE WHEN {later} THEN NULL ELSE {{at}} END",
            "state": f"CASE WHEN {later} THEN 'open' ELSE 'done' END",
        }
        alike = {"kind": kind, "local_time": time(hour)}
        yield Kind(Occurrence, each, share, alike, moment, name=kind, ahead=ahead)
    yield from _browsers(sql)
    due = {"kind": "glucose", "local_time": time(9), "on": TODAY, "due_at": NOW - DAY / 1440, "state": "open"}
    due |= {"wake_at": NOW - DAY / 1440}
    nothing_of = {"on": sql.day(TODAY, "0")}
    yield Kind(Occurrence, 1, 1, due, nothing_of, name="due", only=size.due)
    of_browser = {"subscription_id": sql.uuid("'browser' || {p}"), "expires_at": "{at}"}
    sent = {"woken_at": "{at}", "sent_at": "{at}", "received_at": "{at}"}
    about = sql.uuid(f"'massage' || {{p}} || ' ' || ({{k}} + {MASSAGES * size.days // YEAR} - {{before}})")
    each = MASSAGES * KEPT // YEAR
    done = {"state": "sent", "status": 201, "attempts": 1}
    yield Kind(PushDelivery, each, 1, done, {**of_browser, **sent, "occurrence_id": about}, days=KEPT)
    mailed = {"way": "email", "state": "sent", "attempts": 1}
    by_mail = {"sent_at": "{at}", "expires_at": "{at}", "occurrence_id": about}
    yield Kind(SecondDelivery, each, 10, mailed, by_mail, days=KEPT)
    waits = {"state": "waiting", "attempts": 0, "next_try_at": NOW, "expires_at": NOW + DAY, "woken_at": NOW}
    just_now = {**of_browser, "expires_at": sql.later(NOW, "86400"), "created_at": sql.later(NOW, "0")}
    yield Kind(PushDelivery, 1, 1, waits, just_now, "due", only=size.due)
    waits = {"way": "email", "state": "waiting", "attempts": 0, "next_try_at": NOW, "expires_at": NOW + DAY}
    silent = {"subscription_id": of_browser["subscription_id"]}
    yield Kind(SecondDelivery, 1, 10, waits, silent, "due", only=FEW)


def _browsers(sql: Said) -> Iterable[Kind]:
    """One that reports; of some patients one that never did, one long unused, and one that went quiet."""
    alike = {"state": "active", "label": "phone", **subscription()["keys"]}
    own = {"endpoint": f"'{ENDPOINT}' || {{p}} || ' '", "endpoint_hash": "{hash}", "seen_at": "{at}"}
    id_ = {"id": sql.uuid("'browser' || {p}")}
    silent = "CASE WHEN {p} BETWEEN 1 AND " + f"{FEW} THEN -8 ELSE -1 END"
    last = {"last_sent_at": sql.later(NOW, f"{-86400}"), "last_received_at": sql.later(NOW, f"86400 * ({silent}) + 5")}
    yield Kind(PushSubscription, 1, 1, alike, {**own, **id_, **last}, name="browser")
    yield Kind(PushSubscription, 1, 10, alike, {**own}, name="mute")
    unused = {"last_sent_at": NOW - 200 * DAY, "last_received_at": NOW - 200 * DAY + DAY / 24}
    yield Kind(PushSubscription, 1, 10, {**alike, **unused}, {**own}, name="unused")
    lost = {"last_sent_at": NOW - 90 * DAY, "last_received_at": NOW - 100 * DAY, "quiet": True}
    yield Kind(PushSubscription, 1, 10, {**alike, **lost}, {**own}, name="lost")


def _records(sql: Said) -> Iterable[Kind]:
    scores = {f"{score}_{when}": 4 for score in ("pain", "numbness", "tingling") for when in ("before", "after")}
    log = {"script_id": "S8", "state": "finished", "seconds_done": 480, "helper": False, "skin_same": True}
    log |= {**scores, "decision": DECISION, "rules_differ": False, "redness": "gone"}
    yield Kind(SessionLog, MASSAGES, 1, log, {"started_at": "{at}", "ended_at": "{at}"})
    yield Kind(SymptomEntry, YEAR // 7, 1, {"pain": 4, "tingling": 3, "numbness": 5}, RECORDED)
    check = {"result": "all_clear", "findings": [], "temperatures": [], "decision": DECISION, "rules_differ": False}
    yield Kind(FootCheck, YEAR, 7, check, RECORDED)
    shoes = {"verdict": "wear", "decision": DECISION, "rules_differ": False}
    yield Kind(ShoeCheck, YEAR // 7, 7, shoes, RECORDED)
    sugar = {"unit": "mg/dL", "context": "fasting", "signs": [], "confirmed": False, "decision": DECISION}
    value = {"value": "CAST(90 + {k} % 60 AS VARCHAR)"}
    yield Kind(GlucoseReading, YEAR, 12, {**sugar, "rules_differ": False}, {**RECORDED, **value})
    bath = {"seconds_done": 480, "state": "finished", "temperature_unit": "C", "warm_temperature": "34"}
    bath |= {"cool_temperature": "24", "decision": DECISION, "rules_differ": False}
    yield Kind(ComfortLog, YEAR // 7, 20, bath, {"started_at": "{at}", "ended_at": "{at}"})
    block = {"warning": "open_sore", "ended_at": NOW - 10 * DAY, "end_reason": "clear_check", "rules_differ": False}
    yield Kind(Block, 2, 10, block, {"started_at": "{at}"})
    word = {"reasons": ["blood_clot"], "clinician_name": "Dr Okafor", "clinician_on": TODAY - 60 * DAY}
    yield Kind(Clearance, 1, 20, word, RECORDED)
    event = {"signs": ["open_sore"], "worried": False, "decision": DECISION, "rules_differ": False}
    yield Kind(TriageEvent, 4, 10, event, RECORDED)


def _walks(sql: Said) -> Iterable[Kind]:
    said = {"source": "google_health", "source_label": "Watch", "is_partial": False}
    steps = {"steps": "4000 + {k} % 5000", "observed_at": "{at}"}
    yield Kind(DailyStepCount, YEAR, ON_WALK, said, steps)
    yield Kind(StepDay, YEAR, ON_WALK, said, steps)
    change = {"source": "google_health", "source_label": "Watch", "before": 2000, "after": 4000, "why": "more"}
    for name in ("morning", "noon", "evening", "night"):
        yield Kind(StepChange, YEAR, ON_WALK, change, {"at": "{at}"}, name=name)
    piece = {"source": "phone", "origin": "app", "steps": 40}
    span = {"started_at": "{at}", "ended_at": "{at}"}
    yield Kind(StepPiece, 10 * 24, 2 * ON_WALK, piece, span, days=10)
    due = "CASE WHEN {p} < " + f"{FEW * ON_WALK}" + " THEN -60 ELSE 60 + {p} % 3600 END"
    connected = {"provider": "google_health", "scopes": [], "missing": [], "glucose": False, "sealed": b"sealed"}
    connected |= {"generation": 1, "claims": 0, "failures": 0, "connected_at": NOW - YEAR * DAY, "last_ok_at": NOW}
    connected |= {"read_from": TODAY - YEAR * DAY, "month_read_on": TODAY}
    whose = {"provider_user_id": "CAST({p} AS VARCHAR)", "next_sync_at": sql.later(NOW, due)}
    state = "CASE WHEN {p} % 70 = 0 AND {p} >= " + f"{FEW * ON_WALK}" + " THEN 'backing_off' ELSE 'active' END"
    yield Kind(WearableConnection, 1, ON_WALK, connected, {**whose, "state": state})
    gone = {**connected, "provider": "nightscout", "state": "disconnected", "sealed": None}
    yield Kind(WearableConnection, 1, 3 * ON_WALK, gone, {"provider_user_id": "'n' || {p}"})
    read = {"state": "done", "bytes_total": 1, "bytes_done": 1, "days": 300, "attempts": 1, "uploaded_at": NOW}
    yield Kind(ArchiveImport, 1, 50, read, {"file": "{p} || '.zip'"})
    goal = {"active": True, "told": 0, "phase": "on", "steps": 5000, "baseline": 4500, "days_known": 7}
    goal |= {"baseline_from_on": TODAY - YEAR * DAY, "walk_minutes": [], "history": [], "week_on": TODAY - 6 * DAY}
    look = "CASE WHEN {p} < " + f"{FEW * ON_WALK}" + " THEN -60 ELSE 3600 + {p} % 86400 END"
    yield Kind(StepGoal, 1, ON_WALK, goal, {"look_at": sql.later(NOW, look)})


def _old(sql: Said) -> Iterable[Kind]:
    """A little of each kind that is kept too long, for `prune`."""
    long_ago = NOW - 500 * DAY
    past = {"created_at": sql.later(long_ago, "{p}"), "updated_at": sql.later(long_ago, "{p}")}
    on = {"on": sql.day(long_ago.date(), "{k}")}
    moment = {"kind": "own", "local_time": time(9), "due_at": long_ago, "state": "done"}
    made = {"updated_at": past["updated_at"]}
    yield Kind(Occurrence, 1, 1, moment, {**on, **made}, name="old", only=FEW)
    browser = {"subscription_id": sql.uuid("'browser' || {p}"), "created_at": past["created_at"]}
    sent = {"state": "sent", "attempts": 1, "woken_at": long_ago, "expires_at": long_ago}
    yield Kind(PushDelivery, 1, 1, sent, browser, name="old", only=FEW)
    sent = {"way": "email", "state": "sent", "attempts": 1, "expires_at": long_ago}
    yield Kind(SecondDelivery, 1, 1, sent, {"created_at": past["created_at"]}, name="old", only=FEW)
    ended = {"token_hash": "{hash}", "seen_at": past["created_at"], "expires_at": sql.later(NOW, "-60 - {p}")}
    yield Kind(SignIn, 1, 1, own=ended, name="old", only=FEW)
    yield Kind(
        PasswordReset, 1, 1, own={name: ended[name] for name in ("token_hash", "expires_at")}, name="old", only=FEW
    )
    throttle = {"failures": 1, "retry_at": long_ago, "updated_at": long_ago}
    yield Kind(SignInThrottle, 1, 1, throttle, {"key_hash": "{hash}", **made}, name="old", only=FEW)
    consent = {"provider": "google_health", "glucose": False, "sealed": b"sealed", "expires_at": long_ago}
    yield Kind(AuthorizationRequest, 1, 1, consent, {"state_hash": "{hash}"}, name="old", only=FEW)
    change = {"source": "google_health", "source_label": "Watch", "after": 4000, "why": "first", "at": long_ago}
    yield Kind(StepChange, 1, 1, change, {"on": on["on"]}, name="old", only=FEW)
    grave = {"kind": "block", "deleted_at": long_ago}
    yield Kind(Tombstone, 1, 1, grave, {"record_id": "'old'"}, name="old", only=FEW)
    piece = {"source": "phone", "origin": "app", "steps": 40, "started_at": long_ago, "ended_at": long_ago}
    yield Kind(StepPiece, 1, 1, piece, {"on": on["on"]}, name="old", only=FEW)
