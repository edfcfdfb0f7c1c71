/** Scripts for tests of the player, and a player that has started or run for a while. */
import { act, newPlayer, type Player } from '../session/player';

/** Four steps of the usual kind. */
export const script = { id: 'S8', steps: [{ seconds: 20 }, { seconds: 45 }, { seconds: 60 }, { seconds: 30 }] };
export const at = '2026-11-22T18:00:00Z';

export function started(now = 1000): Player {
  return act(script, newPlayer(script), { do: 'start', now, at }).player;
}

/** Ticks of any length up to the given moment. */
export function runTo(player: Player, from: number, to: number, every = 250): Player {
  let now = from;
  while (now < to) {
    now = Math.min(to, now + every);
    player = act(script, player, { do: 'tick', now }).player;
  }
  return player;
}

/** A small seeded generator (xorshift), so that a failing run can be repeated. */
export function random(seed: number): () => number {
  let x = seed | 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 4294967296;
  };
}

/** Two moves with a hold and a look between them. */
export const mixed = {
  id: 'S8',
  steps: [
    { seconds: 20, kind: 'move' },
    { seconds: 10, kind: 'hold' },
    { seconds: 8, kind: 'look' },
    { seconds: 12, kind: 'rest' },
  ],
} as const;
