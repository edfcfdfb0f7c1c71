/** The last four weeks of massages, day by day and week by week. Pure. */
import { addDays } from '../localtime';

export const SESSION_DAYS = 28;
const WEEK = 7;

export interface DayOfSessions {
  readonly on: string;
  /** A stopped one counts. */
  readonly done: boolean;
  readonly planned: boolean;
}

export interface WeekOfSessions {
  readonly first: string;
  readonly last: string;
  readonly done: number;
  readonly planned: number;
}

/** The 28 days up to today, oldest first. */
export function sessionDaysUpTo(today: string, done: readonly string[], planned: readonly string[]): DayOfSessions[] {
  return Array.from({ length: SESSION_DAYS }, (_, at) => {
    const on = addDays(today, at + 1 - SESSION_DAYS);
    return { on, done: done.includes(on), planned: planned.includes(on) };
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
