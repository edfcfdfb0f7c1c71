/** How long a script takes, and the speeds at which it may run. */

export interface TimedStep {
  seconds: number;
  /** `hold` and `look` keep their seconds at every speed. */
  kind?: 'move' | 'hold' | 'look' | 'rest';
}

export interface TimedScript {
  id: string;
  steps: readonly TimedStep[];
}

/** Quarters, so that milliseconds times a speed are quarters too and nothing is ever rounded while a step runs. */
export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2] as const;
export type Speed = (typeof SPEEDS)[number];

export interface Pace {
  speed: Speed;
  /** Without the timer each step waits for "next". */
  timer: boolean;
}

export const usualPace: Pace = { speed: 1, timer: true };

/** No run passes 30 minutes, repeats included. */
export const LONGEST_RUN_MS = 30 * 60 * 1000;

/** A script with no step, or a step with no length, cannot be played. */
export function isPlayable(script: TimedScript): boolean {
  return script.steps.length > 0 && script.steps.every((step) => Number.isFinite(step.seconds) && step.seconds > 0);
}

export function totalSeconds(script: TimedScript): number {
  return script.steps.reduce((sum, step) => sum + step.seconds, 0);
}

/** How long the whole script takes on the clock at this speed. */
export function runSeconds(script: TimedScript, speed: Speed): number {
  return script.steps.reduce((sum, step) => sum + step.seconds / rate(step, speed), 0);
}

/** The speeds at which the whole script fits into the longest run. */
export function speedsFor(script: TimedScript): Speed[] {
  return SPEEDS.filter((speed) => runSeconds(script, speed) * 1000 <= LONGEST_RUN_MS);
}

/** Milliseconds of a step, as the script has them. */
export function lengthOf(script: TimedScript, step: number): number {
  return (script.steps[step]?.seconds ?? 0) * 1000;
}

export function isHeld(step: TimedStep | undefined): boolean {
  return step?.kind === 'hold' || step?.kind === 'look';
}

/** Seconds of the script that pass in one second on the clock. */
export function rate(step: TimedStep | undefined, speed: Speed): number {
  return isHeld(step) ? 1 : speed;
}

/** The wanted speed, or the nearest faster one at which the script fits; a script too long for all runs at its own. */
export function fitting(script: TimedScript, speed: Speed): Speed {
  return speedsFor(script).find((one) => one >= speed) ?? 1;
}
