import { expect, it } from 'vitest';
import { columnAt, linePath, middleOf, roundTop } from './chart-scale';

it.each([
  [0, 1],
  [7, 8],
  [4210, 5000],
  [6204, 8000],
  [10_000, 10_000],
  [12_345, 20_000],
])('the top above %d is %d', (largest, top) => {
  expect(roundTop(largest)).toBe(top);
});

it('a touch in a column means that column, and none lies outside', () => {
  expect(columnAt(middleOf(3, 7, 300), 7, 300)).toBe(3);
  expect(columnAt(-5, 7, 300)).toBe(0);
  expect(columnAt(305, 7, 300)).toBe(6);
});

it('the line skips days without a value and is broken by more than a week', () => {
  const values = [1, null, 2, ...Array<null>(8).fill(null), 3];
  expect(
    linePath(
      values,
      (at) => at,
      (value) => value,
    ),
  ).toBe('M0.0 1.0L2.0 2.0M11.0 3.0h0');
});
