import { expect, it } from 'vitest';
import { readSteps } from './read-steps';

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
