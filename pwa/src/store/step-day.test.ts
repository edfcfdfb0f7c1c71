/** Which source of a day counts on this phone, by the server's rule. */
import { expect, test } from 'vitest';
import type { StepCount } from '../api/types';
import { bestOf, orderWith, withHandEntry, withoutHandEntry } from './step-day';

const said = (source: string, steps: number) => ({
  source,
  source_label: source,
  steps,
  observed_at: '2026-11-21T20:00:00Z',
  is_partial: false,
  counted: false,
});
const day = (...counts: StepCount['counts']): StepCount => ({ ...said('?', 0), on: '2026-11-21', counts });
const watch = said('google_health', 3000);
const phone = said('phone/a', 5000);
const other = said('phone/b', 4000);

test('one source counts: the own number, the order, Google Health, the largest', () => {
  expect(bestOf([], [])).toBeUndefined();
  expect(bestOf([other, phone], [])).toBe(phone);
  expect(bestOf([phone, other, watch], [])).toBe(watch);
  expect(bestOf([phone, watch, other], ['phone/gone', 'phone/b', 'phone/a'])).toBe(other);
  const typed = said('manual', 1);
  expect(bestOf([phone, typed, watch], ['phone/a'])).toBe(typed);
});

test('the source just chosen goes first, and the oldest choice goes when there are too many', () => {
  expect(orderWith('phone/b', ['phone/a', 'phone/b'])).toEqual(['phone/b', 'phone/a']);
  const many = Array.from({ length: 20 }, (_, n) => `phone/${n}`);
  expect(orderWith('phone/new', many)).toEqual(['phone/new', ...many.slice(0, 19)]);
});

test('a true zero is a number', () => {
  expect(bestOf([said('phone/a', 0)], [])).toMatchObject({ steps: 0 });
});

test('equal numbers are told apart as the server does', () => {
  expect(bestOf([said('phone/a', 5), said('phone/b', 5)], [])).toMatchObject({ source: 'phone/b' });
});

test('the own number stands before the devices, and goes again', () => {
  const typed = withHandEntry(day(phone, watch), '2026-11-21', 10, '2026-11-21T21:00:00Z');
  expect(typed).toMatchObject({ source: 'manual', steps: 10 });
  expect(typed.counts.filter(({ counted }) => counted)).toHaveLength(1);
  expect(withoutHandEntry(typed, [])).toMatchObject({ source: 'google_health', steps: 3000 });
  expect(withoutHandEntry(typed, ['phone/a'])).toMatchObject({ source: 'phone/a', steps: 5000 });
  expect(withoutHandEntry(withHandEntry(undefined, '2026-11-21', 10, 'x'), [])).toBeNull();
});
