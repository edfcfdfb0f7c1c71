/** The patient's newest entries of all kinds in one list, grouped by day. */
import type { Stored } from '../store/store';
import { type LoggedKind, logKindOf } from './log-kinds';

export interface LogEntry {
  kind: LoggedKind;
  on: string;
  at: string;
  stored: Stored<LoggedRecord>;
}

export interface LogDay {
  on: string;
  entries: LogEntry[];
}

type LoggedRecord = Parameters<ReturnType<typeof logKindOf>['edit']>[0];

/** The newest records of one kind, newest first, `most` at most. */
export interface Newest {
  kind: LoggedKind;
  records: readonly Stored<LoggedRecord>[];
}

/**
 * The newest day first. Of a kind that has more than `most` records only some are here, so days that may lack an entry
 * are left out: `more` says that there are older ones.
 */
export function logDays(lists: readonly Newest[], most: number): { days: LogDay[]; more: boolean } {
  const cut = lists.filter(({ records }) => records.length >= most);
  const incomplete = cut.map(({ records }) => records.at(-1)?.record.on ?? '').reduce(later, '');
  const days = new Map<string, LogEntry[]>();
  for (const { kind, records } of lists)
    for (const stored of records) {
      const at = logKindOf(kind).at(stored.record);
      if (at === null) continue;
      const { on } = stored.record;
      days.set(on, [...(days.get(on) ?? []), { kind, on, at, stored }]);
    }
  const whole = [...days.keys()].filter((on) => on > incomplete);
  // One day may hold more than `most`: then it is better shown in part than not at all.
  const shown = whole.length > 0 ? whole : [...days.keys()].filter((on) => on === incomplete);
  return {
    days: shown.sort((a, b) => b.localeCompare(a)).map((on) => ({ on, entries: newestFirst(days.get(on) ?? []) })),
    more: cut.length > 0,
  };
}

const later = (a: string, b: string) => (a > b ? a : b);

const newestFirst = (entries: LogEntry[]) => entries.sort((a, b) => b.at.localeCompare(a.at));
