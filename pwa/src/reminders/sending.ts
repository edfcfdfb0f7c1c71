/** What becomes of a moment: quiet hours and pauses, as quiet_hours.py and waking.py have them. */
import rules from '$care/reminders.json';
import { addDays, localDate, localTime, momentOf } from '../localtime';
import type { Records } from '../store/store';

export const most = rules.most;

/** What the patient chose for all reminders together. */
export type Wishes = Partial<Pick<Records['me'], 'quiet_hours' | 'reminders_paused'>>;
export type QuietHours = NonNullable<Wishes['quiet_hours']>;
type Pause = NonNullable<Wishes['reminders_paused']>;

/** `sent`: when a message comes. `not_sent`: why none does. */
export type Fate = { readonly sent: Date } | { readonly not_sent: 'quiet_hours' | 'paused' };

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** The end of the quiet hours that hold `at`; null outside of them. They may run over midnight. */
export function quietUntil(hours: QuietHours | null | undefined, zone: string, at: Date): Date | null {
  if (!hours) return null;
  const { from, until } = hours;
  const [time, on] = [localTime(at, zone), localDate(at, zone)];
  if (!(from < until ? from <= time && time < until : time >= from || time < until)) return null;
  const end = momentOf(time < until ? on : addDays(on, 1), until, zone);
  // In an hour that comes twice, the first such time may have passed while the clock shows an earlier one again.
  return end > at ? end : new Date(end.getTime() + HOUR_MS);
}

/** Whether a pause holds the day `on`; one without an end lasts until the patient ends it. */
export function isPaused(pause: Pick<Pause, 'from_on' | 'until_on'> | null | undefined, on: string): boolean {
  return !!pause && pause.from_on <= on && (pause.until_on === null || on <= pause.until_on);
}

/** In quiet hours a message waits for their end, if it is of use then. */
export function fateOf(at: Date, kind: string, wishes: Wishes, zone: string): Fate {
  if (isPaused(wishes.reminders_paused, localDate(at, zone))) return { not_sent: 'paused' };
  const end = quietUntil(wishes.quiet_hours, zone, at);
  if (end === null) return { sent: at };
  if (end.getTime() >= at.getTime() + usefulMs(kind)) return { not_sent: 'quiet_hours' };
  return isPaused(wishes.reminders_paused, localDate(end, zone)) ? { not_sent: 'paused' } : { sent: end };
}

/** A kind that is not known here is taken as one of use for the shortest time. */
function usefulMs(kind: string): number {
  const minutes: Readonly<Record<string, number>> = rules.useful_minutes;
  return (minutes[kind] ?? Math.min(...Object.values(minutes))) * MINUTE_MS;
}
