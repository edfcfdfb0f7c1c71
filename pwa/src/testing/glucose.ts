/** Sugar readings for tests, valid by default and at a minute of one evening. */
import type { Reading } from '../glucose/readings';
import { glucoseReading } from './records';

export const today = '2026-11-22';

/** A moment so many minutes before six in the evening. */
export const ago = (minutes: number): string =>
  new Date(Date.parse(`${today}T18:00:00Z`) - minutes * 60_000).toISOString();

export function reading(value: string, minutes: number, changes: Partial<Reading> = {}): Reading {
  const recorded_at = ago(minutes);
  return glucoseReading(`r${minutes}`, { on: recorded_at.slice(0, 10), recorded_at, value, ...changes });
}

export const shows = (special: 'LO' | 'HI', minutes: number): Reading => reading('', minutes, { value: null, special });
