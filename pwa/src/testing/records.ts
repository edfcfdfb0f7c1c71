/** Records for tests, valid by default. */
import type { Records } from '../store/store';

export function symptomEntry(id: string, values: Partial<Records['symptom_entry']> = {}): Records['symptom_entry'] {
  const on = values.on ?? '2026-11-22';
  return { id, on, recorded_at: `${on}T08:00:00Z`, pain: 3, tingling: null, numbness: null, note: null, ...values };
}

export function reminder(id: string, values: Partial<Records['reminder']> = {}): Records['reminder'] {
  return {
    id,
    kind: 'massage',
    text: null,
    repeat: 'weekdays',
    every: null,
    weekdays: [1, 3, 5],
    times: ['19:00'],
    meal_contexts: {},
    active: true,
    starts_on: '2026-11-22',
    ends_on: null,
    ...values,
  };
}

export function occurrence(id: string, values: Partial<Records['occurrence']> = {}): Records['occurrence'] {
  return {
    id,
    reminder_id: 'r1',
    session_log_id: null,
    kind: 'massage',
    meal_context: null,
    on: '2026-11-23',
    local_time: '19:00',
    due_at: '2026-11-23T18:00:00Z',
    state: 'open',
    until: null,
    answered_at: null,
    sent_at: null,
    arrived_at: null,
    arrived_on: null,
    ...values,
  };
}

export function glucoseReading(
  id: string,
  values: Partial<Records['glucose_reading']> = {},
): Records['glucose_reading'] {
  const on = values.on ?? '2026-11-22';
  return {
    id,
    on,
    recorded_at: `${on}T08:00:00Z`,
    value: '110',
    unit: 'mg/dL',
    special: null,
    context: 'other',
    ketones: null,
    signs: [],
    confirmed: false,
    note: null,
    decision: null,
    ...values,
  };
}

export function footCheck(id: string, values: Partial<Records['foot_check']> = {}): Records['foot_check'] {
  const on = values.on ?? '2026-11-22';
  return {
    id,
    on,
    recorded_at: `${on}T08:00:00Z`,
    result: 'all_clear',
    findings: [],
    temperature_unit: null,
    temperatures: [],
    level: null,
    decision: null,
    note: null,
    ...values,
  };
}

export function block(values: Partial<Records['block']> = {}): Records['block'] {
  return {
    id: 'b1',
    on: '2026-11-22',
    started_at: '2026-11-22T12:00:00Z',
    warning: 'open_sore',
    level: 'same_day',
    decision: null,
    ended_at: null,
    end_reason: null,
    clinician_name: null,
    clinician_on: null,
    areas: [],
    ...values,
  };
}
