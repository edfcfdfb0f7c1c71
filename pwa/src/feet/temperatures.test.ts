/** What a thermometer shows, as it is typed. */
import { describe, expect, it } from 'vitest';
import { feet } from '../care/feet';
import { readDegrees, readTemperatures, typedOf } from './temperatures';

describe('a temperature', () => {
  it.each([
    ['30', 'C', 30],
    ['30.5', 'C', 30.5],
    ['30,5', 'C', 30.5],
    [' 31.9 ', 'C', 31.9],
    ['10', 'C', 10],
    ['45', 'C', 45],
    ['50', 'F', 50],
    ['113', 'F', 113],
    ['86.9', 'F', 86.9],
    ['', 'C', null],
    [' ', 'F', null],
  ] as const)('%j in °%s is read', (text, unit, value) => {
    expect(readDegrees(text, unit)).toBe(value);
  });

  it.each([
    ['9.9', 'C', 'bad'],
    ['45.1', 'C', 'bad'],
    ['113.1', 'F', 'bad'],
    ['88', 'C', 'other_unit'],
    ['31', 'F', 'other_unit'],
    ['30.55', 'C', 'bad'],
    ['-30', 'C', 'bad'],
    ['3e1', 'C', 'bad'],
    ['30 C', 'C', 'bad'],
    ['٣٠', 'C', 'bad'],
    ['thirty', 'F', 'bad'],
  ] as const)('%j in °%s is not', (text, unit, why) => {
    expect(readDegrees(text, unit)).toBe(why);
  });

  it('whatever is typed, what is read fits the unit and has one digit after the point', () => {
    const marks = '0123456789.,- eE+°';
    let seed = 7;
    const next = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    for (let n = 0; n < 20_000; n += 1) {
      const text = Array.from({ length: next(7) }, () => marks[next(marks.length)]).join('');
      const unit = next(2) === 0 ? 'C' : 'F';
      const read = readDegrees(text, unit);
      if (typeof read !== 'number') continue;
      expect(read, text).toBeGreaterThanOrEqual(feet.temperature[unit].least);
      expect(read, text).toBeLessThanOrEqual(feet.temperature[unit].most);
      expect(Math.round(read * 10) / 10, text).toBe(read);
    }
  });
});

it('only spots with a number are readings, and they come back as they were typed', () => {
  const typed = {
    heel: { left: '30.5', right: '31' },
    arch: { left: '', right: '' },
    big_toe: { left: '29', right: '' },
  };
  const { readings, errors } = readTemperatures(typed, 'C');
  expect(errors).toEqual({});
  expect(readings).toEqual([
    { spot: 'big_toe', left: 29, right: null },
    { spot: 'heel', left: 30.5, right: 31 },
  ]);
  expect(readTemperatures(typedOf(readings), 'C').readings).toEqual(readings);
  expect(readTemperatures({ heel: { left: '88', right: 'x' } }, 'C').errors).toEqual({
    'heel.left': 'other_unit',
    'heel.right': 'bad',
  });
});
