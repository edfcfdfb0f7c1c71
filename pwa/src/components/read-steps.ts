/** Steps as people type them, 4210, 4,210, 4.210 or 4 210; and those of a day in words. */
import type { Records } from '../store/records';
import { t } from '../text';

const MOST = 200_000;

/** Null for anything that is not a number of steps from 0 to 200,000. */
export function readSteps(typed: string): number | null {
  const text = typed.trim();
  if (!/^(\d{1,6}|\d{1,3}([.,'’\s]\d{3})+)$/u.test(text)) return null;
  const steps = Number(text.replace(/\D/g, ''));
  return steps <= MOST ? steps : null;
}

/** A count that is not whole says so: today goes on, and an earlier day may have had more. */
export function daySteps(
  { on, steps, is_partial }: Pick<Records['step_count'], 'on' | 'steps' | 'is_partial'>,
  today: string,
): string {
  const kind = !is_partial ? 'value' : on === today ? 'so_far' : 'part';
  return t(`progress.steps.${kind}`, { n: steps });
}
