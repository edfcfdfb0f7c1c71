import { expect, it } from 'vitest';
import { sessionDaysUpTo, weeksOf } from './session-days';

const days = sessionDaysUpTo(
  '2026-11-28',
  ['2026-11-02', '2026-11-28', '2026-10-31'],
  ['2026-11-02', '2026-11-04'],
  [],
);

it('there are 28 days, the last of them today', () => {
  expect(days).toHaveLength(28);
  expect([days[0]?.on, days.at(-1)?.on]).toEqual(['2026-11-01', '2026-11-28']);
  expect(days.filter(({ done }) => done).map(({ on }) => on)).toEqual(['2026-11-02', '2026-11-28']);
});

it('each week has its own count', () => {
  expect(weeksOf(days).map(({ first, last, done, planned }) => [first, last, done, planned])).toEqual([
    ['2026-11-01', '2026-11-07', 1, 2],
    ['2026-11-08', '2026-11-14', 0, 0],
    ['2026-11-15', '2026-11-21', 0, 0],
    ['2026-11-22', '2026-11-28', 1, 0],
  ]);
});

it('a session that is due today is told, with the day it moved from, and is not counted yet', () => {
  const coming = [
    { on: '2026-11-28', moved_from: '2026-11-27' },
    { on: '2026-11-30', moved_from: null },
  ];
  const due = sessionDaysUpTo('2026-11-28', [], ['2026-11-27'], coming);
  expect(due.filter((day) => day.due)).toEqual([
    { on: '2026-11-28', done: false, planned: false, due: { on: '2026-11-28', moved_from: '2026-11-27' } },
  ]);
  expect(weeksOf(due).at(-1)?.planned).toBe(1);
});
