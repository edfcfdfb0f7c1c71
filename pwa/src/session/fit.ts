/** The script that a draft runs: the patient's own or one of ours, without what is left out, as light as it must be. */
import { forFlags, withoutAreas } from '../care/areas';
import { type Area, allAreas } from '../care/blocks';
import { OWN } from '../care/decisions';
import { ownScript } from '../care/own-script';
import { type Script, scripts } from '../care/scripts';
import type { Records } from '../store/records';
import type { Snapshot } from './player';

export type Own = NonNullable<Records['session_log']['own']>;

/** What the patient chose to do. */
export interface Choice {
  script_id: string;
  helper: boolean;
  own: Own | null;
}

/** The script of a choice, or null when it cannot be made or nothing of it is left. */
export function fittedScript(
  { script_id, own }: Omit<Choice, 'helper'>,
  areas: readonly string[],
  flags: readonly string[],
): Script | null {
  const whole = script_id === OWN ? own && ownScript(own.techniques, own.minutes) : findScript(script_id);
  if (!whole || whole.steps.length === 0 || whole.steps.some(({ seconds }) => !(seconds > 0))) return null;
  const known = allAreas.filter((area): area is Area => areas.includes(area));
  const left = known.length === areas.length ? withoutAreas(whole, known) : null;
  return left && forFlags(left, flags);
}

const findScript = (id: string) => scripts.find((script) => script.id === id) ?? null;

/** The place of a player in the same script after other areas were left out: at the same step, else the next there is. */
export function carriedOver(saved: Snapshot, from: Script, to: Script): Snapshot {
  const at = (key: string | undefined) => to.steps.findIndex((step) => step.key === key);
  const ahead = from.steps.slice(saved.step).find((step) => at(step.key) !== -1);
  const step = ahead ? at(ahead.key) : to.steps.length - 1;
  const covered = new Map(from.steps.map(({ key }, index) => [key, saved.seconds_covered[index] ?? 0]));
  return {
    ...saved,
    step,
    seconds_into_step: ahead?.key === from.steps[saved.step]?.key ? saved.seconds_into_step : 0,
    seconds_covered: to.steps.map(({ key }) => covered.get(key) ?? 0),
  };
}
