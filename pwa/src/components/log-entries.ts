/** The patient's entries of all kinds in one list, newest first, grouped by day. */
import type { Records, Stored } from '../store/store';

export type LogEntry =
  | { kind: 'symptom_entry'; on: string; at: string; stored: Stored<Records['symptom_entry']> }
  | { kind: 'session_log'; on: string; at: string; stored: Stored<Records['session_log']> }
  | { kind: 'step_count'; on: string; at: string; stored: Stored<Records['step_count']> };

export interface LogDay {
  on: string;
  entries: LogEntry[];
}

/** Steps stand in the list only where the patient typed them: the rest is not theirs to edit. */
export function logDays(
  diary: readonly Stored<Records['symptom_entry']>[],
  sessions: readonly Stored<Records['session_log']>[],
  steps: readonly Stored<Records['step_count']>[],
): LogDay[] {
  const entries: LogEntry[] = [
    ...diary.map((stored) => ({
      kind: 'symptom_entry' as const,
      ...when(stored.record, stored.record.recorded_at),
      stored,
    })),
    ...sessions.map((stored) => ({
      kind: 'session_log' as const,
      ...when(stored.record, stored.record.started_at),
      stored,
    })),
    ...steps.flatMap((stored) => {
      const typed = handEntry(stored.record);
      return typed ? [{ kind: 'step_count' as const, ...when(stored.record, typed.observed_at), stored }] : [];
    }),
  ];
  entries.sort((a, b) => (a.on === b.on ? b.at.localeCompare(a.at) : b.on.localeCompare(a.on)));
  const days: LogDay[] = [];
  for (const entry of entries) {
    const last = days.at(-1);
    if (last?.on === entry.on) last.entries.push(entry);
    else days.push({ on: entry.on, entries: [entry] });
  }
  return days;
}

export function handEntry(day: Records['step_count']) {
  return day.counts.find((count) => count.source === 'manual');
}

function when({ on }: { on: string }, at: string) {
  return { on, at };
}
