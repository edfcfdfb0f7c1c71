import { expect, it } from 'vitest';
import { byDay, heightOf, highest, placeOf } from './days';
import type { Reading } from './readings';

const reading = (changes: Partial<Reading>): Reading =>
  ({
    id: 'r',
    on: '2026-11-22',
    recorded_at: '2026-11-22T08:00:00Z',
    value: '110',
    unit: 'mg/dL',
    special: null,
    context: 'fasting',
    ketones: null,
    signs: [],
    confirmed: false,
    note: null,
    decision: null,
    ...changes,
  }) as Reading;

it('a reading stands where it was typed, and in the other unit where that is shown', () => {
  expect(heightOf(reading({}), 'mg/dL')).toBe(110);
  expect(heightOf(reading({ value: '5,6', unit: 'mmol/L' }), 'mmol/L')).toBe(5.6);
  expect(heightOf(reading({ value: '100' }), 'mmol/L')).toBe(5.6); // 18.0156, not 18.0182
  expect(heightOf(reading({ value: '300' }), 'mmol/L')).toBe(16.7);
  expect(heightOf(reading({ value: '5.6', unit: 'mmol/L' }), 'mg/dL')).toBe(101);
});

it('LO stands at the lower edge and HI at the upper one', () => {
  expect(placeOf(reading({ value: null, special: 'LO' }), 'mg/dL', 400)).toBe(0);
  expect(placeOf(reading({ value: null, special: 'HI' }), 'mg/dL', 400)).toBe(400);
  expect(placeOf(reading({}), 'mg/dL', 400)).toBe(110);
});

it('the target always lies in the chart', () => {
  expect(highest([], 'mg/dL')).toBe(200);
  expect(highest([reading({ value: '5.6', unit: 'mmol/L' })], 'mmol/L')).toBe(12);
  expect(highest([reading({ value: '320' }), reading({ value: null, special: 'HI' })], 'mg/dL')).toBe(320);
});

it('the readings of a day are in the order of time', () => {
  const late = reading({ id: 'late', recorded_at: '2026-11-22T18:00:00Z' });
  const other = reading({ id: 'other', on: '2026-11-20', recorded_at: '2026-11-20T18:00:00Z' });
  const days = byDay([late, other, reading({})]);
  expect([...days].map(([on, own]) => [on, own.map(({ id }) => id)])).toEqual([
    ['2026-11-20', ['other']],
    ['2026-11-22', ['r', 'late']],
  ]);
});
