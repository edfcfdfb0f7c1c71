/** The same moments as Python finds: written by tests/care/reminder_vectors.py, around both clock changes. */
import { expect, it } from 'vitest';
import { localDate } from '../localtime';
import { readVectors } from '../testing/vectors';
import { neverComes, nextMoments, type Rule } from './recurrence';
import { isPaused, type QuietHours, quietUntil } from './sending';

interface Vector {
  rule: Rule;
  zone: string;
  now: string;
  moments: { on: string; time: string; at: string }[];
  never: boolean;
  quiet_hours: QuietHours | null;
  quiet_until: string | null;
  pause: { from_on: string; until_on: string | null } | null;
  paused: boolean;
}

const vectors = readVectors<{ reminders: Vector[] }>().reminders;
const seconds = (at: Date) => at.toISOString().replace('.000Z', 'Z');

it('the next ten moments of a rule', () => {
  expect(vectors.length).toBeGreaterThan(500);
  for (const { rule, zone, now, moments } of vectors) {
    const found = nextMoments(rule, zone, 10, new Date(now)).map((moment) => ({ ...moment, at: seconds(moment.at) }));
    expect(found, JSON.stringify({ rule, zone, now })).toEqual(moments);
  }
});

it('a rule that never comes', () => {
  expect(vectors.filter(({ never }) => never).length).toBeGreaterThan(20);
  for (const { rule, never } of vectors) expect(neverComes(rule), JSON.stringify(rule)).toBe(never);
});

it('the end of quiet hours', () => {
  expect(vectors.filter(({ quiet_until }) => quiet_until).length).toBeGreaterThan(100);
  for (const { quiet_hours, zone, now, quiet_until } of vectors) {
    const end = quietUntil(quiet_hours, zone, new Date(now));
    expect(end && seconds(end), JSON.stringify({ quiet_hours, zone, now })).toBe(quiet_until);
  }
});

it('a pause', () => {
  expect(vectors.filter(({ paused }) => paused).length).toBeGreaterThan(100);
  for (const { pause, zone, now, paused } of vectors)
    expect(isPaused(pause, localDate(new Date(now), zone)), JSON.stringify({ pause, zone, now })).toBe(paused);
});
