/** One sentence for each change of the goal: what it was, what it is, and why. */
import { findCare } from '../text/care';
import type { Change } from './history';

export function whyOf({ why, was, steps }: Change): string {
  return findCare(`goal.why.${why}`, { old: was ?? 0, new: steps ?? 0 }) ?? '';
}
