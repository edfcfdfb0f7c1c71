import { expect, it } from 'vitest';
import { occurrence as someOccurrence } from '../testing/records';
import { type Facts, isPlain, nextThing } from './today-plan';

const monday = '2026-11-23';
const allowed = { answers: {}, answered_at: '2026-11-22T08:00:00Z', decision: null };
const plan: NonNullable<Facts['plan']> = {
  time: '19:00',
  pause: null,
  days: [
    { on: monday, moved_from: null },
    { on: '2026-11-25', moved_from: null },
  ],
};
const facts: Facts = {
  on: monday,
  profile: allowed,
  plan,
  occurrences: [],
  logs: [],
  blocked: false,
  asks: null,
  unfinished: false,
};
const occurrence = (state: Facts['occurrences'][number]['state'], answered_at: string | null = null) =>
  someOccurrence('o', { on: monday, state, answered_at });
const log = (state: 'finished' | 'stopped') => ({ on: monday, state }) as Facts['logs'][number];
const wednesday = { on: '2026-11-25', time: '19:00' };

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

it('a session day offers the session, also before the server has made its moments', () => {
  const session = { kind: 'session', time: '19:00', movedFrom: null, occurrenceId: null };
  expect(nextThing(facts)).toEqual(session);
  expect(nextThing({ ...facts, occurrences: [occurrence('snoozed')] })).toEqual({ ...session, occurrenceId: 'o' });
});

it('a moved day says where it came from', () => {
  const moved = { ...plan, days: [{ on: '2026-11-24', moved_from: monday }] };
  expect(nextThing({ ...facts, on: '2026-11-24', plan: moved })).toMatchObject({ kind: 'session', movedFrom: monday });
});

it('a session that the patient skipped is not offered again and nobody is scolded', () => {
  const skipped = [occurrence('skipped', '2026-11-23T10:00:00Z')];
  expect(nextThing({ ...facts, occurrences: skipped })).toEqual({ kind: 'nothing', next: wednesday });
});

it('a moment that the server closed says nothing about the day', () => {
  expect(nextThing({ ...facts, occurrences: [occurrence('skipped')] }).kind).toBe('session');
});

it('one session a day is enough, also a stopped one, unless it may still be finished', () => {
  expect(nextThing({ ...facts, logs: [log('finished')] })).toEqual({ kind: 'done', next: wednesday });
  expect(nextThing({ ...facts, logs: [log('stopped')] }).kind).toBe('done');
  expect(nextThing({ ...facts, logs: [log('stopped')], unfinished: true }).kind).toBe('unfinished');
});

it('a paused plan offers nothing but to go on', () => {
  const pause = { from_on: monday, until_on: '2026-11-30', reason: 'ill' as const };
  expect(nextThing({ ...facts, plan: { ...plan, pause, days: [] } })).toEqual({ kind: 'paused', until: '2026-11-30' });
});

it('without a plan the next thing is to choose one, or the reminder of before', () => {
  expect(nextThing({ ...facts, plan: null }).kind).toBe('choose_plan');
  expect(nextThing({ ...facts, plan: null, occurrences: [occurrence('open')] }).kind).toBe('session');
});

it('on another day nothing is due', () => {
  expect(nextThing({ ...facts, on: '2026-11-24' })).toEqual({ kind: 'nothing', next: wednesday });
  expect(nextThing({ ...facts, on: '2026-11-25', plan: { ...plan, days: [] } })).toEqual({
    kind: 'nothing',
    next: null,
  });
});
