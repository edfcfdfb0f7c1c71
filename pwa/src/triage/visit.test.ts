/** Why a visit may help, and the numbers that a patient may take along. */
import { beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '../localtime';
import { reading } from '../testing/glucose';
import { loadSentences } from '../text';
import type { TriageEvent } from './events';
import { type Facts, summary, visit } from './visit';
import { signsOf } from './words';

const today = '2026-11-22';
const none: Facts = {
  today,
  profile: null,
  exam: null,
  diary: [],
  logs: [],
  events: [],
  baths: [],
  readings: [],
  region: 'US',
  targets: null,
  now: new Date(`${today}T12:00:00Z`),
};
const pains = (from: string, ...pain: number[]) =>
  pain.map((value, day) => ({ on: addDays(from, day), pain: value })) as unknown as Facts['diary'];
const log = (on: string, pain_before: number | null = null, pain_after: number | null = null) =>
  ({ on, pain_before, pain_after }) as unknown as Facts['logs'][number];
const event = (changes: Partial<TriageEvent>) =>
  ({
    on: today,
    recorded_at: `${today}T08:00:00Z`,
    signs: [],
    worried: false,
    level: null,
    follow_up: null,
    ...changes,
  }) as TriageEvent;

beforeAll(() => loadSentences('all'));

describe('a visit', () => {
  it('has no reason when nothing is known', () => {
    expect(visit(none)).toMatchObject({ button: 'none', reasons: [], level: null });
  });

  it('is for skin that looked different after the water, for a week', () => {
    const bath = (on: string, skin: string) => ({ on, skin }) as Facts['baths'][number];
    expect(visit({ ...none, baths: [bath('2026-11-16', 'changed')] })).toMatchObject({
      button: 'call',
      reasons: ['heat_injury'],
    });
    expect(visit({ ...none, baths: [bath('2026-11-15', 'changed'), bath(today, 'same')] }).reasons).toEqual([]);
  });

  it('is for a week of strong pain, from four days on', () => {
    expect(visit({ ...none, diary: pains('2026-11-16', 7, 7, 7, 7) })).toMatchObject({ reasons: ['strong_pain'] });
    expect(visit({ ...none, diary: pains('2026-11-16', 9, 9, 9) }).reasons).toEqual([]);
    expect(visit({ ...none, diary: pains('2026-11-16', 6, 7, 7, 7) }).reasons).toEqual([]);
  });

  it('is for a foot exam that is overdue by the answers, or that nobody knows of', () => {
    const answers = { past_ulcer_or_shape: 'no', numb_feet: 'no', poor_circulation: 'no' };
    const profile = { answers, answered_at: `${today}T08:00:00Z`, decision: null } as Facts['profile'];
    const overdue = (on: string | null, changes = {}) =>
      visit({
        ...none,
        profile: profile && { ...profile, answers: { ...answers, ...changes } },
        exam: { on, answered_on: today },
      }).reasons.includes('foot_exam_overdue');
    expect(overdue('2025-11-22')).toBe(false);
    expect(overdue('2025-11-21')).toBe(true);
    expect(overdue('2026-08-22', { past_ulcer_or_shape: 'yes' })).toBe(false);
    expect(overdue('2026-08-21', { past_ulcer_or_shape: 'yes' })).toBe(true);
    expect(overdue(null)).toBe(true);
    expect(overdue('some day')).toBe(true);
  });

  it('is for pain that went up by two points since the week of the first massage', () => {
    const diary = [...pains('2026-11-01', 3, 3, 3, 3), ...pains('2026-11-16', 5, 5, 5, 5)];
    expect(visit({ ...none, diary, logs: [log('2026-11-01')] }).reasons).toContain('pain_up');
  });

  it('is for pain that is no better after four weeks', () => {
    const diary = [...pains('2026-10-20', 5, 5, 5, 5), ...pains('2026-11-16', 5, 5, 5, 5)];
    expect(visit({ ...none, diary, logs: [log('2026-10-20')] }).reasons).toEqual(['no_better_at_week_4']);
    const better = [...pains('2026-10-20', 5, 5, 5, 5), ...pains('2026-11-16', 4, 4, 4, 4)];
    expect(visit({ ...none, diary: better, logs: [log('2026-10-20')] }).reasons).toEqual([]);
  });

  it('is for less pain with more numbness', () => {
    const numb = (from: string, pain: number, numbness: number) =>
      pains(from, pain, pain, pain, pain).map((note) => ({ ...note, numbness }));
    const diary = [...numb('2026-11-01', 6, 2), ...numb('2026-11-16', 4, 5)];
    expect(visit({ ...none, diary, logs: [log('2026-11-01')] })).toMatchObject({
      button: 'book',
      reasons: ['pain_down_numbness_up'],
    });
  });

  it('compares a week with the first only when it lies wholly after it', () => {
    const diary = [...pains('2026-11-12', 2, 2, 2, 2), ...pains('2026-11-16', 6, 6, 6, 6, 6, 6, 6)];
    expect(visit({ ...none, diary, logs: [log('2026-11-12')] }).reasons).toEqual([]);
    expect(visit({ ...none, today: '2026-11-25', diary, logs: [log('2026-11-12')] }).reasons).toEqual(['pain_up']);
  });

  it('gives way to a call and to the emergency number', () => {
    const within = event({ level: 'within_days', signs: ['cracks'] });
    expect(visit({ ...none, events: [within] }).button).toBe('book');
    expect(visit({ ...none, events: [within, event({ worried: true })] }).button).toBe('call');
    expect(visit({ ...none, events: [within, event({ level: 'emergency' })] }).button).toBe('emergency');
    const unknown = event({ level: 'of_a_newer_app' as never });
    expect(visit({ ...none, events: [unknown] }).button).toBe('emergency');
  });
});

describe('a visit because of sugar', () => {
  const day = 24 * 60;

  it('is for two lows in a week and for three days above target', () => {
    expect(visit({ ...none, readings: [reading('60', 400), reading('60', day + 400)] })).toMatchObject({
      button: 'book',
      reasons: ['lows_a_week'],
    });
    expect(visit({ ...none, readings: [reading('60', 400)] }).button).toBe('none');
    const high = [400, day + 400, 2 * day + 400].map((minutes) => reading('250', minutes));
    expect(visit({ ...none, readings: high }).reasons).toEqual(['days_above_target']);
    expect(visit({ ...none, readings: high.slice(1) }).button).toBe('none');
  });

  it('is a call or the emergency number where the last reading says so', () => {
    const told = (level: string) => ({
      rules_version: '1',
      inputs: {},
      outcome: { label: 'logged', level, recheck: null },
    });
    const at = (level: string) => visit({ ...none, readings: [reading('110', 361, { decision: told(level) })] });
    expect(at('within_days')).toMatchObject({ button: 'book', reasons: ['glucose_within_days'], level: 'within_days' });
    expect(at('same_day')).toMatchObject({ button: 'call', reasons: ['glucose_same_day'], sugar: 'same_day' });
    expect(at('emergency')).toMatchObject({ button: 'emergency', reasons: ['glucose_emergency'], level: 'emergency' });
  });
});

describe('the summary', () => {
  it('counts 28 days and takes means only of what has both ends', () => {
    const logs = [log('2026-10-25', 9, 9), log('2026-10-26', 6, 4), log(today, 4, 4), log(today, null, 2)];
    const steps = [1, 2, 3, 4].map((day) => ({ on: addDays(today, -day), steps: 1000 * day, is_partial: false }));
    const found = summary({
      ...none,
      logs,
      checks: [],
      blocks: [
        { on: today, warning: 'open_sore' },
        { on: today, warning: 'open_sore' },
      ] as never,
      steps: [...steps, { on: today, steps: 9000, is_partial: true }] as never,
    });
    expect(found).toMatchObject({ from: '2026-10-26', to: today, sessions: 3, warnings: ['open_sore'] });
    expect(found.painSessions).toEqual({ before: 5, after: 4 });
    expect(found.steps).toEqual({ mean: 2500, days: 4 });
    expect(found.painWeek).toBeNull();
  });

  it('says of a foot check where each thing was seen', () => {
    const findings = [
      { area: 'left.heel', sign: 'open_sore' },
      { area: 'right.whole', sign: 'warmer' },
    ];
    const told = event({ id: 'check-1', level: 'same_day', signs: ['open_sore', 'warmer', 'new_pain'] });
    const byHand = event({ id: 'told-1', level: 'same_day', signs: ['open_sore'] });
    const checks = [{ id: 'check-1', findings }] as never;
    const found = summary({ ...none, events: [told, byHand], checks, blocks: [], steps: [] });
    expect(found.told).toEqual([
      { event: told, findings },
      { event: byHand, findings: [] },
    ]);
    expect(signsOf(told, findings)).toBe(
      'Heel, Left foot: Open sore, blister or cut · The whole right foot: Warmer than the other foot · New pain',
    );
    expect(signsOf(byHand)).toBe('Open sore, blister, cut, burn or bleeding crack');
  });
});
