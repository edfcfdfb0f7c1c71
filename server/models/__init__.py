"""All tables, one import for migrations and for everyone else."""

from server.models.base import AnyRow, Base, Changing, PatientRecord
from server.models.patient import AccessToken, Consent, PasswordReset, Patient, ServerFact, SignIn, SignInThrottle
from server.models.plan import Plan
from server.models.push import PushDelivery, PushSubscription
from server.models.records import (
    Block,
    Clearance,
    ComfortLog,
    DailyStepCount,
    GlucoseReading,
    SessionLog,
    StepDay,
    SymptomEntry,
    Tombstone,
    TriageEvent,
)
from server.models.reminder import Occurrence, Reminder

__all__ = [
    "AccessToken",
    "AnyRow",
    "Base",
    "Block",
    "Changing",
    "Clearance",
    "ComfortLog",
    "Consent",
    "DailyStepCount",
    "GlucoseReading",
    "Occurrence",
    "PasswordReset",
    "Patient",
    "PatientRecord",
    "Plan",
    "PushDelivery",
    "PushSubscription",
    "Reminder",
    "ServerFact",
    "SessionLog",
    "SignIn",
    "SignInThrottle",
    "StepDay",
    "SymptomEntry",
    "Tombstone",
    "TriageEvent",
]
