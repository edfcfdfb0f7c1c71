/** Local days and times around clock changes. */
import { describe, expect, test } from 'vitest';
import {
  addDays,
  daysBetween,
  formatLocalTime,
  formatWeekday,
  isDay,
  localDate,
  localTime,
  momentOf,
  sameClock,
  startOfDay,
  weekday,
} from './localtime';

const BERLIN = 'Europe/Berlin';
const NEW_YORK = 'America/New_York';
const LORD_HOWE = 'Australia/Lord_Howe';
const APIA = 'Pacific/Apia';

const moment = (on: string, time: string, zone: string) => momentOf(on, time, zone).toISOString();

describe('the moment of a local time', () => {
  test.each([
    ['an ordinary evening', '2026-11-22', '19:00', BERLIN, '2026-11-22T18:00:00.000Z'],
    ['before the spring change', '2026-03-29', '01:59', BERLIN, '2026-03-29T00:59:00.000Z'],
    ['in the spring gap', '2026-03-29', '02:30', BERLIN, '2026-03-29T01:30:00.000Z'],
    ['after the spring change', '2026-03-29', '19:00', BERLIN, '2026-03-29T17:00:00.000Z'],
    ['the first of two', '2026-10-25', '02:30', BERLIN, '2026-10-25T00:30:00.000Z'],
    ['after the autumn change', '2026-10-25', '03:00', BERLIN, '2026-10-25T02:00:00.000Z'],
    ['in the gap west of Greenwich', '2026-03-08', '02:30', NEW_YORK, '2026-03-08T07:30:00.000Z'],
    ['the first of two west of Greenwich', '2026-11-01', '01:30', NEW_YORK, '2026-11-01T05:30:00.000Z'],
    ['in a gap of half an hour', '2026-10-04', '02:15', LORD_HOWE, '2026-10-03T15:45:00.000Z'],
    ['the first of two half-hours', '2026-04-05', '01:45', LORD_HOWE, '2026-04-04T14:45:00.000Z'],
    ['before the day Samoa left out', '2011-12-29', '23:30', APIA, '2011-12-30T09:30:00.000Z'],
    ['after the day Samoa left out', '2011-12-31', '00:30', APIA, '2011-12-30T10:30:00.000Z'],
  ])('%s', (_name, on, time, zone, expected) => {
    expect(moment(on, time, zone)).toBe(expected);
  });

  test('every moment of a year has the local time it was made from, but in a gap', () => {
    for (const zone of [BERLIN, NEW_YORK, LORD_HOWE, 'Asia/Kathmandu', 'America/St_Johns']) {
      for (let day = '2026-01-01'; day < '2027-01-01'; day = addDays(day, 1)) {
        const at = momentOf(day, '12:00', zone);
        expect([zone, localDate(at, zone), localTime(at, zone)]).toEqual([zone, day, '12:00']);
      }
    }
  });
});

test('a local day begins where the clock says, not at midnight UTC', () => {
  expect(localDate(new Date('2026-11-22T23:30:00Z'), BERLIN)).toBe('2026-11-23');
  expect(localDate(new Date('2026-11-22T02:00:00Z'), NEW_YORK)).toBe('2026-11-21');
  expect(startOfDay('2026-10-25', BERLIN).toISOString()).toBe('2026-10-24T22:00:00.000Z');
});

test('days are counted by the calendar', () => {
  expect(addDays('2026-03-28', 2)).toBe('2026-03-30');
  expect(addDays('2028-03-01', -1)).toBe('2028-02-29');
  expect(daysBetween('2026-10-24', '2026-10-26')).toBe(2);
  expect(weekday('2026-11-22')).toBe(7);
  expect(weekday('2026-11-23')).toBe(1);
});

test.each(['', 'x', '2026-13-01', '2026-02-29', '2026-04-31', '26-11-22', '2026-11-22T10:00'])(
  '%j is no day',
  (text) => {
    expect([isDay(text), isDay('2028-02-29')]).toEqual([false, true]);
  },
);

test('days and times are written as the language does', () => {
  expect(formatLocalTime('19:00', 'en-US')).toMatch(/^7:00\sPM$/);
  expect(formatLocalTime('19:00', 'de')).toBe('19:00');
  expect(formatWeekday(1, 'en')).toBe('Monday');
});

test('two names of one clock are the same, two clocks that only meet for a season are not', () => {
  const now = new Date('2026-11-22T09:15:00Z');
  expect(sameClock('Asia/Calcutta', 'Asia/Kolkata', now)).toBe(true);
  expect(sameClock('Europe/Berlin', 'Europe/Paris', now)).toBe(true);
  expect(sameClock('Europe/London', 'Africa/Abidjan', now)).toBe(false);
  expect(sameClock('America/Phoenix', 'America/Denver', now)).toBe(false);
});
