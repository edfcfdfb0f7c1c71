/** What comes next on a day, from the records on the phone. */
import type { Records } from '../store/store';

export type Next =
  | { kind: 'blocked' }
  | { kind: 'unfinished' }
  | { kind: 'profile' }
  | { kind: 'ask_again' }
  | { kind: 'ask_clinic' }
  | { kind: 'session'; time: string; movedFrom: string | null; occurrenceId: string | null }
  | { kind: 'done'; next: Day | null }
  | { kind: 'nothing'; next: Day | null }
  | { kind: 'paused'; until: string | null }
  | { kind: 'choose_plan' };

export interface Day {
  on: string;
  time: string;
}

/** The plan as far as a day needs it; null when there is none or it has ended. */
export interface PlanOfDay {
  time: string;
  days: Records['plan']['days'];
  pause: Records['plan']['pause'];
}

export interface Facts {
  on: string;
  profile: Records['me']['profile'];
  plan: PlanOfDay | null;
  occurrences: readonly Records['occurrence'][];
  /** Massages, those among them whose logs were deleted. */
  logs: readonly { on: string }[];
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
  const { plan, on } = facts;
  const next = nextDay(plan, on);
  if (facts.logs.some((log) => log.on === on)) return { kind: 'done', next };
  const moments = facts.occurrences.filter((one) => one.kind === 'massage' && one.on === on);
  const open = moments.find((one) => one.state === 'open' || one.state === 'snoozed');
  // Who has not chosen a plan yet may have a reminder of an earlier version.
  if (!plan && open) return { kind: 'session', time: open.local_time, movedFrom: null, occurrenceId: open.id };
  if (!plan) return { kind: 'choose_plan' };
  if (plan.pause) return { kind: 'paused', until: plan.pause.until_on };
  const day = plan.days.find((one) => one.on === on);
  // What the patient answered counts; a moment that the server closed by itself does not.
  const answered = !open && moments.some((one) => one.answered_at !== null);
  if (!day || answered) return { kind: 'nothing', next };
  return { kind: 'session', time: plan.time, movedFrom: day.moved_from, occurrenceId: open?.id ?? null };
}

/** The first session day after a day. */
export function nextDay(plan: PlanOfDay | null, on: string): Day | null {
  const day = plan?.days.find((one) => one.on > on);
  return plan && day ? { on: day.on, time: plan.time } : null;
}
