/** The player counts the clock, never its own ticks, and forgets nothing. */
import { describe, expect, it } from 'vitest';
import { at, mixed, random, runTo, script, started } from '../testing/player';
import { isPlayable, LONGEST_RUN_MS, SPEEDS, type Speed, totalSeconds } from './pace';
import {
  type Action,
  act,
  LONGEST_GAP_MS,
  newPlayer,
  position,
  remainingSeconds,
  restore,
  secondsDone,
  snapshot,
} from './player';

const plainScript = script;
const speedOf = (random: number): Speed => SPEEDS[Math.floor(random * SPEEDS.length)] ?? 1;

describe('the clock', () => {
  it('counts the difference of the clock, however rare the ticks are', () => {
    expect(position(script, runTo(started(0), 0, 50_000, 250))).toBe(50);
    expect(position(script, runTo(started(0), 0, 50_000, 1970))).toBe(50);
  });

  it('pauses at the second it was when the clock jumps ahead', () => {
    const before = runTo(started(0), 0, 10_000);
    const { player, cues } = act(script, before, { do: 'tick', now: 10_000 + LONGEST_GAP_MS + 1 });
    expect(player.state).toBe('paused');
    expect(player.pausedBy).toBe('jump');
    expect(position(script, player)).toBe(10);
    expect(cues).toEqual([{ kind: 'quiet' }]);
  });

  it('pauses when the clock goes back', () => {
    const player = act(script, runTo(started(5000), 5000, 9000), { do: 'tick', now: 100 }).player;
    expect(player.state).toBe('paused');
    expect(position(script, player)).toBe(4);
  });

  it('does not count the time it was paused', () => {
    let player = runTo(started(0), 0, 10_000);
    player = act(script, player, { do: 'hidden', now: 10_500 }).player;
    expect(player.pausedBy).toBe('hidden');
    player = act(script, player, { do: 'tick', now: 900_000 }).player;
    player = act(script, player, { do: 'resume', now: 1_000_000 }).player;
    player = runTo(player, 1_000_000, 1_000_500);
    expect(player.into).toBe(11_000);
  });
});

describe('steps', () => {
  it('says the line and chimes at the start and at each new step', () => {
    const first = act(script, newPlayer(script), { do: 'start', now: 0, at });
    expect(first.cues).toEqual([{ kind: 'chime' }, { kind: 'say', step: 0 }]);
    const before = runTo(first.player, 0, 19_900);
    const { player, cues } = act(script, before, { do: 'tick', now: 20_100 });
    expect(player.step).toBe(1);
    expect(player.into).toBe(100);
    expect(cues).toEqual([{ kind: 'chime' }, { kind: 'say', step: 1 }]);
  });

  it('finishes by itself, with every second done', () => {
    const player = runTo(started(0), 0, 155_000);
    expect(player.state).toBe('finished');
    expect(secondsDone(player)).toBe(155);
    expect(remainingSeconds(script, player)).toBe(0);
  });

  it('goes back to the step before within three seconds, later to the start of this one', () => {
    const early = runTo(started(0), 0, 22_000);
    expect(act(script, early, { do: 'back', now: 22_100 }).player.step).toBe(0);
    const late = act(script, runTo(early, 22_000, 40_000), { do: 'back', now: 40_100 }).player;
    expect([late.step, late.into]).toEqual([1, 0]);
  });

  it('does not count a skipped step as done, nor a repeated one twice', () => {
    let player = runTo(started(0), 0, 5000);
    player = act(script, player, { do: 'next', now: 5000 }).player;
    expect(position(script, player)).toBe(20);
    expect(secondsDone(player)).toBe(5);
    player = runTo(player, 5000, 15_000);
    player = act(script, player, { do: 'back', now: 15_000 }).player;
    player = runTo(player, 15_000, 25_000);
    expect(secondsDone(player)).toBe(15);
    expect(player.played).toBe(25_000);
  });

  it('ends with the last step when that one is skipped', () => {
    let player = started(0);
    for (let step = 0; step < script.steps.length; step += 1)
      player = act(script, player, { do: 'next', now: 0 }).player;
    expect(player.state).toBe('finished');
    expect(secondsDone(player)).toBe(0);
  });

  it('never runs longer than 30 minutes, however often a step is repeated', () => {
    let player = started(0);
    for (let now = 0; player.state === 'running'; now += 1000) {
      player = act(script, player, { do: now % 19_000 === 0 ? 'back' : 'tick', now }).player;
      expect(player.played).toBeLessThanOrEqual(LONGEST_RUN_MS);
    }
    expect(player.state).toBe('finished');
    expect(player.played).toBe(LONGEST_RUN_MS);
  });

  it('does not play a script with an empty step', () => {
    const broken = { id: 'S8', steps: [{ seconds: 20 }, { seconds: 0 }] };
    expect(isPlayable(broken)).toBe(false);
    expect(isPlayable({ id: 'S8', steps: [] })).toBe(false);
    expect(act(broken, newPlayer(broken), { do: 'start', now: 0, at }).player.state).toBe('ready');
  });
});

it('"repeat" begins the step again, from its first seconds too', () => {
  const player = runTo(started(0), 0, 21_000);
  const again = act(script, player, { do: 'repeat', now: 21_000 });
  expect([again.player.step, again.player.into]).toEqual([1, 0]);
  expect(again.cues).toEqual([{ kind: 'chime' }, { kind: 'say', step: 1 }]);
  expect(act(script, newPlayer(script), { do: 'repeat', now: 0 }).player.state).toBe('ready');
});

describe('any order of taps', () => {
  const names = [
    'tick',
    'tick',
    'tick',
    'tick',
    'pause',
    'resume',
    'resume',
    'hidden',
    'back',
    'repeat',
    'next',
    'speed',
    'stop',
  ] as const;

  it('keeps its promises over 150 random runs', () => {
    for (let seed = 1; seed <= 150; seed += 1) {
      const next = random(seed * 7919);
      const timer = seed % 4 !== 0;
      const script = seed % 2 === 0 ? mixed : plainScript;
      let player = newPlayer(script, { speed: speedOf(next()), timer });
      let now = Math.floor(next() * 1e6);
      player = act(script, player, { do: 'start', now, at }).player;
      for (let count = 0; count < 120; count += 1) {
        const jump = next() < 0.02 ? (next() - 0.3) * 1e5 : next() * 1900;
        now = Math.max(0, now + jump);
        const name = names[Math.floor(next() * (next() < 0.2 ? names.length : names.length - 1))] ?? 'tick';
        const action: Action = name === 'speed' ? { do: name, now, speed: speedOf(next()) } : { do: name, now };
        const before = player;
        player = act(script, player, action).player;

        const moved = position(script, player) - position(script, before);
        const broken = [
          secondsDone(player) > totalSeconds(script) && 'more done than there is',
          secondsDone(player) < secondsDone(before) && 'something done was lost',
          position(script, player) > totalSeconds(script) && 'past the end',
          moved < 0 && name !== 'back' && name !== 'repeat' && 'went back unasked',
          moved > (2 * LONGEST_GAP_MS) / 1000 + 1 && name === 'tick' && 'skipped',
          player.played > LONGEST_RUN_MS && 'longer than allowed',
          !timer && name === 'tick' && player.step !== before.step && 'went on by itself',
          (before.state === 'finished' || before.state === 'stopped') && player !== before && 'changed after the end',
        ].filter(Boolean);
        expect(broken, `run ${seed}, action ${count}: ${name}`).toEqual([]);

        const saved = JSON.parse(JSON.stringify(snapshot(player, at)));
        const back = restore(script, saved, { speed: 1, timer });
        const paused =
          player.state === 'running' ? { ...player, state: 'paused', clock: null, pausedBy: 'hidden' } : player;
        expect(back).toEqual(paused);
      }
    }
  });
});

describe('a snapshot', () => {
  it('goes on at the same second after a reload', () => {
    const player = runTo(started(0), 0, 33_000);
    const back = restore(script, snapshot(player, at));
    expect(back.state).toBe('paused');
    expect(position(script, back)).toBe(33);
    const again = act(script, back, { do: 'resume', now: 77 }).player;
    expect(position(script, runTo(again, 77, 2077))).toBe(35);
  });

  it('of an older version of the app has no speed and goes on at the usual one', () => {
    const { speed: _, ...old } = snapshot(runTo(started(0), 0, 33_000), at);
    expect(restore(script, old)).toMatchObject({ speed: 1, step: 1, into: 13_000 });
  });

  it('of another script starts from the beginning', () => {
    const saved = { ...snapshot(started(0), at), script_id: 'S20' };
    expect(restore(script, saved)).toEqual(newPlayer(script));
  });
});
