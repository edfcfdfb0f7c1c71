import { expect, it } from 'vitest';
import { block } from '../testing/records';
import { blankGoal, capChoices, stateNow, walkMinutes, whileWaiting, wished } from './goal-view';
import { type Change, goalOn, untold } from './history';

const now = new Date('2026-11-23T09:00:00Z');
const change = (n: number, from_on: string, was: number | null, steps: number | null, why = 'up'): Change => ({
  n,
  from_on,
  was,
  steps,
  why,
});
const history = [
  change(1, '2026-11-09', null, 3300, 'start'),
  change(2, '2026-11-16', 3300, 3800),
  change(3, '2026-11-18', 3800, null, 'red_flag'),
];

it('a warning on this phone turns the goal off before the server has heard of it', () => {
  const goal = { ...blankGoal(), state: 'on' as const, steps: 3300 };
  expect(stateNow(goal, [], now)).toBe('on');
  expect(stateNow(goal, [block()], now)).toBe('resting');
  expect(stateNow(goal, [block({ warning: 'skin_problem' })], now)).toBe('resting');
  expect(stateNow(goal, [block({ warning: 'skin_problem', level: 'within_days' })], now)).toBe('on');
  expect(stateNow(undefined, [block({ warning: 'unheard_of', level: null })], now)).toBe('resting');
});

it('the word of the clinic ends it on the phone, and then the server says what comes', () => {
  const ok = { ended_at: '2026-11-23T08:00:00Z', end_reason: 'clinic_ok' as const };
  const word = { ...ok, clinician_name: 'Dr Okafor', clinician_on: '2026-11-23' };
  const resting = { ...blankGoal(), state: 'resting' as const };
  expect(stateNow({ ...resting, state: 'on' }, [block(ok)], now)).toBe('resting');
  expect(stateNow({ ...resting, state: 'on' }, [block(word)], now)).toBe('on');
  expect(stateNow(resting, [block(word)], now)).toBe('resting');
});

it('what the patient wants shows at once; the goal itself is the server’s', () => {
  const goal = { ...blankGoal(), state: 'on' as const, steps: 3300 };
  expect(wished(goal, { active: false })).toMatchObject({ active: false, state: 'off', steps: null });
  expect(wished({ ...goal, active: false, state: 'off' }, { active: true })).toMatchObject({ state: 'waiting' });
  expect(wished(goal, { told: 4 })).toMatchObject({ state: 'on', steps: 3300, told: 4 });
  expect(wished(undefined, { walks_from_on: '2026-11-23' })).toMatchObject({ active: true, walk_minutes: [5] });
});

it('the goal of a day is the last one set until then', () => {
  expect(
    ['2026-11-08', '2026-11-09', '2026-11-17', '2026-11-18', '2026-12-01'].map((on) => goalOn(history, on)),
  ).toEqual([null, 3300, 3800, null, null]);
  const twice = [change(1, '2026-11-09', null, 3300), change(2, '2026-11-09', 3300, 3000)];
  expect(goalOn(twice, '2026-11-09')).toBe(3000);
  expect(goalOn([], '2026-11-09')).toBeNull();
});

it('a change is told once, a week that changed nothing is not', () => {
  expect(untold({ history, told: 2 })?.n).toBe(3);
  expect(untold({ history, told: 3 })).toBeNull();
  expect(untold({ history: [...history, change(4, '2026-11-23', 3300, 3300, 'some_met')], told: 0 })).toBeNull();
  expect(untold({ history: [], told: 0 })).toBeNull();
});

it('walks grow week by week, and the last week stays', () => {
  const walks = { walks_from_on: '2026-11-02', walk_minutes: [5, 7, 9] };
  const days = ['2026-11-01', '2026-11-02', '2026-11-08', '2026-11-09', '2026-11-16', '2027-05-01'];
  expect(days.map((today) => walkMinutes(walks, today))).toEqual([5, 5, 5, 7, 9, 9]);
  expect(walkMinutes({ ...walks, walks_from_on: null }, '2026-11-02')).toBeNull();
  expect(walkMinutes({ ...walks, walk_minutes: [] }, '2026-11-02')).toBeNull();
});

it('only who has come as far as the usual goal goes may choose more', () => {
  const cap = { kind: 'usual' as const, most: 7000, may_choose: 10_000 };
  expect(capChoices(cap, null)).toEqual([7000, 8000, 9000, 10_000]);
  expect(capChoices({ ...cap, most: 9000 }, 9000)).toEqual([7000, 8000, 9000, 10_000]);
  expect(capChoices({ ...cap, most: 8600 }, null)).toEqual([9000, 10_000]);
  expect(capChoices({ ...cap, may_choose: null }, null)).toEqual([]);
  expect(capChoices(null, null)).toEqual([]);
});

it('before the first goal: steps that do not count yet are not called unknown', () => {
  expect(whileWaiting(undefined, false)).toBe('none');
  expect(whileWaiting(undefined, true)).toBe('not_yet');
  expect(whileWaiting(blankGoal(), true)).toBe('not_yet');
  expect(whileWaiting({ ...blankGoal(), days_known: 2 }, false)).toBe('counted');
});
