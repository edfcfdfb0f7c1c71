import { expect, it } from 'vitest';
import type { Records } from '../store/store';
import { block, symptomEntry } from '../testing/records';
import {
  atRest,
  choiceOf,
  chosenPlan,
  daysPlanned,
  endedPause,
  nextDays,
  pauseNow,
  reminding,
  severePain,
  withPause,
  workOut,
} from './plan-view';

type Plan = Records['plan'];
const today = '2026-11-24';
const chosen = { programme_id: 'standard', weekdays: [1, 3, 5], time: '19:00', remind: true } as const;
const plan: Plan = { ...chosenPlan({ ...chosen, weekdays: [...chosen.weekdays] }, null, '2026-11-02') };
const known = { done: [], blocks: [], today, zone: 'Europe/Berlin', now: new Date('2026-11-24T09:00:00Z') };
const days = (worked: { days: Plan['days'] }) => worked.days.map(({ on }) => on.slice(-2));

it('a day that passed without a session is moved, also without a network', () => {
  expect(workOut(plan, known).days.slice(0, 2)).toEqual([
    { on: today, moved_from: '2026-11-23' },
    { on: '2026-11-26', moved_from: '2026-11-25' },
  ]);
  expect(days(workOut(plan, { ...known, done: ['2026-11-23'] }))[0]).toBe('25');
});

it('days under a red flag were not planned, until the clinic said OK', () => {
  const sore = block({ on: '2026-11-09', started_at: '2026-11-09T08:00:00Z' });
  const ended = { ended_at: '2026-11-15T09:00:00Z', end_reason: 'clinic_ok', clinician_name: 'Nurse Kim' } as const;
  expect(workOut(plan, known).planned_28).toBe(10);
  expect(workOut(plan, { ...known, blocks: [sore] }).planned_28).toBe(3);
  const over = { ...sore, ...ended, clinician_on: '2026-11-15' };
  expect(workOut(plan, { ...known, blocks: [over] }).planned_28).toBe(7);
  const stands = [[], [sore], [over], [{ ...sore, warning: 'low_sugar', level: null }]] as Records['block'][][];
  expect(stands.map((blocks) => atRest({ ...known, blocks }))).toEqual([false, true, false, false]);
});

it('the planned days are those that are counted, today only once it is done', () => {
  expect(daysPlanned(plan, known).slice(-3)).toEqual(['2026-11-18', '2026-11-20', '2026-11-23']);
  expect(daysPlanned(plan, known)).toHaveLength(10);
  const wednesday = { ...known, today: '2026-11-25' };
  expect(daysPlanned(plan, wednesday).at(-1)).toBe('2026-11-23');
  expect(daysPlanned(plan, { ...wednesday, done: ['2026-11-25'] }).at(-1)).toBe('2026-11-25');
});

it('other days of the same programme go on, another programme begins anew', () => {
  const before = { ...plan, reviews: [{ week: 2 as const, on: '2026-11-16', answer: 'helps' as const }] };
  const other = { ...chosen, weekdays: [2, 4, 6] };
  expect(chosenPlan(other, before, today)).toMatchObject({ starts_on: '2026-11-02', reviews: before.reviews });
  const light = chosenPlan({ ...other, programme_id: 'light', weekdays: [2, 5] }, before, today);
  expect(light).toMatchObject({ starts_on: today, reviews: [] });
  expect(chosenPlan(other, { ...before, ended_on: '2026-11-20' }, today)).toMatchObject({
    starts_on: today,
    ended_on: null,
  });
});

it('a pause ends yesterday when the patient goes on, and one begun today never was', () => {
  const pause = { from_on: '2026-11-20', until_on: null, reason: 'ill' as const };
  expect(pauseNow({ ...plan, pause }, today)).toEqual(pause);
  expect(pauseNow({ ...plan, pause: { ...pause, until_on: '2026-11-23' } }, today)).toBeNull();
  expect(endedPause(pause, today)).toEqual({ ...pause, until_on: '2026-11-23' });
  expect(endedPause({ ...pause, from_on: today }, today)).toBeNull();
});

it('a pause that is over stays known when the next one begins', () => {
  const first = { from_on: '2026-11-09', until_on: '2026-11-11', reason: 'ill' as const };
  const second = { from_on: today, until_on: null, reason: 'away' as const };
  expect(withPause({ ...plan, pause: first }, second)).toMatchObject({ pause: second, past_pauses: [first] });
  expect(withPause({ ...plan, pause: { ...first, until_on: null } }, second).past_pauses).toEqual([
    { ...first, until_on: '2026-11-23' },
  ]);
  expect(withPause({ ...plan, pause: second }, { ...second, until_on: today }).past_pauses).toEqual([]);
});

it('the next ten days are shown however far away they are', () => {
  expect(nextDays(plan, [], today, 10)).toHaveLength(10);
  const light = { ...plan, programme_id: 'light' as const, weekdays: [2, 5] };
  expect(nextDays(light, [], today, 10)).toHaveLength(10);
});

it('pain is severe by its last note, or by the mean of a week with four notes', () => {
  const notes = (...pains: number[]) => pains.map((pain, at) => symptomEntry(`${at}`, { on: `2026-11-2${at}`, pain }));
  const log = (pain_after: number | null, pain_before = 2) =>
    ({ on: '2026-11-24', ended_at: '2026-11-24T08:30:00Z', pain_after, pain_before }) as Records['session_log'];
  expect(severePain([], [], today)).toBe(false);
  expect(severePain(notes(3, 7), [], today)).toBe(true);
  expect(severePain(notes(7, 3), [], today)).toBe(false);
  expect(severePain(notes(9, 8, 8, 6), [], today)).toBe(true);
  expect(severePain(notes(9, 8, 6), [], today)).toBe(false);
  const late = symptomEntry('old', { on: '2026-11-10', pain: 8, recorded_at: '2026-11-24T08:45:00Z' });
  expect(severePain([late, ...notes(3)], [], today)).toBe(false);
  expect(severePain(notes(3), [log(8)], today)).toBe(true);
  expect(severePain(notes(3), [log(null, 7)], today)).toBe(true);
  expect(severePain(notes(8), [log(3)], today)).toBe(false);
});

it('without answers to the questions no plan may be chosen', () => {
  expect(choiceOf(null, false).allowed).toEqual([]);
});

it.each<[boolean, Records['push_subscription']['state'][], string]>([
  [true, ['active'], 'on'],
  [true, ['needs_resubscribe', 'active'], 'on'],
  [true, ['needs_resubscribe'], 'no_phone'],
  [true, [], 'no_phone'],
  [false, ['active'], 'off'],
  [false, [], 'off'],
])('reminders wanted %j, phones %j: %s', (remind, states, words) => {
  expect(
    reminding(
      { remind },
      states.map((state) => ({ state })),
    ),
  ).toBe(words);
});
