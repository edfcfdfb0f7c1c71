/** The player counts the clock, never its own ticks, and forgets nothing. */
import { describe, expect, it } from 'vitest';
import { scripts } from '../care/scripts';
import { isPlayable, LONGEST_RUN_MS, runSeconds, SPEEDS, type Speed, speedsFor, totalSeconds } from './pace';
import {
  type Action,
  act,
  type Cue,
  isStepOver,
  LONGEST_GAP_MS,
  newPlayer,
  type Player,
  position,
  remainingSeconds,
  restore,
  secondsDone,
  snapshot,
} from './player';

const script = { id: 'S8', steps: [{ seconds: 20 }, { seconds: 45 }, { seconds: 60 }, { seconds: 30 }] };
const plainScript = script;
const at = '2026-11-22T18:00:00Z';
const speedOf = (random: number): Speed => SPEEDS[Math.floor(random * SPEEDS.length)] ?? 1;

function started(now = 1000): Player {
  return act(script, newPlayer(script), { do: 'start', now, at }).player;
}

/** Ticks of any length up to the given moment. */
function runTo(player: Player, from: number, to: number, every = 250): Player {
  let now = from;
  while (now < to) {
    now = Math.min(to, now + every);
    player = act(script, player, { do: 'tick', now }).player;
  }
  return player;
}

/** A small seeded generator (xorshift), so that a failing run can be repeated. */
function random(seed: number): () => number {
  let x = seed | 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 4294967296;
  };
}

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

/** Two moves with a hold and a look between them. */
const mixed = {
  id: 'S8',
  steps: [
    { seconds: 20, kind: 'move' },
    { seconds: 10, kind: 'hold' },
    { seconds: 8, kind: 'look' },
    { seconds: 12, kind: 'rest' },
  ],
} as const;

describe('the speed', () => {
  const at2 = (speed: Speed, timer = true) =>
    act(mixed, newPlayer(mixed, { speed, timer }), { do: 'start', now: 0, at }).player;

  it.each(SPEEDS)('%s changes the pace of moves, never the seconds of a hold or a look', (speed) => {
    const cues: [number, Cue][] = [];
    let player = at2(speed);
    for (let now = 10; player.state === 'running'; now += 10) {
      const turn = act(mixed, player, { do: 'tick', now });
      for (const cue of turn.cues) if (cue.kind === 'say' || cue.kind === 'finished') cues.push([now / 1000, cue]);
      player = turn.player;
    }
    const moments = [20 / speed, 20 / speed + 10, 20 / speed + 18, 32 / speed + 18];
    expect(cues.map(([, cue]) => cue.kind)).toEqual(['say', 'say', 'say', 'finished']);
    cues.forEach(([moment], index) => {
      expect(Math.abs(moment - (moments[index] ?? 0))).toBeLessThanOrEqual(0.011);
    });
    expect(secondsDone(player)).toBe(50);
    expect(Math.abs(player.played - runSeconds(mixed, speed) * 1000)).toBeLessThanOrEqual(10);
  });

  it('keeps the fraction of the step when it changes in the middle of it', () => {
    let player = at2(1);
    for (let now = 0; now <= 10_000; now += 250) player = act(mixed, player, { do: 'tick', now }).player;
    expect(remainingSeconds(mixed, player)).toBe(40);
    player = act(mixed, player, { do: 'speed', now: 10_000, speed: 2 }).player;
    expect([player.step, player.into, position(mixed, player)]).toEqual([0, 10_000, 10]);
    expect(remainingSeconds(mixed, player)).toBe(5 + 10 + 8 + 6);
    for (let now = 10_000; now <= 15_000; now += 250) player = act(mixed, player, { do: 'tick', now }).player;
    expect([player.step, player.into]).toEqual([1, 0]);
  });

  it('is offered only where the whole run fits into 30 minutes', () => {
    const long = (seconds: number) => ({ id: 'X', steps: [{ seconds }] });
    expect(speedsFor(long(480))).toEqual([...SPEEDS]);
    expect(speedsFor(long(1200))).toEqual([0.75, 1, 1.25, 1.5, 2]);
    expect(speedsFor(long(1800))).toEqual([1, 1.25, 1.5, 2]);
    expect(newPlayer(long(1800), { speed: 0.5, timer: true }).speed).toBe(1);
    expect(newPlayer(long(9000), { speed: 0.5, timer: true }).speed).toBe(1);
    for (const script of scripts) {
      for (const speed of speedsFor(script)) expect(runSeconds(script, speed)).toBeLessThanOrEqual(1800);
      expect(speedsFor(script)).toContain(1);
    }
  });

  it('loses no millisecond of any script, with ticks of any length', () => {
    for (const script of scripts) {
      const next = random(script.total_seconds);
      let player = act(script, newPlayer(script), { do: 'start', now: 0, at }).player;
      let now = 0;
      const ends = script.total_seconds * 1000;
      while (player.state === 'running') {
        now = Math.min(ends, now + Math.floor(next() * 1900));
        player = act(script, player, { do: 'tick', now }).player;
      }
      expect([player.state, now, player.played, secondsDone(player)]).toEqual(['finished', ends, ends, ends / 1000]);
    }
  });

  it('says each full minute once', () => {
    let player = started(0);
    const minutes: number[] = [];
    for (let now = 0; player.state === 'running'; now += 700) {
      const turn = act(script, player, { do: 'tick', now });
      for (const cue of turn.cues) if (cue.kind === 'minute') minutes.push(cue.minute);
      player = turn.player;
    }
    expect(minutes).toEqual([1, 2]);
  });
});

describe('without the timer', () => {
  const waiting = () => act(mixed, newPlayer(mixed, { speed: 1, timer: false }), { do: 'start', now: 0, at }).player;

  it('each step waits for "next", however long it takes', () => {
    let player = waiting();
    for (let now = 0; now <= 90_000; now += 500) player = act(mixed, player, { do: 'tick', now }).player;
    expect([player.state, player.step, player.into, player.played]).toEqual(['running', 0, 20_000, 90_000]);
    expect(isStepOver(mixed, player)).toBe(true);
    for (const step of [1, 2, 3]) {
      player = act(mixed, player, { do: 'next', now: 90_000 }).player;
      expect([player.step, player.into]).toEqual([step, 0]);
    }
    expect(act(mixed, player, { do: 'next', now: 90_000 }).player.state).toBe('finished');
  });

  it('a hold chimes once when its seconds are over, a move does not', () => {
    let player = waiting();
    const chimes: number[] = [];
    for (let now = 0; now <= 60_000; now += 500) {
      const turn = act(mixed, player, now === 30_000 ? { do: 'next', now } : { do: 'tick', now });
      if (turn.cues.some(({ kind }) => kind === 'chime')) chimes.push(now);
      player = turn.player;
    }
    expect(chimes).toEqual([30_000, 40_000]);
  });

  it('still ends after 30 minutes', () => {
    let player = waiting();
    for (let now = 0; player.state === 'running'; now += 1000) player = act(mixed, player, { do: 'tick', now }).player;
    expect([player.state, player.played]).toEqual(['finished', LONGEST_RUN_MS]);
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
