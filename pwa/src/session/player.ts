/** The timed script as a pure state machine: it is told the time, it never asks for it. */
import {
  fitting,
  isHeld,
  isPlayable,
  LONGEST_RUN_MS,
  lengthOf,
  type Pace,
  rate,
  type Speed,
  type TimedScript,
  totalSeconds,
  usualPace,
} from './pace';

export type PlayerState = 'ready' | 'running' | 'paused' | 'finished' | 'stopped';
/** Why a run is paused, so that the screen can say so. */
export type PausedBy = 'patient' | 'hidden' | 'jump';

export interface Player extends Pace {
  scriptId: string;
  state: PlayerState;
  step: number;
  /** Milliseconds of the script into the step: at twice the speed they pass twice as fast. */
  into: number;
  /** Milliseconds of each step that were really run; a repeated step does not count twice, a skipped one not at all. */
  covered: readonly number[];
  /** Milliseconds on the clock in all, repeats included: what the longest run is measured by. */
  played: number;
  /** The clock at the last tick, only while running. */
  clock: number | null;
  startedAt: string | null;
  pausedBy: PausedBy | null;
}

/** `now` is a monotonic clock in milliseconds; `at` is the instant of the start, kept for the log. */
export type Action =
  | { do: 'start'; now: number; at: string }
  | { do: 'speed'; now: number; speed: Speed }
  | { do: 'tick' | 'pause' | 'hidden' | 'resume' | 'back' | 'repeat' | 'next' | 'stop'; now: number };

/** What the screen has to do after an action. `say` carries the step whose line is due; `minute` counts minutes run. */
export type Cue =
  | { kind: 'say'; step: number }
  | { kind: 'minute'; minute: number }
  | { kind: 'chime' | 'quiet' | 'finished' | 'stopped' };

export interface Turn {
  player: Player;
  cues: Cue[];
}

export interface Snapshot {
  script_id: string;
  step: number;
  seconds_into_step: number;
  seconds_done: number;
  seconds_covered: number[];
  seconds_played: number;
  started_at: string | null;
  saved_at: string;
  state: PlayerState;
  paused_by: PausedBy | null;
  /** Not there in what an older version of the app kept. */
  speed?: Speed;
}

/** A longer gap between two ticks means sleep or a stepped clock: pause, never skip. */
export const LONGEST_GAP_MS = 2000;
/** "Back" within the first seconds of a step means the step before it, later this step again. */
export const BACK_TO_PREVIOUS_MS = 3000;
const MINUTE_MS = 60 * 1000;

export function newPlayer(script: TimedScript, pace: Pace = usualPace): Player {
  return {
    scriptId: script.id,
    speed: fitting(script, pace.speed),
    timer: pace.timer,
    state: 'ready',
    step: 0,
    into: 0,
    covered: script.steps.map(() => 0),
    played: 0,
    clock: null,
    startedAt: null,
    pausedBy: null,
  };
}

/** Seconds of the script, in whole ones, from its start to here. */
export function position(script: TimedScript, player: Player): number {
  const before = script.steps.slice(0, player.step).reduce((sum, step) => sum + step.seconds, 0);
  return before + Math.floor(player.into / 1000);
}

/** Seconds on the clock until the end, at this speed. */
export function remainingSeconds(script: TimedScript, player: Player): number {
  const ahead = script.steps.slice(player.step).reduce((sum, step) => sum + step.seconds / rate(step, player.speed), 0);
  const left = ahead - player.into / 1000 / rate(script.steps[player.step], player.speed);
  // A sum of fractions may miss a whole number by a hair.
  return Math.max(0, Math.ceil(left - 1e-6));
}

/** How much of the script lies behind, from 0 to 1. */
export function fractionDone(script: TimedScript, player: Player): number {
  return position(script, player) / totalSeconds(script);
}

/** The seconds of this step are over and, without the timer, it waits for "next". */
export function isStepOver(script: TimedScript, player: Player): boolean {
  return player.into >= lengthOf(script, player.step);
}

export function secondsDone(player: Player): number {
  return Math.floor(player.covered.reduce((sum, ms) => sum + ms, 0) / 1000);
}

export function act(script: TimedScript, player: Player, action: Action): Turn {
  // Whole milliseconds, so that a snapshot says exactly what the player holds.
  const now = Math.floor(action.now);
  if (action.do === 'start') return start(script, player, now, action.at);
  const reached = advance(script, player, now);
  switch (action.do) {
    case 'tick':
      return reached;
    case 'resume':
      return followedBy(reached, (at) => resume(at, now));
    case 'pause':
      return followedBy(reached, (at) => pause(at, 'patient'));
    case 'hidden':
      return followedBy(reached, (at) => pause(at, 'hidden'));
    case 'stop':
      return followedBy(reached, stop);
    case 'back':
      return followedBy(reached, (at) => moveTo(script, at, at.into < BACK_TO_PREVIOUS_MS ? at.step - 1 : at.step));
    case 'repeat':
      return followedBy(reached, (at) => moveTo(script, at, at.step));
    case 'next':
      return followedBy(reached, (at) => moveTo(script, at, at.step + 1));
    case 'speed':
      return followedBy(reached, (at) => changeSpeed(script, at, action.speed));
  }
}

function start(script: TimedScript, player: Player, now: number, at: string): Turn {
  if (player.state !== 'ready' || !isPlayable(script)) return { player, cues: [] };
  return {
    player: { ...player, state: 'running', clock: now, startedAt: at },
    cues: [{ kind: 'chime' }, { kind: 'say', step: 0 }],
  };
}

/** Counts the time since the last tick. Every step passed is announced by the last one reached. */
function advance(script: TimedScript, player: Player, now: number): Turn {
  if (player.state !== 'running' || player.clock === null) return { player, cues: [] };
  const gap = now - player.clock;
  if (gap < 0 || gap > LONGEST_GAP_MS) return pause(player, 'jump');
  const time = Math.min(gap, LONGEST_RUN_MS - player.played);
  const covered = [...player.covered];
  let { step, into } = player;
  const played = player.played + time;
  const wasOver = isStepOver(script, player);
  let left = time * rate(script.steps[step], player.speed);
  while (left > 0) {
    const length = lengthOf(script, step);
    const run = Math.min(left, length - into);
    into += run;
    left -= run;
    covered[step] = Math.max(covered[step] ?? 0, into);
    if (into < length || !player.timer) break;
    if (step === script.steps.length - 1) {
      return ended({ ...player, step, into, covered, played }, 'finished');
    }
    // What is left over is time of the step before; the next one may count it at another rate.
    left = quarters((left / rate(script.steps[step], player.speed)) * rate(script.steps[step + 1], player.speed));
    step += 1;
    into = 0;
  }
  const moved: Player = { ...player, step, into, covered, played, clock: now };
  if (played >= LONGEST_RUN_MS) return ended(moved, 'finished');
  const cues: Cue[] = step === player.step ? [] : arrival(step);
  if (!player.timer && !wasOver && isStepOver(script, moved) && isHeld(script.steps[step]))
    cues.push({ kind: 'chime' });
  const minute = Math.floor(played / MINUTE_MS);
  if (minute > Math.floor(player.played / MINUTE_MS)) cues.push({ kind: 'minute', minute });
  return { player: moved, cues };
}

function resume(player: Player, now: number): Turn {
  if (player.state !== 'paused') return { player, cues: [] };
  return {
    player: { ...player, state: 'running', clock: now, pausedBy: null },
    cues: [{ kind: 'say', step: player.step }],
  };
}

function pause(player: Player, by: PausedBy): Turn {
  if (player.state !== 'running') return { player, cues: [] };
  return { player: { ...player, state: 'paused', clock: null, pausedBy: by }, cues: [{ kind: 'quiet' }] };
}

function stop(player: Player): Turn {
  if (player.state === 'finished' || player.state === 'stopped') return { player, cues: [] };
  return ended(player, 'stopped');
}

function ended(player: Player, state: 'finished' | 'stopped'): Turn {
  const cues: Cue[] =
    state === 'finished' ? [{ kind: 'chime' }, { kind: 'finished' }] : [{ kind: 'quiet' }, { kind: 'stopped' }];
  return { player: { ...player, state, clock: null, pausedBy: null }, cues };
}

/** The same place in the step: what is counted are milliseconds of the script. */
function changeSpeed(script: TimedScript, player: Player, speed: Speed): Turn {
  if (player.state === 'finished' || player.state === 'stopped') return { player, cues: [] };
  return { player: { ...player, speed: fitting(script, speed) }, cues: [] };
}

function moveTo(script: TimedScript, player: Player, step: number): Turn {
  if (player.state !== 'running' && player.state !== 'paused') return { player, cues: [] };
  const last = script.steps.length - 1;
  if (step > last) return ended({ ...player, step: last, into: lengthOf(script, last) }, 'finished');
  const target = Math.max(0, step);
  const moved = { ...player, step: target, into: 0 };
  return { player: moved, cues: player.state === 'running' ? arrival(target) : [] };
}

function arrival(step: number): Cue[] {
  return [{ kind: 'chime' }, { kind: 'say', step }];
}

const quarters = (ms: number): number => Math.round(ms * 4) / 4;

function followedBy(first: Turn, second: (player: Player) => Turn): Turn {
  const next = second(first.player);
  return { player: next.player, cues: [...first.cues, ...next.cues] };
}

export function snapshot(player: Player, savedAt: string): Snapshot {
  return {
    script_id: player.scriptId,
    step: player.step,
    seconds_into_step: player.into / 1000,
    seconds_done: secondsDone(player),
    seconds_covered: player.covered.map((ms) => ms / 1000),
    seconds_played: player.played / 1000,
    started_at: player.startedAt,
    saved_at: savedAt,
    state: player.state,
    paused_by: player.pausedBy,
    speed: player.speed,
  };
}

/** Never comes back running: a reload pauses at that second, and a tap goes on. */
export function restore(script: TimedScript, saved: Snapshot, pace: Pace = usualPace): Player {
  if (saved.script_id !== script.id || saved.step >= script.steps.length) return newPlayer(script, pace);
  const wasRunning = saved.state === 'running';
  return {
    scriptId: script.id,
    speed: fitting(script, saved.speed ?? pace.speed),
    timer: pace.timer,
    state: wasRunning ? 'paused' : saved.state,
    step: saved.step,
    into: Math.min(milliseconds(saved.seconds_into_step), lengthOf(script, saved.step)),
    covered: script.steps.map((_, step) => milliseconds(saved.seconds_covered[step] ?? 0)),
    played: milliseconds(saved.seconds_played),
    clock: null,
    startedAt: saved.started_at,
    pausedBy: wasRunning ? 'hidden' : saved.paused_by,
  };
}

function milliseconds(seconds: number): number {
  return quarters(seconds * 1000);
}
