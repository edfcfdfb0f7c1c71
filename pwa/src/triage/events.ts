/** What was told under "Something wrong with my foot", as a record; and what to ask about it a day later. */
import { addDays } from '../localtime';
import type { Records } from '../store/records';

export type TriageEvent = Records['triage_event'];
export type Action = 'called' | 'booked' | 'later';
export type FollowUp = 'reached' | 'not_yet' | 'better';

/** After a week nobody is asked any more. */
export const FOLLOW_UP_DAYS = 7;

const urgency: readonly (string | null)[] = ['emergency', 'same_day', 'within_days', null];

/** The most urgent first, then the newest. */
export function byUrgency(events: readonly TriageEvent[]): TriageEvent[] {
  const rank = ({ level }: TriageEvent) => urgency.indexOf(level);
  return [...events].sort((a, b) => rank(a) - rank(b) || b.recorded_at.localeCompare(a.recorded_at));
}

/** Told within the last week, and nothing yet says that help was reached or is no longer needed. */
export function openEvents(events: readonly TriageEvent[], today: string): TriageEvent[] {
  const from = addDays(today, -FOLLOW_UP_DAYS);
  const open = events.filter(
    ({ on, level, worried, follow_up }) =>
      on >= from && (level !== null || worried) && (follow_up === null || follow_up === 'not_yet'),
  );
  return byUrgency(open);
}

/** What was told to call for stays in view so long, past midnight too. */
export const STAYS_MS = 4 * 60 * 60_000;

/** What to ask about today: told on an earlier day, not in the last hours, and not asked today already. */
export function toFollowUp(events: readonly TriageEvent[], now: Date, dayOf: (at: string) => string): TriageEvent[] {
  const today = dayOf(now.toISOString());
  return openEvents(events, today).filter(
    ({ on, recorded_at, follow_up_at }) =>
      on < today &&
      now.getTime() - Date.parse(recorded_at) >= STAYS_MS &&
      (follow_up_at === null || dayOf(follow_up_at) < today),
  );
}

export function followedUp(event: TriageEvent, follow_up: FollowUp, at: string): TriageEvent {
  return { ...event, follow_up, follow_up_at: at };
}
