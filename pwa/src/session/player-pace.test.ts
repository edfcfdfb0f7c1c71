/** The player at each speed, and without the timer. */
import { describe, expect, it } from 'vitest';
import { scripts } from '../care/scripts';
import { at, mixed, random, script, started } from '../testing/player';
import { LONGEST_RUN_MS, runSeconds, SPEEDS, type Speed, speedsFor } from './pace';
import { act, type Cue, isStepOver, newPlayer, position, remainingSeconds, secondsDone } from './player';

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
