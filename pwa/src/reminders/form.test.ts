import { beforeEach, expect, it } from 'vitest';
import { chooseLanguage, loadSentences } from '../text';
import { type Draft, draftOf, newDraft, problemsOf, reminderOf, ruleOf } from './form';
import { nextMoments } from './recurrence';
import { whenWords } from './words';

const today = '2026-11-22';
const draft = (changes: Partial<Draft> = {}): Draft => ({ ...newDraft('foot_check', today), ...changes });
const times = (...all: string[]) => all.map((at) => ({ at, meal: '' as const }));

beforeEach(async () => {
  await chooseLanguage(['en-GB']);
  await loadSentences('all');
});

it('a new reminder can be saved as it is, but one in own words needs them', () => {
  expect(problemsOf(draft())).toEqual({});
  expect(problemsOf(newDraft('glucose', today))).toEqual({});
  expect(Object.keys(problemsOf(newDraft('own', today)))).toEqual(['text']);
  expect(Object.keys(problemsOf(draft({ kind: 'own', text: '  ' })))).toEqual(['text']);
});

it.each([
  ['no day', { days: 'weekdays' }, 'weekdays'],
  ['no time', { times: times('') }, 'time-0'],
  ['the same time twice', { times: times('07:00', '19:00', '07:00') }, 'time-2'],
  ['no first day', { starts_on: '' }, 'starts_on'],
  ['an end before the start', { ends_on: '2026-11-21' }, 'ends_on'],
  ['days that never come', { days: 'weekdays', weekdays: [3], ends_on: '2026-11-23' }, 'ends_on'],
] as const)('%s is said at the field before it is saved', (_, changes, field) => {
  expect(Object.keys(problemsOf(draft(structuredClone(changes) as Partial<Draft>)))).toEqual([field]);
});

it('the preview goes by what is filled in so far', () => {
  const half = draft({ times: times('19:00', '', '19:00'), days: 'times_a_week' });
  const now = new Date('2026-11-22T08:00:00Z');
  expect(nextMoments(ruleOf(half), 'UTC', 4, now).map(({ on }) => on.slice(-2))).toEqual(['22', '24', '26', '29']);
  expect(nextMoments(ruleOf(draft({ times: times('') })), 'UTC', 4, now)).toEqual([]);
});

it('a record comes back from the form as it went in, with what the form does not know', () => {
  const record = {
    ...reminderOf(newDraft('glucose', today), 'an-id', null),
    times: ['07:00', '12:00'],
    meal_contexts: { '07:00': 'unwell' },
    repeat: 'every_n_days',
    weekdays: [],
    every: 5,
    active: false,
    ends_on: '2027-01-01',
    from_later: 'kept',
  } as const;
  const before = structuredClone(record) as unknown as Parameters<typeof draftOf>[0];
  expect(reminderOf(draftOf(before), 'an-id', before)).toEqual(record);
});

it('own words stay with their kind, and a meal with its time', () => {
  expect(reminderOf(draft({ text: 'left over' }), 'a', null).text).toBeNull();
  expect(reminderOf(draft({ kind: 'own', text: ' Call Ann ' }), 'a', null).text).toBe('Call Ann');
  const meals = draft({ kind: 'glucose', times: [{ at: '07:00', meal: 'fasting' }, ...times('12:00')] });
  expect(reminderOf(meals, 'a', null).meal_contexts).toEqual({ '07:00': 'fasting' });
});

it.each([
  [{ kind: 'glucose', times: [{ at: '07:00', meal: 'fasting' }] }, 'Every day at 7:00, before breakfast'],
  [{ days: 'weekdays', weekdays: [5, 1, 3], times: times('19:00') }, 'Mon, Wed, Fri at 19:00'],
  [{ days: 'weekdays', weekdays: [2], times: times('19:00', '07:30') }, 'Tuesday at 7:30 · 19:00'],
  [{ days: 'weekdays', weekdays: [1, 2, 3, 4, 5, 6, 7] }, 'Every day at 20:00'],
  [{ days: 'every_n_days', every: { every_n_days: 3, times_a_week: 3 } }, 'Every 3 days at 20:00'],
  [{ days: 'times_a_week', every: { every_n_days: 2, times_a_week: 1 } }, 'Once a week at 20:00'],
] as const)('%j in words', (changes, words) => {
  expect(whenWords(reminderOf(draft(structuredClone(changes) as Partial<Draft>), 'a', null))).toBe(words);
});
