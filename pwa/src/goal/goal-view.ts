/** The step goal as screens show it. The server works it out; a warning on this phone counts before the server hears of it. */
import stepCap from '$care/step_cap.json';
import stepGoal from '$care/step_goal.json';
import { stillBlocks } from '../care/blocks';
import { restsFeet } from '../care/red-flags';
import { daysBetween } from '../localtime';
import type { Records } from '../store/records';

type Goal = Records['step_goal'];
type Block = Records['block'];

export type Wish = Pick<Goal, 'active' | 'cap_choice' | 'told' | 'walks_from_on'>;

/** Fewer steps than this make no day that counts. */
export const validFrom = stepGoal.numbers.valid_from.is;

export const usualCap = Math.max(...stepCap.rows.map(({ outcome }) => outcome.usual));

/** A goal that only this phone knows of. Walks begin with the first week's minutes whoever walks. */
export function blankGoal(): Goal {
  return {
    ...{ active: true, cap_choice: null, told: 0, walks_from_on: null },
    ...{ state: 'waiting', steps: null, last: null, returning_to: null, baseline: null, days_known: 0 },
    ...{ cap: null, walk_minutes: [stepGoal.numbers.walk_minutes.is], rest: null, history: [] },
  };
}

/** What the goal is now: at rest as soon as any warning on this phone rests the feet. */
export function stateNow(goal: Goal | undefined, blocks: readonly Block[], now: Date): Goal['state'] {
  const flagged = blocks.some((block) => restsFeet(block.warning, block.level) && stillBlocks(block, now));
  return flagged ? 'resting' : (goal?.state ?? 'waiting');
}

/** The record once the patient wants something else of it; the server's answer takes its place. */
export function wished(goal: Goal | undefined, wish: Partial<Wish>): Goal {
  const next = { ...(goal ?? blankGoal()), ...wish };
  if (!next.active) return { ...next, state: 'off', steps: null };
  return next.state === 'off' ? { ...next, state: 'waiting' } : next;
}

/** What is said before there is a goal: how many days count by now, that the steps there are do not yet, or none. */
export function whileWaiting(goal: Goal | undefined, anySteps: boolean): 'counted' | 'not_yet' | 'none' {
  if (goal && goal.days_known > 0) return 'counted';
  return anySteps ? 'not_yet' : 'none';
}

/** Minutes of each walk this week; null when walks were not chosen. */
export function walkMinutes(goal: Pick<Goal, 'walks_from_on' | 'walk_minutes'>, today: string): number | null {
  if (goal.walks_from_on === null) return null;
  const week = Math.max(0, Math.floor(daysBetween(goal.walks_from_on, today) / 7));
  return goal.walk_minutes[week] ?? goal.walk_minutes.at(-1) ?? null;
}

/** The caps that a patient who has come as far as the usual one may choose from. */
export function capChoices(cap: Goal['cap'], chosen: number | null): number[] {
  const most = cap?.may_choose;
  if (cap == null || most == null) return [];
  const from = chosen === null ? cap.most : usualCap;
  return [0, 1, 2, 3].map((n) => usualCap + n * 1000).filter((steps) => steps <= most && steps >= from);
}
