/** The changes of a step goal, the oldest first: the goal of a day, and what is still to be told. */
import type { Records } from '../store/records';

type Goal = Records['step_goal'];
export type Change = Goal['history'][number];

/** The newest change that the patient has not seen; a week that changed nothing is not told. */
export function untold({ history, told }: Pick<Goal, 'history' | 'told'>): Change | null {
  const last = history.at(-1);
  return last && last.n > told && last.steps !== last.was ? last : null;
}

/** The goal of a day: the last that was set on it or before; null when there was none. */
export function goalOn(history: readonly Change[], on: string): number | null {
  return history.findLast((change) => change.from_on <= on)?.steps ?? null;
}
