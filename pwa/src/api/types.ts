/** Short names for the record shapes of the API; the one place that knows what `schema.d.ts` calls them. */

export interface Decision {
  rules_version: string;
  inputs: Record<string, unknown>;
  outcome: Record<string, unknown>;
}

export interface Me {
  id: string;
  email: string;
  language: string;
  time_zone: string;
  glucose_unit: 'mg/dL' | 'mmol/L';
  region: 'US' | 'GB' | 'IE' | 'EU' | 'OTHER';
  show_reminder_kind: boolean | null;
  profile: { answers: Record<string, unknown>; answered_at: string; decision: Decision } | null;
  accepted: {
    disclaimer: { version: string; at: string };
    adult: { version: string; at: string };
    health_data: { version: string; at: string };
  };
  created_at: string;
  updated_at: string;
}

export interface SessionLog {
  id: string;
  on: string;
  script_id: string;
  state: 'finished' | 'stopped';
  started_at: string;
  ended_at: string;
  seconds_done: number;
  stop_reason: null | 'pain' | 'skin' | 'unwell' | 'enough' | 'interrupted' | 'other';
  helper: boolean;
  pain_before: number | null;
  numbness_before: number | null;
  tingling_before: number | null;
  pain_after: number | null;
  numbness_after: number | null;
  tingling_after: number | null;
  skin_same: boolean | null;
  note: string | null;
  decision: Decision | null;
  occurrence_id: string | null;
  updated_at?: string;
  rules_differ?: boolean;
}

export interface SymptomEntry {
  id: string;
  on: string;
  recorded_at: string;
  pain: number;
  tingling: number | null;
  numbness: number | null;
  note: string | null;
  updated_at?: string;
}

export interface Block {
  id: string;
  on: string;
  started_at: string;
  warning: string;
  level: 'emergency' | 'same_day' | 'within_days' | null;
  decision: Decision | null;
  ended_at: string | null;
  end_reason: null | 'clinic_ok' | 'check_clear' | 'reading_ok' | 'felt_well' | 'time_passed';
  clinician_name: string | null;
  clinician_on: string | null;
  updated_at?: string;
  rules_differ?: boolean;
}

export interface SourceCount {
  source: string;
  source_label: string;
  steps: number;
  observed_at: string;
  is_partial: boolean;
  counted: boolean;
}

export interface StepCount {
  on: string;
  steps: number;
  source: string;
  source_label: string;
  observed_at: string;
  is_partial: boolean;
  counts: SourceCount[];
  updated_at?: string;
}

export interface Reminder {
  id: string;
  kind: 'massage' | 'glucose' | 'foot_check';
  weekdays: number[];
  times: string[];
  active: boolean;
  starts_on: string;
  ends_on: string | null;
  updated_at?: string;
}

export interface Occurrence {
  id: string;
  reminder_id: string;
  kind: Reminder['kind'];
  on: string;
  local_time: string;
  due_at: string;
  state: 'open' | 'done' | 'snoozed' | 'skipped';
  until: string | null;
  answered_at: string | null;
  sent_at: string | null;
  updated_at?: string;
}

export interface AccessToken {
  id: string;
  label: string;
  scope: 'ingest' | 'read';
  created_at: string;
  last_used_at: string | null;
}

export interface PushSubscriptionItem {
  id: string;
  label: string;
  state: 'active' | 'needs_resubscribe';
  created_at: string;
  seen_at: string;
  last_sent_at: string | null;
  last_received_at: string | null;
  last_shown_at: string | null;
}

export interface CareSettings {
  clinic_name: string | null;
  phone: string | null;
  out_of_hours_phone: string | null;
  booking_url: string | null;
  region: Me['region'];
  emergency_number: string;
}
