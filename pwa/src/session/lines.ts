/** What is said at a step: its line, what to leave out, the pressure at a new technique, the skin of numb feet. */
import type { Step } from '../care/scripts';

export interface Saying {
  /** The sentence of a key, with its values; undefined when there is none. */
  find: (key: string, values?: Record<string, string | number>) => string | undefined;
  /** The person's own highest pressure, of 10. */
  cap: number;
  /** Of the profile's outcome. */
  flags: readonly string[];
  /** Another person's hands: a line that speaks of "your foot" has a sentence for them. */
  helper: boolean;
}

/** The highest pressure of a step for this person; null where nothing is pressed. */
export function pressureOf(step: Step | undefined, cap: number): number | null {
  return step?.pressure == null ? null : Math.min(step.pressure, cap);
}

/** The caption: what a deaf patient must be able to read, and all that is told but the pressure. */
export function caption(step: Step | undefined, { find, flags, helper }: Saying): string {
  if (!step) return '';
  const watch = flags.includes('watch_skin') && step.regions.length > 0 && step.kind !== 'look' && !step.sock;
  return [step.line, step.also, watch ? 'line.watch_skin' : null]
    .map((key) => key && ((helper && find(`${key}.helper`)) || find(key)))
    .filter(Boolean)
    .join(' ');
}

/** The caption, and the pressure at the first step that presses and wherever a new technique begins. */
export function spoken(steps: readonly Step[], at: number, saying: Saying): string {
  const step = steps[at];
  const said = caption(step, saying);
  const cap = pressureOf(step, saying.cap);
  if (cap === null || !beginsTechnique(steps, at)) return said;
  return `${said} ${saying.find('pressure.cap', { cap }) ?? ''}`.trim();
}

function beginsTechnique(steps: readonly Step[], at: number): boolean {
  const before = steps.slice(0, at).findLast((step) => step.pressure !== null);
  return before?.technique !== steps[at]?.technique;
}
