/** The last four weeks of massages, day by day and week by week. Pure. */
import type { SessionDay } from '../care/plan';
import { addDays } from '../localtime';

export const SESSION_DAYS = 28;
const WEEK = 7;

export interface DayOfSessions {
  readonly on: string;
  /** A stopped one counts. */
  readonly done: boolean;
  readonly planned: boolean;
  /** Today's session, still to come. It counts as planned once the day is over, or it is done. */
  readonly due: SessionDay | null;
}

export interface WeekOfSessions {
  readonly first: string;
  readonly last: string;
  readonly done: number;
  readonly planned: number;
}

/** The 28 days up to today, oldest first; `coming` are the session days as Today has them. */
export function sessionDaysUpTo(
  today: string,
  done: readonly string[],
  planned: readonly string[],
  coming: readonly SessionDay[],
): DayOfSessions[] {
  return Array.from({ length: SESSION_DAYS }, (_, at) => {
    const on = addDays(today, at + 1 - SESSION_DAYS);
    return {
      on,
      done: done.includes(on),
      planned: planned.includes(on),
      due: (on === today && coming.find((day) => day.on === today)) || null,
    };
  });
}

export function weeksOf(days: readonly DayOfSessions[]): WeekOfSessions[] {
  return Array.from({ length: days.length / WEEK }, (_, week) => {
    const own = days.slice(week * WEEK, (week + 1) * WEEK);
    return {
      first: own[0]?.on ?? '',
      last: own.at(-1)?.on ?? '',
      done: own.filter((day) => day.done).length,
      planned: own.filter((day) => day.planned).length,
    };
  });
}
