/** Sugar readings for tests, valid by default and at a minute of one evening. */
import type { Reading } from '../glucose/readings';

export const today = '2026-11-22';

/** A moment so many minutes before six in the evening. */
export const ago = (minutes: number): string =>
  new Date(Date.parse(`${today}T18:00:00Z`) - minutes * 60_000).toISOString();

export function reading(value: string, minutes: number, changes: Partial<Reading> = {}): Reading {
  const recorded_at = ago(minutes);
  return {
    id: `r${minutes}`,
    on: recorded_at.slice(0, 10),
    recorded_at,
    value,
    unit: 'mg/dL',
    special: null,
    context: 'other',
    ketones: null,
    signs: [],
    confirmed: false,
    note: null,
    decision: null,
    ...changes,
  };
}

export const shows = (special: 'LO' | 'HI', minutes: number): Reading => reading('', minutes, { value: null, special });
