/** The plan as screens show it, worked out from the records on this phone: the same offline as online. */
import { stillBlocks } from '../care/blocks';
import { evaluateProfile, type ProfileOutcome } from '../care/decisions';
import {
  type PlanFacts,
  plannedAndDone,
  plannedDays,
  reviewDue,
  type SessionDay,
  type Span,
  sessionDays,
} from '../care/plan';
import { chooseProgrammes, type ProgrammeChoice, programmeOf, scriptOf } from '../care/programmes';
import { restsFeet } from '../care/red-flags';
import { scripts } from '../care/scripts';
import { addDays, localDate } from '../localtime';
import type { Records } from '../store/store';

type Plan = Records['plan'];
type Profile = Records['me']['profile'];

/** What of a plan is worked out; the server does the same and keeps it with the record. */
export type WorkedOut = Pick<Plan, 'days' | 'done_28' | 'planned_28' | 'review_due'>;

export interface Known {
  /** The days that have a session log; a stopped session counts. */
  done: readonly string[];
  blocks: readonly Records['block'][];
  today: string;
  zone: string;
  now: Date;
}

export const SEVERE = 7;
const DAYS_AHEAD = 14;

export function factsOf(plan: Plan): PlanFacts {
  return {
    weekdays: plan.weekdays,
    rest_day_between: programmeOf(plan.programme_id)?.rest_day_between ?? true,
    starts_on: plan.starts_on,
    ended_on: plan.ended_on,
    pauses: [...(plan.pause ? [plan.pause] : []), ...plan.past_pauses].map((pause) => ({
      first: pause.from_on,
      last: pause.until_on,
    })),
  };
}

export function workOut(plan: Plan, known: Known): WorkedOut {
  const { done, today } = known;
  const facts = factsOf(plan);
  const counts = plannedAndDone(facts, done, restsOf(known), today);
  const reviewed = plan.reviews.map(({ week }) => week);
  return {
    days: sessionDays(facts, done, today, addDays(today, DAYS_AHEAD - 1)),
    done_28: counts.done,
    planned_28: counts.planned,
    review_due: reviewDue(facts, reviewed, today),
  };
}

/** The days of the last 28 that had a session planned. */
export function daysPlanned(plan: Plan, known: Known): string[] {
  return plannedDays(factsOf(plan), known.done, restsOf(known), known.today);
}

/** The days on which a red flag kept the feet at rest. */
function restsOf({ blocks, zone, now }: Known): Span[] {
  const flags = blocks.filter((block) => restsFeet(block.warning, block.level));
  return flags.map((block): Span => {
    const over = block.ended_at !== null && !stillBlocks(block, now);
    return { first: block.on, last: over && block.ended_at ? localDate(new Date(block.ended_at), zone) : null };
  });
}

/** A red flag stands: no massage, so no reminder of one. */
export function atRest({ blocks, now }: Pick<Known, 'blocks' | 'now'>): boolean {
  return blocks.some((block) => restsFeet(block.warning, block.level) && stillBlocks(block, now));
}

/** The next `count` session days; fewer when the plan ends or pauses. */
export function nextDays(plan: Plan, done: readonly string[], from: string, count: number): SessionDay[] {
  return sessionDays(factsOf(plan), done, from, addDays(from, 7 * (count + 1))).slice(0, count);
}

/** What is chosen, as a plan. Another programme begins today; other days or another time of the same one go on. */
export function chosenPlan(
  chosen: Pick<Plan, 'programme_id' | 'weekdays' | 'time' | 'remind'>,
  before: Plan | null,
  today: string,
): Plan {
  if (before && before.programme_id === chosen.programme_id && isRunning(before, today))
    return { ...before, ...chosen };
  const start = { starts_on: today, pause: null, reviews: [], ended_on: null, past_pauses: [] };
  return { ...start, days: [], done_28: 0, planned_28: 0, review_due: null, ...chosen };
}

/** Not ended; it may be paused. */
export function isRunning(plan: Plan, today: string): boolean {
  return plan.ended_on === null || plan.ended_on > today;
}

/** Whether the plan's reminders arrive anywhere; `no_phone`: they are wanted, and none of the patient's phones gets them. */
export function reminding(
  { remind }: Pick<Plan, 'remind'>,
  phones: readonly Pick<Records['push_subscription'], 'state'>[],
): 'on' | 'off' | 'no_phone' {
  if (!remind) return 'off';
  return phones.some(({ state }) => state === 'active') ? 'on' : 'no_phone';
}

/** The pause that holds today. */
export function pauseNow(plan: Plan, today: string): Plan['pause'] {
  const { pause } = plan;
  return pause && pause.from_on <= today && (pause.until_on === null || today <= pause.until_on) ? pause : null;
}

/** The plan with a new pause. One that is over stays known: what was paused was not planned. */
export function withPause(plan: Plan, pause: NonNullable<Plan['pause']>): Plan {
  const before = plan.pause && plan.pause.from_on < pause.from_on ? plan.pause : null;
  if (!before) return { ...plan, pause };
  const yesterday = addDays(pause.from_on, -1);
  const until_on = before.until_on !== null && before.until_on < yesterday ? before.until_on : yesterday;
  return { ...plan, pause, past_pauses: [...plan.past_pauses, { ...before, until_on }] };
}

/** The pause as it is once the patient goes on: its days up to yesterday; none when it began today. */
export function endedPause(pause: Plan['pause'], today: string): Plan['pause'] {
  return pause && pause.from_on < today ? { ...pause, until_on: addDays(today, -1) } : null;
}

/**
 * Severe pain (brief §1.10, §11): a mean of 7 or more over the last 7 days, of at least 4 notes, or 7 or more in the
 * last note, diary or session, of the days that are given.
 */
export function severePain(
  diary: readonly Records['symptom_entry'][],
  logs: readonly Records['session_log'][],
  today: string,
): boolean {
  const week = diary.filter(({ on }) => on > addDays(today, -7) && on <= today).map(({ pain }) => pain);
  if (week.length >= 4 && week.reduce((sum, pain) => sum + pain, 0) / week.length >= SEVERE) return true;
  const notes = [
    ...diary.map(({ on, recorded_at, pain }) => ({ on, at: Date.parse(recorded_at), pain })),
    ...logs.map((log) => ({ on: log.on, at: Date.parse(log.ended_at), pain: log.pain_after ?? log.pain_before })),
  ].filter(({ pain }) => pain !== null);
  // The day first: a note of last week may be written, or changed, today.
  const last = notes.sort((a, b) => a.on.localeCompare(b.on) || a.at - b.at).at(-1);
  return (last?.pain ?? 0) >= SEVERE;
}

export function profileOutcome(profile: Profile): ProfileOutcome | null {
  return profile && evaluateProfile(profile.answers);
}

/** Which programmes the patient may choose; without answers to the profile questions, none. */
export function choiceOf(profile: Profile, severe: boolean): ProgrammeChoice {
  return chooseProgrammes(profileOutcome(profile) ?? {}, severe ? 'yes' : 'no');
}

/** What the next session runs. With severe pain it is a short or gentle one, whatever the plan is (brief §1.10). */
export function nextScript(plan: Plan, profile: Profile, severe: boolean): { id: string; minutes: number } | null {
  const programme = programmeOf(severe ? 'severe' : plan.programme_id);
  const outcome = profileOutcome(profile);
  const id = programme && outcome && scriptOf(programme, outcome);
  const script = scripts.find((one) => one.id === id);
  return script ? { id: script.id, minutes: Math.round(script.total_seconds / 60) } : null;
}
