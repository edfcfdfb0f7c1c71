/** Runs the player on a phone: clock, voice, chime, wake lock, and a note of the second it is at. */
import type { Script } from '../care/scripts';
import { buzz, chime, readyChime } from './chime';
import {
  type Action,
  act,
  type Cue,
  newPlayer,
  type Player,
  position,
  restore,
  type Snapshot,
  snapshot,
} from './player';
import { voice } from './voice';
import { stayAwake } from './wake-lock';

const TICK_MS = 200;

export interface RunOptions {
  script: Script;
  from: Snapshot | null;
  /** The sentence of a step. */
  line: (step: number) => string;
  language: string;
  /** Keeps the snapshot; called at every step, each second, and when the page goes away. */
  keep: (snapshot: Snapshot) => void;
  ended: (snapshot: Snapshot) => void;
}

export class Run {
  player: Player;
  readonly #options: RunOptions;
  #keptAt = '';
  #release: (() => void) | null = null;

  constructor(options: RunOptions) {
    this.#options = options;
    this.player = $state.raw(options.from ? restore(options.script, options.from) : newPlayer(options.script));
  }

  start = (): void => {
    readyChime();
    this.#do({ do: 'start', now: performance.now(), at: new Date().toISOString() });
  };

  resume = (): void => {
    readyChime();
    this.#do({ do: 'resume', now: performance.now() });
  };

  pause = (): void => this.#do({ do: 'pause', now: performance.now() });
  back = (): void => this.#do({ do: 'back', now: performance.now() });
  next = (): void => this.#do({ do: 'next', now: performance.now() });
  stop = (): void => this.#do({ do: 'stop', now: performance.now() });

  /** Follows the clock and the page until the answer is called. */
  follow(): () => void {
    const tick = setInterval(() => this.#do({ do: 'tick', now: performance.now() }), TICK_MS);
    const leave = () => {
      this.#do({ do: 'hidden', now: performance.now() });
      this.#keep();
    };
    const shownOrHidden = () => {
      if (document.visibilityState === 'hidden') leave();
    };
    document.addEventListener('visibilitychange', shownOrHidden);
    document.addEventListener('freeze', leave);
    addEventListener('pagehide', leave);
    return () => {
      clearInterval(tick);
      document.removeEventListener('visibilitychange', shownOrHidden);
      document.removeEventListener('freeze', leave);
      removeEventListener('pagehide', leave);
      leave();
      this.#sleep();
    };
  }

  #do(action: Action): void {
    const { script } = this.#options;
    const { player, cues } = act(script, this.player, action);
    if (player === this.player) return;
    this.player = player;
    for (const cue of cues) this.#give(cue);
    if (player.state === 'running') this.#release ??= stayAwake();
    else this.#sleep();
    const second = `${player.state} ${player.step} ${position(script, player)}`;
    if (second !== this.#keptAt) this.#keep();
    this.#keptAt = second;
  }

  #give(cue: Cue): void {
    if (cue.kind === 'say') voice.say(this.#options.line(cue.step), this.#options.language);
    else if (cue.kind === 'chime') {
      chime();
      buzz();
    } else voice.quiet();
    if (cue.kind === 'finished' || cue.kind === 'stopped') this.#options.ended(this.#now());
  }

  #keep(): void {
    if (this.player.state === 'running' || this.player.state === 'paused') this.#options.keep(this.#now());
  }

  #now(): Snapshot {
    return snapshot(this.player, new Date().toISOString());
  }

  #sleep(): void {
    this.#release?.();
    this.#release = null;
  }
}
