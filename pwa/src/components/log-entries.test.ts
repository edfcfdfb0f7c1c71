import { expect, it } from 'vitest';
import type { Records, Stored } from '../store/store';
import { logDays } from './log-entries';

function stored<T>(id: string, record: T): Stored<T> {
  return { id, record, waiting: false, refused: null };
}

const diary = (on: string, at: string) => stored(on, { on, recorded_at: at } as Records['symptom_entry']);
const session = (on: string, at: string) => stored(at, { on, started_at: at } as Records['session_log']);
const steps = (on: string, source: string) =>
  stored(on, { on, counts: [{ source, observed_at: `${on}T23:00:00Z` }] } as Records['step_count']);

it('the newest day comes first, and in it the newest entry', () => {
  const days = logDays(
    [diary('2026-11-20', '2026-11-20T08:00:00Z'), diary('2026-11-22', '2026-11-22T08:00:00Z')],
    [session('2026-11-22', '2026-11-22T19:00:00Z')],
    [],
  );
  expect(days.map(({ on, entries }) => [on, entries.map(({ kind }) => kind)])).toEqual([
    ['2026-11-22', ['session_log', 'symptom_entry']],
    ['2026-11-20', ['symptom_entry']],
  ]);
});

it('steps of a device are not in the list, typed ones are', () => {
  const days = logDays([], [], [steps('2026-11-21', 'manual'), steps('2026-11-22', 'apple_health')]);
  expect(days.map(({ on }) => on)).toEqual(['2026-11-21']);
});
