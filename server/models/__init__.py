"""All tables, one import for migrations and for everyone else."""

from server.models.base import AnyRow, Base, Changing, PatientRecord
from server.models.patient import (
    AccessToken,
    Consent,
    CounterShard,
    PasswordReset,
    Patient,
    ServerFact,
    SignIn,
    SignInThrottle,
)
from server.models.plan import Plan
from server.models.push import PushDelivery, PushSubscription, SecondDelivery
from server.models.records import (
    Block,
    Clearance,
    ComfortLog,
    DailyStepCount,
    FootCheck,
    GlucoseReading,
    SessionLog,
    ShoeCheck,
    StepChange,
    StepDay,
    StepPiece,
    SymptomEntry,
    Tombstone,
    TriageEvent,
)
from server.models.reminder import Occurrence, Reminder
from server.models.step_goal import StepGoal
from server.models.wearable import ArchiveImport, AuthorizationRequest, ProviderState, WearableConnection

__all__ = [
    "AccessToken",
    "AnyRow",
    "ArchiveImport",
    "AuthorizationRequest",
    "Base",
    "Block",
    "Changing",
    "Clearance",
    "ComfortLog",
    "Consent",
    "CounterShard",
    "DailyStepCount",
    "FootCheck",
    "GlucoseReading",
    "Occurrence",
    "PasswordReset",
    "Patient",
    "PatientRecord",
    "Plan",
    "ProviderState",
    "PushDelivery",
    "PushSubscription",
    "Reminder",
    "SecondDelivery",
    "ServerFact",
    "SessionLog",
    "ShoeCheck",
    "SignIn",
    "SignInThrottle",
    "StepChange",
    "StepDay",
    "StepGoal",
    "StepPiece",
    "SymptomEntry",
    "Tombstone",
    "TriageEvent",
    "WearableConnection",
]
