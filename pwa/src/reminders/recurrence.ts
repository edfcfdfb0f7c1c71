/** When a reminder falls due: days by a rule, times on the wall, and the moments they are. Twin of recurrence.py. */
import { addDays, daysBetween, localDate, momentOf, weekday } from '../localtime';
import type { Records } from '../store/store';

export type Reminder = Records['reminder'];
export type Rule = Pick<Reminder, 'repeat' | 'every' | 'weekdays' | 'times' | 'starts_on' | 'ends_on'>;

export interface Moment {
  readonly on: string;
  /** What the clock on the wall shall show. */
  readonly time: string;
  readonly at: Date;
}

/** Whether the days of the rule hold `on`, its start and end left aside. */
function fallsOn({ repeat, every, weekdays, starts_on }: Rule, on: string): boolean {
  if (repeat === 'weekdays') return weekdays?.includes(weekday(on)) ?? false;
  const since = daysBetween(starts_on, on);
  const n = every ?? 1;
  if (repeat === 'every_n_days') return since % n === 0;
  return Array.from({ length: n }, (_, at) => Math.floor((at * 7) / n)).includes(since % 7);
}

/** No more than so many days lie between two of its days. */
const longestGap = ({ repeat, every }: Rule): number => (repeat === 'every_n_days' ? (every ?? 1) : 7);

function* daysOf(rule: Rule, first: string, last: string): Generator<string> {
  const end = rule.ends_on !== null && rule.ends_on < last ? rule.ends_on : last;
  for (let on = first; on <= end; on = addDays(on, 1)) if (fallsOn(rule, on)) yield on;
}

/** The next `count` moments after `now`; fewer when the rule ends before. */
export function nextMoments(rule: Rule, zone: string, count: number, now: Date): Moment[] {
  const today = localDate(now, zone);
  const first = today > rule.starts_on ? today : rule.starts_on;
  const found: Moment[] = [];
  for (const on of daysOf(rule, first, addDays(first, longestGap(rule) * (count + 1)))) {
    const moments = [...rule.times].sort().map((time) => ({ on, time, at: momentOf(on, time, zone) }));
    // Sorted again: a time that a clock change skips comes after the hour that follows the gap.
    found.push(...moments.sort((a, b) => a.at.getTime() - b.at.getTime()).filter(({ at }) => at > now));
    if (found.length >= count) break;
  }
  return found.slice(0, count);
}

/** Whether none of its days lies between its start and its end. */
export function neverComes(rule: Rule): boolean {
  if (rule.ends_on === null) return false;
  return daysOf(rule, rule.starts_on, addDays(rule.starts_on, longestGap(rule))).next().done === true;
}
