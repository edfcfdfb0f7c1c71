/** What comes next on a day, from the records on the phone. */
import { addDays, weekday } from '../localtime';
import type { Records } from '../store/store';

export type Next =
  | { kind: 'blocked' }
  | { kind: 'unfinished' }
  | { kind: 'profile' }
  | { kind: 'ask_again' }
  | { kind: 'ask_clinic' }
  | { kind: 'session'; time: string; occurrenceId: string | null }
  | { kind: 'done'; next: Day | null }
  | { kind: 'nothing'; next: Day | null }
  | { kind: 'choose_days' };

export interface Day {
  on: string;
  time: string;
}

export interface Facts {
  on: string;
  profile: Records['me']['profile'];
  reminders: readonly Records['reminder'][];
  occurrences: readonly Records['occurrence'][];
  logs: readonly Records['session_log'][];
  blocked: boolean;
  /** What the profile's rules want before a session, if anything. */
  asks: 'ask_again' | 'ask_clinic' | null;
  /** A session was left in the middle and may go on. */
  unfinished: boolean;
}

const FRESH_MS = 80 * 24 * 60 * 60 * 1000;

/** A profile that nothing can have changed since it was judged: Today then shows without the rules, which are large. */
export function isPlain(profile: Facts['profile'], now: Date): boolean {
  if (!profile) return true;
  const { ask_about, mode } = profile.decision?.outcome ?? {};
  const age = now.getTime() - Date.parse(profile.answered_at);
  return mode === 'standard' && Array.isArray(ask_about) && ask_about.length === 0 && age >= 0 && age < FRESH_MS;
}

/** The one next thing, the strictest first. */
export function nextThing(facts: Facts): Next {
  if (facts.blocked) return { kind: 'blocked' };
  if (facts.unfinished) return { kind: 'unfinished' };
  if (!facts.profile) return { kind: 'profile' };
  if (facts.asks) return { kind: facts.asks };
  const massages = facts.reminders.filter((reminder) => reminder.kind === 'massage' && reminder.active);
  const next = nextDay(massages, addDays(facts.on, 1));
  if (facts.logs.some((log) => log.on === facts.on)) return { kind: 'done', next };
  if (massages.length === 0) return { kind: 'choose_days' };
  const due = dueToday(massages, facts);
  return due ? { kind: 'session', ...due } : { kind: 'nothing', next };
}

/** The server's moment of the day where it is known, else what the rule says. */
function dueToday(massages: Facts['reminders'], { on, occurrences }: Facts) {
  const today = occurrences.filter((one) => one.kind === 'massage' && one.on === on);
  const open = today.find((one) => one.state === 'open' || one.state === 'snoozed');
  if (open) return { time: open.local_time, occurrenceId: open.id };
  if (today.length > 0) return null;
  const byRule = nextDay(massages, on);
  return byRule?.on === on ? { time: byRule.time, occurrenceId: null } : null;
}

/** The first day from `from` on which one of the reminders falls; every weekday comes within a week. */
export function nextDay(reminders: Facts['reminders'], from: string): Day | null {
  const starts = reminders.map((reminder) => (reminder.starts_on > from ? reminder.starts_on : from));
  const days = reminders.flatMap((reminder, at) => nextMoments(reminder, starts[at] ?? from, 1));
  return days.sort((a, b) => `${a.on} ${a.time}`.localeCompare(`${b.on} ${b.time}`))[0] ?? null;
}

/** The next `count` moments of a rule from a day on, in order. */
export function nextMoments(
  rule: Pick<Records['reminder'], 'weekdays' | 'times' | 'starts_on' | 'ends_on'>,
  from: string,
  count: number,
): Day[] {
  const found: Day[] = [];
  if (rule.weekdays.length === 0 || rule.times.length === 0) return found;
  const times = [...rule.times].sort();
  for (let on = rule.starts_on > from ? rule.starts_on : from; found.length < count; on = addDays(on, 1)) {
    if (rule.ends_on !== null && on > rule.ends_on) break;
    if (rule.weekdays.includes(weekday(on))) found.push(...times.map((time) => ({ on, time })));
  }
  return found.slice(0, count);
}
