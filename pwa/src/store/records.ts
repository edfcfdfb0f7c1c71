/** The kinds of record that the phone keeps, and how each is sent and read back. */
import type {
  AccessToken,
  Block,
  Clearance,
  ComfortLog,
  FootCheck,
  GlucoseReading,
  Me,
  Occurrence,
  Plan,
  PushSubscriptionItem,
  Reminder,
  SessionLog,
  ShoeCheck,
  StepCount,
  StepGoal,
  SymptomEntry,
  TriageEvent,
} from '../api/types';
import { handEntryOf, withoutHandEntry } from './step-day';

export interface Records {
  me: Me;
  session_log: SessionLog;
  symptom_entry: SymptomEntry;
  block: Block;
  clearance: Clearance;
  triage_event: TriageEvent;
  glucose_reading: GlucoseReading;
  comfort_log: ComfortLog;
  foot_check: FootCheck;
  shoe_check: ShoeCheck;
  step_count: StepCount;
  plan: Plan;
  step_goal: StepGoal;
  reminder: Reminder;
  occurrence: Occurrence;
  access_token: AccessToken;
  push_subscription: PushSubscriptionItem;
}

export type Kind = keyof Records;

/** Kinds that a screen may save and remove. The others change by `patchMe`, `answerOccurrence` or an online ask. */
export type SavedKind =
  | 'session_log'
  | 'symptom_entry'
  | 'block'
  | 'clearance'
  | 'step_count'
  | 'reminder'
  | 'triage_event'
  | 'glucose_reading'
  | 'comfort_log'
  | 'foot_check'
  | 'shoe_check'
  | 'plan'
  | 'step_goal';

const FOLDERS: Record<Exclude<SavedKind, 'plan' | 'step_goal'> | 'occurrence', string> = {
  session_log: '/session-logs/',
  symptom_entry: '/symptom-entries/',
  block: '/blocks/',
  clearance: '/clearances/',
  triage_event: '/triage-events/',
  glucose_reading: '/glucose-readings/',
  comfort_log: '/comfort-logs/',
  foot_check: '/foot-checks/',
  shoe_check: '/shoe-checks/',
  step_count: '/step-counts/',
  reminder: '/reminders/',
  occurrence: '/occurrences/',
};

export const ME_PATH = '/me';
const PLAN_PATH = '/me/plan';
const GOAL_PATH = '/me/step-goal';

/** The address of a record, which is also the key of its outbox entry; null for kinds that have none. */
export function pathOf(kind: string, id: string): string | null {
  if (kind === 'me') return ME_PATH;
  if (kind === 'plan') return PLAN_PATH;
  if (kind === 'step_goal') return GOAL_PATH;
  return kind in FOLDERS ? FOLDERS[kind as keyof typeof FOLDERS] + encodeURIComponent(id) : null;
}

/** What a PUT of the record carries. A day of steps sends the hand entry alone: the rest belongs to the devices. */
export function bodyOf<K extends SavedKind>(kind: K, record: Records[K]): unknown {
  return kind === 'step_count' ? handEntryOf(record as StepCount) : record;
}

/** The day a record is listed under: its own local day, or its id where it has none. */
export function dayOf(id: string, record: unknown): string {
  const on = typeof record === 'object' && record !== null && 'on' in record ? record.on : null;
  return typeof on === 'string' ? on : id;
}

/** What stays to be seen once the patient has removed a record; null when nothing does. */
export function afterRemoval<K extends Kind>(kind: K, record: Records[K], me: Me | undefined): Records[K] | null {
  if (kind !== 'step_count') return null;
  return withoutHandEntry(record as StepCount, me?.step_sources ?? []) as Records[K] | null;
}
