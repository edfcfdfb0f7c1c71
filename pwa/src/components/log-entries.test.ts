import { expect, it } from 'vitest';
import type { Records, Stored } from '../store/store';
import { logDays } from './log-entries';

function stored<T>(id: string, record: T): Stored<T> {
  return { id, record, waiting: false, refused: null };
}

const diary = (on: string, at = `${on}T08:00:00Z`) => stored(on, { on, recorded_at: at } as Records['symptom_entry']);
const session = (on: string, at: string) => stored(at, { on, started_at: at } as Records['session_log']);
const steps = (on: string, source: string) =>
  stored(on, { on, counts: [{ source, observed_at: `${on}T23:00:00Z` }] } as Records['step_count']);

it('the newest day comes first, and in it the newest entry', () => {
  const { days, more } = logDays(
    [
      { kind: 'symptom_entry', records: [diary('2026-11-22'), diary('2026-11-20')] },
      { kind: 'session_log', records: [session('2026-11-22', '2026-11-22T19:00:00Z')] },
    ],
    60,
  );
  expect(days.map(({ on, entries }) => [on, entries.map(({ kind }) => kind)])).toEqual([
    ['2026-11-22', ['session_log', 'symptom_entry']],
    ['2026-11-20', ['symptom_entry']],
  ]);
  expect(more).toBe(false);
});

it('steps of a device are not in the list, typed ones are', () => {
  const records = [steps('2026-11-22', 'apple_health'), steps('2026-11-21', 'manual')];
  expect(logDays([{ kind: 'step_count', records }], 60).days.map(({ on }) => on)).toEqual(['2026-11-21']);
});

it('a day that may lack an entry waits until older ones are asked for', () => {
  const sessions = [session('2026-11-22', '2026-11-22T19:00:00Z'), session('2026-11-21', '2026-11-21T19:00:00Z')];
  const entries = [diary('2026-11-22'), diary('2026-11-21'), diary('2026-11-20')];
  const { days, more } = logDays(
    [
      { kind: 'symptom_entry', records: entries },
      { kind: 'session_log', records: sessions },
    ],
    2,
  );
  expect(days.map(({ on }) => on)).toEqual(['2026-11-22']);
  expect(more).toBe(true);
});

it('a day that holds more than fit is shown in part', () => {
  const sessions = ['19', '18'].map((hour) => session('2026-11-22', `2026-11-22T${hour}:00:00Z`));
  const { days, more } = logDays([{ kind: 'session_log', records: sessions }], 2);
  expect(days.map(({ on, entries }) => [on, entries.length])).toEqual([['2026-11-22', 2]]);
  expect(more).toBe(true);
});
