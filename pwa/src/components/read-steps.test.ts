import { beforeAll, expect, it } from 'vitest';
import { loadSentences } from '../text';
import { daySteps, readSteps } from './read-steps';

beforeAll(() => loadSentences('all'));

it.each([
  ['4210', 4210],
  [' 4,210 ', 4210],
  ['4.210', 4210],
  ['4 210', 4210],
  ['0', 0],
  ['200000', 200_000],
])('%j is %d steps', (typed, steps) => {
  expect(readSteps(typed)).toBe(steps);
});

it.each(['', 'many', '-5', '12.5', '4,21', '200001', '1e5', '٤٢'])('%j is no number of steps', (typed) => {
  expect(readSteps(typed)).toBeNull();
});

it('only today is so far; an earlier day that is not whole may be more', () => {
  const day = { on: '2026-11-22', steps: 1200, is_partial: true };
  expect(daySteps(day, '2026-11-22')).toBe('1,200 steps so far');
  expect(daySteps(day, '2026-11-23')).toBe('1,200 steps, maybe more');
  expect(daySteps({ ...day, is_partial: false }, '2026-11-22')).toBe('1,200 steps');
});
