/** What a shoe check asks, and what it carries over from the last one. */
import { describe, expect, it } from 'vitest';
import { decideShoes } from '../care/feet';
import { shoeCheckTable } from '../care/tables';
import { kept } from '../session/blocks';
import { answersFrom, asBefore, eachTime, hoursOf, missing, ofTheShoes, readHours, type ShoeAnswers } from './shoes';

const good: ShoeAnswers = {
  footwear: 'shoe',
  felt_inside: 'yes',
  rough_inside: 'no',
  torn_lining: 'no',
  worn_heel: 'no',
  toe_room: 'right',
  narrow_toes: 'no',
  high_heel: 'no',
  thin_sole: 'no',
  fastening: 'yes',
  socks: 'good',
  red_marks: 'none',
  new_shoes: 'no',
  prescribed: 'no',
  looked_over: 'under_3',
};
const checked = (answers: ShoeAnswers) => ({ decision: kept(decideShoes({ ...answers, ...hoursOf(answers) })) });

it('every question of the table is asked', () => {
  const names = shoeCheckTable.inputs.map(({ name }) => name);
  expect(['footwear', ...eachTime, ...ofTheShoes].sort()).toEqual([...names].sort());
});

describe('what is still to be answered', () => {
  it('is everything of a shoe, and nothing of bare feet', () => {
    expect(missing({})).toEqual(['footwear']);
    expect(missing({ footwear: 'slipper' })).toEqual([]);
    expect(missing({ footwear: 'shoe' })).toHaveLength(eachTime.length + ofTheShoes.length - 1);
    expect(missing(good)).toEqual([]);
  });

  it('has the hours only in the first two days of new shoes', () => {
    expect(missing({ ...good, new_shoes: 'day_1' })).toEqual(['hours_worn']);
    expect(missing({ ...good, new_shoes: 'day_2', hours_worn: 'x' })).toEqual(['hours_worn']);
    expect(missing({ ...good, new_shoes: 'day_2', hours_worn: '1,5' })).toEqual([]);
    expect(missing({ ...good, new_shoes: 'later' })).toEqual([]);
  });
});

it.each([
  ['0', 0],
  ['1.5', 1.5],
  ['1,5', 1.5],
  ['24', 24],
  ['24.1', null],
  ['-1', null],
  ['', null],
  ['two', null],
])('%j hours', (text, hours) => {
  expect(readHours(text)).toBe(hours);
});

it('hours of shoes that are not new do not count', () => {
  expect(hoursOf({ new_shoes: 'no', hours_worn: '9' })).toEqual({ hours_worn: null });
  expect(decideShoes({ ...good, ...hoursOf({ ...good, hours_worn: '9' }) }).outcome.verdict).toBe('wear');
});

it('the next check begins with what belongs to the pair, and asks the rest again', () => {
  const next = asBefore(checked({ ...good, new_shoes: 'day_1', hours_worn: '1' }));
  expect(missing(next)).toEqual(['felt_inside', 'rough_inside', 'socks', 'red_marks', 'new_shoes']);
  expect(answersFrom(checked({ ...good, new_shoes: 'day_1', hours_worn: '1' })).hours_worn).toBe('1');
  expect(asBefore(checked({ footwear: 'slipper' }))).toEqual({});
});
