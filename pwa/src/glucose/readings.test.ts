/** What the diary says: low now, rounds, an hour of very high. */
import { describe, expect, it } from 'vitest';
import { reading, shows, today } from '../testing/glucose';
import { decided } from './decide';
import { historyAt, inOtherUnit, lowNow, numberOf, type Reading } from './readings';

const now = new Date(`${today}T18:00:00Z`);
const me = { region: 'US' as const, profile: null, glucose_targets: null };
const judged = (one: Reading, others: Reading[] = []) => decided(one, { me, readings: others });

describe('a number', () => {
  it('is typed with a point or a comma', () => {
    expect(['110', '5.6', '5,6', '33,33'].map(numberOf)).toEqual([110, 5.6, 5.6, 33.33]);
    expect(['', '5.', '.5', '-5', '1e3', '5.678', '5 6', 'abc', null].map(numberOf)).toEqual(Array(9).fill(null));
  });

  it('is shown in the other unit by the factor that gives the clinical figures', () => {
    expect(inOtherUnit(100, 'mg/dL')).toEqual({ value: 5.6, unit: 'mmol/L' });
    expect(inOtherUnit(300, 'mg/dL')).toEqual({ value: 16.7, unit: 'mmol/L' });
    expect(inOtherUnit(4.4, 'mmol/L')).toEqual({ value: 79, unit: 'mg/dL' });
  });
});

describe('a low reading stops a massage', () => {
  const low = (...readings: Reading[]) => lowNow(readings, 'US', now)?.id;

  it('while it is the last one and under four hours old', () => {
    expect(low(reading('69', 10))).toBe('r10');
    expect(low(reading('70', 10))).toBeUndefined();
    expect(low(reading('60', 239))).toBe('r239');
    expect(low(reading('60', 240))).toBeUndefined();
    expect(low(shows('LO', 5))).toBe('r5');
    expect(low(shows('HI', 5))).toBeUndefined();
  });

  it('until a later one is at or above', () => {
    expect(low(reading('60', 30), reading('70', 10))).toBeUndefined();
    expect(low(reading('110', 30), reading('60', 10))).toBe('r10');
  });

  it('in its own unit, below 4.0 in Britain and Ireland', () => {
    const at = (value: string) => reading(value, 10, { unit: 'mmol/L' });
    expect(lowNow([at('3.8')], 'EU', now)).not.toBeNull();
    expect(lowNow([at('3,9')], 'EU', now)).toBeNull();
    expect(lowNow([at('3.9')], 'IE', now)).not.toBeNull();
    expect(lowNow([at('4.0')], 'GB', now)).toBeNull();
  });

  it('and one from ahead of the clock says nothing', () => {
    expect(low(reading('60', 30), reading('110', -90))).toBe('r30');
  });
});

describe('what came before', () => {
  const history = (...readings: Reading[]) => historyAt(readings, now, 'US');

  it('rounds are lows at least ten minutes apart, without an hour between', () => {
    expect(history().rounds).toBe(0);
    expect(history(reading('60', 15)).rounds).toBe(1);
    expect(history(reading('60', 45), reading('58', 30), reading('62', 15)).rounds).toBe(3);
    expect(history(reading('60', 16), reading('58', 15), reading('62', 14)).rounds).toBe(1);
    expect(history(reading('60', 61)).rounds).toBe(0);
    expect(history(reading('60', 40), reading('90', 20)).rounds).toBe(0);
  });

  it('an hour of 300 and more has nothing lower in it', () => {
    expect(history(reading('310', 60)).high_for_an_hour).toBe('yes');
    expect(history(reading('310', 44)).high_for_an_hour).toBe('no');
    expect(history(reading('310', 60), reading('299', 30)).high_for_an_hour).toBe('no');
    expect(history(reading('310', 60), reading('305', 20)).high_for_an_hour).toBe('yes');
    expect(history(reading('310', 361)).high_for_an_hour).toBe('no');
    expect(history(reading('310', 400), reading('305', 20)).high_for_an_hour).toBe('no');
    expect(history(reading('310', 380), reading('305', 20)).high_for_an_hour).toBe('yes');
    expect(history(reading('299', 60)).high_for_an_hour).toBe('no');
  });

  it('HI again is HI right before, within two hours', () => {
    expect(history(shows('HI', 5)).hi_again).toBe('yes');
    expect(history(reading('600', 120)).hi_again).toBe('yes');
    expect(history(shows('HI', 121)).hi_again).toBe('no');
    expect(history(shows('HI', 15), reading('400', 5)).hi_again).toBe('no');
  });

  it('reaches the decision', () => {
    const rounds = [reading('60', 45), reading('60', 30), reading('60', 15)];
    expect(judged(reading('60', 0), rounds).decision?.outcome).toMatchObject({ label: 'low', level: 'same_day' });
    expect(judged(shows('HI', 0), [shows('HI', 10)]).decision?.outcome).toMatchObject({ level: 'emergency' });
    expect(judged(reading('320', 0), [reading('320', 70)]).decision?.outcome).toMatchObject({ level: 'same_day' });
  });
});
