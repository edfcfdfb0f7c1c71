/** What stands at the top of Today, in which order, and for how long. */
import { describe, expect, it } from 'vitest';
import { decided } from '../glucose/decide';
import { ago, reading, today } from '../testing/glucose';
import type { TriageEvent } from './events';
import { urgentNow } from './urgent';

const now = new Date(`${today}T18:00:00Z`);
const me = { region: 'US' as const, profile: null, glucose_targets: null };
type Facts = Parameters<typeof urgentNow>[0];
const none: Facts = { me, readings: [], events: [], blocks: [] };
const found = (facts: Partial<Facts>, moment = now) =>
  urgentNow({ ...none, ...facts }, moment, moment.toISOString().slice(0, 10)).map(({ about, level }) => [about, level]);

const told = (minutes: number, changes: Partial<TriageEvent> = {}): TriageEvent => ({
  id: `e${minutes}`,
  on: ago(minutes).slice(0, 10),
  recorded_at: ago(minutes),
  signs: ['open_sore'],
  worried: false,
  level: 'emergency',
  decision: null,
  action: null,
  follow_up: null,
  follow_up_at: null,
  ...changes,
});
const block = (minutes: number, level: string | null) =>
  ({ id: 'b', on: today, started_at: ago(minutes), warning: 'open_sore', level, ended_at: null }) as Facts['blocks'][0];
const seizure = (minutes: number) => decided(reading('200', minutes, { signs: ['fit'] }), none);

it('nothing urgent is nothing to show', () => {
  expect(found({})).toEqual([]);
  expect(found({ events: [told(10, { level: 'within_days' }), told(10, { level: null, worried: true })] })).toEqual([]);
});

describe('what was told', () => {
  it('stays until it is answered', () => {
    expect(found({ events: [told(10)] })).toEqual([['told', 'emergency']]);
    expect(found({ events: [told(10, { level: 'same_day', action: 'called' })] })).toEqual([['told', 'same_day']]);
    expect(found({ events: [told(10, { follow_up: 'reached' })] })).toEqual([]);
    expect(found({ events: [told(10, { follow_up: 'not_yet' })] })).toEqual([]);
  });

  it('stays for the day, and for four hours past midnight', () => {
    expect(found({ events: [told(17 * 60)] })).toEqual([['told', 'emergency']]);
    const night = new Date(`${today}T02:00:00Z`);
    const evening = (time: string) => told(0, { on: '2026-11-21', recorded_at: `2026-11-21T${time}:00Z` });
    expect(found({ events: [evening('22:30')] }, night)).toEqual([['told', 'emergency']]);
    expect(found({ events: [evening('22:00')] }, night)).toEqual([]);
  });

  it('shows the most urgent of it', () => {
    expect(found({ events: [told(5, { level: 'same_day' }), told(60)] })).toEqual([['told', 'emergency']]);
  });
});

describe('a warning of the check before a session', () => {
  it('stays for four hours, unless it was told elsewhere', () => {
    expect(found({ blocks: [block(10, 'emergency')] })).toEqual([['block', 'emergency']]);
    expect(found({ blocks: [block(10, 'same_day')] })).toEqual([['block', 'same_day']]);
    expect(found({ blocks: [block(240, 'emergency')] })).toEqual([]);
    expect(found({ blocks: [block(10, null)] })).toEqual([]);
    expect(found({ blocks: [block(10, 'emergency')], events: [told(10)] })).toEqual([['told', 'emergency']]);
    expect(found({ blocks: [block(10, 'emergency')], events: [told(10, { follow_up: 'reached' })] })).toEqual([]);
  });
});

describe('with a sugar reading', () => {
  it('an emergency comes before a call today, whatever it is about', () => {
    expect(found({ events: [told(10, { level: 'same_day' })], readings: [seizure(5)] })).toEqual([
      ['reading', 'emergency'],
      ['told', 'same_day'],
    ]);
    expect(found({ events: [told(10)], readings: [reading('50', 5)] })).toEqual([
      ['told', 'emergency'],
      ['reading', 'same_day'],
    ]);
  });

  it('a very low number in doubt is asked about instead, until it is answered', () => {
    expect(found({ readings: [reading('25', 5)] })).toEqual([['doubt', 'same_day']]);
    expect(found({ readings: [reading('25', 5, { confirmed: true })] })).toEqual([['reading', 'same_day']]);
    expect(found({ readings: [reading('25', 600), reading('110', 5)] })).toEqual([['doubt', 'same_day']]);
    expect(found({ readings: [decided(reading('25', 5, { signs: ['drowsy'] }), none)] })).toEqual([
      ['reading', 'emergency'],
      ['doubt', 'same_day'],
    ]);
  });
});
