import { expect, it } from 'vitest';
import type { Records } from '../store/store';
import { type Facts, isPlain, nextMoments, nextThing } from './today-plan';

const monday = '2026-11-23';
const reminder: Records['reminder'] = {
  id: 'r',
  kind: 'massage',
  weekdays: [1, 3, 5],
  times: ['19:00'],
  active: true,
  starts_on: '2026-11-01',
  ends_on: null,
};
const allowed = { answers: {}, answered_at: '2026-11-22T08:00:00Z', decision: null };
const facts: Facts = {
  on: monday,
  profile: allowed,
  reminders: [reminder],
  occurrences: [],
  logs: [],
  blocked: false,
  asks: null,
  unfinished: false,
};
const occurrence = (state: Records['occurrence']['state']): Records['occurrence'] => ({
  id: 'o',
  reminder_id: 'r',
  session_log_id: null,
  kind: 'massage',
  on: monday,
  local_time: '19:00',
  due_at: '2026-11-23T18:00:00Z',
  state,
  until: null,
  answered_at: null,
  sent_at: null,
});
const log = (state: 'finished' | 'stopped') => ({ on: monday, state }) as Records['session_log'];

it('a block comes before everything', () => {
  expect(nextThing({ ...facts, blocked: true, unfinished: true, profile: null }).kind).toBe('blocked');
});

it('a session left in the middle comes before the plan', () => {
  expect(nextThing({ ...facts, unfinished: true }).kind).toBe('unfinished');
});

it('the questions come before the first session', () => {
  expect(nextThing({ ...facts, profile: null }).kind).toBe('profile');
});

it('who must ask the clinic first is told so and not offered a session', () => {
  expect(nextThing({ ...facts, asks: 'ask_clinic' }).kind).toBe('ask_clinic');
});

it('answers that have become old are looked at before the next session, not before one in the middle', () => {
  expect(nextThing({ ...facts, asks: 'ask_again' }).kind).toBe('ask_again');
  expect(nextThing({ ...facts, asks: 'ask_again', unfinished: true }).kind).toBe('unfinished');
});

it('only answers of late that ask nothing of anybody are shown without the rules', () => {
  const outcome = { mode: 'standard', ask_about: [] as string[], start: 'allowed' };
  const plain = { ...allowed, decision: { rules_version: '1', inputs: {}, outcome } };
  const at = (days: number) => new Date(Date.parse(allowed.answered_at) + days * 86_400_000);
  expect(isPlain(plain, at(79))).toBe(true);
  expect(isPlain(plain, at(80))).toBe(false);
  expect(isPlain(plain, at(-1))).toBe(false);
  expect(isPlain(allowed, at(1))).toBe(false);
  for (const changed of [{ mode: 'still' }, { mode: 'ask' }, { ask_about: ['blood_clot'] }]) {
    expect(isPlain({ ...plain, decision: { ...plain.decision, outcome: { ...outcome, ...changed } } }, at(1))).toBe(
      false,
    );
  }
});

it('a massage day offers the session, also before the server has made its moments', () => {
  expect(nextThing(facts)).toEqual({ kind: 'session', time: '19:00', occurrenceId: null });
  expect(nextThing({ ...facts, occurrences: [occurrence('snoozed')] })).toEqual({
    kind: 'session',
    time: '19:00',
    occurrenceId: 'o',
  });
});

it('a skipped session is not offered again and nobody is scolded', () => {
  expect(nextThing({ ...facts, occurrences: [occurrence('skipped')] })).toEqual({
    kind: 'nothing',
    next: { on: '2026-11-25', time: '19:00' },
  });
});

it('one session a day is enough, also a stopped one, unless it may still be finished', () => {
  expect(nextThing({ ...facts, logs: [log('finished')] }).kind).toBe('done');
  expect(nextThing({ ...facts, logs: [log('stopped')] }).kind).toBe('done');
  expect(nextThing({ ...facts, logs: [log('stopped')], unfinished: true }).kind).toBe('unfinished');
});

it('without massage days the next thing is to choose them', () => {
  expect(nextThing({ ...facts, reminders: [{ ...reminder, active: false }] }).kind).toBe('choose_days');
});

it('on another day nothing is due', () => {
  expect(nextThing({ ...facts, on: '2026-11-24' })).toEqual({
    kind: 'nothing',
    next: { on: '2026-11-25', time: '19:00' },
  });
});

it('moments follow the rule from its first to its last day', () => {
  const rule = { ...reminder, times: ['19:00', '08:00'], starts_on: '2026-11-25', ends_on: '2026-11-27' };
  expect(nextMoments(rule, monday, 10).map(({ on, time }) => `${on} ${time}`)).toEqual([
    '2026-11-25 08:00',
    '2026-11-25 19:00',
    '2026-11-27 08:00',
    '2026-11-27 19:00',
  ]);
  expect(nextMoments({ ...rule, weekdays: [] }, monday, 10)).toEqual([]);
  expect(nextMoments(reminder, monday, 10)).toHaveLength(10);
});
