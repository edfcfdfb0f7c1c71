import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type ComfortFacts,
  evaluateComfort,
  knownAnswers,
  readTemperature,
  refusedAtOnce,
  usedUp,
  waterOf,
} from './comfort';

const now = new Date('2026-11-22T09:00:00Z');
const today = '2026-11-22';
const profile = {
  numb_feet: 'no',
  feels_temperature: 'yes',
  past_ulcer_or_shape: 'no',
  poor_circulation: 'no',
  blood_clot: 'no',
  swollen_legs_or_cancer: 'no',
};
const calm = {
  way: 'lukewarm_water',
  warning: 'no',
  sensation_test: 'yes',
  cold_illness: 'no',
  cream_or_oil: 'no',
  drowsy_or_alcohol: 'no',
  thermometer: 'yes',
};
const ok = {
  reasons: ['heat'],
  clinician_name: 'Dr Okafor',
  clinician_on: '2026-11-20',
  recorded_at: '2026-11-20T08:00:00Z',
};
const facts: ComfortFacts = { profile, clearances: [ok], blocks: [], logs: [], events: [], now, today };
const resultOf = (changes: Partial<ComfortFacts>) =>
  evaluateComfort({ ...calm, ...knownAnswers({ ...facts, ...changes }) });
const block = (warning: string) => ({
  warning,
  level: warning === 'open_sore' ? 'same_day' : null,
  on: today,
  started_at: '2026-11-22T08:00:00Z',
  ended_at: null,
  end_reason: null,
  clinician_name: null,
  clinician_on: null,
  areas: [],
});

it('who is calm, tested and has the clinic’s OK is offered it', () => {
  expect(resultOf({}).result).toBe('offer');
});

it('numb feet are refused before anything is asked', () => {
  expect(refusedAtOnce(knownAnswers({ ...facts, profile: { ...profile, numb_feet: 'not_sure' } }))?.why).toBe(
    'numb_feet',
  );
  expect(refusedAtOnce(knownAnswers({ ...facts, profile: {} }))?.why).toBe('numb_feet');
  expect(refusedAtOnce(knownAnswers({ ...facts, clearances: [] }))).toBeNull();
});

it('a warning that stands refuses, and so does a person who may not notice a burn', () => {
  expect(resultOf({ blocks: [block('open_sore')] })).toMatchObject({ result: 'refuse', why: 'warning', ladder: true });
  expect(resultOf({ blocks: [block('low_sugar')] })).toMatchObject({ result: 'refuse', why: 'drowsy_or_alcohol' });
});

it('the OK must be for this, not older than six months, and newer than skin that looked different', () => {
  expect(resultOf({ clearances: [{ ...ok, reasons: ['blood_clot'] }] }).result).toBe('ask_clinic');
  expect(resultOf({ clearances: [{ ...ok, clinician_on: '2026-05-21' }] }).result).toBe('ask_clinic');
  expect(resultOf({ clearances: [{ ...ok, clinician_on: '2026-05-22' }] }).result).toBe('offer');
  const hurt = { skin: 'changed', ended_at: '2026-11-21T08:00:00Z' };
  expect(resultOf({ logs: [hurt] }).result).toBe('ask_clinic');
  expect(resultOf({ logs: [{ ...hurt, skin: 'same' }] }).result).toBe('offer');
  expect(resultOf({ logs: [hurt], clearances: [{ ...ok, recorded_at: '2026-11-22T08:00:00Z' }] }).result).toBe('offer');
});

it('what was told of a foot today refuses the water of that day, whatever is asked later', () => {
  const told = (changes = {}) => resultOf({ events: [{ on: today, level: null, worried: true, ...changes }] });
  expect(told()).toMatchObject({ result: 'refuse', why: 'warning', ladder: true });
  expect(told({ level: 'within_days', worried: false }).why).toBe('warning');
  expect(told({ on: '2026-11-21' }).result).toBe('offer');
  expect(told({ worried: false }).result).toBe('offer');
});

it('once a day and three times in seven days', () => {
  expect(usedUp([], today, '2026-11-15')).toBeNull();
  expect(usedUp([today], today, '2026-11-15')).toBe('today');
  expect(usedUp(['2026-11-16', '2026-11-18', '2026-11-20'], today, '2026-11-15')).toBe('week');
  expect(usedUp(['2026-11-15', '2026-11-18', '2026-11-20'], today, '2026-11-15')).toBeNull();
});

it('a temperature is read as it is typed here and elsewhere', () => {
  expect(['34', '34.5', ' 34,5 '].map(readTemperature)).toEqual([34, 34.5, 34.5]);
  expect(['', '-4', '34.55', 'warm', '3 4', '34°', '1e2'].every((typed) => Number.isNaN(readTemperature(typed)))).toBe(
    true,
  );
});

it('nothing that anybody types fits unless it lies within the limits', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.float().map(String),
        fc.nat(400).map((n) => String(n / 10)),
      ),
      (typed) => {
        const value = readTemperature(typed);
        if (waterOf('warm', 'C', value) === 'fits') expect(value >= 32 && value <= 35).toBe(true);
        if (waterOf('cool', 'F', value) === 'fits') expect(value >= 68 && value < 90).toBe(true);
      },
    ),
  );
});
