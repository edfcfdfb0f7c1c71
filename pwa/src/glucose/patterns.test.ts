/** What the decided readings ask for: an answer, another check, a call, a visit. */
import { describe, expect, it } from 'vitest';
import { ago, reading, shows, today } from '../testing/glucose';
import { decided, type Known, outcomeOf } from './decide';
import { isDoubtful, pattern, recheckDue, urgentReading } from './patterns';
import type { Reading } from './readings';

const now = new Date(`${today}T18:00:00Z`);
const me = { region: 'US' as const, profile: null, glucose_targets: null };
const known = (...readings: Reading[]): Known => ({ me, readings });
const judged = (one: Reading, ...others: Reading[]) => decided(one, known(...others));

describe('a number in doubt', () => {
  it('is a very low one that nobody has confirmed', () => {
    expect(isDoubtful(reading('25', 5))).toBe(true);
    expect(isDoubtful(reading('25', 5, { confirmed: true }))).toBe(false);
    expect(isDoubtful(reading('36', 5))).toBe(false);
    expect(isDoubtful(reading('5.6', 5))).toBe(false);
    expect(isDoubtful(reading('2.0', 5, { unit: 'mmol/L' }))).toBe(false);
    expect(isDoubtful(shows('LO', 5))).toBe(false);
  });

  it('is a low one until then', () => {
    expect(urgentReading(known(judged(reading('25', 5))), now)?.level).toBe('same_day');
  });
});

describe('a reading that came without a decision', () => {
  it('is decided from its number, and from what was told with it', () => {
    const says = (one: Reading, ...others: Reading[]) => outcomeOf(one, known(one, ...others));
    expect(says(reading('50', 5))).toMatchObject({ label: 'very_low', level: 'same_day', recheck: 15 });
    expect(says(reading('110', 5))).toMatchObject({ label: 'logged', level: null, recheck: null });
    expect(says(reading('110', 5, { signs: ['confusion'] })).level).toBe('emergency');
    expect(says(reading('320', 0), reading('310', 60)).level).toBe('same_day');
    expect(says(shows('HI', 0), shows('HI', 10)).level).toBe('emergency');
  });

  it('takes the strictest where the profile says nothing', () => {
    expect(outcomeOf(reading('250', 5), known()).ask_ketones).toBe(true);
  });

  it('counts on Today and for a visit', () => {
    const low = reading('50', 5);
    expect(urgentReading(known(low), now)).toEqual({ reading: low, level: 'same_day' });
    expect(recheckDue(known(low), now)?.toISOString()).toBe(ago(-10));
    expect(pattern(known(low), now, today)).toMatchObject({ glucose_level: 'same_day', lows_a_week: 1 });
  });
});

describe('a call', () => {
  it('stays for four hours, or until a later reading needs none', () => {
    const level = (...readings: Reading[]) => urgentReading(known(...readings), now)?.level;
    expect(level(judged(reading('50', 239)))).toBe('same_day');
    expect(level(judged(reading('50', 240)))).toBeUndefined();
    expect(level(judged(reading('50', 30)), judged(reading('90', 5)))).toBeUndefined();
    expect(level(judged(reading('60', 5)))).toBeUndefined();
    expect(level()).toBeUndefined();
  });
});

describe('to be checked again', () => {
  it('15 minutes after a low, and no more once a later one is fine', () => {
    const low = judged(reading('60', 10));
    expect(recheckDue(known(low), now)?.toISOString()).toBe(ago(-5));
    expect(recheckDue(known(low, judged(reading('110', 1))), now)).toBeNull();
    expect(recheckDue(known(judged(reading('60', 60 * 3))), now)).toBeNull();
    expect(recheckDue(known(), now)).toBeNull();
  });
});

describe('patterns', () => {
  const found = (...readings: Reading[]) => pattern(known(...readings), now, today);
  const DAY = 24 * 60;

  it('a low with its rechecks is one low', () => {
    expect(found(reading('60', 45), reading('62', 30), reading('65', 15)).lows_a_week).toBe(1);
    expect(found(reading('60', 45), reading('60', 5 * DAY)).lows_a_week).toBe(2);
    expect(found(reading('60', 45), reading('60', 7 * DAY)).lows_a_week).toBe(1);
    expect(found(reading('60', 200), reading('62', 100), reading('65', 5)).lows_a_week).toBe(1);
    expect(found(reading('60', 40), reading('75', 25), reading('65', 10)).lows_a_week).toBe(1);
    expect(found(reading('60', 200), reading('110', 150), reading('65', 5)).lows_a_week).toBe(2);
    expect(found(reading('60', 300), reading('65', 5)).lows_a_week).toBe(2);
  });

  it('days above target are counted once, also those that are high', () => {
    const above = (minutes: number) => judged(reading('150', minutes, { context: 'fasting' }));
    const targets = { unit: 'mg/dL' as const, before_low: 80, before_high: 130, after_below: 180 };
    const own = (minutes: number) => decided(above(minutes), { me: { ...me, glucose_targets: targets }, readings: [] });
    expect(found(own(10), own(20), own(DAY)).days_above_target).toBe(2);
    expect(found(own(10), reading('250', DAY), shows('HI', 2 * DAY), own(9 * DAY)).days_above_target).toBe(3);
  });

  it('an emergency is the last word for four hours and then a call today', () => {
    const danger = (minutes: number) => judged(reading('200', minutes, { signs: ['vomiting'] }));
    expect(found(danger(10)).glucose_level).toBe('emergency');
    expect(found(danger(10), judged(reading('110', 5))).glucose_level).toBe('same_day');
    expect(found(danger(5 * 60)).glucose_level).toBe('same_day');
    expect(found(danger(DAY)).glucose_level).toBeNull();
    expect(found(reading('110', 5)).glucose_level).toBeNull();
  });
});
