import { expect, it } from 'vitest';
import { comfortScript } from '../care/comfort';
import { act, newPlayer, type Player, snapshot } from '../session/player';
import { type Bath, isFinished, isTooLong, logOf, takenUp } from './bath';

const START = Date.parse('2026-11-22T18:00:00Z');
const at = (seconds: number) => new Date(START + seconds * 1000).toISOString();

function ran(seconds: number): Player {
  let { player } = act(comfortScript, newPlayer(comfortScript), { do: 'start', now: 0, at: at(0) });
  for (let second = 1; second <= seconds; second += 1)
    player = act(comfortScript, player, { do: 'tick', now: second * 1000 }).player;
  return player;
}

function bath(seconds: number, changes: Partial<Bath> = {}): Bath {
  return {
    id: 'b1',
    on: '2026-11-22',
    decision: { rules_version: '1', inputs: {}, outcome: { result: 'offer', why: 'none', ladder: false } },
    unit: 'C',
    warm: ' 34,5',
    cool: '24',
    player: snapshot(ran(seconds), at(seconds)),
    stop_reason: null,
    skin: null,
    ended_at: null,
    ...changes,
  };
}

it('eight minutes are a whole bath', () => {
  const whole = bath(480, { skin: 'same', ended_at: at(480) });
  expect(isFinished(whole)).toBe(true);
  expect(logOf(whole, ' ')).toMatchObject({
    state: 'finished',
    stop_reason: null,
    seconds_done: 480,
    started_at: at(0),
    ended_at: at(480),
    warm_temperature: '34,5',
    skin: 'same',
    note: null,
  });
});

it('a bath that was stopped says so and why', () => {
  const stopped = bath(130, { stop_reason: 'skin', skin: 'changed', ended_at: at(130) });
  expect(logOf(stopped, 'It was red.')).toMatchObject({
    state: 'stopped',
    stop_reason: 'skin',
    seconds_done: 130,
    note: 'It was red.',
  });
});

it('ten minutes by the clock are the end, pauses included, and a clock that was set back is no way around it', () => {
  expect(isTooLong(at(0), START + 599_000)).toBe(false);
  expect(isTooLong(at(0), START + 600_000)).toBe(true);
  expect(isTooLong(at(0), START - 1000)).toBe(true);
  expect(isTooLong(null, START)).toBe(false);
});

it('an interrupted bath goes on within its ten minutes and has ended after them', () => {
  expect(takenUp(bath(100), START + 300_000).ended_at).toBeNull();
  expect(takenUp(bath(100), START + 700_000)).toMatchObject({ stop_reason: 'too_long', ended_at: at(100) });
  expect(takenUp(bath(0, { player: null }), START + 700_000).ended_at).toBeNull();
});
