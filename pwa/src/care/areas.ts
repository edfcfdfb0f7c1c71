/** A script without the areas that are sore today, and as light as the person needs it (brief §2.2 G9, §4). */
import type { Area } from './blocks';
import type { Foot, Region, Script, Step } from './scripts';

const LEAVE_OUT = 'line.skip.leave_out';
/** Said of a foot that is now the only one; the usual sentence speaks of the other foot. */
const ALONE: Readonly<Record<string, string>> = {
  'line.palm_hold.right': 'line.skip.right_only',
  'line.own.still_open.right': 'line.skip.right_only',
};
const LEFT_DONE: Readonly<Record<string, string>> = { 'line.wipe': 'line.skip.left_done' };
const LIGHT_POINTS = 2;

/** Hands on skin; a look and a rest touch nothing, so nothing is left out of them. */
const touches = (step: Step) => step.regions.length > 0 && step.kind !== 'look';

const feetOf = (foot: Foot): ('left' | 'right')[] => (foot === 'both' ? ['left', 'right'] : [foot]);

/**
 * What is left of a script. A step whose areas are all sore goes; one that touches a sore area stays with that area
 * unlit and says so; a foot with nothing left to do goes. Null when nothing is left at all.
 */
export function withoutAreas(script: Script, areas: readonly Area[]): Script | null {
  if (areas.length === 0) return script;
  const kept = script.steps.map((step) => without(step, areas)).filter((step) => step !== null);
  const feet = (['left', 'right'] as const).filter((foot) => kept.some((step) => step.foot === foot && touches(step)));
  if (feet.length === 0) return null;
  const steps = kept
    .filter(({ foot }) => foot === 'both' || feet.includes(foot))
    .map((step) => (feet.includes('left') ? step : { ...step, line: ALONE[step.line] ?? step.line }))
    .map((step) => (feet.includes('right') ? step : { ...step, line: LEFT_DONE[step.line] ?? step.line }));
  return { ...script, steps, total_seconds: steps.reduce((sum, { seconds }) => sum + seconds, 0) };
}

function without(step: Step, areas: readonly Area[]): Step | null {
  if (!touches(step)) return step;
  const feet = feetOf(step.foot);
  const sore = (region: Region) => feet.every((foot) => areas.includes(`${foot}.${region}`));
  const regions = step.regions.filter((region) => !sore(region));
  // Wiping off the oil stays: it is done with care, on whatever is left.
  if (regions.length === 0 && step.foot !== 'both') return null;
  const near = feet.some((foot) => step.regions.some((region) => isNear(foot, region, areas)));
  return near ? { ...step, regions, also: LEAVE_OUT } : step;
}

/** Whoever holds a toe is between the toes too. */
function isNear(foot: 'left' | 'right', region: Region, areas: readonly Area[]): boolean {
  if (areas.includes(`${foot}.${region}`)) return true;
  return region.startsWith('toe_') && areas.includes(`${foot}.between_toes`);
}

/** With numb feet the points are pressed at 2 of 10 at most (brief §4 card 3 'P1'). */
export function forFlags(script: Script, flags: readonly string[]): Script {
  if (!flags.includes('light_points')) return script;
  const lighter = (step: Step): Step =>
    step.technique === 'pressure_points' && step.pressure !== null
      ? { ...step, pressure: Math.min(step.pressure, LIGHT_POINTS) }
      : step;
  return { ...script, steps: script.steps.map(lighter) };
}
